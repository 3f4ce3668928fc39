package views

// Report is the view of the page «Отчёт»: unsigned acts by age, and acts by month.
type Report struct {
	Frame
	Counted  string // what is counted, and up to which day
	Limited  bool   // the visitor does not see all acts
	Whole    AgedCell
	Ages     []AgeBar
	AgesText string // text alternative of the chart
	Tables   []AgedTable
	Months   []MonthRow
	Year     MonthRow
}

// AgedTable is a table of unsigned acts by managers or by clients.
type AgedTable struct {
	ID, Heading, Caption, Who string
	Columns                   []string
	Rows                      []AgedRow
	Whole                     AgedRow
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
