package bitrix24

import (
	"math"
	"net/url"
	"strings"
	"time"
)

// Names of events that we bind (docs/contracts/bitrix24.md, "Life-cycle events" and "Event format").
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

// Event is an event posted by a portal (docs/contracts/bitrix24.md, "Event format"). Nothing in it is trusted: compare
// Auth.ApplicationToken with the stored one, and fetch the object again.
type Event struct {
	Name      string // in upper case
	HandlerID ID
	SentAt    int64 // unix time at which the portal sent it
	Auth      EventAuth
	data      flatForm
}

// EventAuth identifies the sender. The access token is missing when a robot caused the event; the refresh token is present only when
// the application was installed or updated (docs/contracts/bitrix24.md, "Event format").
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

// DecodeEvent decodes an event. Too many fields, deep nesting, repeated values and ids that are not numbers are errors.
func DecodeEvent(form url.Values) (Event, error) {
	flat, err := flatten(form)
	if err != nil {
		return Event{}, err
	}
	f := fieldReader{form: flat.values()}
	e := Event{
		Name:      strings.ToUpper(f.required("event", hasWordShape)),
		HandlerID: number(f.text("event_handler_id", hasNumberShape)),
		SentAt:    int64(number(f.text("ts", hasNumberShape))),
		Auth:      decodeAuth(&f),
		data:      flat,
	}
	e.checkIDs(&f)
	if f.err != nil {
		return Event{}, f.err
	}
	return e, nil
}

// DecodePost decodes a POST with bracket keys that is no event. It returns its auth, and the other values by their paths: properties[act] is
// "properties.act". Nothing in it is trusted.
func DecodePost(form url.Values) (EventAuth, map[string]string, error) {
	flat, err := flatten(form)
	if err != nil {
		return EventAuth{}, nil, err
	}
	f := fieldReader{form: flat.values()}
	auth, values := decodeAuth(&f), map[string]string{}
	for path, v := range flat {
		if !strings.HasPrefix(path, "auth"+separator) {
			values[strings.ReplaceAll(path, separator, ".")] = v
		}
	}
	return auth, values, f.err
}

func decodeAuth(f *fieldReader) EventAuth {
	return EventAuth{
		AccessToken:      f.text("auth"+separator+"access_token", hasTokenShape),
		RefreshToken:     f.text("auth"+separator+"refresh_token", hasTokenShape),
		ExpiresIn:        lifetime(number(f.text("auth"+separator+"expires_in", hasNumberShape))),
		Scope:            commaList(f.text("auth"+separator+"scope", hasLineShape)),
		Domain:           strings.ToLower(f.text("auth"+separator+"domain", ValidHost)),
		ServerEndpoint:   f.text("auth"+separator+"server_endpoint", hasTokenShape),
		ClientEndpoint:   f.text("auth"+separator+"client_endpoint", hasTokenShape),
		MemberID:         f.required("auth"+separator+"member_id", hasWordShape),
		ApplicationToken: f.text("auth"+separator+"application_token", hasTokenShape),
		Status:           f.text("auth"+separator+"status", hasWordShape),
		UserID:           number(f.text("auth"+separator+"user_id", hasNumberShape)),
	}
}

// checkIDs checks that the ids of CRM events are numbers.
func (e Event) checkIDs(f *fieldReader) {
	if !strings.HasPrefix(e.Name, "ONCRM") {
		return
	}
	for _, name := range []string{"ID", "ENTITY_TYPE_ID", "CATEGORY_ID"} {
		f.text(join([]string{"data", "FIELDS", name}), hasNumberShape)
	}
}

// Data returns one value of the event, such as Data("FIELDS", "ID"). It is not trusted either.
func (e Event) Data(path ...string) string {
	return e.data.at(append([]string{"data"}, path...)...)
}

// Object returns the CRM object that the event is about, if any.
func (e Event) Object() (EntityType, ID, bool) {
	id := number(e.Data("FIELDS", "ID"))
	kind := number(e.Data("FIELDS", "ENTITY_TYPE_ID"))
	switch subject := e.subject(); {
	case id == 0:
		return 0, 0, false
	case subject == "DEAL":
		return DealType, id, true
	case subject == "COMPANY":
		return CompanyType, id, true
	case subject == "CONTACT":
		return ContactType, id, true
	case subject == "DYNAMICITEM" && kind > 0 && kind <= math.MaxInt32:
		return EntityType(kind), id, true
	}
	return 0, 0, false
}

