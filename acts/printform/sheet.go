package printform

import "codeberg.org/go-pdf/fpdf"

// A4 in millimetres, with a wider margin at the binding edge.
const (
	left   = 20.0
	right  = 195.0
	top    = 15.0
	bottom = 280.0 // of the text; the page number is below it
	footer = 287.0
	full   = right - left

	codeTop    = 5.5 // of the barcode, in the margin of the first page
	codeHeight = 6.5
)

// sheet is the document during drawing: the current page and the height up to which it is filled.
type sheet struct {
	pdf    *fpdf.Fpdf
	y      float64
	pages  int
	logo   float64 // height of the logo, 0 for none
	header []row   // repeated at the top of a new page
}

func newSheet() *sheet {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true) // makes the bytes reproducible
	pdf.AddUTF8FontFromBytes(family, "", regularTTF)
	pdf.AddUTF8FontFromBytes(family, bold, boldTTF)
	return &sheet{pdf: pdf}
}

// newPage begins a new page.
func (s *sheet) newPage() {
	s.pdf.AddPage()
	s.pages++
	s.y = top
	for _, r := range s.header {
		s.put(r)
	}
}

// fits reports whether the page has space for height more.
func (s *sheet) fits(height float64) bool { return s.y+height <= bottom }

// maxHeight returns the height that one page can hold below the repeated header.
func (s *sheet) maxHeight() float64 { return bottom - top - heightOf(s.header) }

// draw draws rows one below the other. A row is split between pages only when one page cannot hold it.
func (s *sheet) draw(rows ...row) {
	for _, r := range rows {
		if h := r.height(); !s.fits(h) && h <= s.maxHeight() {
			s.newPage()
		}
		s.put(r)
	}
}

// drawTogether draws rows on one page, if one page can hold them.
func (s *sheet) drawTogether(rows ...row) {
	if h := heightOf(rows); !s.fits(h) && h <= s.maxHeight() {
		s.newPage()
	}
	s.draw(rows...)
}

// put draws a row at the current height and continues on the next page where this one ends.
func (s *sheet) put(r row) {
	if s.y > top {
		s.y += r.before
	}
	for i := range r.depth() {
		if !s.fits(r.lead) {
			s.newPage()
		}
		for _, c := range r.cells {
			if i < len(c.lines) {
				s.text(c, s.y+r.lead*baseline, c.lines[i])
			}
			if c.under && i == len(c.lines)-1 {
				s.rule(c.x, s.y+r.lead, c.w, fine)
			}
		}
		s.y += r.lead
	}
	s.y += r.after
	if r.rule > 0 {
		s.rule(left, s.y, full, r.rule)
	}
}

// text draws one line of a cell.
func (s *sheet) text(c cell, y float64, line string) {
	x := c.x
	s.use(c.style)
	switch {
	case c.right:
		x += c.w - s.pdf.GetStringWidth(line)
	case c.mid:
		x += (c.w - s.pdf.GetStringWidth(line)) / 2
	}
	s.pdf.Text(x, y, line)
}

func (s *sheet) use(st style) {
	s.pdf.SetFont(family, st.weight, st.size)
	s.pdf.SetTextColor(st.grey, st.grey, st.grey)
}

func (s *sheet) rule(x, y, w, weight float64) {
	grey := 0
	if weight == hairline {
		grey = 140
	}
	s.pdf.SetDrawColor(grey, grey, grey)
	s.pdf.SetLineWidth(weight)
	s.pdf.Line(x, y, x+w, y)
}

// drawFooters draws the caption, the page number and the number of pages at the bottom of every page.
func (s *sheet) drawFooters(caption string) {
	for page := 1; page <= s.pages; page++ {
		s.pdf.SetPage(page)
		at := s.cell(left, full, note, pageOf(page, s.pages))
		at.right = true
		s.text(at, footer, at.lines[0])
		name := s.cell(left, full-widest(s, at)-2*gutter, note, caption)
		if len(name.lines) > 1 {
			name.lines[0] += "…"
		}
		s.text(name, footer, name.lines[0])
	}
}
