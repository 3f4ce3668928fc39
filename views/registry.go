package views

// Registry is a page of acts with its filter.
type Registry struct {
	Frame
	Heading  string
	Action   string // address of the page without a filter
	Presets  []Preset
	Filter   Filter
	Totals   []Total     // of one counterparty, nil in the registry of the portal
	Found    string      // how much is in the list, "" when that is not counted
	Narrowed []Narrowing // conditions that the form has no field for
	Rows     []RegistryRow
	Bulk     *BulkBar // nil when there are no rows
	Empty    string
	First    string // address of the first page, "" on that page
	Next     string // address of the next page, "" on the last
}

// Preset is a filter that people ask for every day, with how many acts it has.
type Preset struct {
	Label, Href, Count, TestID string
	Loud                       bool // somebody has to act
	Here                       bool
}

// Filter is the form above the list with what was chosen.
type Filter struct {
	Text            string
	Kept            []Option // conditions without a field, sent along: Label is the name
	Statuses, Media []Option
	People          []Option
	From, To        string
	Overdue, Failed bool
	Open            bool // something is chosen beside the text
	Any             bool
	Faults          map[string]string
}

// Narrowing is a condition in words, with the address of the page without it.
type Narrowing struct{ Text, Without, TestID string }

// Total is a sum above the list.
type Total struct{ Label, Sum, TestID string }

// RegistryRow is an act in the registry.
type RegistryRow struct {
	ID, Number, Date, Href string
	Deal, Company          Link
	Type                   string
	Status, Delivery       Chip
	Note                   string
	Sum, Responsible       string
	Due                    string
	Late                   Chip
}
