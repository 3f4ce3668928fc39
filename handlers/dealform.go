package handlers

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

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
	f := workflow.ActForm{Key: get("key"), Type: get("type"), Number: get("number"), Own: acts.CompanyID(own), Channel: get("channel"),
		Date: get("date"), From: get("from"), To: get("to"), BasisName: get("basis"), BasisNumber: get("basis-number"), BasisDate: get("basis-date"),
		Signer: get("signer"), Position: get("position"), Ground: get("ground"), Operator: get("operator"), Participant: get("participant"), Comment: get("comment"),
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

// draftFor is the act that the form would make, as far as the pre-send check looks at it.
func draftFor(d store.Deal, own store.OwnCompany, f workflow.ActForm) acts.Act {
	_, kind, _ := strings.Cut(f.Type, "-")
	a := acts.Act{Deal: d.ID, OwnCompany: own.ID, Seller: own.Party, Buyer: d.Buyer, Function: own.Function, Medium: acts.Electronic,
		PartyKind: acts.PartyKind(kind), Signer: acts.ParseSigner(f.Signer), Status: acts.Draft}
	a.Signer.Position, a.Wanted = f.Position, f.Number
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
