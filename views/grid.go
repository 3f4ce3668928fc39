package views

// Grid is a table of a list: acts, deals or the acts of a bulk action. The page chooses its columns and their order.
type Grid struct {
	Class   string // what is listed: registry, deals-without-acts, bulk-acts
	Caption string
	Columns []Column // the first one is in bold type and holds the checkboxes
	Rows    []GridRow
	Name    string // of the checkboxes, "" when rows cannot be selected
	All     string // value of the checkbox in the head, "" for one that only selects the rows
	AllText string // label of that checkbox
	Menus   bool   // rows have a menu
	Compact bool   // a row has one line
	Width   string // class of a list that is wider than the frame of a laptop: roomy, wide
}

// Column is a column of a grid.
type Column struct {
	Code, Label string
	Head        Head
}

// class returns the class of the cells: the first three letters of the code, because a page has hundreds of cells.
func (c Column) class() string { return c.Code[:min(3, len(c.Code))] }

// Head is the link in the head of a column that sorts the list by it.
type Head struct {
	Href   string
	Order  string // "ascending" or "descending" when the list is sorted by the column
	TestID string
}

// GridRow is a row of a grid.
type GridRow struct {
	ID, ElementID, TestID string // ElementID is the id in the page, "" for none
	Label                 string // of the checkbox
	Chosen                bool
	Cells                 []Cell // of the columns of the grid
	Menu                  string // URL of the actions on the row
}

// Cell is the content of a cell; its parts are shown in this order.
type Cell struct {
	Link  Link
	Below string // in a line of its own, without a link: two links one above the other are too small to hit
	Text  string
	Chips []Chip
	Note  string
	Fault string
}
