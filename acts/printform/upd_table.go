package printform

import (
	"math"
	"slices"
	"strconv"

	"acts24/acts"
)

// updColumn is a column of the table of an invoice.
type updColumn struct {
	letter, title, group string // columns of a group share its title
	x, w                 float64
	text                 func(UPDRow) string
	right                bool
	mid                  bool
}

const (
	tableLead = 2.8
	tablePad  = 0.7 // above and below the text of a row, and beside it
)

// layout gives columns of numbers the width they need, within limits, and the rest to the names.
func (p *updPages) layout() []updColumn {
	figure := func(text string) string {
		if len(text) > 0 && (text[0] >= '0' && text[0] <= '9' || text[0] == '-') {
			return acts.Figure(text)
		}
		return text
	}
	dash := func(UPDRow) string { return "—" }
	columns := []updColumn{
		{letter: "А", title: "Код товара/ работ, услуг", w: sideWidth, text: dash, mid: true},
		{letter: "1", title: "№ п/п", w: 7, text: func(r UPDRow) string { return r.N }, mid: true},
		{letter: "1а", title: "Наименование товара (описание выполненных работ, оказанных услуг), имущественного права", text: func(r UPDRow) string { return r.Name }},
		{letter: "1б", title: "Код вида товара", w: 9, text: dash, mid: true},
		{letter: "2", title: "код", group: "Единица измерения", w: 9, text: func(r UPDRow) string { return r.UnitCode }, mid: true},
		{letter: "2а", title: "условное обозначение (национальное)", group: "Единица измерения", w: 16, text: func(r UPDRow) string { return r.Unit }, mid: true},
		{letter: "3", title: "Количество (объем)", w: 13, text: func(r UPDRow) string { return figure(r.Quantity) }, right: true},
		{letter: "4", title: "Цена (тариф) за единицу измерения", w: 17, text: func(r UPDRow) string { return figure(r.Price) }, right: true},
		{letter: "5", title: "Стоимость товаров (работ, услуг), имущественных прав без налога – всего", w: 20, text: func(r UPDRow) string { return figure(r.Net) }, right: true},
		{letter: "6", title: "В том числе сумма акциза", w: 14, text: func(r UPDRow) string { return r.Excise }, mid: true},
		{letter: "7", title: "Налоговая ставка", w: 12.5, text: func(r UPDRow) string { return r.Rate }, mid: true},
		{letter: "8", title: "Сумма налога, предъявляемая покупателю", w: 17, text: func(r UPDRow) string { return figure(r.Tax) }, right: true},
		{letter: "9", title: "Стоимость товаров (работ, услуг), имущественных прав с налогом – всего", w: 20, text: func(r UPDRow) string { return figure(r.Gross) }, right: true},
		{letter: "10", title: "цифровой код", group: "Страна происхождения товара", w: 10, text: dash, mid: true},
		{letter: "10а", title: "краткое наименование", group: "Страна происхождения товара", w: 14, text: dash, mid: true},
		{letter: "11", title: "Регистрационный номер декларации на товары или регистрационный номер партии товара, подлежащего прослеживаемости", w: 19, text: dash, mid: true},
	}
	if p.invoice {
		columns = columns[1:]
	}
	total := UPDRow{UPDSums: p.doc.Total}
	rest := wideFull
	for i, c := range columns {
		if c.right {
			need := c.w
			for _, r := range append([]UPDRow{total}, p.doc.Rows...) {
				need = max(need, widest(p.sheet, p.cell(0, wideFull, wideFigures, c.text(r)))+2*tablePad+0.1)
			}
			columns[i].w = min(need, c.w+9)
		}
		rest -= columns[i].w
	}
	x := wideLeft
	for i := range columns {
		if columns[i].letter == "1а" {
			columns[i].w = rest
		}
		columns[i].x = x
		x += columns[i].w
	}
	return columns
}

// column returns the position of a column.
func (p *updPages) column(letter string) updColumn {
	return p.columns[slices.IndexFunc(p.columns, func(c updColumn) bool { return c.letter == letter })]
}

// drawTable draws the rows, the totals, the signatures and the transfer. The last row and everything after it are
// kept on one page if a page can hold them, so that no page carries signatures without a part of the table.
func (p *updPages) drawTable() {
	rows := make([][]cell, len(p.doc.Rows))
	for i, r := range p.doc.Rows {
		rows[i] = p.cells(r)
	}
	closing := p.closing()
	end := totalHeight + closing.height()
	header := p.header()
	firstHeight := 0.0
	if len(rows) > 0 {
		firstHeight = min(rowHeight(rows[0]), 20)
	}
	if len(rows) == 1 && rowHeight(rows[0])+end <= wideBottom-wideTop-header.height {
		firstHeight = rowHeight(rows[0]) + end
	}
	if !p.hasRoom(header.height + firstHeight) {
		p.newPage()
	}
	p.drawHeader(header)
	for i, cells := range rows {
		need := rowHeight(cells)
		if whole := need + end; i == len(rows)-1 && whole <= wideBottom-wideTop-header.height {
			need = whole
		}
		if !p.hasRoom(need) && need <= wideBottom-wideTop-header.height {
			p.newPage()
			p.drawHeader(header)
		}
		p.drawCells(cells, header)
	}
	if !p.hasRoom(totalHeight) {
		p.newPage()
		p.drawHeader(header)
	}
	p.drawTotal()
	closing.draw(p)
}

