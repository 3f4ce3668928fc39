package workflow

import (
	"context"
	"io"
	"net/url"
	"time"

	"acts24/acts"
	"acts24/store"
)

// CRM is what we ask of Bitrix24. Its errors are of kind Unavailable when the call was surely not
// executed and may be repeated, Refused when the portal said no, and ErrUnclear otherwise.
type CRM interface {
	// ReadOpening decodes what a portal posted when a user opened us; nothing in it is proven.
	ReadOpening(query, form url.Values) (Opening, error)
	// ReadEvent decodes an event that a portal posted; nothing in it is proven.
	ReadEvent(form url.Values) (PortalEvent, error)
	// Identify asks the token server whom an opening belongs to. It spends the refresh token.
	Identify(ctx context.Context, o Opening) (Identity, error)
	// IsOurs asks the token server whether an access token was issued to our app on the portal.
	IsOurs(ctx context.Context, p store.Portal, access string) (bool, error)
	// Look asks the stored portal, with the user's own token and in one call, who the user is and what was opened.
	Look(ctx context.Context, p store.Portal, access string, what Object) (Sight, error)
	// Deals reads deals with the portal's own token; a deal that is gone is left out.
	Deals(ctx context.Context, p store.Portal, ids []acts.DealID) ([]DealCard, error)
	// DealHeads reads deals briefly, and the rows of some of them, many in one call; a deal that is gone is left out.
	DealHeads(ctx context.Context, p store.Portal, ids, withRows []acts.DealID) ([]store.DealHead, map[acts.DealID][]acts.ProductRow, error)
	// NextDeals reads the heads of deals after one, by id, at most so many pages of fifty in one call. left is how many are
	// expected; the first call, after 0, brings one page and their number.
	NextDeals(ctx context.Context, p store.Portal, after acts.DealID, left, pages int) (DealPage, error)
	// DealRows reads the product rows of deals, fifty deals in a call; a deal that is gone is left out.
	DealRows(ctx context.Context, p store.Portal, ids []acts.DealID) (map[acts.DealID][]acts.ProductRow, error)
	// Items reads items of the smart process, many in one call; one that is gone is left out.
	Items(ctx context.Context, p store.Portal, ids []acts.ItemID) ([]ItemCard, error)
	// Changes reads what was changed in the CRM since two moments, the earliest first, page by page; the usual few take one call.
	Changes(ctx context.Context, p store.Portal, items, deals time.Time, apply func(context.Context, Changes) error) error
	// EndedTasks tells which of the tasks are ended or gone.
	EndedTasks(ctx context.Context, p store.Portal, ids []int64) ([]int64, error)
	// DealFieldNames finds the names in crm.item.* of deal fields given by their codes; what does not exist is left out.
	DealFieldNames(ctx context.Context, p store.Portal, codes map[string]string) (map[string]string, error)
	// Users reads employees; one that is not told of is left out.
	Users(ctx context.Context, p store.Portal, ids []acts.UserID) ([]store.User, error)
	// Structure reads the people of the portal, its departments and work groups, and who is in some of these groups.
	Structure(ctx context.Context, p store.Portal, groups []int64) (store.Structure, error)
	// CreateWorkGroup makes a work group owned by the visitor whose token it is; Conflict tells that there is one of that name.
	CreateWorkGroup(ctx context.Context, p store.Portal, access, name string) (int64, error)
	// Letter sends an e-mail once and returns the id of its activity. Refused tells that it did not go and left nothing.
	Letter(ctx context.Context, p store.Portal, w LetterWish, unclear bool, hold func(context.Context) error) (activity int64, err error)
	// ReadFile opens a file of an item's field.
	ReadFile(ctx context.Context, p store.Portal, item acts.ItemID, side acts.Side, file int64) (io.ReadCloser, string, error)
	// WriteFiles replaces a file field of an item: ids in keep stay, files are added. It returns the ids of what was added.
	WriteFiles(ctx context.Context, p store.Portal, item acts.ItemID, side acts.Side, keep []int64, files []Attachment) ([]int64, error)
	// Deliver writes effects in as few calls as it can; the results stand in the order of the effects. Before each
	// call that writes it asks hold whether the effects are still ours: looking may have taken longer than a lease.
	Deliver(ctx context.Context, p store.Portal, effects []Effect, hold func(context.Context) error) []Result
	// Plan reads, with the portal's own token, what it has of ours and tells what an installation would make there.
	Plan(ctx context.Context, p store.Portal) (Planned, error)
	// Install makes or repairs what we need on the portal, with the portal's own token.
	Install(ctx context.Context, p store.Portal, w InstallWish) (Installed, error)
}

