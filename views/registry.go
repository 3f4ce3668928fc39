package views

// Registry is the view of a page of acts with its filter.
type Registry struct {
	Frame
	Heading         string
	Action          string   // URL of the page without a filter
	Presets         []Preset // the same for everybody, then saved filters
	SavedFilters    string   // URL of the page of saved filters, "" where they are not offered
	HasSavedFilters bool
	MaySave         bool // the filter of the list is not a preset yet
	Filter          Filter
	Fields          *Fields     // nil where the fields are on their own page
	Conditions      []Condition // those that are set
	Found           string      // number of acts in the list, "" when it is not counted
	Totals          []Total     // of one counterparty, nil in the registry of the portal
	Rows            Grid
	Bulk            *BulkBar     // nil when there are no rows
	SingleParty     bool         // the list of one counterparty, without the column of counterparties
	Export          string       // name of an exported file
	Preferences     *Preferences // of one counterparty
	Exports         []Export     // exports of the filtered acts
	Total           string       // «Найдено 12 актов на сумму 1 200,00 ₽», "" until it is asked for
	TotalLink       string       // URL of this page with the total
	Empty           string
	FirstSteps      []FirstStep // shown while there is no act at all
	Originals       string      // URL of the page where received originals are recorded, "" where they are not asked for
	First           string      // URL of the first page, "" on that page
	Next            string      // URL of the next page, "" on the last
}

// FirstStep is a link to something that has to be done before there are acts, and what it is.
type FirstStep struct{ Label, Href, Text string }

// Preset is a predefined filter with the number of its acts.
type Preset struct {
	Label, Href, Count, TestID string
	Urgent                     bool // somebody must act
	Current                    bool
}

// Filter is the form above the list.
type Filter struct {
	Text   string
	Any    bool     // some condition is set
	Kept   []Option // hidden fields of set conditions: Label is the name
	Always []Option // conditions without a field, always sent
	Faults map[string]string
}

// Fields holds the fields of the filter with the selected values.
type Fields struct {
	Statuses, Media          []Option
	People                   []Option
	From, To                 string
	Overdue, Failed, Refused bool
	AwaitsUs                 bool

	Kinds, Channels, Deliveries []Option
	Operators, Own, Stages      []Option
	NoOriginal                  bool
}

// Condition is a condition in words, with the URL of the page without it.
type Condition struct {
	Text, Without, TestID string
	Field                 string // code of the field that changes it, "" for none
}

// AddField is the view of the fields that may be added to a filter, or of one of them.
type AddField struct {
	Frame
	Action  string   // URL of the list
	At      string   // URL of this page
	Kept    []Option // the other conditions of the filter
	Choices []FieldChoice
	Code    string // of the field, "" for the choice of one
	Label   string
	Fields  Fields
	Search  string // the typed name of a company
	Found   []Link
	Note    string // that nothing was found, or more than is shown
	Faults  map[string]string
}

// FieldChoice is a field that may be added to a filter. A condition without a value is set by its link.
type FieldChoice struct {
	Code, Label, Href string
	SetsCondition     bool // Href is the list with the condition
}

// Total is a sum above the list.
type Total struct{ Label, Sum, TestID string }

// Preferences is the view of how one counterparty exchanges acts.
type Preferences struct {
	Last    *Preference // nil when nothing was chosen
	Facts   []Fact      // details of the last answer
	Earlier []Preference
}

// Preference is one choice: what, when, by whom and in which deal.
type Preference struct {
	Text, At, Who string
	Deal          Link
}

// Export is a link to a file with the acts of a list.
type Export struct{ Code, Label, Href string }

// RegistryRow is an act as the columns of a list show it.
type RegistryRow struct {
	ID, Number, Date, Href string
	Deal, Company          Link
	Type                   string
	Status, Delivery       Chip
	Ended                  bool // the exchange has ended, so the delivery is not shown
	Annulling              Chip // that a recall or an annulment is under way
	Note                   string
	Sum, Responsible       string
	Due                    string
	Late                   Chip

	INN, Contract, Tax, Period, Sent, Signed, Operator, Original string // columns that are hidden at first
}
