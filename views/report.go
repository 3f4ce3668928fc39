package views

// Report is the page «Отчёт»: who is waited for, and how it went month by month.
type Report struct {
	Frame
	Counted  string // what is counted, and until which day
	Limited  bool   // the visitor does not see all acts
	Whole    AgedCell
	Ages     []AgeBar
	AgesText string // the chart in words
	Tables   []AgedTable
	Months   []MonthRow
	Year     MonthRow
	Counting string // how far older acts are counted, "" when all are
}

// AgedTable is unsigned acts by managers or by clients.
type AgedTable struct {
	ID, Heading, Caption, Who string
	Columns                   []string
	Rows                      []AgedRow
	Whole                     AgedRow
}

// AgedRow is a row of it: a cell for every age and one for all of them.
type AgedRow struct {
	Name, TestID string
	Cells        []AgedCell
	Share        string
}

// AgedCell is a sum with the number of acts behind it; Href leads to them, "" when no list has just them.
type AgedCell struct{ Sum, Number, Href string }

// AgeBar is a bar of the chart, in percent of its width.
type AgeBar struct {
	Label, Sum string
	Width      string
	Y          int
}

// MonthRow is a month in the table and in the chart.
type MonthRow struct {
	Name, Short                          string
	Formed, FormedSum, Signed, SignedSum string
	Days                                 string // from sending to signature, on average; "" when nothing was signed
	FormedWidth, SignedWidth             string // of bars
	FormedEnd, SignedEnd                 string // where their numbers stand
	Y                                    int
}
