package workflow

import (
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/store"
)

// ParticipantQuestion returns the question whether an unusual participant id of a party is right. ok is false when
// there is no doubt.
func ParticipantQuestion(p acts.Party) (q Question, ok bool) {
	token := p.DoubtToken()
	return Question{Field: "participant", Token: token, Text: acts.DoubtMessage(p.Doubts()), Agree: "Идентификатор верный, так и оставить"}, token != ""
}

// Question is something about a deal that a person must confirm before an act of it is formed.
type Question struct {
	Field string // form field at which it is shown
	Token string // sent by the form when the person agrees; it depends on the state of the deal
	Text  string
	Agree string // label of the agreement
}

// SumQuestion returns the question about a deal whose sum in the CRM differs from the sum of its rows: an act of such
// rows would not equal its deal. The CRM rounds the tax of a row in its own way, so up to a kopeck per row is no
// difference.
func SumQuestion(d store.Deal) (q Question, ok bool) {
	sum := acts.SumRows(d.Rows)
	off := d.TaxValue - sum.Tax
	if d.ManualAmount || len(d.Rows) == 0 || d.Amount == sum.Gross && max(off, -off) <= acts.Kopecks(len(d.Rows)) {
		return q, false
	}
	return Question{Field: "confirm-sum", Token: fmt.Sprintf("sum:%d:%d:%d:%d", d.Amount, d.TaxValue, sum.Gross, sum.Tax),
		Text: "В карточке сделки сумма " + d.Amount.Label() + " (НДС " + d.TaxValue.Label() + "), а по её позициям выходит " + sum.Gross.Label() +
			" (НДС " + sum.Tax.Label() + "). Проверьте цены и налог в позициях сделки.",
		Agree: "Всё верно, формировать акт по позициям"}, true
}

// ExcessQuestion returns the question about acts whose sum would exceed that of the deal.
func ExcessQuestion(d store.Deal, act acts.Act) (q Question, ok bool) {
	limit := acts.SumRows(d.Rows).Gross
	if len(d.Rows) == 0 {
		limit = d.Amount
	}
	sum := d.ActSum + act.Totals.Gross
	if !d.InRoubles() || limit <= 0 || sum <= limit {
		return q, false
	}
	return Question{Field: "confirm-excess", Token: fmt.Sprintf("excess:%d:%d", sum, limit),
		Text:  "Вместе с этим актом по сделке будет актов на " + sum.Label() + " ₽, а сумма сделки " + limit.Label() + " ₽. Уменьшите количество или проверьте прежние акты.",
		Agree: "Сформировать акт сверх суммы сделки"}, true
}

// RequisitesQuestion returns the question about a counterparty with several requisites when the deal chooses none:
// those that the portal chooses by itself may be wrong.
func RequisitesQuestion(d store.Deal) (q Question, ok bool) {
	if d.Requisites.Among < 2 {
		return q, false
	}
	return Question{Field: "confirm-requisites", Token: fmt.Sprintf("requisites:%d:%s:%s", d.Requisites.Among, d.Buyer.INN, d.Buyer.KPP),
		Text: fmt.Sprintf("У контрагента несколько реквизитов (%d), а в сделке они не выбраны. В акт пойдут: %s. Если нужны другие, выберите их в карточке сделки.",
			d.Requisites.Among, d.Buyer.Requisites()),
		Agree: "Реквизиты верные"}, true
}

// requisites adds a fault when the deal names unusable requisites.
func (p *parser) requisites(own store.OwnCompany) {
	if text := p.deal.Requisites.LostMessage(); text != "" {
		p.faults.Add("buyer", "%s", text)
	}
	if err := own.CheckRequisites(); p.deal.UnknownOwn {
		p.faults.Add("own", "%s", p.deal.Requisites.UnknownOwnMessage())
	} else if err != nil {
		p.faults.Add("own", "%s", acts.Message(err))
	}
}

// confirm adds a fault for every question that nobody has confirmed yet.
func (p *parser) confirm(a acts.Act) {
	p.lostRows(a)
	for _, row := range p.deal.Rows {
		if row.NoSpread {
			p.faults.Add("lines", "Скидку «%s» нельзя распределить: в сделке нет позиций со ставкой «%s» на большую сумму. "+
				"В документе скидка отдельной строкой не передаётся: внесите её скидкой в позиции сделки.", row.Name, row.Rate.Label())
		}
	}
	for _, ask := range []func(store.Deal) (Question, bool){RequisitesQuestion, SumQuestion} {
		if q, ok := ask(p.deal); ok && !p.agreed(q) {
			p.faults.Add(q.Field, "%s", q.Text)
		}
	}
	if q, ok := ExcessQuestion(p.deal, a); ok && !p.agreed(q) && len(p.faults) == 0 {
		p.faults.Add(q.Field, "%s", q.Text)
	}
}

func (p *parser) agreed(q Question) bool { return slices.Contains(p.form.Confirmed, q.Token) }

// lostRows refuses rows that may continue a lost one until a person has decided.
func (p *parser) lostRows(a acts.Act) {
	for _, lost := range p.deal.Lost {
		for _, next := range acts.Successors(lost, p.deal.Rows) {
			if slices.ContainsFunc(a.Lines, func(l acts.Line) bool { return l.Row == next.ID }) {
				p.faults.Add("rows", "Позиции сделки записаны заново. Укажите, продолжает ли «%s» позицию, которая уже в актах.", next.Name)
				return
			}
		}
	}
}
