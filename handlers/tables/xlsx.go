package tables

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"acts24/acts"
)

// Workbook is an .xlsx with one sheet: a frozen row of titles, sums as numbers, days as dates, everything else as text.
type Workbook struct {
	out                   io.Writer
	file                  *excelize.File
	rows                  *excelize.StreamWriter
	sheet                 string
	columns, n            int
	title, day, sum, text int // styles
	cells                 []any
}

// NewWorkbook begins a workbook with the titles of its columns.
func NewWorkbook(w io.Writer, sheet string, columns []Column) (t *Workbook, err error) {
	t = &Workbook{out: w, file: excelize.NewFile(), sheet: sheet, columns: len(columns)}
	defer func() {
		if err != nil {
			t.Close()
		}
	}()
	if err := t.file.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	if err := t.styles(); err != nil {
		return nil, err
	}
	if t.rows, err = t.file.NewStreamWriter(sheet); err != nil {
		return nil, err
	}
	return t, t.titles(columns)
}

func (t *Workbook) styles() (err error) {
	day, sum := "dd.mm.yyyy", "#,##0.00"
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&t.title, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
		{&t.day, excelize.Style{CustomNumFmt: &day}}, {&t.sum, excelize.Style{CustomNumFmt: &sum}},
		{&t.text, excelize.Style{NumFmt: 49}}, // text: what looks like a number stays as it is when it is edited
	} {
		if *s.id, err = t.file.NewStyle(&s.style); err != nil {
			return err
		}
	}
	return nil
}

func (t *Workbook) titles(columns []Column) error {
	for i, c := range columns {
		if c.Width > 0 {
			if err := t.rows.SetColWidth(i+1, i+1, c.Width); err != nil {
				return err
			}
		}
		t.cells = append(t.cells, excelize.Cell{StyleID: t.title, Value: c.Title})
	}
	if err := t.rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	return t.write()
}

// Row adds a row.
func (t *Workbook) Row(cells ...any) error {
	t.cells = t.cells[:0]
	for _, c := range cells {
		t.cells = append(t.cells, t.cell(c))
	}
	return t.write()
}

func (t *Workbook) write() error {
	t.n++
	return t.rows.SetRow("A"+strconv.Itoa(t.n), t.cells)
}

// cell is never a formula: a text stays a text whatever it begins with.
func (t *Workbook) cell(cell any) any {
	switch c := cell.(type) {
	case string:
		if c == "" {
			return nil
		}
		return excelize.Cell{StyleID: t.text, Value: plain(c)}
	case time.Time:
		if c.IsZero() {
			return nil
		}
		return excelize.Cell{StyleID: t.day, Value: c}
	case acts.Kopecks:
		return excelize.Cell{StyleID: t.sum, Value: c.Decimal().InexactFloat64()}
	case decimal.Decimal:
		return c.InexactFloat64()
	case int:
		return c
	}
	return nil
}

// Finish writes the whole workbook.
func (t *Workbook) Finish() error {
	last, err := excelize.CoordinatesToCellName(t.columns, t.n)
	if err != nil {
		return err
	}
	if err := t.file.AutoFilter(t.sheet, "A1:"+last, nil); err != nil {
		return fmt.Errorf("filter of a workbook: %w", err)
	}
	if err := t.rows.Flush(); err != nil {
		return fmt.Errorf("rows of a workbook: %w", err)
	}
	if _, err := t.file.WriteTo(t.out); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

// Close removes what was kept aside.
func (t *Workbook) Close() { _ = t.file.Close() } // what is left lies in the folder for temporary files
