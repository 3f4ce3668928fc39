package printform

import "strings"

const (
	family = "pt"
	bold   = "B"

	hairline = 0.1 // grey, between lines of the table
	fine     = 0.2 // to write on
	thin     = 0.3
	thick    = 0.6

	baseline = 0.74 // where in a line its letters stand
	gutter   = 4.0
)

// style is how a text looks.
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

// cell is a text in a column of the sheet.
type cell struct {
	x, w  float64
	style style
	lines []string
	right bool // flush right
	under bool // a line to write on lies under it
}

// row is cells side by side.
type row struct {
	cells         []cell
	lead          float64 // from line to line
	before, after float64
	rule          float64 // weight of the line below, 0 for none
}

// depth is how many lines the deepest cell has.
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

// cell breaks a text into the lines of a column.
func (s *sheet) cell(x, w float64, st style, text string) cell {
	s.use(st)
	return cell{x: x, w: w, style: st, lines: wrap(printable(text), w, s.pdf.GetStringWidth)}
}

// flush is a cell with its text at the right edge.
func (s *sheet) flush(x, w float64, st style, text string) cell {
	c := s.cell(x, w, st, text)
	c.right = true
	return c
}

// widest is the width of the longest line of a cell.
func widest(s *sheet, c cell) float64 {
	s.use(c.style)
	w := 0.0
	for _, line := range c.lines {
		w = max(w, s.pdf.GetStringWidth(line))
	}
	return w
}

// wrap breaks a text at its spaces; a word that is longer than a line is broken where the line ends.
// There is always one line, if only an empty one.
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
				break // a letter wider than the line
			}
			lines, word = append(lines, word[:n]), word[n:]
		}
		line = word
	}
	return append(lines, line)
}

// fitting is how many bytes of a word go into a line, one letter at least.
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
