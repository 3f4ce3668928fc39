package views

// DealsWithoutActs is the view of a page of deals without acts.
type DealsWithoutActs struct {
	Frame
	Action      string // URL of the page without a filter
	Key         string // key of this form
	Stage       []Option
	People      []Option
	Filtered    bool
	Faults      map[string]string
	Count       string // «12 сделок», "" for none
	Copying     *Copying
	Rows        Grid
	Text        string // the typed text of the search
	Sort        string // as addresses contain it, "" for the first order
	Busy        bool   // acts are being formed, so the page is refreshed soon
	Empty       string
	EmptyLink   Link
	Reason      string   // why no act is needed, as typed
	Back        []Option // hidden fields with the filter to return to
	First, Next string   // URLs of pages
}

// Copying is the progress of the first copy of the portal's deals.
type Copying struct {
	Text        string
	Seen, Total string // "" while the number is not known
}
