package views

// Report is the view of the page «Отчёт»: unsigned acts by age, and acts by month.
type Report struct {
	Frame
	Filter    ReportFilter
	Counted   string // what is counted, and up to which day
	Limited   bool   // the visitor does not see all acts
	Total     AgedCell
	Ages      []AgeBar
	AgesText  string // text alternative of the chart
	Stack     []StackBar
	StackText string // text alternative of the chart by months
	Tables    []AgedTable
	Months    []MonthRow
	Year      MonthRow
}

// ReportFilter is the form above the report.
type ReportFilter struct {
	Action   string
	From, To string
	Own      []Option
	Any      bool
	Faults   map[string]string
	Exports  []Export
}

// StackBar is a month in the chart of unsigned acts: its parts are the ages, positions and widths are percentages.
type StackBar struct {
	Label, Sum string
	Parts      []StackPart
	End        string // position of the sum
	Y          int
}

// StackPart is the part of a bar of one age.
type StackPart struct{ Class, X, Width, Title string }

// AgedTable is a table of unsigned acts by managers or by clients.
type AgedTable struct {
	ID, Heading, Caption, RowHeader string
	Columns                         []string
	Rows                            []AgedRow
	Total                           AgedRow
}

// AgedRow is a row of an AgedTable: a cell for every age and one for the total.
type AgedRow struct {
	Name, TestID string
	Cells        []AgedCell
	Share        string
}

// AgedCell is a sum with the number of its acts; Href is the list of these acts, "" when no list has exactly them.
type AgedCell struct{ Sum, Number, Href string }

// AgeBar is a bar of the chart; widths are percentages.
type AgeBar struct {
	Label, Sum string
	Width      string
	Y          int
}

// MonthRow is a month in the table and in the chart.
type MonthRow struct {
	Name, Short                          string
	Formed, FormedSum, Signed, SignedSum string
	Days                                 string // average number of days from sending to signature; "" when nothing was signed
	FormedWidth, SignedWidth             string // of the bars
	FormedEnd, SignedEnd                 string // positions of the numbers
	Y                                    int
}
