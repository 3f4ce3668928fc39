package printform

import (
	"slices"

	"acts24/acts"
)

// drawBody draws the lines, the totals, the statement, and the signatures. The last line and everything after
// it are kept on one page, so that no page carries signatures without a part of the act. A comment for which
// that page has no space is printed before the totals and may continue over several pages.
func drawBody(s *sheet, a acts.Act) {
	t := newTable(s, a)
	header, lines := t.header(s, taxed(a.Lines)), t.lines(s, a)
	s.header = []row{header}
	sums, remark, signatures := totals(s, a), comment(s, a.Comment), signatureRows(s, a)
	last := max(len(lines)-1, 0)
	closing := slices.Concat(lines[last:], sums, remark, signatures)
	whole := heightOf(closing) <= s.maxHeight()
	if !whole {
		closing = lines[last:]
	}
	first := closing
	if last > 0 {
		first = lines[:1]
	}
	openTable(s, header, first)
	s.draw(lines[:last]...)
	s.drawTogether(closing...)
	s.header = nil
	if !whole {
		s.draw(remark...)
		s.drawTogether(slices.Concat(sums, signatures)...)
	}
}

// openTable draws the header on a page that has space for the first rows below it, if a page can hold both.
func openTable(s *sheet, header row, first []row) {
	const little = 12 // mm: space for a few lines of a row that is split between pages
	need := heightOf(first)
	if need > s.maxHeight() {
		need = little
	}
	if !s.fits(header.height() + need) {
		s.newPage() // draws the header
		return
	}
	s.rule(left, s.y, full, thin)
	s.put(header)
}
