package views

// Registry is a page of acts with its filter.
type Registry struct {
	Frame
	Heading     string
	Action      string // address of the page without a filter
	Presets     []Preset
	Filter      Filter
	Fields      *Fields // nil where the list leaves them to their own page
	Narrowed    []Narrowing
	Found       string  // how much is in the list, "" when that is not counted
	Totals      []Total // of one counterparty, nil in the registry of the portal
	Rows        []RegistryRow
	Bulk        *BulkBar     // nil when there are no rows
	One         bool         // of one counterparty: nobody has to be told of which
	Export      string       // what an exported file is called
	Preferences *Preferences // of one counterparty
	Exports     []Export     // of the acts that the filter asks for
	Hidden      []string     // classes that hide columns
	Empty       string
	First       string // address of the first page, "" on that page
	Next        string // address of the next page, "" on the last
}

// Preset is a filter that people ask for every day, with how many acts it has.
type Preset struct {
	Label, Href, Count, TestID string
	Loud                       bool // somebody has to act
	Here                       bool
}

// Filter is the form above the list.
type Filter struct {
	Text   string
	Any    bool     // something is chosen
	Kept   []Option // what their fields would send: Label is the name
	Always []Option // conditions without a field, sent along
	Faults map[string]string
}

// Fields are the conditions of the form with what was chosen.
type Fields struct {
	Statuses, Media []Option
	People          []Option
	From, To        string
	Overdue, Failed bool

	Kinds, Channels, Deliveries []Option
	Operators, Own, Stages      []Option
	NoOriginal                  bool
}

// Narrowing is a condition in words, with the address of the page without it.
type Narrowing struct{ Text, Without, TestID string }

// Total is a sum above the list.
type Total struct{ Label, Sum, TestID string }

// Preferences are how one counterparty exchanges acts.
type Preferences struct {
	Last    *Preference // nil when nothing was chosen
	Facts   []Fact      // of the last answer
	Earlier []Preference
}

// Preference is what was chosen once, when, by whom and about which deal.
type Preference struct {
	Text, At, Who string
	Deal          Link
}

// Export leads to a file with the acts of a list.
type Export struct{ Code, Label, Href string }

// RegistryRow is an act in the registry.
type RegistryRow struct {
	ID, Number, Date, Href string
	Deal, Company          Link // Href is short, from this page
	Type                   string
	Status, Delivery       Chip
	Note                   string
	Sum, Responsible       string
	Due                    string
	Late                   Chip
}
