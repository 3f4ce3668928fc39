package printform

import (
	"slices"

	"acts24/acts/signed"
)

// Appearance of the stamp about electronic signatures.
var (
	stampTitle = style{bold, 8.5, 0}
	stampText  = style{"", 7.5, 0}
)

const (
	stampPad     = 2.0 // between the frame and the text
	stampLead    = 3.2
	stampHeading = "Документ подписан электронной подписью. Оператор ЭДО: СБИС (ООО «Компания «Тензор»)"
)

// stampPage is the page on which a stamp is drawn.
type stampPage struct {
	*sheet
	x, w        float64
	bottom      float64
	newPageFunc func() // begins a new page of this kind of document
}

// drawStamp draws who signed the document and with which certificate, two signatures side by side, in a frame like those of operators.
// Nothing is drawn of a document without signatures.
func (p stampPage) drawStamp(caption string, list []signed.Signature) {
	for pair := range slices.Chunk(list, 2) {
		rows := p.stampRows(caption, pair)
		height := heightOf(rows) + 2*stampPad
		if p.y += 4; p.y+height > p.bottom {
			p.newPageFunc()
		}
		p.pdf.SetDrawColor(30, 80, 160)
		p.pdf.SetLineWidth(thin)
		p.pdf.Rect(p.x, p.y, p.w, height, "D")
		p.y += stampPad
		for _, r := range rows {
			p.y += r.before
			for _, c := range r.cells {
				for n, line := range c.lines {
					p.text(c, p.y+(float64(n)+baseline)*r.lead, line)
				}
			}
			p.y += float64(r.depth())*r.lead + r.after
		}
		p.y += stampPad
	}
}

// stampRows returns the rows of a stamp with one or two signatures.
func (p stampPage) stampRows(caption string, pair []signed.Signature) []row {
	inner := p.w - 2*stampPad
	rows := []row{{cells: []cell{p.cell(p.x+stampPad, inner, stampTitle, stampHeading)}, lead: 3.6},
		{cells: []cell{p.cell(p.x+stampPad, inner, stampText, caption)}, lead: stampLead, after: 0.8}}
	half := (inner - gutter) / 2
	var lines [][]string
	for _, s := range pair {
		lines = append(lines, stampLines(s))
	}
	for n := range max(len(lines[0]), len(lines[len(lines)-1])) {
		r := row{lead: stampLead}
		for i := range pair {
			st, text := stampText, ""
			if n == 0 {
				st = stampTitle
			}
			if n < len(lines[i]) {
				text = lines[i][n]
			}
			r.cells = append(r.cells, p.cell(p.x+stampPad+float64(i)*(half+gutter), half, st, text))
		}
		rows = append(rows, r)
	}
	return append(rows, row{cells: []cell{p.cell(p.x+stampPad, inner, note, signed.Unchecked)}, lead: 2.9, before: 0.8})
}

// stampLines returns the text of a stamp for a signature; every signature has the same lines, so that they are level.
func stampLines(s signed.Signature) []string {
	lines := []string{s.Role()}
	if s.Problem != "" {
		return append(lines, s.Check())
	}
	c := s.Certificate
	for _, f := range []struct{ name, value string }{
		{"Подписал: ", s.Who()}, {"Организация: ", s.OnBehalfOf()}, {"Подписано: ", s.Moment()}, {"Сертификат: ", c.Serial}, {"Выдан: ", c.Issuer},
		{"Действует: ", c.Validity()}, {"Доверенность (МЧД): ", s.Power.Text()},
	} {
		if f.value == "" {
			f.value = "—"
		}
		lines = append(lines, f.name+f.value)
	}
	return append(lines, s.Check())
}

// stampOn returns the page of a portrait document.
func stampOn(s *sheet) stampPage {
	return stampPage{sheet: s, x: left, w: full, bottom: bottom, newPageFunc: s.newPage}
}

// stampOnWide returns the page of an УПД.
func stampOnWide(p *updPages) stampPage {
	return stampPage{sheet: p.sheet, x: wideLeft, w: wideFull, bottom: wideBottom, newPageFunc: p.newPage}
}