// Object is what was opened.
type Object struct {
	Deal    acts.DealID
	Company acts.CompanyID
	Contact acts.ContactID
}

// Opening is what a portal posted when a user opened us.
type Opening struct {
	Member      string
	Access      string // the user's access token
	AccessFor   time.Duration
	Refresh     string
	Application string // APPLICATION_TOKEN
	Placement   string
	Object      int64             // ID of the opened thing, 0 when there is none
	Params      map[string]string // of REST_APP_URI
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
	License  string   // tariff of the portal: ru_std
	Unpaid   bool     // the paid or trial period of the app is over
	Scope    []string // rights that were given to the app
}

// Sight is what a look at the portal showed.
type Sight struct {
	User     acts.UserID
	UserName string
	Admin    bool
	Zone     string
	Deal     *DealCard // nil when no deal was asked for
	Title    string    // of the company or contact
}

// DealCard is a deal as the CRM has it now.
type DealCard struct {
	store.Deal
	OwnRequisite int64 // requisite of our company chosen in the deal, 0 when none
}

// DealPage is a stretch of the walk over all deals.
type DealPage struct {
	Heads []store.DealHead
	Total int  // how many deals there are, told at the first page only
	More  bool // others may follow
}

// Effect is one change wanted in the CRM; exactly one of the wishes is set.
type Effect struct {
	Unclear bool // an earlier attempt may have been executed: look before creating
	Item    *ItemWish
	Note    *NoteWish
	Notice  *NoticeWish
	Stage   *StageWish
	Task    *TaskWish
	Foreign *ForeignWish
	Fields  *FieldsWish
}

// FieldsWish shows an answer on the card of a deal and of its company or contact.
type FieldsWish struct {
	Deal                            acts.DealID
	Company                         acts.CompanyID
	Contact                         acts.ContactID
	Exchange, Operator, Participant string
}

// TaskWish is a task that asks for the status of an act, or the wish that it be ended.
type TaskWish struct {
	ID          int64  // 0 until the CRM has it
	Key         string // by which it is found
	Ended       bool
	Title, Text string // Text with BB codes
	Responsible acts.UserID
	Deadline    time.Time
	Deal        acts.DealID
	Item        acts.ItemID
}

// ForeignWish moves an item of the smart process that is no act of ours.
type ForeignWish struct {
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

// Changes is a page of what was changed in the CRM; the moments are those of its last rows, zero without any.
type Changes struct {
	Items      []ItemCard
	Deals      []store.DealHead
	ItemsUntil time.Time
	DealsUntil time.Time
}

// LetterWish is an e-mail that stays on the card of a deal.
type LetterWish struct {
	Key         string // by which it is found
	Deal        acts.DealID
	Company     acts.CompanyID
	Contact     acts.ContactID
	User        acts.UserID // whose mailbox it leaves from
	Address     string
	Subject     string
	Body        string // HTML
	Attachments []Attachment
}

// Attachment is a file that can be read as often as needed.
type Attachment struct {
	Name string
	Size int64
	Open func() (io.ReadCloser, error)
}

// ItemWish keeps the CRM item of an act in step.
type ItemWish struct {
	Act  acts.Act
	Link string            // of the act page inside the portal
	Base map[string]string // what the item held after our last write
}

// NoteWish puts a line on the deal's timeline.
type NoteWish struct {
	Deal acts.DealID
	Text string // what happened to which act
	Mark string // the end of Text, by which the line is found: an act may get its number between two tries
}

// NoticeWish tells an employee; a repeated tag replaces the earlier notification.
type NoticeWish struct {
	User acts.UserID
	Text string // BB codes
	Tag  string
}

// StageWish moves a deal. Decide is called with the place that was just read.
type StageWish struct {
	Deal   acts.DealID
	Decide func(stageID string, final bool) (moveTo string)
}

// Result is what became of an effect.
type Result struct {
	Err   error
	Item  acts.ItemID
	Base  map[string]string
	Stage string // where the deal stood when we looked
	Final bool
	Moved bool
	Task  int64
	// Events is how many events of the CRM the write raises.
	Events int
}
