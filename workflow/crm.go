package workflow

import (
	"context"
	"io"
	"net/url"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/people"
)

// CRM is the part of Bitrix24 that the use cases call. Its errors are Unavailable when the call was certainly not
// executed and may be repeated, Refused when the portal refused it, and ErrUnclear otherwise.
type CRM interface {
	// ParsePlacementCall decodes what a portal posted when a user opened the app; nothing in it is verified.
	ParsePlacementCall(query, form url.Values) (PlacementCall, error)
	// ParseEvent decodes an event that a portal posted; nothing in it is verified.
	ParseEvent(form url.Values) (PortalEvent, error)
	// ParseRobotCall decodes the call of a robot that a portal posted; nothing in it is verified.
	ParseRobotCall(form url.Values) (RobotCall, error)
	// Identify queries the token server who made a placement call. It uses up the refresh token.
	Identify(ctx context.Context, o PlacementCall) (Identity, error)
	// IsOurs queries the token server whether an access token was issued to our app on the portal.
	IsOurs(ctx context.Context, p store.Portal, access string) (bool, error)
	// IsRemoved reports whether the portal refuses our own token, as it does after the app was removed. An error means that it gave no answer.
	IsRemoved(ctx context.Context, p store.Portal) (bool, error)
	// FetchViewer fetches from the portal, with the user's own token and in one call, who the user is and what was opened.
	FetchViewer(ctx context.Context, p store.Portal, access string, what Object) (Viewer, error)
	// VisibleDeals returns which of some deals the portal shows to the user whose token it is.
	VisibleDeals(ctx context.Context, p store.Portal, access string, ids []acts.DealID) ([]acts.DealID, error)
	// Deals fetches deals with the portal's own token; deleted deals are missing in the result.
	Deals(ctx context.Context, p store.Portal, ids []acts.DealID) ([]DealCard, error)
	// DealsForPage is Deals with priority over background work, for a user who waits.
	DealsForPage(ctx context.Context, p store.Portal, ids []acts.DealID) ([]DealCard, error)
	// DealSummaries fetches summaries of deals, and the rows of some of them, many in one call; deleted deals are missing.
	DealSummaries(ctx context.Context, p store.Portal, ids, withRows []acts.DealID) ([]store.DealSummary, map[acts.DealID][]acts.ProductRow, error)
	// NextDeals fetches the summaries of deals with larger ids than after, at most so many pages of fifty in one call.
	// left is how many are expected; the first call, after 0, returns one page and their number.
	NextDeals(ctx context.Context, p store.Portal, after acts.DealID, left, pages int) (DealPage, error)
	// DealRows fetches the product rows of deals, fifty deals in a call; deleted deals are missing.
	DealRows(ctx context.Context, p store.Portal, ids []acts.DealID) (map[acts.DealID][]acts.ProductRow, error)
	// Items fetches items of the smart process, many in one call; deleted ones are missing.
	Items(ctx context.Context, p store.Portal, ids []acts.ItemID) ([]ItemCard, error)
	// ItemRows fetches the product rows of an item, as we wrote them.
	ItemRows(ctx context.Context, p store.Portal, id acts.ItemID) ([]ItemRow, error)
	// ItemsOfCompany fetches the newest items of acts of one of our companies, at most fifty, in one call.
	ItemsOfCompany(ctx context.Context, p store.Portal, own acts.CompanyID) ([]ItemCard, error)
	// Changes fetches what was changed in the CRM since two moments, the earliest first, page by page; usually one call
	// suffices.
	Changes(ctx context.Context, p store.Portal, items, deals time.Time, apply func(context.Context, Changes) error) error
	// EndedTasks returns which of the tasks are completed or deleted.
	EndedTasks(ctx context.Context, p store.Portal, ids []int64) ([]int64, error)
	// DealFieldNames returns the names in crm.item.* of deal fields given by their codes; unknown fields are missing.
	DealFieldNames(ctx context.Context, p store.Portal, codes map[string]string) (map[string]string, error)
	// DealFields lists the single-value user fields of deals that are not ours, by title.
	DealFields(ctx context.Context, p store.Portal) ([]DealField, error)
	// BuyerNames fetches the names of companies and contacts, many in one call; unknown ones are missing.
	BuyerNames(ctx context.Context, p store.Portal, list []store.Buyer) ([]store.Buyer, error)
	// Users fetches employees; unknown ones are missing.
	Users(ctx context.Context, p store.Portal, ids []acts.UserID) ([]people.User, error)
	// Structure fetches the people of the portal, its departments and work groups, and the members of some of these
	// groups.
	Structure(ctx context.Context, p store.Portal, groups []int64) (people.Structure, error)
	// CreateWorkGroup creates a work group owned by the visitor whose token it is; Conflict when the name is taken.
	CreateWorkGroup(ctx context.Context, p store.Portal, access, name string) (int64, error)
	// SendLetter sends an e-mail once and returns the id of its activity. Refused means that nothing was sent and
	// nothing is left behind.
	SendLetter(ctx context.Context, p store.Portal, w Letter, unclear bool, hold func(context.Context) error) (activity int64, err error)
	// SentReminders lists the reminder letters that were sent by the calendar, whose activities have larger ids than after.
	SentReminders(ctx context.Context, p store.Portal, after int64) ([]SentReminder, error)
	// ReadFile opens a file of an item's field.
	ReadFile(ctx context.Context, p store.Portal, item acts.ItemID, side acts.Side, file int64) (io.ReadCloser, string, error)
	// WriteFiles replaces a file field of an item: ids in keep stay, files are added. It returns the ids of what was added.
	WriteFiles(ctx context.Context, p store.Portal, item acts.ItemID, side acts.Side, keep []int64, files []Attachment, hold func(context.Context) error) ([]int64, error)
	// WriteRows replaces the product rows of an act's item, however many, and returns the value for RowsMark in its
	// base.
	WriteRows(ctx context.Context, p store.Portal, act acts.Act, hold func(context.Context) error) (mark string, err error)
	// Deliver writes effects in as few calls as it can; results are in the order of the effects. Before each writing
	// call it calls hold to check that the leases are still ours: the reads before it may have taken longer than a
	// lease.
	Deliver(ctx context.Context, p store.Portal, effects []Effect, hold func(context.Context) error) []Result
	// LastMove returns the id of the newest entry in the history of a deal's stages, 0 when there is none.
	LastMove(ctx context.Context, p store.Portal, deal acts.DealID) (int64, error)
	// RunTrigger executes a trigger of ours for a deal, after it has called hold. Success does not mean that the deal moved.
	RunTrigger(ctx context.Context, p store.Portal, t automation.Trigger, deal acts.DealID, hold func(context.Context) error) error
	// Plan reads, with the portal's own token, which of our objects exist there and returns those that an installation
	// would create. The rights of the app are returned beside an error too: they may be its cause.
	Plan(ctx context.Context, p store.Portal) (Planned, error)
	// Install creates or repairs our objects on the portal, with the portal's own token.
	Install(ctx context.Context, p store.Portal, w InstallOptions) (Installed, error)
}

