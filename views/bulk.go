package views

// Bulk is the view of a bulk action: what can be done, or its progress.
type Bulk struct {
	Frame
	ID, Heading string
	State       Chip
	Counts      string // the counts in words
	Hint        string // what to expect, "" when there is nothing to add
	Author      string // who started it, "" when the visitor did
	Now, Of     int    // of the progress bar; no bar when Of is 0
	Busy        bool
	Choose      string // URL to which the new responsible is posted, "" when none is chosen
	People      []Option
	Run         string // URL of the button that starts it, "" for no button
	RunLabel    string
	Cancel      string // URL of the button that cancels it, "" for no button
	CancelLabel string
	File        string // URL of an export of the acts, "" when there is none
	FileLabel   string
	Groups      []BulkGroup
	All, List   string // URLs of the other bulk actions and of the registry
}

// BulkGroup is a group of acts with the same result and reason.
type BulkGroup struct {
	State, Title, Tone, Reason string
	Count                      int
	Open                       bool
	Acts                       Grid
	More                       string // how many acts of the group are not listed, "" for none
}

// Bulks is the view of the list of the visitor's bulk actions.
type Bulks struct {
	Frame
	Bulks []BulkLine
	Busy  bool
	List  string
}

// BulkLine is a bulk action in the list.
type BulkLine struct {
	ID     string
	Link   Link
	When   string
	State  Chip
	Counts string
}

// BulkBar holds the actions above a list of acts.
type BulkBar struct {
	Key      string // key of this form
	Page     string // ids of the acts on the page
	Count    string // «50 актов»
	All      string // what «Выбрать все» selects, "" when all acts are on the page
	Filter   string
	Company  string
	Contact  string
	ReadOnly bool   // only downloads are allowed
	Bulks    string // URL of the visitor's bulk actions
}