// Task returns the task that the event is about, if any. FIELDS_BEFORE of an added task and FIELDS_AFTER of a deleted one are the word
// undefined.
func (e Event) Task() (ID, bool) {
	if !strings.HasPrefix(e.Name, "ONTASK") || strings.HasPrefix(e.Name, "ONTASKCOMMENT") {
		return 0, false
	}
	for _, part := range []string{"FIELDS_AFTER", "FIELDS_BEFORE"} {
		if text := e.Data(part, "ID"); hasNumberShape(text) {
			return number(text), true
		}
	}
	return 0, false
}

// subject returns the kind of object of a CRM event: DYNAMICITEM for ONCRMDYNAMICITEMUPDATE_147.
func (e Event) subject() string {
	name, _, _ := strings.Cut(e.Name, "_")
	name, crm := strings.CutPrefix(name, "ONCRM")
	for _, verb := range []string{"ADD", "UPDATE", "DELETE", "MOVETOCATEGORY"} {
		if subject, found := strings.CutSuffix(name, verb); crm && found {
			return subject
		}
	}
	return ""
}

// Limits of one event. Real events have a dozen fields, three levels and a kilobyte.
const (
	maxEventFields = maxFields
	maxEventDepth  = 5
	maxEventName   = 200
	maxEventSize   = 64 << 10
)

// flatForm is a form with bracket keys: data[FIELDS][ID] is found at "data", "FIELDS", "ID"
// (docs/contracts/bitrix24.md, "Event format").
type flatForm map[string]string

// flatten decodes bracket keys within the limits. Arrays without a key, repeated values, and a name with both a value and members are
// errors.
func flatten(form url.Values) (flatForm, error) {
	if len(form) > maxEventFields {
		return nil, &FormError{"(body)", "too many fields"}
	}
	flat, size := make(flatForm, len(form)), 0
	for name, values := range form {
		path, ok := bracketPath(name)
		if !ok {
			return nil, &FormError{"(body)", "a name of a wrong shape"}
		}
		if len(values) != 1 {
			return nil, &FormError{path[0], "repeated"}
		}
		if size += len(name) + len(values[0]); size > maxEventSize {
			return nil, &FormError{"(body)", "too long"}
		}
		flat[join(path)] = values[0]
	}
	return flat, flat.checkBranches()
}

// bracketPath splits a[b][c] into its steps.
func bracketPath(name string) ([]string, bool) {
	if len(name) > maxEventName || strings.Count(name, "[") > maxEventDepth {
		return nil, false
	}
	root, rest, nested := strings.Cut(name, "[")
	path := []string{root}
	if nested {
		inner, closed := strings.CutSuffix(rest, "]")
		if !closed {
			return nil, false
		}
		path = append(path, strings.Split(inner, "][")...)
	}
	for _, step := range path {
		if step == "" || !hasLineShape(step) || strings.ContainsAny(step, "[]") {
			return nil, false
		}
	}
	return path, true
}

// checkBranches returns an error when a path has both a value and members.
func (f flatForm) checkBranches() error {
	for key := range f {
		for i := range len(key) {
			if key[i] != separator[0] {
				continue
			}
			if _, both := f[key[:i]]; both {
				root, _, _ := strings.Cut(key, separator)
				return &FormError{root, "a value and a branch"}
			}
		}
	}
	return nil
}

// values returns the values by their joined paths, in the form that fieldReader reads.
func (f flatForm) values() url.Values {
	form := make(url.Values, len(f))
	for path, value := range f {
		form[path] = []string{value}
	}
	return form
}

// at returns the value at a path, "" when there is none.
func (f flatForm) at(path ...string) string { return f[join(path)] }

// separator cannot occur in a step, because steps have no control characters.
const separator = "\x00"

func join(path []string) string { return strings.Join(path, separator) }

// EventHandler is an address of ours to which the portal sends an event (docs/contracts/bitrix24.md, "Binding events").
type EventHandler struct {
	Event    Text `json:"event"`
	Handler  Text `json:"handler"`
	AuthType ID   `json:"auth_type"`
	Offline  Bool `json:"offline"`
}

// GetEvents reads our handlers; the answer is a List of EventHandler. An update of the application removes them.
func GetEvents() Command { return Command{Method: "event.get"} }

// BindEvent binds a handler; events then carry a token of the user who caused them.
func BindEvent(event, handler string) Command {
	return Command{Method: "event.bind", Params: Params{"event": event, "handler": handler}}
}