// cells returns the cells of a row; numbers are drawn smaller when they do not fit.
func (p *updPages) cells(r UPDRow) []cell {
	cells := make([]cell, len(p.columns))
	for i, c := range p.columns {
		text, st, w := orDash(c.text(r)), wideFigures, c.w-2*tablePad
		if c.right {
			st = p.fit(st, w, text)
		}
		cells[i] = p.cell(c.x+tablePad, w, st, text)
		cells[i].right, cells[i].mid = c.right, c.mid
	}
	return cells
}

func rowHeight(cells []cell) float64 {
	return float64(row{cells: cells}.depth())*tableLead + 2*tablePad
}

// drawCells draws a row with its borders and continues on the next page where this one ends.
func (p *updPages) drawCells(cells []cell, header tableHeader) {
	depth := row{cells: cells}.depth()
	for from := 0; from < depth; {
		lines := int(math.Floor((wideBottom - p.y - 2*tablePad) / tableLead))
		if lines < min(3, depth-from) {
			p.newPage()
			p.drawHeader(header)
			continue
		}
		lines = min(lines, depth-from)
		h := float64(lines)*tableLead + 2*tablePad
		for i, c := range cells {
			for n := from; n < min(from+lines, len(c.lines)); n++ {
				p.text(c, p.y+tablePad+(float64(n-from)+baseline)*tableLead, c.lines[n])
			}
			p.box(p.columns[i].x, p.y, p.columns[i].w, h, fine)
		}
		p.thickEdge(h)
		p.y += h
		from += lines
	}
}

// thickEdge draws the thick line that separates column А of an УПД from the columns of an invoice.
func (p *updPages) thickEdge(h float64) {
	if !p.invoice {
		p.vertical(p.x, p.y, p.y+h, thick)
	}
}

// tableHeader is the header of the table with its measures.
type tableHeader struct {
	titles       []cell
	groups       []cell // one per column, without lines for columns that continue a group or have none
	group        float64
	height, rows float64
}

const (
	headerLead = 2.2
	letterRow  = 3.0
)

func (p *updPages) header() (h tableHeader) {
	h.titles, h.groups = make([]cell, len(p.columns)), make([]cell, len(p.columns))
	sub, single := 0, 0
	for i, c := range p.columns {
		h.titles[i] = p.centred(c.x+0.5, c.w-1, wideTitle, c.title)
		if c.group == "" {
			single = max(single, len(h.titles[i].lines))
			continue
		}
		sub = max(sub, len(h.titles[i].lines))
		if p.columns[i-1].group != c.group {
			h.groups[i] = p.centred(c.x+0.5, c.w+p.columns[i+1].w-1, wideTitle, c.group)
			h.group = max(h.group, float64(len(h.groups[i].lines))*headerLead+1)
		}
	}
	h.rows = max(float64(single)*headerLead+1.6, h.group+float64(sub)*headerLead+1.6)
	h.height = h.rows + letterRow
	return h
}

// drawHeader draws the titles of the columns and the row of their letters.
func (p *updPages) drawHeader(h tableHeader) {
	for i, c := range p.columns {
		y, height := p.y, h.rows
		if c.group != "" {
			if g := h.groups[i]; len(g.lines) > 0 {
				p.box(c.x, p.y, c.w+p.columns[i+1].w, h.group, fine)
				p.drawTitle(g, p.y, h.group)
			}
			y, height = y+h.group, height-h.group
		}
		p.box(c.x, y, c.w, height, fine)
		p.drawTitle(h.titles[i], y, height)
		letter := p.centred(c.x, c.w, wideTitle, c.letter)
		p.box(c.x, p.y+h.rows, c.w, letterRow, fine)
		p.drawTitle(letter, p.y+h.rows, letterRow)
	}
	p.thickEdge(h.height)
	p.y += h.height
}

// drawTitle draws a title in the middle of a height.
func (p *updPages) drawTitle(c cell, y, height float64) {
	y += (height - float64(len(c.lines))*headerLead) / 2
	for i, line := range c.lines {
		p.text(c, y+(float64(i)+baseline)*headerLead, line)
	}
}

const totalHeight = 4.4

// drawTotal draws the row «Всего к оплате»: columns 6 and 7 are crossed out.
func (p *updPages) drawTotal() {
	one, five := p.column("1"), p.column("5")
	draw := func(x, w float64, st style, text string, right, mid bool) {
		if right {
			st = p.fit(st, w-2*tablePad, text)
		}
		c := p.cell(x+tablePad, w-2*tablePad, st, text)
		c.right, c.mid = right, mid
		p.text(c, p.y+tablePad+baseline*(totalHeight-2*tablePad), c.lines[0])
		p.box(x, p.y, w, totalHeight, fine)
	}
	strong := style{bold, wideFigures.size, 0}
	draw(one.x, five.x-one.x, strong, "Всего к оплате (9)", false, false)
	total := UPDRow{UPDSums: p.doc.Total}
	for _, letter := range []string{"5", "8", "9"} {
		c := p.column(letter)
		draw(c.x, c.w, strong, orDash(c.text(total)), true, false)
	}
	six, eight := p.column("6"), p.column("8")
	draw(six.x, eight.x-six.x, strong, "Х", false, true)
	p.thickEdge(totalHeight)
	p.y += totalHeight
}

// sheetsText returns «Документ составлен на 2 листах».
func sheetsText(n int) string {
	if n%10 == 1 && n%100 != 11 {
		return strconv.Itoa(n) + " листе"
	}
	return strconv.Itoa(n) + " листах"
}
