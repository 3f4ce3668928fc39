package views

// Frame is what every page inside the portal needs.
type Frame struct {
	Title  string
	Base   string // "/p/7"
	Origin string // of the portal, for messages to the parent window
	Admin  bool
	Menu   bool // shown with the tabs of the left menu
	Here   string
	Notice string // what has just been done
	Alert  string // what has just gone wrong
}

// Option is a choice of a list.
type Option struct {
	Value, Label string
	Chosen       bool
}

// Chip is a short word on a coloured ground; Tone is neutral, progress, attention, success or problem.
type Chip struct{ Text, Tone string }

// Link leads to a place of the portal (Path) or to a page of ours (Href).
type Link struct{ Text, Path, Href string }

// DealTab is the tab in the card of a deal.
type DealTab struct {
	Frame
	Deal     string // id
	Title    string
	Stage    string
	Missing  string // what «Услуга оказана» still waits for, or why the deal is not where its acts say
	Stale    string // the portal did not answer
	Acts     []ActRow
	Form     ActForm
	Checks   []Check
	Green    bool
	Busy     bool // something is on its way: look again soon
	HasOwn   bool
	Settings string
}

// ActForm is the form of a new act with what was typed.
type ActForm struct {
	Action   string
	Key      string
	Faults   map[string]string
	Rows     []Row
	Free     []FreeLine
	Types    []ActType
	Own      []Option
	Channels []Option
	Unit     string // of prices: «₽» or the deal's currency
	Currency string // not roubles: a rate is asked for

	Date, From, To             string
	Basis, BasisNumber         string
	BasisDate                  string
	Signer, Position, Ground   string
	Operators                  []Option
	Participant                string
	ExchangeRate, ExchangeDate string
	Comment                    string
	Buyer, BuyerDetails        string
	Seller, SellerDetails      string
	BuyerLink                  Link
	Nothing                    bool // everything is in acts already
	Total                      string
	ParticipantHint            string
}

// Row is a product row of the deal.
type Row struct {
	ID                      string
	Name, Unit, Price, Rate string
	InDeal, InActs, Left    string
	Quantity                string
	Needs, Picked, Open     bool // Open: something is left
	Fault, RateFault        string
	Rates                   []Option // offered when the deal's rate is not valid
}

// FreeLine is a line of a deal without product rows.
type FreeLine struct {
	N                                    int
	Name, Quantity, Price                string
	Rates                                []Option
	NameFault, QuantityFault, PriceFault string
}

// ActType is one of the four types.
type ActType struct {
	Value, TestID, Label, Hint string
	Chosen                     bool
}

// Check is a line of the pre-send check; State is ok, open or bad.
type Check struct {
	Title, State, Text, By string
	Link                   Link
}

// ActRow is an act in a list.
type ActRow struct {
	ID, Title, Href  string
	Type, Sum, Deal  string
	DealLink         Link
	Company          string
	Status, Delivery Chip
	Note             string
	Send             string // address of the button «Передать в СБИС», "" when it is not allowed
	Turn             string // whose move it is
}

// ActPage is the page of one act.
type ActPage struct {
	Frame
	ID, Title, Sum   string
	Back             string // the acts of the deal
	Status, Delivery Chip
	Note             string
	Turn             string
	Facts            []Fact
	Lines            []Line
	Net, Tax, Gross  string
	Actions          []Action
	Cabinet          string // opens the document in SBIS
	XML              string
	CheckNow         string
	History          []Event
	Checks           []Check
	Green            bool
	Busy             bool
	Paper            bool
	Faults           map[string]string
}

// Fact is a named value.
type Fact struct {
	Name, Value string
	Link        Link
}

// Line is a row of an act.
type Line struct{ N, Name, Quantity, Price, Rate, Net, Tax, Gross string }

// Action is something a person may do with the act now.
type Action struct {
	Href, Label, TestID string
	Event               string
	Primary, Danger     bool
	Reason              bool // asks for a reason
	Explain             string
}

// Event is a line of history.
type Event struct{ At, Who, Text string }

// ActList is a plain list of acts.
type ActList struct {
	Frame
	Heading string
	Empty   string
	Acts    []ActRow
}

// Settings is the settings page.
type Settings struct {
	Frame
	Pipelines    []Pipeline
	DoneByFormed bool
	Companies    []Company
	Accounts     []Account
	Faults       map[string]string
	Dead         []DeadTask
}

// Pipeline maps our stages to those of a pipeline.
type Pipeline struct {
	ID, Name string
	Stages   []StageChoice
}

// StageChoice is the stage that stands for one of ours.
type StageChoice struct {
	Field, Label string
	Options      []Option
}

// Company is one of our companies in the settings.
type Company struct {
	ID, Name, Details                     string
	Participant, Signer, Position, Ground string
	Numbers                               string
	Functions, Accounts                   []Option
	State                                 Chip
	Faults                                map[string]string
}

// Account is an SBIS account in the settings.
type Account struct{ ID, Name, Problem string }

// DeadTask waits for a person.
type DeadTask struct{ ID, What, Problem string }

// Message is a page that only says something.
type Message struct {
	Frame
	Heading string
	Text    string
	Return  string // the page to come back to by entering anew, "" when that would not help
	Button  string
	Reenter bool // enter anew at once, without a click
	Code    string
}
