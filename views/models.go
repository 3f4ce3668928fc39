package views

// Frame is what every page inside the portal needs.
type Frame struct {
	Title  string
	Base   string // "/p/7"
	Origin string // of the portal, for messages to the parent window
	Admin  bool
	// ReadOnly says that the visitor may look and take out, and change nothing.
	ReadOnly bool
	Menu     bool // shown with the tabs of the left menu
	Here     string
	Notice   string // what has just been done
	Alert    string // what has just gone wrong

	Restored  []string // what a repair of the portal has made, for an administrator
	Repairing bool     // what is lost is being looked for
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
	Edit     *EditedAct // the draft that is edited, nil for a new act
	Stage    string
	Missing  string // what «Услуга оказана» still waits for, or why the deal is not where its acts say
	Stale    string // the portal did not answer
	News     []News
	Exchange *Exchange // the block «Способ обмена», nil on the page of editing
	Acts     []ActRow
	Form     ActForm
	Checks   []Check
	Green    bool
	Busy     bool // something is on its way: look again soon
	HasOwn   bool
	Settings string
}

// Exchange is the block «Способ обмена»: what was asked, what was answered, and what can be done.
type Exchange struct {
	At            string // address of the deal
	State         Chip
	Answer, From  string
	Stored        string // what the counterparty chose in another deal
	Problem       string
	ProblemLink   Link
	Times         []Fact
	Link          string // a secret link, shown once
	Ask, Address  string
	CanWithdraw   bool
	CanInvite     bool
	FaultInAnswer bool
	Faults        map[string]string
	Channels      []Option
	Operators     []Option
	Participant   string
	Email, Post   string
	Earlier       []Event
}

// EditedAct is a draft on the page of its editing.
type EditedAct struct{ ID, Title, Back string }

// ActForm is the form of a new act with what was typed.
type ActForm struct {
	Action   string
	Mark     string // where the marks «нужен акт» of rows go, "" when they cannot be changed here
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
	Manual                     bool   // the number is typed by hand
	Number                     string // that was typed
	Signs                      string // who will sign the document
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
	Type, Sum        string
	Status, Delivery Chip
	Note             string
	Send             string // address of the button «Передать в СБИС», "" when it is not allowed
	Turn             string // whose move it is
	Signs            string // who must sign it in SBIS, "" when nobody has to
	Due              Chip   // until when a signature is in time
}

// ActPage is the page of one act.
type ActPage struct {
	Frame
	ID, Title, Sum   string
	Back             string // the acts of the deal
	Status, Delivery Chip
	Note             string
	Turn             string
	Signs            string // who must sign it in SBIS, "" when nobody has to
	Due              Chip   // until when a signature is in time
	News             []News
	Facts            []Fact
	Lines            []Line
	Net, Tax, Gross  string
	Actions          []Action
	Rare             []Action  // ways back and what is seldom needed
	Send             *SendForm // how a paper act leaves, nil when it cannot
	Print            PrintForm
	Copies           []CopySide // signed copies, nil for an electronic act
	Cabinet          string     // opens the document in SBIS
	XML              string
	CheckNow         string
	History          []Event
	Checks           []Check
	ChecksFor        string // heading of the check
	Green            bool
	Busy             bool
	Faults           map[string]string
}

// News is a sentence above the page with what can be done about it.
type News struct {
	Tone, Text, TestID string
	Link               Link
	Href, Label        string // of a button that posts
}

// PrintForm leads to the print form of an act.
type PrintForm struct {
	PDF    string // address of the document
	Name   string // of the file
	Number string // address of «Присвоить номер», "" when the act has one
	First  bool   // the number is the next step of the act's life
	Open   bool   // the document is shown at once
	Next   bool   // it is printed and signed before anything else can be done
}

// SendForm is how a paper act leaves.
type SendForm struct {
	Action, Label           string
	Seen                    string // where the act stands
	First                   bool   // the next step of the act's life
	Email                   bool   // e-mail is chosen
	Address, On, Today      string
	Track                   string
	CannotEmail             string // why e-mail is not possible, "" when it is
	AddressFault, DateFault string
}

// CopySide are the signed copies of one side.
type CopySide struct {
	Side, Label string
	Files, Old  []CopyFile
	Upload      string // address of the upload, "" when nothing can be added now
	First       bool   // the upload is the next step of the act's life
	Hint, Fault string
}

// CopyFile is one file of a signed copy.
type CopyFile struct{ Name, Href, Size, When, TestID string }

// Fact is a named value.
type Fact struct {
	Name, Value string
	Link        Link
}

// Line is a row of an act.
type Line struct{ N, Name, Quantity, Price, Rate, Net, Tax, Gross string }

// Action is something a person may do with the act now. One with fields unfolds a form.
type Action struct {
	Href, Label, TestID string
	Event               string
	Key                 string // makes the action count once
	Primary, Danger     bool
	Plain               bool // a link, nothing changes by it
	Fields              []Field
	Explain             string
}

// Field is an input of an action.
type Field struct {
	Name, Label, Type, Value string
	Most                     string // the most letters
	Required                 bool
}

// Event is a line of history.
type Event struct{ At, Who, Text string }

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
