package views

// Lacking is a page of deals without acts.
type Lacking struct {
	Frame
	Action      string // address of the page without a filter
	Key         string // of this one form
	Stage       []Option
	People      []Option
	Filtered    bool
	Faults      map[string]string
	Count       string // «12 сделок», "" without any
	Copying     *Copying
	Rows        []LackingRow
	Busy        bool // an act is being formed
	Empty       string
	EmptyLink   Link
	Reason      string   // as typed
	Back        []Option // the filter, to come back to
	First, Next string   // addresses of pages
}

// Copying is how far the first copy of the portal's deals has come.
type Copying struct {
	Text        string
	Seen, Total string // "" when the number is not known yet
}

// LackingRow is a deal without an act.
type LackingRow struct {
	ID          string
	Deal        Link
	Tab         string // address of its acts
	Stage       string
	Since, Age  string
	Sum, Rest   string
	Responsible string
	State       Chip
	Problem     string
	Chosen      bool
}
