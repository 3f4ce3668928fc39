package tables

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
)

// CSV is a text with semicolons, commas in numbers and a byte order mark, as Excel of a Russian Windows opens it.
type CSV struct {
	rows *csv.Writer
	line []string
}

// NewCSV begins a text with the titles of its columns.
func NewCSV(w io.Writer, columns []Column) (*CSV, error) {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return nil, err
	}
	t := &CSV{rows: csv.NewWriter(w)}
	t.rows.Comma, t.rows.UseCRLF = ';', true
	for _, c := range columns {
		t.line = append(t.line, c.Title)
	}
	return t, t.rows.Write(t.line)
}

// Row adds a row.
func (t *CSV) Row(cells ...any) error {
	t.line = t.line[:0]
	for _, c := range cells {
		t.line = append(t.line, field(c))
	}
	return t.rows.Write(t.line)
}

// Finish writes the last rows.
func (t *CSV) Finish() error {
	t.rows.Flush()
	return t.rows.Error()
}

func field(cell any) string {
	switch c := cell.(type) {
	case string:
		return escapeFormula(cellText(c))
	case time.Time:
		if c.IsZero() {
			return ""
		}
		return c.Format("02.01.2006")
	case acts.Kopecks:
		return comma(c.String())
	case decimal.Decimal:
		return comma(c.String())
	case int:
		return strconv.Itoa(c)
	}
	return ""
}

func comma(number string) string { return strings.Replace(number, ".", ",", 1) }
