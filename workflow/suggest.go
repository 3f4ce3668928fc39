package workflow

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
)

// Suggest fills the form of a new act by what is known: the deal, what its counterparty chose, its last act and our company.
func Suggest(sheet store.DealSheet, today time.Time) *ActForm {
	d := sheet.Deal
	company := ChosenCompany(sheet.Own, d.OwnCompany)
	f := &ActForm{Key: uuid.NewString(), Own: company.ID, Date: today.Format(time.DateOnly), Channel: string(acts.ByPost),
		Signer: company.Signer.FullName(), Position: company.Signer.Position, Ground: company.Signer.Ground,
		Participant: d.Participant, Operator: acts.OperatorOf(d.Participant), Picks: map[acts.RowID]Pick{}}
	f.BasisName, f.BasisNumber, f.BasisDate = "Договор", fmt.Sprint(d.ID), today.Format(time.DateOnly)
	medium := acts.Electronic
	kind := acts.KindByINN(d.Buyer.INN)
	if m, k, ok := strings.Cut(company.ActType, "-"); ok {
		medium = acts.Medium(m)
		if d.Buyer.INN == "" {
			kind = acts.PartyKind(k)
		}
	}
	if company.ActChannel != "" {
		f.Channel = string(company.ActChannel)
	}
	if last, ok := lastAct(sheet.Acts); ok {
		f.BasisName, f.BasisNumber, f.BasisDate = last.Basis.Name, last.Basis.Number, last.Basis.Date.Format(time.DateOnly)
		if medium = last.Medium; medium == acts.Paper {
			f.Channel = string(last.Channel)
		}
		if f.Participant == "" {
			f.Participant, f.Operator = last.Buyer.Participant, last.Operator
		}
	}
	if a, ok := Chosen(sheet); ok {
		if medium = a.Medium(); medium == acts.Paper {
			f.Channel = string(a.Channel)
		} else {
			f.Participant, f.Operator = a.Participant, a.Operator
		}
	}
	f.Type = string(medium) + "-" + string(kind)
	for _, row := range d.Rows {
		left := row.Remainder()
		f.Picks[row.ID] = Pick{On: row.NeedsAct && left.IsPositive(), Quantity: comma(left.String())}
	}
	if len(d.Rows) == 0 {
		f.Free = []FreeLine{{Name: d.Title, Quantity: "1", Price: comma(d.Amount.String()), Rate: string(acts.RatesOn(today)[0])}}
		if rate := acts.Rate(company.VAT); rate.Known() && rate.ValidOn(today) {
			f.Free[0].Rate = string(rate)
		} else if company.Function == acts.ActOnly {
			f.Free[0].Rate = string(acts.NoVAT)
		}
		if d.Amount == 0 {
			f.Free[0].Price = ""
		}
	}
	return f
}

func lastAct(list []acts.Act) (acts.Act, bool) {
	for _, a := range list {
		if a.Status != acts.Annulled {
			return a, true
		}
	}
	return acts.Act{}, false
}

// Chosen is how the deal's counterparty wants to exchange acts: its answer about this deal, or the one about an earlier
// deal where every company is asked once.
func Chosen(sheet store.DealSheet) (a store.Answer, ok bool) {
	if len(sheet.Answers) > 0 {
		return sheet.Answers[0], true
	}
	if sheet.Stored != nil && sheet.Settings.Question.Once {
		return *sheet.Stored, true
	}
	return a, false
}

func comma(number string) string { return strings.Replace(number, ".", ",", 1) }

// ChosenCompany is the company of ours with the id, else the first that has an SBIS account, else the first.
func ChosenCompany(own []store.OwnCompany, want acts.CompanyID) store.OwnCompany {
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

// FormOf is the form that would make the act anew: what the page of its editing shows.
func FormOf(a acts.Act, d store.Deal) *ActForm {
	date := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	f := &ActForm{Key: uuid.NewString(), Type: string(a.Medium) + "-" + string(a.PartyKind), Own: a.OwnCompany, Channel: string(a.Channel), Date: date(a.Date), From: date(a.From), To: date(a.To),
		BasisName: a.Basis.Name, BasisNumber: a.Basis.Number, BasisDate: date(a.Basis.Date), Signer: a.Signer.FullName(),
		Position: a.Signer.Position, Ground: a.Signer.Ground, Operator: a.Operator, Participant: a.Buyer.Participant, Comment: a.Comment, Number: a.Wanted,
		Picks: map[acts.RowID]Pick{}}
	if f.Participant == "" {
		f.Participant = d.Participant
	}
	for _, l := range a.Lines {
		if l.Row != 0 {
			f.Picks[l.Row] = Pick{On: true, Quantity: comma(l.Quantity.String()), Rate: string(l.Rate)}
			continue
		}
		f.Free = append(f.Free, FreeLine{Name: l.Name, Quantity: comma(l.Quantity.String()), Price: comma(l.Price.String()), Rate: string(l.Rate)})
	}
	return f
}

// Without gives the rows of a deal back what the act has taken of them, so that it can be made anew.
func Without(d store.Deal, a acts.Act) store.Deal {
	rows := make([]acts.ProductRow, len(d.Rows))
	copy(rows, d.Rows)
	for _, l := range a.Lines {
		for i, r := range rows {
			if r.ID == l.Row && a.Counts() {
				rows[i].InActs, rows[i].ActTotals = r.InActs.Sub(l.Quantity), r.ActTotals.Minus(l.Totals)
			}
		}
	}
	d.Rows = rows
	return d
}
