package printform

import (
	"slices"
	"strings"
)

// fact is a line of the head of an invoice.
type fact struct {
	label, value, code string
	labelWidth         float64
	strong             bool
}

const (
	factLead  = 3.0
	factAfter = 0.9
	codeWidth = 7.0
)

// drawHead draws lines 1 to 8 and, of an УПД, the status.
func (p *updPages) drawHead() {
	x := p.x
	if !p.invoice {
		p.drawStatus()
		x += 2.5
	}
	p.drawEdition()
	p.drawNumbers(x)
	sellers, buyers := p.sellerFacts(), p.buyerFacts()
	if p.invoice {
		for _, f := range slices.Concat(sellers, buyers) {
			f.labelWidth = max(f.labelWidth, 62)
			p.drawFact(x, wideRight-x, f)
		}
		p.y += 1.5
		return
	}
	const gap = 4
	w := (wideRight - x - gap) / 2
	from := p.y
	for _, f := range sellers {
		p.drawFact(x, w, f)
	}
	end := p.y
	p.y = from
	for _, f := range buyers {
		p.drawFact(x+w+gap, w, f)
	}
	p.y = max(p.y, end) + 1.2
	p.vertical(p.x, wideTop, p.y, thick)
}

func (p *updPages) drawStatus() {
	y := p.y
	p.putRow(row{cells: []cell{p.cell(wideLeft, sideWidth-1.5, style{bold, 8, 0}, "Универсальный передаточный документ")}, lead: 3.4, after: 3})
	status := "2"
	if p.doc.Invoice {
		status = "1"
	}
	p.box(wideLeft+12, p.y-0.6, 6, 5.4, thin)
	p.putRow(row{cells: []cell{p.cell(wideLeft, 12, wideText, "Статус:"), p.centred(wideLeft+12, 6, wideHeading, status)}, lead: 4.2, after: 3})
	for _, text := range []string{"1 – счет-фактура и передаточный документ (акт)", "2 – передаточный документ (акт)"} {
		p.putRow(row{cells: []cell{p.cell(wideLeft, sideWidth-1.5, wideNote, text)}, lead: 2.2, after: 0.6})
	}
	p.y = y
}

// drawEdition names the edition of the form in the corner.
func (p *updPages) drawEdition() {
	const w = 118
	y := p.y
	for _, text := range []string{"Приложение № 1 к постановлению Правительства Российской Федерации от 26 декабря 2011 г. № 1137", "(" + p.edition.name + ")",
		"Форма УПД рекомендована письмом ФНС России от 21 октября 2013 г. № ММВ-20-3/96@"} {
		if !p.invoice || !strings.HasPrefix(text, "Форма") {
			p.putRow(row{cells: []cell{p.rightCell(wideRight-w, w, wideNote, text)}, lead: 2.2})
		}
	}
	p.y = y
}

// drawNumbers draws lines 1 and 1а.
func (p *updPages) drawNumbers(x float64) {
	d := p.doc
	names := []string{"Счет-фактура №", "Исправление №"}
	if p.invoice {
		names = []string{"СЧЕТ-ФАКТУРА №", "ИСПРАВЛЕНИЕ №"}
	}
	number, correction := d.Number, d.Correction
	if number == "" {
		number = " "
	}
	if correction != " " { // a single space leaves room for the number
		correction = orDash(correction)
	}
	for i, one := range []struct{ number, date, code string }{{number, spelled(d.Date), "(1)"}, {correction, orDash(spelled(d.CorrectionDate)), "(1а)"}} {
		st := wideHeading
		if i > 0 {
			st = wideText
		}
		cells := []cell{p.cell(x, 33, st, names[i]), p.onLine(x+33, 38, st, one.number), p.centred(x+72, 6, st, "от"),
			p.onLine(x+79, 36, st, one.date), p.cell(x+116, codeWidth, wideText, one.code)}
		r := row{cells: cells, lead: 3.8, after: 1.2}
		level(r)
		p.putRow(r)
	}
	p.y += 1
}

func (p *updPages) sellerFacts() []fact {
	d := p.doc
	list := []fact{
		{label: "Продавец", value: d.Seller.Name, code: "(2)", strong: true},
		{label: "Адрес", value: d.Seller.Address, code: "(2а)"},
		{label: "ИНН/КПП продавца", value: d.Seller.Codes, code: "(2б)"},
		{label: "Грузоотправитель и его адрес", code: "(3)"},
		{label: "Грузополучатель и его адрес", code: "(4)"},
		{label: "К платежно-расчетному документу №", value: strings.Join(d.Payments, ", "), code: "(5)", labelWidth: 49},
		{label: p.edition.shipment, value: strings.Join(d.Shipments, "; "), code: "(5а)", labelWidth: 49},
	}
	if p.edition.advance {
		value := ""
		if len(d.Payments) > 0 { // the advance invoices are not known: leave room to write them
			value = " "
		}
		list = append(list, fact{label: "К счету-фактуре (счетам-фактурам), выставленному (выставленным) при получении оплаты, частичной оплаты или иных платежей в счет " +
			"предстоящих поставок товаров (выполнения работ, оказания услуг), передачи имущественных прав №", value: value, code: "(5б)", labelWidth: 78})
	}
	return list
}

func (p *updPages) buyerFacts() []fact {
	d := p.doc
	return []fact{
		{label: "Покупатель", value: d.Buyer.Name, code: "(6)", strong: true},
		{label: "Адрес", value: d.Buyer.Address, code: "(6а)"},
		{label: "ИНН/КПП покупателя", value: d.Buyer.Codes, code: "(6б)"},
		{label: "Валюта: наименование, код", value: d.Currency, code: "(7)"},
		{label: "Идентификатор государственного контракта, договора (соглашения) (при наличии)", value: d.StateContract, code: "(8)", labelWidth: 56},
	}
}

// drawFact draws one line of the head: the label, the value on a line, and the number of the line.
func (p *updPages) drawFact(x, w float64, f fact) {
	lw := max(f.labelWidth, 36)
	st := wideText
	if f.strong {
		st = wideStrong
	}
	value := f.value
	if value != " " { // a single space leaves room to write
		value = orDash(value)
	}
	at := p.cell(x+lw, w-lw-codeWidth, st, value)
	at.under = true
	r := row{cells: []cell{p.cell(x, lw-1, st, f.label), at, p.rightCell(x+w-codeWidth, codeWidth, wideText, f.code)}, lead: factLead, after: factAfter}
	levelValues(r)
	p.putRow(r)
}
