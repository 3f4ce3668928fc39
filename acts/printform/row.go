package printform

import "strings"

const (
	family = "pt"
	bold   = "B"

	hairline = 0.1 // grey, between lines of the table
	fine     = 0.2 // a line to write on
	thin     = 0.3
	thick    = 0.6

	baseline = 0.74 // position of the baseline within a text line
	gutter   = 4.0
)

// style is the appearance of a text.
type style struct {
	weight string
	size   float64 // points
	grey   int     // 0 is black
}

var (
	heading = style{bold, 15, 0}
	subhead = style{"", 11.5, 0}
	body    = style{"", 9.5, 0}
	strong  = style{bold, 9.5, 0}
	figures = style{"", 9, 0}
	columns = style{bold, 8, 0}
	label   = style{"", 8.5, 95}
	note    = style{"", 7.5, 95}
)

// cell is a text in a column of the page.
type cell struct {
	x, w  float64
	style style
	lines []string
	right bool // aligned right
	mid   bool // centred
	under bool // with a line to write on below it
}

// row is a list of cells side by side.
type row struct {
	cells         []cell
	lead          float64 // distance between text lines
	before, after float64
	rule          float64 // width of the line below, 0 for none
}

// depth returns the number of text lines of the longest cell.
func (r row) depth() int {
	n := 0
	for _, c := range r.cells {
		n = max(n, len(c.lines))
	}
	return n
}

func (r row) height() float64 { return r.before + float64(r.depth())*r.lead + r.after }

func heightOf(rows []row) float64 {
	sum := 0.0
	for _, r := range rows {
		sum += r.height()
	}
	return sum
}

// cell breaks a text into lines of the column's width.
func (s *sheet) cell(x, w float64, st style, text string) cell {
	s.use(st)
	return cell{x: x, w: w, style: st, lines: wrap(printable(text), w, s.pdf.GetStringWidth)}
}

// rightCell returns a right-aligned cell.
func (s *sheet) rightCell(x, w float64, st style, text string) cell {
	c := s.cell(x, w, st, text)
	c.right = true
	return c
}

// widest returns the width of the longest line of a cell.
func widest(s *sheet, c cell) float64 {
	s.use(c.style)
	w := 0.0
	for _, line := range c.lines {
		w = max(w, s.pdf.GetStringWidth(line))
	}
	return w
}

// wrap breaks a text at its spaces; a word longer than a line is broken at the end of the line. The result
// has at least one line, which may be empty.
func wrap(text string, width float64, measure func(string) float64) (lines []string) {
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		if line != "" && measure(line+" "+word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for measure(word) > width {
			n := fitting(word, width, measure)
			if n == len(word) {
				break // one letter is wider than the line
			}
			lines, word = append(lines, word[:n]), word[n:]
		}
		line = word
	}
	return append(lines, line)
}

// fitting returns the number of bytes of a word that fit into a line, at least one letter.
func fitting(word string, width float64, measure func(string) float64) int {
	used := 0.0
	for i, r := range word {
		used += measure(string(r))
		if used > width && i > 0 {
			return i
		}
	}
	return len(word)
}
