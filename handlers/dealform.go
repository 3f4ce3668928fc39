package handlers

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// freeLines is how many lines the form of a deal without product rows offers.
const freeLines = 5

// readActForm reads the form of the deal tab as it was typed.
func readActForm(r *http.Request) (workflow.ActForm, error) {
	if err := r.ParseForm(); err != nil {
		return workflow.ActForm{}, badForm(err)
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	own, _ := strconv.ParseInt(get("own"), 10, 64)
	f := workflow.ActForm{Key: get("key"), Type: get("type"), Own: acts.CompanyID(own), Channel: get("channel"),
		Date: get("date"), From: get("from"), To: get("to"), BasisName: get("basis"), BasisNumber: get("basis-number"), BasisDate: get("basis-date"),
		Signer: get("signer"), Position: get("position"), Ground: get("ground"), Operator: get("operator"), Participant: get("participant"),
		ExchangeRate: get("exchange-rate"), ExchangeDate: get("exchange-date"), Send: get("send") != "", Picks: map[acts.RowID]workflow.Pick{}}
	for name := range r.PostForm {
		what, rest, _ := strings.Cut(name, "-")
		row, err := strconv.ParseInt(rest, 10, 64)
		if err != nil || what != "quantity" && what != "pick" {
			continue
		}
		f.Picks[acts.RowID(row)] = workflow.Pick{On: get("pick-"+rest) != "", Quantity: get("quantity-" + rest), Rate: get("rate-" + rest)}
	}
	for n := 1; n <= freeLines; n++ {
		line := func(what string) string { return get(fmt.Sprintf("free-%s-%d", what, n)) }
		f.Free = append(f.Free, workflow.FreeLine{Name: line("name"), Quantity: line("quantity"), Price: line("price"), Rate: line("rate")})
	}
	return f, nil
}

// readMark reads the button of a row: "17:yes" or "17:no".
func readMark(r *http.Request) (acts.RowID, bool, error) {
	row, needs, ok := strings.Cut(r.PostForm.Get("mark"), ":")
	n, err := strconv.ParseInt(row, 10, 64)
	if !ok || err != nil {
		return 0, false, acts.Errorf(acts.Invalid, "Непонятная отметка, обновите страницу.")
	}
	return acts.RowID(n), needs == "yes", nil
}

// suggest fills the form by what is known: the deal, its last act and our company.
func suggest(d store.Deal, own []store.OwnCompany, list []acts.Act, today time.Time) *workflow.ActForm {
	company := chosenCompany(own, d.OwnCompany)
	f := &workflow.ActForm{Key: uuid.NewString(), Own: company.ID, Date: today.Format(time.DateOnly),
		Type: string(acts.Electronic) + "-" + string(acts.KindByINN(d.Buyer.INN)), Channel: string(acts.ByPost),
		Signer: company.Signer.FullName(), Position: company.Signer.Position, Ground: company.Signer.Ground,
		Participant: d.Participant, Operator: acts.OperatorOf(d.Participant), Picks: map[acts.RowID]workflow.Pick{}}
	f.BasisName, f.BasisNumber, f.BasisDate = "Договор", id(d.ID), today.Format(time.DateOnly)
	for _, a := range list {
		if a.Status == acts.Annulled {
			continue
		}
		f.BasisName, f.BasisNumber, f.BasisDate = a.Basis.Name, a.Basis.Number, a.Basis.Date.Format(time.DateOnly)
		if f.Participant == "" {
			f.Participant, f.Operator = a.Buyer.Participant, a.Operator
		}
		break
	}
	for _, row := range d.Rows {
		left := row.Remainder()
		f.Picks[row.ID] = workflow.Pick{On: row.NeedsAct && left.IsPositive(), Quantity: comma(left.String())}
	}
	if len(d.Rows) == 0 {
		f.Free = []workflow.FreeLine{{Name: d.Title, Quantity: "1", Price: comma(d.Amount.String()), Rate: string(acts.RatesOn(today)[0])}}
		if company.Function == acts.ActOnly {
			f.Free[0].Rate = string(acts.NoVAT)
		}
		if d.Amount == 0 {
			f.Free[0].Price = ""
		}
	}
	return f
}

func comma(number string) string { return strings.Replace(number, ".", ",", 1) }

// chosenCompany is the company of ours with the id, else the first that has an SBIS account, else the first.
func chosenCompany(own []store.OwnCompany, want acts.CompanyID) store.OwnCompany {
	best := own[0]
	for _, c := range own {
		if c.ID == want {
			return c
		}
		if best.AccountID == 0 && c.AccountID != 0 {
			best = c
		}
	}
	return best
}

// draftFor is the act that the form would make, as far as the pre-send check looks at it.
func draftFor(d store.Deal, own store.OwnCompany, f workflow.ActForm) acts.Act {
	_, kind, _ := strings.Cut(f.Type, "-")
	a := acts.Act{Deal: d.ID, OwnCompany: own.ID, Seller: own.Party, Buyer: d.Buyer, Function: own.Function, Medium: acts.Electronic,
		PartyKind: acts.PartyKind(kind), Signer: acts.ParseSigner(f.Signer), Status: acts.Draft}
	a.Signer.Position = f.Position
	a.Date, _ = time.Parse(time.DateOnly, f.Date)
	for _, row := range d.Rows {
		pick := f.Picks[row.ID]
		if !pick.On {
			continue
		}
		rate := row.Rate
		if pick.Rate != "" && !rate.ValidOn(a.Date) {
			rate = acts.Rate(pick.Rate)
		}
		a.Lines = append(a.Lines, acts.Line{Row: row.ID, Rate: rate})
	}
	a.Buyer.Participant = acts.NormalizeParticipant(f.Participant)
	return a
}
