package deal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/workday"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// formView formats the form of an act.
func formView(in dealInput) views.ActForm {
	v, d, own, f, faults := in.visit, in.details.Deal, in.details.Own, *in.form, in.page.faults
	company := workflow.ChosenCompany(own, f.Own)
	m := views.ActForm{Action: web.Base(v) + "/deals/" + web.ID(d.ID) + "/acts", Mark: web.Base(v) + "/deals/" + web.ID(d.ID) + "/acts/mark", Preview: web.Base(v) + "/deals/" + web.ID(d.ID) + "/acts/preview", Key: f.Key, Faults: web.FaultMap(faults),
		OwnCompanies: web.OwnOptions(ownChoices(own, company.ID, f.Correction), company.ID), OwnShown: web.ID(company.ID), Date: f.Date, From: f.From, To: f.To, Basis: f.BasisName, BasisNumber: f.BasisNumber, BasisDate: f.BasisDate,
		Signer: f.Signer, Position: f.Position, Ground: f.Ground, Participant: f.Participant,
		Comment: f.Comment, Manual: company.Manual, Number: f.Number, ExchangeRate: f.ExchangeRate, ExchangeDate: f.ExchangeDate,
		Buyer: buyerName(d.Buyer), BuyerDetails: web.PartyDetails(d.Buyer), BuyerLink: web.BuyerLink(v, d.Company, d.Contact, d.ID),
		Seller: company.Party.FullName(), SellerDetails: web.PartyDetails(company.Party),
		Channels: web.Options(f.Channel, string(acts.ChannelPost), acts.ChannelPost.Label(), string(acts.ChannelEmail), acts.ChannelEmail.Label())}
	m.Unit, m.Source = "₽", repeatedView(v, f.Repeated)
	if !d.InRoubles() {
		m.Currency, m.Unit = d.Currency, d.Currency
	}
	for _, t := range web.ActTypes {
		if c := f.Correction; c.IsSet() && !strings.HasPrefix(t.Value, string(c.Medium())) { // a correction has the medium of the corrected document
			continue
		}
		t.Chosen = t.Value == f.Type
		m.Types = append(m.Types, t)
	}
	m.Operators, m.ParticipantHint = operatorChoice(f)
	m.Confirm = web.ParticipantQuestion(d.Buyer.WithParticipant(f.Participant, ""), f.Confirmed, faults)
	date := dateOf(f.Date, in.now)
	m.AllCovered = len(d.Rows) > 0 && acts.AllCovered(d.Rows)
	m.Continue, m.LostRows, m.Questions = web.Base(v)+"/deals/"+web.ID(d.ID)+"/acts/rows", lostViews(d), questionViews(in, company)
	rates := acts.AllowedRates(company.VAT.On(date), date)
	for _, row := range d.Rows {
		m.Rows = append(m.Rows, rowView(row, f.Picks[row.ID], d.Currency, date, rates, faults))
	}
	if len(d.Rows) == 0 || hasFree(f) {
		m.FreeLines = freeViews(f, rates, faults)
	}
	documentView(&m, v, d, company.VAT.On(date), f)
	addSums(&m, in.electronic.Act, d)
	m.Summary, m.Unfold = documentSummary(in.electronic.Act, company), unfoldsDocument(&m, f, faults)
	return m
}

// hasFree reports whether an act has lines without a product row.
func hasFree(f workflow.ActForm) bool {
	for _, l := range f.Free {
		if !l.Empty() {
			return true
		}
	}
	return false
}

// buyerName returns the name of the counterparty, or that the deal has none.
func buyerName(p acts.Party) string {
	if p.FullName() == "" {
		return "Контрагент не указан в сделке"
	}
	return p.FullName()
}

// operatorChoice returns the operators with the chosen one, and a hint about the format of the id. The prefix of a typed id overrides
// the choice.
func operatorChoice(f workflow.ActForm) ([]views.Option, string) {
	chosen := f.Operator
	if prefix := acts.OperatorOf(acts.TrimParticipant(f.Participant)); prefix != "" {
		chosen = prefix
	}
	list := []views.Option{{Value: "", Label: "Определим по идентификатору", Chosen: chosen == ""}}
	hint, known := "Первые три знака — код оператора.", chosen == ""
	for _, o := range acts.Operators {
		list = append(list, views.Option{Value: o.Prefix, Label: o.Name, Chosen: o.Prefix == chosen})
		if o.Prefix == chosen {
			known = true
			if o.Hint != "" {
				hint = "Формат: " + o.Hint + "."
			}
		}
	}
	if !known {
		list = append(list, views.Option{Value: chosen, Label: "Другой оператор: " + chosen, Chosen: true})
		hint = "Такого кода нет в нашем списке операторов. Проверьте первые три знака."
	}
	return list, hint
}

