package printform

import (
	"strconv"
	"strings"

	"acts24/acts"
)

// The columns of the head: labels and values.
const (
	labelWidth = 28.0
	valueLeft  = left + labelWidth
	valueWidth = full - labelWidth
)

// drawHead draws the title, the parties and the basis of the act.
func drawHead(s *sheet, a acts.Act) {
	width := full
	if s.logo > 0 {
		width -= logoWidth + gutter
	}
	number := a.Number
	if number == "" {
		number = blank
	}
	s.draw(
		row{cells: []cell{s.cell(left, width, heading, acts.DocumentName)}, lead: 6.4, after: 0.8},
		row{cells: []cell{s.cell(left, width, subhead, "№ "+number+" от"+string(nbsp)+longDate(a.Date))}, lead: 5},
	)
	if c := a.Correction; c.IsSet() {
		n := blank
		if c.N > 0 {
			n = strconv.Itoa(c.N)
		}
		s.draw(row{cells: []cell{s.cell(left, width, subhead, "Исправление №"+string(nbsp)+n+" от"+string(nbsp)+longDate(c.Date))}, lead: 5})
	}
	s.y = max(s.y, top+s.logo) + 3.5
	s.rule(left, s.y, full, thick)
	s.y += 0.5
	drawParty(s, "Исполнитель", a.Seller)
	drawParty(s, "Заказчик", a.Buyer)
	drawFact(s, "Основание", a.Basis.Label())
	drawFact(s, "Период", period(a.From, a.To))
	drawFact(s, "Оплата", acts.PaymentsLabel(a.Payments))
	drawFact(s, "Госконтракт", a.StateContract)
	s.y += 4
}

// drawParty draws the name of a party and the requisites that are known.
func drawParty(s *sheet, what string, p acts.Party) {
	name := strings.TrimSpace(p.FullName())
	if name == "" {
		name = strings.Repeat(blank, 8)
	}
	s.draw(row{cells: []cell{s.cell(left, labelWidth-2, label, what), s.cell(valueLeft, valueWidth, strong, name)}, lead: 4.3, before: 2.6})
	for _, text := range []string{codes(p), p.Address, bank(p)} {
		if printable(text) != "" {
			s.draw(row{cells: []cell{s.cell(valueLeft, valueWidth, body, text)}, lead: 4.3})
		}
	}
}

// drawFact draws one line of the head, or nothing when text is empty.
func drawFact(s *sheet, what, text string) {
	if printable(text) != "" {
		s.draw(row{cells: []cell{s.cell(left, labelWidth-2, label, what), s.cell(valueLeft, valueWidth, body, text)}, lead: 4.3, before: 2.6})
	}
}

// codes returns the registration numbers of a party; an ИП has an ОГРНИП and no КПП.
func codes(p acts.Party) string {
	if p.Kind == acts.PartyPerson {
		ogrnip := p.OGRN
		if ogrnip != "" && !p.Registered.IsZero() {
			ogrnip += " от " + p.Registered.Format("02.01.2006")
		}
		return namedValues("ИНН", p.INN, "ОГРНИП", ogrnip)
	}
	return namedValues("ИНН", p.INN, "КПП", p.KPP, "ОГРН", p.OGRN)
}

func bank(p acts.Party) string {
	account := namedValues("р/с", p.Account)
	if p.Bank != "" {
		account = strings.TrimPrefix(account+", "+p.Bank, ", ")
	}
	if codes := namedValues("БИК", p.BIK, "к/с", p.CorrAccount); account != "" && codes != "" {
		return account + ", " + codes
	}
	return account
}

// namedValues joins names with their values and skips empty values.
func namedValues(pairs ...string) string {
	var known []string
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			known = append(known, pairs[i]+string(nbsp)+pairs[i+1])
		}
	}
	return strings.Join(known, ", ")
}
