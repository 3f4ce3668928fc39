package views

// Frame holds what every page inside the portal needs.
type Frame struct {
	Title  string
	Base   string // "/p/7"
	Origin string // origin of the portal, for messages to the parent window
	Admin  bool
	// ReadOnly is set when the visitor may view and export but change nothing.
	ReadOnly bool
	// OwnOnly is set when the visitor sees only acts for which he is responsible, because no members have been added yet.
	OwnOnly    bool
	Theme      string // "light" or "dark" where the visitor has chosen it, "" to follow the device
	Menu       bool   // shown with the tabs of the left menu
	CurrentTab string // path of the tab that is open, such as "/acts"
	Notice     string // message about what has just been done
	Alert      string // message about what has just failed
	// FormFaults are the faults of a form that was not accepted, for the summary at the top.
	FormFaults []FormFault

	Restored  []string // what a repair of the portal has created, for an administrator
	Repairing bool     // missing parts of the portal are being searched for
}

// Option is an option of a choice.
type Option struct {
	Value, Label string
	Chosen       bool
}

// Chip is a short coloured label; Tone is neutral, progress, attention, success or problem.
type Chip struct{ Text, Tone string }

// Link points to a page of the portal (Path) or to one of our pages (Href).
type Link struct {
	Text, Path, Href string
	Out              bool   // points to another site and opens in a new tab
	Act              string // id of an act that opens in a slider of the portal, "" for any other link
	About            string // title of that slider
}

// DealTab is the view of the tab in the card of a deal.
type DealTab struct {
	Frame
	Deal     string     // deal id
	Edit     *EditedAct // the draft being edited, nil for a new act
	Missing  string     // what is missing for «Услуга оказана», or why the deal is not at the stage that its acts require
	Stale    string     // message that the portal did not answer
	Banners  []Banner
	Exchange *Exchange // the block «Способ обмена», nil on the edit page
	Acts     []ActRow
	Form     ActForm
	Checks   []Check
	Green    bool
	Busy     bool // work is running, so the page is refreshed soon

	PaperChecks []Check // the checks of the same act on paper
	PaperGreen  bool

	Remainder *Remainder // what was closed and what can be, nil for nothing and on the edit page

	Monthly *Monthly // nil on the edit page

	Formed bool // an act was formed just now: the form of the next one is folded

	HasOwn   bool   // the portal has a company of ours
	Settings string // URL of the settings of our companies
}

// Exchange is the view of the block «Способ обмена»: the question, the answer, and the available actions.
type Exchange struct {
	At            string // URL of the deal, below which the actions are
	State         Chip
	Answer, From  string // what was chosen last, and by whom
	Stored        string // what the counterparty chose in another deal
	Problem       string
	ProblemLink   Link
	Times         []Fact
	Link          string // a secret link, shown once
	Ask, Address  string // label of the button, and the suggested address of the letter
	AskOpen       bool   // the form of the question was sent and is shown again
	Subject       string // of the letter with the question
	Letter        string // its text with the placeholder of the link
	CanWithdraw   bool
	CanInvite     bool
	FaultInAnswer bool
	Faults        map[string]string
	Channels      []Option
	Operators     []Option
	Participant   string
	Confirm       *Question // about an unusual participant id, nil for a usual one
	Email, Post   string
	Earlier       []Event
}

// EditedAct is the draft shown on its edit page.
type EditedAct struct {
	ID, Title, Back string
	Status          Chip
	Refused         *RefusedAct // the act that the draft corrects, nil for none
}

// RefusedAct is the refused act that a draft corrects, with what the draft changes in it.
type RefusedAct struct {
	Title, Href, Reason string
	Differences         []string
}

// ActForm is the view of the form of a new act with the typed values.
type ActForm struct {
	Action       string
	Mark         string // URL to which marks «нужен акт» are posted, "" when they cannot be changed here
	Key          string
	Faults       map[string]string
	Rows         []ProductRow
	LostRows     []LostRow
	Continue     string // URL to which the continuation of a lost row is posted
	FreeLines    []FreeLine
	Questions    []Question // warnings to be confirmed before the act is formed
	Types        []ActType
	OwnCompanies []Option
	OwnShown     string // id of our company for which the form is rendered
	Channels     []Option
	Unit         string // of prices: «₽» or the deal's currency
	Currency     string // set when the deal is not in roubles: an exchange rate is required

	Date, From, To             string
	Basis, BasisNumber         string
	BasisDate                  string
	BasisNone                  bool       // «Без документа-основания» is chosen
	BasisFrom                  Link       // source of the suggestion
	Source                     *SourceAct // the act from which the form was filled, nil for none
	VATGround, ZeroGround      string
	AsksVAT, AsksZero          bool // the fields of the legal grounds are shown
	Payments                   []Payment
	Correction                 *CorrectionForm // nil when the act is no correction
	StateContract              string
	HasPayments                bool // some payment fields were filled in
	Signer, Position, Ground   string
	Operators                  []Option
	Participant                string
	ExchangeRate, ExchangeDate string
	Comment                    string
	Manual                     bool   // numbers are typed by hand
	Number                     string // the typed number
	SignerNote                 string // who will sign the document
	Buyer, BuyerDetails        string
	Seller, SellerDetails      string
	BuyerLink                  Link
	AllCovered                 bool     // acts cover all rows already
	Preview                    string   // URL that calculates the sums and checks of the typed form
	Sums                       FormSums // of the act that the form would create
	Summary                    string   // of the document's fields, shown while they are folded
	Unfold                     bool     // the document's fields are shown at once, because they need attention
	ParticipantHint            string
	Confirm                    *Question // about an unusual participant id, nil for a usual one
}

