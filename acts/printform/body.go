package printform

import (
	"slices"

	"acts24/acts"
)

// drawBody draws the lines, the sums, the words about them and the signatures. From the last line on
// all stays on one page, so that nobody signs a sheet that does not say what for.
// A comment that leaves no room for that goes before the sums and may run over pages.
func drawBody(s *sheet, a acts.Act) {
	t := newTable(s, a)
	header, lines := t.header(s, taxed(a.Lines)), t.lines(s, a)
	s.header = []row{header}
	sums, remark, signatures := totals(s, a), comment(s, a.Comment), signatureRows(s, a)
	last := max(len(lines)-1, 0)
	closing := slices.Concat(lines[last:], sums, remark, signatures)
	whole := heightOf(closing) <= s.most()
	if !whole {
		closing = lines[last:]
	}
	first := closing
	if last > 0 {
		first = lines[:1]
	}
	openTable(s, header, first)
	s.draw(lines[:last]...)
	s.together(closing...)
	s.header = nil
	if !whole {
		s.draw(remark...)
		s.together(slices.Concat(sums, signatures)...)
	}
}

// openTable draws the header where the first rows under it have room, if any page has room for them.
func openTable(s *sheet, header row, first []row) {
	const little = 12
	need := heightOf(first)
	if need > s.most() {
		need = little
	}
	if !s.fits(header.height() + need) {
		s.turn() // brings the header
		return
	}
	s.rule(left, s.y, full, thin)
	s.put(header)
}
