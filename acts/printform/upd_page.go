package printform

import (
	"strconv"

	"codeberg.org/go-pdf/fpdf"
)

// Landscape A4 in millimetres.
const (
	wideLeft   = 8.0
	wideRight  = 289.0
	wideTop    = 8.0
	wideBottom = 201.0
	wideFooter = 205.5
	wideFull   = wideRight - wideLeft
	wideCode   = 200.0 // where the barcode ends, in the bottom margin of the first page

	wideCodeTop    = 201.6
	wideCodeHeight = 4.2

	sideWidth = 22.0 // the part left of the thick line: status, column А, number of sheets
)

var (
	wideHeading = style{bold, 9.5, 0}
	wideText    = style{"", 7, 0}
	wideStrong  = style{bold, 7, 0}
	wideTitle   = style{"", 5.6, 0}
	wideNote    = style{"", 5.2, 60}
	wideFigures = style{"", 6.6, 0}
)

// updPages draws an УПД, or its invoice alone, on landscape pages.
type updPages struct {
	*sheet
	doc            UPD
	edition        edition
	invoice        bool    // the invoice alone: without the status, column А and the transfer
	first          int     // its first page in the file
	x              float64 // left edge of what an invoice contains
	columns        []updColumn
	drawSheetCount func(int) // draws the number of sheets, as soon as it is known; nil for an invoice
}

// draw adds the pages of the document, or those of its invoice alone, to a file.
func (d UPD) draw(s *sheet, e edition, invoice bool) {
	p := &updPages{sheet: s, doc: d, edition: e, invoice: invoice, first: s.pages + 1, x: wideLeft}
	if !invoice {
		p.x += sideWidth
	}
	p.columns = p.layout()
	p.newPage()
	if !invoice {
		p.drawBarcode(d.Code, wideCode, wideCodeTop, wideCodeHeight)
	}
	p.drawHead()
	p.drawTable()
	count := s.pages - p.first + 1
	if p.drawSheetCount != nil {
		p.drawSheetCount(count)
	}
	p.pdf.SetPage(p.pages)
	stampOnWide(p).drawStamp(d.caption(invoice), d.Signatures)
	p.numberPages(count)
}

func (p *updPages) newPage() {
	p.pdf.AddPageFormat("L", fpdf.SizeType{Wd: 210, Ht: 297})
	p.pages++
	p.y = wideTop
}

func (p *updPages) hasRoom(height float64) bool { return p.y+height <= wideBottom }

// numberPages draws the name of the document, the sheet and the number of sheets at the bottom of every page.
func (p *updPages) numberPages(count int) {
	for i := range count {
		p.pdf.SetPage(p.first + i)
		number := p.rightCell(wideLeft, wideFull, wideNote, "Лист "+strconv.Itoa(i+1)+" из "+strconv.Itoa(count))
		p.text(number, wideFooter, number.lines[0])
		text := p.doc.caption(p.invoice)
		if len(p.doc.undrawable()) > 0 {
			text = "Знаки, которых нет в печатном шрифте, заменены на «?». " + text
		}
		name := p.cell(wideLeft, wideFull-40, wideNote, text)
		p.text(name, wideFooter, name.lines[0])
	}
	p.pdf.SetPage(p.pages)
}

// putRow draws a row at the current height; lines to write on are below its last text line.
func (p *updPages) putRow(r row) {
	p.y += r.before
	for _, c := range r.cells {
		for i, line := range c.lines {
			p.text(c, p.y+(float64(i)+baseline)*r.lead, line)
		}
		if c.under {
			p.rule(c.x, p.y+float64(r.depth())*r.lead+0.3, c.w, fine)
		}
	}
	p.y += float64(r.depth())*r.lead + r.after
}

// levelValues aligns the last lines of all cells but the first, the label, with the bottom of the row.
func levelValues(r row) {
	label := r.cells[0]
	level(r)
	r.cells[0] = label
}

func (p *updPages) centred(x, w float64, st style, text string) cell {
	c := p.cell(x, w, st, text)
	c.mid = true
	return c
}

// onLine returns a cell with a line to write on.
func (p *updPages) onLine(x, w float64, st style, text string) cell {
	c := p.centred(x, w, st, text)
	c.under = true
	return c
}

func (p *updPages) vertical(x, from, to, weight float64) {
	p.pdf.SetDrawColor(0, 0, 0)
	p.pdf.SetLineWidth(weight)
	p.pdf.Line(x, from, x, to)
}

func (p *updPages) box(x, y, w, h, weight float64) {
	p.pdf.SetDrawColor(0, 0, 0)
	p.pdf.SetLineWidth(weight)
	p.pdf.Rect(x, y, w, h, "D")
}

// fit returns the style in the largest size in which a text of one word fits into a width.
func (p *updPages) fit(st style, w float64, text string) style {
	const smallest = 4
	for p.use(st); st.size > smallest && p.pdf.GetStringWidth(text) > w; p.use(st) {
		st.size -= 0.2
	}
	return st
}

func orDash(text string) string {
	if printable(text) == "" {
		return "—"
	}
	return text
}