// SourceAct is the act from which a form was filled, with the values that were taken from it.
type SourceAct struct {
	Act   Link
	What  string
	Notes []string
}

// FormSums are the totals of the act that a form would create.
type FormSums struct {
	Gross, Net, Tax string // Net and Tax are "" without VAT
	Left            string // what the deal's acts do not cover after this act, "" for nothing
}

// Payment is a row of the form for a payment document.
type Payment struct{ N, Number, Date, NumberFault, DateFault string }

// ProductRow is a product row of the deal.
type ProductRow struct {
	ID                      string
	Name, Unit, Price, Rate string
	InDeal, InActs, Left    string
	Closed                  string // quantity that needs no act, "" for none
	Quantity                string
	TestID                  string
	Sum                     string // of the row in this act, "" when it is not in it
	Discount                string // amount that the deal's discounts take off the row, "" for none
	Spread                  bool   // the row is a discount that is spread over rows with the same rate
	NeedsAct, Picked        bool
	Available               bool   // some quantity is left, so the row can be chosen
	Was                     string // quantity in the refused act that this one corrects, "" when it corrects none
	Differs                 bool   // from the refused act
	Fault, RateFault        string
	Rates                   []Option // offered when the deal's rate is not valid
}

// LostRow is a row used by acts that is no longer in the deal.
type LostRow struct {
	ID, Text string
	Next     []Option // rows that may continue it; nothing can be chosen when empty
}

// Question is a warning that a person must confirm before an act is formed.
type Question struct {
	Field      string // of the form
	Token      string // names what is confirmed: another value requires a new confirmation
	Text       string
	AgreeLabel string // of the checkbox
	Agreed     bool
	HasFault   bool // the form was refused because this was not confirmed
}

// FreeLine is a line of a deal without product rows.
type FreeLine struct {
	N                                    int
	Name, Quantity, Price, Sum           string
	Rates                                []Option
	NameFault, QuantityFault, PriceFault string
}

// ActType is one of the four types of acts.
type ActType struct {
	Value, TestID, Label, Hint string
	Chosen                     bool
}

// Check is a line of the check before sending; State is ok, open or bad.
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
	Send             string // URL of the button «Передать в СБИС», "" when it is not allowed
	NextStep         string // what happens next and by whom: «Ваше действие: …» or «Ждём …»
	Annulling        Chip   // that a recall or an annulment is under way
	SignerNote       string // who must sign the act in SBIS, "" when nobody
	Due              Chip   // deadline of the signature
}

// ActPage is the view of the page of one act.
type ActPage struct {
	Frame
	ID, Title, Sum   string
	Party            Link   // the counterparty
	Back             string // URL of the acts of the deal
	Progress         []ProgressStep
	Overdue          *Overdue       // nil while the signature is in time
	Operator         *OperatorState // nil without an electronic document
	SignHere         bool           // the next step is our signature in SBIS
	Status, Delivery Chip
	Note             string
	NextStep         string // what happens next and by whom
	SignerNote       string // who must sign the act in SBIS, "" when nobody
	Due              Chip   // deadline of the signature
	Banners          []Banner
	Annulling        Chip            // that a recall or an annulment is under way
	Annulment        *AnnulmentState // nil when there is none
	Signatures       *Signatures     // nil before the electronic document has ended
	Facts            []Fact
	Lines            []Line
	Net, Tax, Gross  string
	Actions          []Action
	Secondary        []Action  // actions that undo or are rarely used
	Send             *SendForm // the form for sending a paper act, nil when it cannot be sent
	Print            PrintForm
	Copies           []CopySide // signed copies, nil for an electronic act
	SBISLink         string     // URL of the document in SBIS
	XML              string
	CheckNow         string
	History          []Event
	Checks           []Check
	OnPaper          bool // the checks are those before printing
	Green            bool
	Busy             bool
	Faults           map[string]string
}

// ProgressStep is a status that an act has had, has now or will have. State is done, now, failed or later.
type ProgressStep struct {
	Label, State, On string
	Current          bool
}

// Overdue is how late the signature of the counterparty is, with the addresses of the counterparty.
type Overdue struct {
	Text   string
	Phones []Link // Href is the number to dial
	Email  string
}

// OperatorState is the state of the electronic document of an act at the operator.
type OperatorState struct {
	State   Chip
	Problem string // why the last call did not succeed, "" when it did
	Next    string // when it is tried again
	Stopped bool   // it is not tried again until a person repeats it
	Repeat  string // URL, "" when nothing can be repeated
	Actions []Action
}

