// Package tables writes tables that other programs load: .xlsx workbooks, and CSV in the form that Russian Excel
// opens.
package tables

// Column is a column of a table.
type Column struct {
	Title      string
	Width      float64 // in letters, 0 for twelve
	ListColumn string  // code of the column of a list with which it is shown, "" when it is always there
}

// Table is written row by row, a cell for each column. A cell is a string, a time.Time that is a day, acts.Kopecks, a decimal.Decimal or an int;
// nil, an empty string and a zero day are empty. Rows are not kept in memory.
type Table interface {
	Row(cells ...any) error
	Finish() error // writes what is not written yet
}
