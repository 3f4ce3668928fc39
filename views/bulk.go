package views

// Bulk is the page of work over many acts: what can be done, or how far it is.
type Bulk struct {
	Frame
	ID, Heading string
	State       Chip
	Words       string // counts
	Hint        string // what may be expected, "" when nothing need be said
	Author      string // who began it, "" for the visitor himself
	Now, Of     int    // of the bar, none when Of is 0
	Busy        bool
	Choose      string // address for the new responsible
	People      []Option
	Run         string
	RunLabel    string
	Cancel      string
	CancelLabel string
	File        string // address of the acts as a file, "" when there is none
	FileLabel   string
	Groups      []BulkGroup
	All, List   string // addresses of the other bulks and of the registry
}

// BulkGroup are acts that stand alike for one reason.
type BulkGroup struct {
	State, Title, Tone, Reason string
	Count                      int
	Open                       bool
	Acts                       []BulkAct
	More                       string
}

// BulkAct is an act of a group.
type BulkAct struct {
	ID    string
	Link  Link
	Buyer string
}

// Bulks is the list of the visitor's bulks.
type Bulks struct {
	Frame
	Bulks []BulkLine
	Busy  bool
	List  string
}

// BulkLine is a bulk in the list.
type BulkLine struct {
	ID    string
	Link  Link
	When  string
	State Chip
	Words string
}

// BulkBar are the actions under a list of acts.
type BulkBar struct {
	Key      string // of this one form
	Page     string // ids of the page
	Count    string // «50 актов»
	All      string // label for all that the filter asks for, "" when the page has them all
	Filter   string
	Company  string
	Contact  string
	ReadOnly bool   // only documents may be taken out
	Bulks    string // address of the visitor's bulks
}
