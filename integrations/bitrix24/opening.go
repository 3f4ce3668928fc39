package bitrix24

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Opening is the POST with which a portal opens one of our pages, or the install page (section 1.2). Anybody can send
// it: nothing in it is true before ApplicationToken or the tokens have been checked (section 1.6), and Domain and
// ServerEndpoint are never called.
type Opening struct {
	Domain           string // host of the portal, as the browser knows it
	Secure           bool   // PROTOCOL is not 0
	Lang             string
	SID              string // ties the frame to its parent window
	AccessToken      string // of the user who opened the page
	ExpiresIn        time.Duration
	RefreshToken     string
	ServerEndpoint   string
	ApplicationToken string
	Scope            []string
	MemberID         string
	Status           string
	Placement        string
	Options          Options
}

// String hides the tokens from logs.
func (o Opening) String() string { return "opening of " + o.Placement }

// GoString hides the tokens from logs.
func (o Opening) GoString() string { return o.String() }

// openingFields are the names that may come once and never as an array.
var openingFields = map[string]bool{
	"DOMAIN": true, "PROTOCOL": true, "LANG": true, "APP_SID": true,
	"AUTH_ID": true, "AUTH_EXPIRES": true, "REFRESH_ID": true, "SERVER_ENDPOINT": true,
	"APPLICATION_TOKEN": true, "APPLICATION_SCOPE": true, "member_id": true, "status": true,
	"PLACEMENT": true, "PLACEMENT_OPTIONS": true,
}

// DecodeOpening reads the two halves of an opening. DOMAIN, PROTOCOL, LANG and APP_SID come in the query, tokens only
// in the form; our own re-entry page posts all of them in the form. Unknown fields are left alone.
func DecodeOpening(query, form url.Values) (Opening, error) {
	frame := fieldReader{form: query}
	if !query.Has("DOMAIN") {
		frame.form = form
	}
	f := fieldReader{form: form, err: arrays(query, form)}
	o := Opening{
		Domain:           strings.ToLower(frame.must("DOMAIN", ValidHost)),
		Secure:           frame.text("PROTOCOL", isBit) != "0",
		Lang:             frame.text("LANG", wordShape),
		SID:              frame.text("APP_SID", wordShape),
		AccessToken:      f.must("AUTH_ID", tokenShape),
		ExpiresIn:        lifetime(number(f.text("AUTH_EXPIRES", numberShape))),
		RefreshToken:     f.text("REFRESH_ID", tokenShape),
		ServerEndpoint:   f.text("SERVER_ENDPOINT", tokenShape),
		ApplicationToken: f.text("APPLICATION_TOKEN", tokenShape),
		Scope:            commaList(f.text("APPLICATION_SCOPE", lineShape)),
		MemberID:         f.must("member_id", wordShape),
		Status:           f.text("status", wordShape),
		Placement:        f.text("PLACEMENT", wordShape),
		Options:          decodeOptions(&f),
	}
	if o.Placement == "" {
		o.Placement = DefaultPlace
	}
	if f.err == nil {
		f.err = frame.err
	}
	if f.err != nil {
		return Opening{}, f.err
	}
	return o, nil
}

// arrays refuses floods, and APPLICATION_TOKEN[]= where APPLICATION_TOKEN is meant.
func arrays(forms ...url.Values) error {
	for _, form := range forms {
		if len(form) > maxFields {
			return &FormError{"(body)", "too many fields"}
		}
		for name := range form {
			if base, _, found := strings.Cut(name, "["); found && openingFields[base] {
				return &FormError{base, "an array"}
			}
		}
	}
	return nil
}

// Object tells which CRM object's card was opened: its kind follows from the placement, never from the options. The
// id is 0 while the card is being created.
func (o Opening) Object() (EntityType, ID, bool) {
	switch o.Placement {
	case DealTabPlace:
		return DealType, o.Options.ID, true
	case CompanyTabPlace:
		return CompanyType, o.Options.ID, true
	case ContactTabPlace:
		return ContactType, o.Options.ID, true
	}
	middle, found := strings.CutPrefix(o.Placement, "CRM_DYNAMIC_")
	middle, tab := strings.CutSuffix(middle, "_DETAIL_TAB")
	n, err := strconv.ParseInt(middle, 10, 32)
	if !found || !tab || err != nil || n <= 0 {
		return 0, 0, false
	}
	return EntityType(n), o.Options.ID, true
}

func isBit(s string) bool { return s == "0" || s == "1" }

// number reads digits that numberShape has seen.
func number(digits string) ID {
	n, _ := strconv.ParseInt(digits, 10, 64)
	return ID(n)
}
