package printform

import (
	"strings"

	"acts24/acts"
)

// signatory is the signer of a party; empty fields are left blank for handwriting.
type signatory struct {
	role, party      string
	position, ground string
	name             string
	itself           bool // an ИП signs for himself and needs no authorisation
	seal             bool
}

// sellerSignatory returns our signer; an ИП signs for himself unless another signer is named.
func sellerSignatory(a acts.Act) signatory {
	h := partySignatory("Исполнитель", a.Seller)
	if h.itself && (a.Signer.Last == "" || strings.EqualFold(a.Signer.Last, a.Seller.LastName)) {
		return h
	}
	h.itself = false
	h.position, h.ground = a.Signer.Position, a.Signer.Ground
	h.name = initials(a.Signer.Last, a.Signer.First, a.Signer.Middle)
	return h
}

// partySignatory returns the signer that follows from the requisites of the party; those of a company name none.
func partySignatory(role string, p acts.Party) signatory {
	if p.Kind != acts.PartyPerson {
		return signatory{role: role, party: p.FullName(), seal: true}
	}
	h := signatory{role: role, party: p.Name, itself: true, position: "Индивидуальный предприниматель", name: initials(p.LastName, p.FirstName, p.MiddleName)}
	if p.LastName != "" {
		h.party = "ИП " + strings.Join([]string{p.LastName, p.FirstName, p.MiddleName}, " ")
	}
	return h
}

// Measures of the two signature blocks. In each the signature is followed by the name.
const (
	blockGap       = 10.0 // between the blocks
	blockWidth     = (full - blockGap) / 2
	signatureWidth = 34.0
	groundText     = "действует на основании"
)

// The rows of a block that have lines to write on.
const (
	positionRow = 2
	nameRow     = 5
)

// signatureRows returns the rows of both blocks side by side.
func signatureRows(s *sheet, a acts.Act) []row {
	signatories := []signatory{sellerSignatory(a), partySignatory("Заказчик", a.Buyer)}
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
	for i, h := range signatories {
		for n, cells := range h.block(s, left+float64(i)*(blockWidth+blockGap)) {
			rows[n].cells = append(rows[n].cells, cells...)
		}
	}
	level(rows[positionRow])
	level(rows[nameRow])
	return rows
}

// level aligns the lines to write on of all cells of a row, whatever number of text lines they have.
func level(r row) {
	for i, c := range r.cells {
		r.cells[i].lines = append(make([]string, r.depth()-len(c.lines)), c.lines...)
	}
}

// block returns the cells of one party, one list per row; both parties have the same number of rows.
func (h signatory) block(s *sheet, x float64) [][]cell {
	position := s.cell(x, blockWidth, body, h.position)
	position.under = true
	sign := s.cell(x, signatureWidth, body, "")
	sign.under = true
	name := s.cell(x+signatureWidth+gutter, blockWidth-signatureWidth-gutter, body, h.name)
	name.under = true
	seal := ""
	if h.seal {
		seal = "М. П."
	}
	return [][]cell{
		{s.cell(x, blockWidth, label, h.role)},
		{s.cell(x, blockWidth, strong, h.party)},
		{position},
		{s.cell(x, blockWidth, note, "должность")},
		h.groundCells(s, x),
		{sign, name},
		{s.cell(x, signatureWidth, note, "подпись"), s.cell(name.x, name.w, note, "фамилия, инициалы")},
		{s.cell(x, blockWidth, label, seal)},
	}
}

// groundCells returns the cells for the document that authorises the signer, or a line to write it on.
func (h signatory) groundCells(s *sheet, x float64) []cell {
	switch {
	case h.itself:
		return nil
	case h.ground != "":
		return []cell{s.cell(x, blockWidth, body, groundText+" "+groundInGenitive(h.ground))}
	}
	text := s.cell(x, blockWidth, body, groundText)
	line := s.cell(x+widest(s, text)+1.5, 0, body, "")
	line.w, line.under = x+blockWidth-line.x, true
	return []cell{text, line}
}