// Object is what was opened.
type Object struct {
	Deal    acts.DealID
	Company acts.CompanyID
	Contact acts.ContactID
}

// PlacementCall is what a portal posted when a user opened the app.
type PlacementCall struct {
	Member         string
	Access         string // the user's access token
	AccessLifetime time.Duration
	Refresh        string
	Application    string   // APPLICATION_TOKEN
	Scope          []string // rights of the app, as posted by the portal's page
	Placement      string
	Object         int64             // ID of the opened thing, 0 when there is none
	Params         map[string]string // of REST_APP_URI
}

// PortalEvent is an event as a portal posted it.
type PortalEvent struct {
	Name        string
	Member      string
	Application string
	Access      string // tokens come only when the app was installed or updated
	Refresh     string
	About       About
	EntityType  int64 // of an item
	Object      int64
	SentAt      int64 // machine time in seconds since 1970, 0 when the portal did not name it
	WithData    bool  // the app was removed together with its data
}

// RobotCall is the call of a robot as a portal posted it.
type RobotCall struct {
	Member      string
	Application string // APPLICATION_TOKEN, "" when it is missing
	Access      string // of the user under whom the robot was registered
	Token       string // event_token, by which the call is answered
	Robot       string // its code
	Deal        acts.DealID
	Properties  map[string]string
}

// About is what an event is about.
type About string

// The things that events are about.
const (
	AboutNothing About = ""
	AboutApp     About = "app"   // it was removed
	AboutSetup   About = "setup" // it was installed or updated
	AboutDeal    About = "deal"
	AboutItem    About = "item"
	AboutCompany About = "company"
	AboutContact About = "contact"
	AboutTask    About = "task"
)

// Identity is what the token server confirms.
type Identity struct {
	Member   string
	Endpoint string // client_endpoint
	Origin   string // scheme://host of it
	Access   string
	Refresh  string
	User     acts.UserID
	AppCode  string
	Family   string
	License  string // tariff of the portal: ru_std
	Unpaid   bool   // the paid or trial period of the app is over
}

// Viewer is the user who opened the app, and what he opened.
type Viewer struct {
	User     acts.UserID
	UserName string
	Admin    bool
	Zone     string
	Deal     *DealCard // nil when no deal was opened
	Title    string    // of the company or contact
}

// DealCard is a deal as the CRM has it now.
type DealCard struct {
	store.Deal
}

// DealPage is a page of the backfill of all deals.
type DealPage struct {
	Deals []store.DealSummary
	Total int  // number of deals, on the first page only
	More  bool // more pages may follow
}

// Effect is one requested change of the CRM; exactly one of the changes is set.
type Effect struct {
	Unclear bool // an earlier attempt may have been executed: search before creating
	Item    *ItemChange
	Note    *NoteChange
	Notice  *NoticeChange
	Stage   *StageChange
	Task    *TaskChange
	Orphan  *OrphanChange
	Fields  *FieldsChange
	Badge   *BadgeChange
	Robot   *RobotAnswer
}