// dateOf parses a date of the form.
func dateOf(text string, fallback time.Time) time.Time {
	if day, ok := workday.ParseTyped(text); ok {
		return day
	}
	return fallback
}

// rowView formats a product row of the deal with the typed quantity.
func rowView(row acts.ProductRow, pick workflow.Pick, currency string, date time.Time, rates []acts.Rate, faults acts.Faults) views.ProductRow {
	line := acts.Line{Row: row.ID}
	m := views.ProductRow{ID: web.ID(row.ID), TestID: web.ID(row.CRM), Name: row.Name, Price: rowPrice(row, currency), Rate: row.Rate.Label(), Spread: row.IsDiscount() && !row.NoSpread,
		InDeal: views.Number(row.Quantity.String()), InActs: views.Number(row.InActs.String()), Left: views.Number(row.Remainder().String()), Closed: closedQuantity(row),
		Quantity: pick.Quantity, NeedsAct: row.NeedsAct, Picked: pick.On, Available: row.Remainder().IsPositive(),
		Fault: faults.At(acts.LineField("quantity", line)), RateFault: faults.At(acts.LineField("rate", line))}
	if row.Discount != 0 {
		m.Discount = "скидка по сделке −" + views.MoneyIn(row.Discount.String(), currency) + ", с ней " + views.MoneyIn(row.Totals().Gross.String(), currency) + " за всё"
	}
	if !row.Rate.ValidOn(date) && !row.IsDiscount() {
		m.Rates = rateOptions(pick.Rate, rates)
		if m.RateFault == "" && pick.Rate == "" {
			m.RateFault = fmt.Sprintf("Ставка сделки (%s) не действует на дату акта.", row.Rate.Label())
		}
	}
	return m
}

// closedQuantity returns the quantity of a row that needs no act, "" for none.
func closedQuantity(row acts.ProductRow) string {
	if !row.Closed.IsPositive() {
		return ""
	}
	return views.Number(row.Closed.String())
}

// rowPrice returns the price of a unit and whether it includes VAT.
func rowPrice(row acts.ProductRow, currency string) string {
	price, after := row.Price, ""
	if row.OnTop {
		price, after = row.NetPrice, " без НДС"
	}
	text := views.MoneyIn(acts.PriceText(price), currency) + after
	if row.Unit.Name != "" {
		text += " за " + row.Unit.Name
	}
	return text
}

// lostViews returns the rows that acts contain and the deal no longer has, with the rows that may continue each.
func lostViews(d store.Deal) []views.LostRow {
	var list []views.LostRow
	for _, lost := range d.Lost {
		m := views.LostRow{ID: web.ID(lost.ID), Text: "Позиции «" + lost.Name + "» в сделке больше нет, а в актах она есть: " +
			strings.TrimSpace(views.Number(lost.InActs.String())+" "+lost.Unit.Name) + " на " + web.Money(lost.ActTotals.Gross) + "."}
		if next := acts.Successors(lost, d.Rows); len(next) > 0 {
			m.Text += " Похоже, её записали заново. Что продолжает эту позицию?"
			for _, r := range next {
				label := "«" + r.Name + "», " + strings.TrimSpace(views.Number(r.Quantity.String())+" "+r.Unit.Name) + " по " + rowPrice(r, d.Currency)
				m.Next = append(m.Next, views.Option{Value: web.ID(lost.ID) + ":" + web.ID(r.ID), Label: label})
			}
			m.Next = append(m.Next, views.Option{Value: web.ID(lost.ID) + ":0", Label: "Никакая: это другие работы"})
		}
		list = append(list, m)
	}
	return list
}

// questionViews returns the questions of the form: differences at once, an exceeded quantity after the form was sent.
func questionViews(in dealInput, own store.OwnCompany) []views.Question {
	d, f, faults := in.details.Deal, *in.form, in.page.faults
	var list []views.Question
	add := func(q workflow.Question) {
		list = append(list, views.Question{Field: q.Field, Token: q.Token, Text: q.Text, AgreeLabel: q.Agree,
			Agreed: slices.Contains(f.Confirmed, q.Token), HasFault: faults.At(q.Field) != ""})
	}
	for _, ask := range []func(store.Deal) (workflow.Question, bool){workflow.RequisitesQuestion, workflow.SumQuestion} {
		if q, ok := ask(d); ok {
			add(q)
		}
	}
	draft, _ := f.Draft(d, own, in.now)
	if q, ok := workflow.ExcessQuestion(d, draft); ok && faults.At("confirm-excess") != "" {
		add(q)
	}
	return list
}

