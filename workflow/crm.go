package workflow

import (
	"context"
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
	// Deliver writes effects in as few calls as it can; the results stand in the order of the effects. Before each
	// call that writes it asks hold whether the effects are still ours: looking may have taken longer than a lease.
	Deliver(ctx context.Context, p store.Portal, effects []Effect, hold func(context.Context) error) []Result
	// Install makes or repairs what we need on the portal; who is the administrator's access token.
	Install(ctx context.Context, p store.Portal, access string) (Installed, error)
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
	Object      int64
}

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

// Installed is what the installer made or found on a portal.
type Installed struct {
	Portal    store.Portal
	Pipelines []store.Pipeline // unmapped
	Companies []store.OwnCompany
	Changes   []string // what was made or repaired, in Russian
}

// Effect is one change wanted in the CRM; exactly one of the wishes is set.
type Effect struct {
	Unclear bool // an earlier attempt may have been executed: look before creating
	Item    *ItemWish
	Note    *NoteWish
	Notice  *NoticeWish
	Stage   *StageWish
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
}