// RobotAnswer answers the call of a robot, for which the automation waits.
type RobotAnswer struct {
	Token  string
	Values map[string]string
	Text   string // for the log of the automation
}

// BadgeChange shows a badge on a deal by one activity, or completes the activity.
type BadgeChange struct {
	Deal        acts.DealID
	Activity    int64            // 0 until the CRM has it
	Key         string           // by which we find it
	Badge       automation.Badge // "" completes the activity
	Text        string
	Responsible acts.UserID
}

// FieldsChange shows an answer on the card of a deal and of its company or contact.
type FieldsChange struct {
	Deal                            acts.DealID
	Company                         acts.CompanyID
	Contact                         acts.ContactID
	Exchange, Operator, Participant string
}

// TaskChange creates or updates a task that requests the status of an act, or ends it.
type TaskChange struct {
	ID          int64  // 0 until the CRM has it
	Key         string // by which we find it
	Ended       bool
	Title, Text string // Text with BB codes
	Responsible acts.UserID
	Deadline    time.Time
	Deal        acts.DealID
	Item        acts.ItemID
}

// OrphanChange moves an item of the smart process that belongs to none of our acts.
type OrphanChange struct {
	Item   acts.ItemID
	Status acts.Status
}

// ItemCard is an item of the smart process as the CRM has it now.
type ItemCard struct {
	ID        acts.ItemID
	Deal      acts.DealID
	Origin    acts.ActID        // our key on it, 0 when there is none
	Values    map[string]string // by the CRM's names of fields
	Files     map[acts.Side][]int64
	Stage     string
	CreatedBy acts.UserID
	UpdatedBy acts.UserID
	MovedBy   acts.UserID
	UpdatedAt time.Time
	Title     string
}

// ItemRow is a product row of an item.
type ItemRow struct {
	Name            string
	Quantity, Price decimal.Decimal // Price of one unit, tax included
	Rate            acts.Rate
}

// Changes is a page of changes in the CRM; the moments are those of its last rows, zero when it is empty.
type Changes struct {
	Items      []ItemCard
	Deals      []store.DealSummary
	ItemsUntil time.Time
	DealsUntil time.Time
}

// Letter is an e-mail that stays on the card of a deal.
type Letter struct {
	Key         string // by which we find it
	Deal        acts.DealID
	Company     acts.CompanyID
	Contact     acts.ContactID
	User        acts.UserID // the employee from whose mailbox it is sent
	Address     string
	Subject     string
	Body        string // HTML
	Attachments []Attachment
}

// SentReminder is a reminder letter to the counterparty of an act, as the CRM has it.
type SentReminder struct {
	Letter int64 // its id in the database that sent it
	Act    acts.ActID
	At     time.Time // by the clock of the CRM
}

// Attachment is a file that can be read as often as needed.
type Attachment struct {
	Name string
	Size int64
	Open func() (io.ReadCloser, error)
}

// ItemChange updates the CRM item of an act.
type ItemChange struct {
	Act      acts.Act
	DealGone bool // the deal was deleted: the CRM has removed it from the item

	MyCompany acts.CompanyID // our company, in the CRM

	Link string            // of the act page inside the portal
	Base map[string]string // the fields of the item after our last write
}

// NoteChange adds a line to the deal's timeline.
type NoteChange struct {
	Deal          acts.DealID
	Text          string  // an unclear attempt is found by it
	OtherComments []int64 // ids of our other comments on the deal; set for an unclear attempt
}

// NoticeChange notifies an employee; a repeated tag replaces the earlier notification, whoever has it.
type NoticeChange struct {
	User acts.UserID
	Text string // BB codes
	Tag  string
}

// StageChange moves a deal. Decide is called with the stage that was just read.
type StageChange struct {
	Deal   acts.DealID
	Decide func(stageID string, final bool) (moveTo string)
}

// Result is the outcome of an effect.
type Result struct {
	Err   error
	Item  acts.ItemID
	Base  map[string]string
	Stage string // stage of the deal when we read it
	Final bool
	Moved bool
	// DealRead is the update time of a deal that we have moved, as it was read before the move, and DealMoved its summary after the move, nil when
	// the answer of the CRM lacked it.
	DealRead  time.Time
	DealMoved *store.DealSummary
	Task      int64
	Note      int64 // id of the line on the timeline
	// Activity carries the badge of a deal. Gone reports that a person deleted it although a badge is to be shown.
	Activity int64
	Gone     bool
	// Events is the number of events that the write causes in the CRM.
	Events int
	// RowsLeft reports that the item does not have the act's rows yet.
	RowsLeft bool
}

// RowsMark is the key, in the base of an item, of the rows that the CRM has confirmed.
const RowsMark = "=rows"

// DealField is a user field of deals that is not ours.
type DealField struct {
	Code  string // UF_CRM_1719400000
	Name  string // as in crm.item.*
	Title string
	Type  string // "string", "date" and so on, in the vendor's words
}

// GroupChange is a change of the group «Работа с актами»: who gets a role, and who loses it.
type GroupChange struct{ Set, Drop []roles.Member }