// Remainder is the part of a deal that no act covers yet, and what of it was closed.
type Remainder struct {
	Close, Reopen string // URLs
	Closed        []ClosedRow
	Rows          []Option // that can be closed, the whole deal first
	Reason        string
	Faults        map[string]string
}

// ClosedRow is a closed remainder; ID is "" for a deal without rows.
type ClosedRow struct{ ID, TestID, Text string }

// Monthly is the plan of monthly acts of a deal, with its form.
type Monthly struct {
	Save, Stop, Repeat string // URLs
	On                 bool   // acts are formed every month
	Open               bool   // the block is unfolded
	Stopped            string // why the program has switched it off
	Next, NextPeriod   string // day of the next act, and what it covers
	Days, Covers       []Option
	First              []Option // answers to the question about an act that would be formed at once, nil when it is not asked
	FixedQuantities    bool     // only the quantities of the rows
	Rows               []MonthlyRow
	HandsOver          bool   // acts are handed over to SBIS without a confirmation
	MayHandOver        bool   // the visitor may allow that
	AllowedBy, Lapsed  string // who allowed it, or why the permission has ended
	SetBy              string
	Runs               []MonthlyRun
	Faults             map[string]string
}

// MonthlyRow is the quantity of a row in every monthly act.
type MonthlyRow struct{ ID, TestID, Name, Left, Quantity, Fault string }

// MonthlyRun is the result of the plan for one month.
type MonthlyRun struct {
	Month, Title, Href, Note, At string
	State                        Chip
	Again                        bool // it can be tried again
}

// Banner is a message at the top of a page with the available actions.
type Banner struct {
	Tone, Text, TestID string
	List               []string // details of the message, one per line
	Link               Link
	Buttons            []BannerButton // nil for a visitor who may only view
}

// BannerButton is a button that posts to Href.
type BannerButton struct{ Href, Label, TestID string }

// PrintForm is the view of the print form of an act.
type PrintForm struct {
	PDF      string // URL of the document, "" when it cannot be printed
	Name     string // file name
	Contents string // what it contains when that is not the act alone
	UPD      string // URL of the printed УПД, "" when it cannot be printed
	UPDName  string
	Fault    string // why the УПД cannot be printed
	Number   string // URL of «Присвоить номер», "" when the act has a number
	First    bool   // assigning the number is the next step of the act
	Open     bool   // the document is shown immediately
	Next     bool   // printing and signing is required before any other action
}

// SendForm is the view of the form for sending a paper act.
type SendForm struct {
	Action, Label           string
	Seen                    string // token of the act's state
	First                   bool   // sending is the next step of the act
	Email                   bool   // e-mail is selected
	Address, On, Today      string
	Track                   string
	CannotEmail             string // why e-mail is not possible, "" when it is
	AddressFault, DateFault string
	Letter, TextFault       string // text of the letter
}

// CopySide holds the signed copies of one party.
type CopySide struct {
	Side, Label string
	Files, Old  []CopyFile
	Upload      string // URL of the upload, "" when nothing can be added now
	First       bool   // the upload is the next step of the act
	Hint, Fault string
}

// CopyFile is one file of a signed copy.
type CopyFile struct {
	Name, Href, Size, When, TestID string
	Kind                           string // PDF, JPG or PNG
	Picture, Thumbnail             bool   // Thumbnail: the picture is small enough to be shown in the list
}

// Fact is a labelled value.
type Fact struct {
	Name, Value string
	Link        Link
}

// Line is a row of an act.
type Line struct{ N, Name, Quantity, Price, Rate, Net, Tax, Gross string }

// Action is an action on the act that the visitor may perform now. An action with fields opens a form.
type Action struct {
	Href, Label, TestID string
	Event               string
	Step                string // of a recall or an annulment
	Confirm             string // label of the button that confirms; the action itself is then the button that opens the form
	Key                 string // idempotency key
	Primary, Danger     bool
	Plain               bool // a link that changes nothing
	Fields              []Field
	Explain             string
	Letter              string // text of the letter that the action sends, "" for none
	Attached            string // what the letter carries
}

// Field is an input of an action.
type Field struct {
	Name, Label, Value string
	Type               string // text, email, numeric or date
	MaxLength          string // maximum number of characters
	MaxDay             string // last day that the calendar of a date offers
	Required           bool
	TestID             string
}

// AnnulmentState is the view of a recall or an annulment under way.
type AnnulmentState struct {
	Tone, Title, Text string
	Facts             []Fact
	SBISLink          string // URL of the document in SBIS, where a person has to press a button
	Href              string // URL to which answers are posted
	Answer            bool   // the counterparty waits for our answer
	Actions           []Action
}

// Event is a line of the history.
type Event struct {
	At, Who, Text string
	Changes       []Change
}

// Change is what a line of the history has changed; Was or Is may be "".
type Change struct{ What, Was, Is string }

// Message is the view of a page that shows only a message.
type Message struct {
	Frame
	Heading string
	Text    string
	Return  string // page to return to after starting a new visit, "" when that would not help
	Button  string
	Reenter bool   // start a new visit immediately, without a click
	Again   string // URL of the same page, to request it again
	Code    string
}
