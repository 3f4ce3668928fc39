package views

// Registry is a page of acts with its filter.
type Registry struct {
	Frame
	Heading string
	Action  string // address of the page without a filter
	Presets []Preset
	Filter  Filter
	Totals  []Total // of one counterparty, nil in the registry of the portal
	Rows    []RegistryRow
	Export  string   // what an exported file is called
	Exports []Export // of the acts that the filter asks for
	Empty   string
	First   string // address of the first page, "" on that page
	Next    string // address of the next page, "" on the last
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
	Statuses, Media []Option
	People          []Option
	From, To        string
	Overdue, Failed bool
	Open            bool // something is chosen beside the text
	Any             bool
	Faults          map[string]string
}

// Total is a sum above the list.
type Total struct{ Label, Sum, TestID string }

// Export leads to a file with the acts of a list.
type Export struct{ Code, Label, Href string }

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
