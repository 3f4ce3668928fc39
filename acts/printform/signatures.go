package printform

import (
	"strings"

	"acts24/acts"
)

// hand is who signs for a side; what is empty is written by hand.
type hand struct {
	role, party      string
	position, ground string
	name             string
	itself           bool // an ИП signs himself and needs no ground
	seal             bool
}

// seller is our signer; an ИП signs himself unless another was named.
func seller(a acts.Act) hand {
	h := side("Исполнитель", a.Seller)
	if h.itself && (a.Signer.Last == "" || strings.EqualFold(a.Signer.Last, a.Seller.LastName)) {
		return h
	}
	h.itself = false
	h.position, h.ground = a.Signer.Position, a.Signer.Ground
	h.name = initials(a.Signer.Last, a.Signer.First, a.Signer.Middle)
	return h
}

// side is who signs as far as the requisites tell: of a company they name nobody.
func side(role string, p acts.Party) hand {
	if p.Kind != acts.Person {
		return hand{role: role, party: p.FullName(), seal: true}
	}
	h := hand{role: role, party: p.Name, itself: true, position: "Индивидуальный предприниматель", name: initials(p.LastName, p.FirstName, p.MiddleName)}
	if p.LastName != "" {
		h.party = "ИП " + strings.Join([]string{p.LastName, p.FirstName, p.MiddleName}, " ")
	}
	return h
}

// The two blocks stand side by side; in each the signature is followed by the name.
const (
	space      = 10.0 // between the blocks
	half       = (full - space) / 2
	signature  = 34.0
	groundText = "действует на основании"
)

// The rows of a block that have lines to write on.
const (
	positionRow = 2
	nameRow     = 5
)

// signatureRows are both blocks, row by row.
func signatureRows(s *sheet, a acts.Act) []row {
	hands := []hand{seller(a), side("Заказчик", a.Buyer)}
	rows := []row{
		{lead: 4.3, before: 7, after: 0.6},
		{lead: 4.3, after: 3},
		{lead: 4.3},
		{lead: 3.4, before: 0.7, after: 1.6},
		{lead: 4.3, after: 8},
		{lead: 4.3},
		{lead: 3.4, before: 0.7, after: 2.2},
		{lead: 4.3},
	}
	for i, h := range hands {
		for n, cells := range h.block(s, left+float64(i)*(half+space)) {
			rows[n].cells = append(rows[n].cells, cells...)
		}
	}
	level(rows[positionRow])
	level(rows[nameRow])
	return rows
}

// level puts the lines to write on at one height, however many lines of text stand on them.
func level(r row) {
	for i, c := range r.cells {
		r.cells[i].lines = append(make([]string, r.depth()-len(c.lines)), c.lines...)
	}
}

// block is the cells of one side, the same number of rows for either.
func (h hand) block(s *sheet, x float64) [][]cell {
	position := s.cell(x, half, body, h.position)
	position.under = true
	sign := s.cell(x, signature, body, "")
	sign.under = true
	name := s.cell(x+signature+gutter, half-signature-gutter, body, h.name)
	name.under = true
	seal := ""
	if h.seal {
		seal = "М. П."
	}
	return [][]cell{
		{s.cell(x, half, label, h.role)},
		{s.cell(x, half, strong, h.party)},
		{position},
		{s.cell(x, half, note, "должность")},
		h.groundCells(s, x),
		{sign, name},
		{s.cell(x, signature, note, "подпись"), s.cell(name.x, name.w, note, "фамилия, инициалы")},
		{s.cell(x, half, label, seal)},
	}
}

// groundCells say by what right the person signs, or leave a line for it.
func (h hand) groundCells(s *sheet, x float64) []cell {
	switch {
	case h.itself:
		return nil
	case h.ground != "":
		return []cell{s.cell(x, half, body, groundText+" "+onGround(h.ground))}
	}
	text := s.cell(x, half, body, groundText)
	line := s.cell(x+widest(s, text)+1.5, 0, body, "")
	line.w, line.under = x+half-line.x, true
	return []cell{text, line}
}
