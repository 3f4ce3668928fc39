package tables

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
)

// Workbook is an .xlsx with one sheet: a frozen row of titles with a filter, sums as numbers, days as dates, everything else as text.
// It is written and compressed row by row.
type Workbook struct {
	pack    *zip.Writer
	sheet   io.Writer
	name    string
	row     bytes.Buffer
	letters []string // of the columns
	n       int      // rows so far
}

// NewWorkbook begins a workbook with the titles of its columns.
func NewWorkbook(w io.Writer, name string, columns []Column) (*Workbook, error) {
	t := &Workbook{pack: zip.NewWriter(w), name: name}
	for _, p := range parts {
		if err := t.part(p[0], p[1]); err != nil {
			return nil, err
		}
	}
	sheet, err := t.pack.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, fmt.Errorf("begin a sheet: %w", err)
	}
	t.sheet = sheet
	t.row.WriteString(sheetHead)
	for i, c := range columns {
		t.letters = append(t.letters, letters(i))
		fmt.Fprintf(&t.row, `<col min="%d" max="%d" width="%g" customWidth="1"/>`, i+1, i+1, cmp.Or(c.Width, 12))
	}
	t.row.WriteString(`</cols><sheetData>`)
	t.begin()
	for i, c := range columns {
		t.text(i, styleTitle, c.Title)
	}
	return t, t.end()
}

// letters name a column: A, B, … Z, AA.
func letters(column int) string {
	if column < 26 {
		return string(rune('A' + column))
	}
	return letters(column/26-1) + letters(column%26)
}

// Row adds a row. A text is never a formula, whatever it begins with.
func (t *Workbook) Row(cells ...any) error {
	t.begin()
	for i, cell := range cells {
		switch c := cell.(type) {
		case string:
			t.text(i, styleText, c)
		case time.Time:
			t.day(i, c)
		case acts.Kopecks:
			t.number(i, styleSum, c.String())
		case decimal.Decimal:
			t.number(i, styleNone, c.String())
		case int:
			t.number(i, styleNone, strconv.Itoa(c))
		}
	}
	return t.end()
}

func (t *Workbook) begin() {
	t.n++
	fmt.Fprintf(&t.row, `<row r="%d">`, t.n)
}

func (t *Workbook) end() error {
	t.row.WriteString(`</row>`)
	defer t.row.Reset()
	_, err := t.sheet.Write(t.row.Bytes())
	return err
}

func (t *Workbook) cell(column int, style, kind string) {
	t.row.WriteString(`<c r="` + t.letters[column] + strconv.Itoa(t.n) + `" s="` + style + `"` + kind + `>`)
}

func (t *Workbook) text(column int, style, text string) {
	if text == "" {
		return
	}
	t.cell(column, style, ` t="inlineStr"`)
	t.row.WriteString(`<is><t xml:space="preserve">`)
	_ = xml.EscapeText(&t.row, []byte(cellText(text))) // a buffer returns no errors
	t.row.WriteString(`</t></is></c>`)
}

func (t *Workbook) number(column int, style, value string) {
	t.cell(column, style, "")
	t.row.WriteString(`<v>` + value + `</v></c>`)
}

// Excel stores a day as the number of days since dayZero; its numbers before dayFirst are wrong.
var (
	dayZero  = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	dayFirst = time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)
)

func (t *Workbook) day(column int, day time.Time) {
	switch {
	case day.IsZero():
	case day.Before(dayFirst):
		t.text(column, styleText, day.Format("02.01.2006"))
	default:
		t.number(column, styleDay, strconv.Itoa(int(day.Sub(dayZero).Hours()/24)))
	}
}

func (t *Workbook) part(name, text string) error {
	w, err := t.pack.Create(name)
	if err == nil {
		_, err = io.WriteString(w, xml.Header+text)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// Finish ends the sheet and the workbook around it.
func (t *Workbook) Finish() error {
	last := t.letters[len(t.letters)-1]
	if _, err := fmt.Fprintf(t.sheet, `</sheetData><autoFilter ref="A1:%s%d"/></worksheet>`, last, t.n); err != nil {
		return fmt.Errorf("end a sheet: %w", err)
	}
	if err := t.part("xl/workbook.xml", fmt.Sprintf(workbookXML, t.name, t.name, last, t.n)); err != nil {
		return err
	}
	return t.pack.Close()
}
