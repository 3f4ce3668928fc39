package bitrix24

import (
	"net/url"
	"strings"
	"time"
)

// Names of events that we bind (sections 1.4 and 8.2).
const (
	EventInstall     = "ONAPPINSTALL"
	EventUpdate      = "ONAPPUPDATE"
	EventUninstall   = "ONAPPUNINSTALL"
	EventDealAdd     = "ONCRMDEALADD"
	EventDealUpdate  = "ONCRMDEALUPDATE"
	EventDealDelete  = "ONCRMDEALDELETE"
	EventDealMove    = "ONCRMDEALMOVETOCATEGORY"
	EventItemAdd     = "ONCRMDYNAMICITEMADD"
	EventItemUpdate  = "ONCRMDYNAMICITEMUPDATE"
	EventItemDelete  = "ONCRMDYNAMICITEMDELETE"
	EventCompany     = "ONCRMCOMPANYUPDATE"
	EventContact     = "ONCRMCONTACTUPDATE"
	EventTaskUpdated = "ONTASKUPDATE"
	EventTaskDeleted = "ONTASKDELETE"
)

// Event is what a portal tells us happened (section 8). It is a hint: the object has to be read again, and nothing is
// true before Auth.ApplicationToken has been compared with the stored one.
type Event struct {
	Name      string // in upper case
	HandlerID ID
	SentAt    int64 // unix time of leaving the portal's queue
	Auth      EventAuth
	data      flatForm
}

// EventAuth is who speaks. The access token is missing when a robot caused the event; the refresh token comes only
// when the application was installed or updated (section 8.2).
type EventAuth struct {
	AccessToken      string
	RefreshToken     string
	ExpiresIn        time.Duration
	Scope            []string
	Domain           string
	ServerEndpoint   string
	ClientEndpoint   string
	MemberID         string
	ApplicationToken string
	Status           string
	UserID           ID
}

// String hides the tokens from logs.
func (e Event) String() string { return "event " + e.Name }

// GoString hides the tokens from logs.
func (e Event) GoString() string { return e.String() }

// String hides the tokens from logs.
func (a EventAuth) String() string { return "auth of an event" }

// GoString hides the tokens from logs.
func (a EventAuth) GoString() string { return a.String() }

// DecodeEvent reads an event. Floods, deep nesting, repeated values and ids that are not numbers are refused.
func DecodeEvent(form url.Values) (Event, error) {
	flat, err := flatten(form)
	if err != nil {
		return Event{}, err
	}
	f := fieldReader{form: flat.values()}
	e := Event{
		Name:      strings.ToUpper(f.must("event", wordShape)),
		HandlerID: number(f.text("event_handler_id", numberShape)),
		SentAt:    int64(number(f.text("ts", numberShape))),
		Auth:      decodeAuth(&f),
		data:      flat,
	}
	e.checkIDs(&f)
	if f.err != nil {
		return Event{}, f.err
	}
	return e, nil
}

func decodeAuth(f *fieldReader) EventAuth {
	return EventAuth{
		AccessToken:      f.text("auth"+separator+"access_token", tokenShape),
		RefreshToken:     f.text("auth"+separator+"refresh_token", tokenShape),
		ExpiresIn:        lifetime(number(f.text("auth"+separator+"expires_in", numberShape))),
		Scope:            commaList(f.text("auth"+separator+"scope", lineShape)),
		Domain:           strings.ToLower(f.text("auth"+separator+"domain", ValidHost)),
		ServerEndpoint:   f.text("auth"+separator+"server_endpoint", tokenShape),
		ClientEndpoint:   f.text("auth"+separator+"client_endpoint", tokenShape),
		MemberID:         f.must("auth"+separator+"member_id", wordShape),
		ApplicationToken: f.text("auth"+separator+"application_token", tokenShape),
		Status:           f.text("auth"+separator+"status", wordShape),
		UserID:           number(f.text("auth"+separator+"user_id", numberShape)),
	}
}

// checkIDs sees that the ids of CRM events are numbers.
func (e Event) checkIDs(f *fieldReader) {
	if !strings.HasPrefix(e.Name, "ONCRM") {
		return
	}
	for _, name := range []string{"ID", "ENTITY_TYPE_ID", "CATEGORY_ID"} {
		f.text(join([]string{"data", "FIELDS", name}), numberShape)
	}
}