// rateOptions returns the VAT rates to choose from.
func rateOptions(chosen string, rates []acts.Rate) []views.Option {
	list := []views.Option{{Value: "", Label: "Выберите ставку", Chosen: chosen == ""}}
	for _, r := range rates {
		list = append(list, views.Option{Value: string(r), Label: r.Label(), Chosen: string(r) == chosen})
	}
	return list
}

// freeViews formats the lines without product rows.
func freeViews(f workflow.ActForm, rates []acts.Rate, faults acts.Faults) []views.FreeLine {
	var list []views.FreeLine
	for n := 1; n <= freeLines; n++ {
		typed := workflow.FreeLine{Quantity: "1", Rate: string(acts.NoVAT)}
		if n <= len(f.Free) {
			typed = f.Free[n-1]
		}
		line := acts.Line{N: n}
		list = append(list, views.FreeLine{N: n, Name: typed.Name, Quantity: typed.Quantity, Price: typed.Price,
			Rates: rateOptions(typed.Rate, rates), NameFault: faults.At(acts.LineField("name", line)),
			QuantityFault: faults.At(acts.LineField("quantity", line)),
			PriceFault:    strings.TrimSpace(faults.At(acts.LineField("price", line)) + " " + faults.At(acts.LineField("rate", line)))})
	}
	return list
}

// documentView adds the fields of the document: its basis, the grounds of VAT rates, payments and the state contract.
func documentView(m *views.ActForm, v web.Visit, d store.Deal, regime acts.VATRegime, f workflow.ActForm) {
	m.BasisNone, m.BasisFrom = f.BasisKind == workflow.BasisNone, basisFrom(v, f.BasisFrom)
	m.VATGround, m.ZeroGround = f.VATGround, f.ZeroGround
	m.AsksVAT, m.AsksZero = requiresGround(d, regime, m, acts.NoVAT, "vat-ground"), requiresGround(d, regime, m, "0", "zero-ground")
	if c := f.Correction; c.IsSet() {
		m.Correction = &views.CorrectionForm{Number: c.Number, Date: f.CorrectionDate, Cause: f.CorrectionCause}
	}
	m.StateContract, m.Payments = f.StateContract, paymentViews(f.Payments, m.Faults)
	m.HasPayments = f.StateContract != "" || slices.ContainsFunc(f.Payments, func(r workflow.PaymentRow) bool { return !r.Empty() })
}

// paymentViews formats the typed payments and one empty row.
func paymentViews(rows []workflow.PaymentRow, faults map[string]string) []views.Payment {
	filled := 0
	for i, row := range rows {
		if !row.Empty() {
			filled = i + 1
		}
	}
	list := make([]views.Payment, min(filled+1, acts.MaxPayments))
	for i := range list {
		n := strconv.Itoa(i + 1)
		list[i] = views.Payment{N: n, NumberFault: faults["payment-number-"+n], DateFault: faults["payment-date-"+n]}
		if i < len(rows) {
			list[i].Number, list[i].Date = rows[i].Number, rows[i].Date
		}
	}
	return list
}

// requiresGround reports whether a row of the form may need the ground of a rate.
func requiresGround(d store.Deal, regime acts.VATRegime, m *views.ActForm, rate acts.Rate, field string) bool {
	rows := slices.ContainsFunc(d.Rows, func(r acts.ProductRow) bool { return r.Rate == rate })
	return m.Faults[field] != "" || regime.NeedsGround(rate) && (rows || len(m.FreeLines) > 0)
}

// repeatedView names the act from which the form was filled.
func repeatedView(v web.Visit, r *workflow.Repeated) *views.SourceAct {
	if r == nil {
		return nil
	}
	name := "акту"
	if r.Act.Number != "" {
		name += " № " + r.Act.Number
	}
	return &views.SourceAct{Act: views.Link{Text: name + " от " + views.Date(r.Act.Date), Href: web.Base(v) + "/acts/" + web.ID(r.Act.ID)},
		What: strings.Join(r.What, ", "), Notes: r.Note}
}

// basisFrom returns the source of the suggested basis.
func basisFrom(v web.Visit, from workflow.BasisFrom) views.Link {
	switch {
	case from.Act != nil:
		return views.Link{Text: "Из " + from.Label(), Href: web.Base(v) + "/acts/" + web.ID(from.Act.Act)}
	case from.Field:
		return views.Link{Text: "Из поля сделки"}
	}
	return views.Link{}
}

// ownChoices returns the companies that may issue the act, besides the chosen one those that are still in the CRM. A correction keeps the
// company of the corrected document.
func ownChoices(own []store.OwnCompany, chosen acts.CompanyID, c acts.Correction) (list []store.OwnCompany) {
	for _, o := range own {
		if o.ID == chosen || !o.Gone && !c.IsSet() {
			list = append(list, o)
		}
	}
	return list
}
