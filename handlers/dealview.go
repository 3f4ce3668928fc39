package handlers

import (
	"fmt"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// actTypes are the four types with the names that drivers of the page know.
var actTypes = []views.ActType{
	{Value: "electronic-company", TestID: "act-type-electronic-company", Label: "Электронный, юрлицо", Hint: "УПД 5.03 через СБИС"},
	{Value: "electronic-person", TestID: "act-type-electronic-person", Label: "Электронный, ИП", Hint: "УПД 5.03 через СБИС"},
	{Value: "paper-company", TestID: "act-type-paper-company", Label: "Бумажный, юрлицо", Hint: "e-mail, почта, курьер или лично"},
	{Value: "paper-person", TestID: "act-type-paper-person", Label: "Бумажный, ИП", Hint: "e-mail, почта, курьер или лично"},
}

func (s *Server) formView(v Visit, d store.Deal, own []store.OwnCompany, f workflow.ActForm, faults acts.Faults) views.ActForm {
	company := workflow.ChosenCompany(own, f.Own)
	m := views.ActForm{Action: base(v) + "/deals/" + id(d.ID) + "/acts", Mark: base(v) + "/deals/" + id(d.ID) + "/acts/mark", Key: f.Key, Faults: faultMap(faults),
		Own: ownOptions(own, company.ID), Date: f.Date, From: f.From, To: f.To, Basis: f.BasisName, BasisNumber: f.BasisNumber, BasisDate: f.BasisDate,
		Signer: f.Signer, Position: f.Position, Ground: f.Ground, Participant: f.Participant,
		Comment: f.Comment, Manual: company.Manual, Number: f.Number, ExchangeRate: f.ExchangeRate, ExchangeDate: f.ExchangeDate,
		Buyer: buyerName(d.Buyer), BuyerDetails: partyDetails(d.Buyer), BuyerLink: buyerLink(v, d.Company, d.Contact, d.ID),
		Seller: company.Party.FullName(), SellerDetails: partyDetails(company.Party),
		Channels: options(f.Channel, string(acts.ByPost), acts.ByPost.Label(), string(acts.ByEmail), acts.ByEmail.Label())}
	m.Unit = "₽"
	if foreign(d) {
		m.Currency, m.Unit = d.Currency, d.Currency
	}
	for _, t := range actTypes {
		t.Chosen = t.Value == f.Type
		m.Types = append(m.Types, t)
	}
	m.Operators, m.ParticipantHint = operatorChoice(f)
	date := dateOf(f.Date, s.now())
	m.Nothing = len(d.Rows) > 0 && acts.AllCovered(d.Rows)
	for _, row := range d.Rows {
		m.Rows = append(m.Rows, rowView(row, f.Picks[row.ID], d.Currency, date, faults))
	}
	if len(d.Rows) == 0 || hasFree(f) {
		m.Free = freeViews(f, date, faults)
	}
	return m
}

// hasFree reports whether an act has lines of no product row: one that came from another deal, say.
func hasFree(f workflow.ActForm) bool {
	for _, l := range f.Free {
		if !l.Empty() {
			return true
		}
	}
	return false
}

func buyerName(p acts.Party) string {
	if p.FullName() == "" {
		return "Контрагент не указан в сделке"
	}
	return p.FullName()
}

func faultMap(faults acts.Faults) map[string]string {
	m := map[string]string{}
	for _, f := range faults {
		if m[f.Field] != "" {
			m[f.Field] += " "
		}
		m[f.Field] += f.Text
	}
	return m
}

// operatorChoice lists the operators; one that an id names is chosen and its shape shown.
func operatorChoice(f workflow.ActForm) ([]views.Option, string) {
	chosen := f.Operator
	if prefix := acts.OperatorOf(acts.NormalizeParticipant(f.Participant)); prefix != "" {
		chosen = prefix
	}
	list := []views.Option{{Value: "", Label: "Определим по идентификатору", Chosen: chosen == ""}}
	hint, known := "Первые три знака — код оператора.", chosen == ""
	for _, o := range acts.Operators {
		list = append(list, views.Option{Value: o.Prefix, Label: o.Name, Chosen: o.Prefix == chosen})
		if o.Prefix == chosen {
			known = true
			if o.Hint != "" {
				hint = "Вид идентификатора: " + o.Hint + "."
			}
		}
	}
	if !known {
		list = append(list, views.Option{Value: chosen, Label: "Другой оператор: " + chosen, Chosen: true})
		hint = "Такого кода нет в нашем списке операторов. Проверьте первые три знака."
	}
	return list, hint
}

func dateOf(text string, fallback time.Time) time.Time {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t
	}
	return fallback
}

func rowView(row acts.ProductRow, pick workflow.Pick, currency string, date time.Time, faults acts.Faults) views.Row {
	line := acts.Line{Row: row.ID}
	m := views.Row{ID: id(row.ID), Name: row.Name, Unit: row.Unit.Name, Price: views.MoneyIn(row.Price.StringFixed(2), currency), Rate: row.Rate.Label(),
		InDeal: views.Number(row.Quantity.String()), InActs: views.Number(row.InActs.String()), Left: views.Number(row.Remainder().String()),
		Quantity: pick.Quantity, Needs: row.NeedsAct, Picked: pick.On, Open: row.Remainder().IsPositive(),
		Fault: faults.At(acts.LineField("quantity", line)), RateFault: faults.At(acts.LineField("rate", line))}
	if !row.Rate.ValidOn(date) {
		m.Rates = rateOptions(pick.Rate, date)
		if m.RateFault == "" && pick.Rate == "" {
			m.RateFault = fmt.Sprintf("Ставка сделки (%s) не действует на дату акта.", row.Rate.Label())
		}
	}
	return m
}

func rateOptions(chosen string, date time.Time) []views.Option {
	list := []views.Option{{Value: "", Label: "Выберите ставку", Chosen: chosen == ""}}
	for _, r := range acts.RatesOn(date) {
		list = append(list, views.Option{Value: string(r), Label: r.Label(), Chosen: string(r) == chosen})
	}
	return list
}

func freeViews(f workflow.ActForm, date time.Time, faults acts.Faults) []views.FreeLine {
	var list []views.FreeLine
	for n := 1; n <= freeLines; n++ {
		typed := workflow.FreeLine{Quantity: "1", Rate: string(acts.NoVAT)}
		if n <= len(f.Free) {
			typed = f.Free[n-1]
		}
		line := acts.Line{N: n}
		list = append(list, views.FreeLine{N: n, Name: typed.Name, Quantity: typed.Quantity, Price: typed.Price,
			Rates: rateOptions(typed.Rate, date), NameFault: faults.At(acts.LineField("name", line)),
			QuantityFault: faults.At(acts.LineField("quantity", line)),
			PriceFault:    strings.TrimSpace(faults.At(acts.LineField("price", line)) + " " + faults.At(acts.LineField("rate", line)))})
	}
	return list
}
