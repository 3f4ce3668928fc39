package bitrix24

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// PlacementCall is the POST with which a portal opens one of our pages, or the install page (docs/contracts/bitrix24.md, "Opening").
// Anybody can send it: nothing in it is true before ApplicationToken or the tokens have been checked
// (docs/contracts/bitrix24.md, "Verifying a request"), and Domain and ServerEndpoint are never called.
type PlacementCall struct {
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
func (o PlacementCall) String() string { return "opening of " + o.Placement }

// GoString hides the tokens from logs.
func (o PlacementCall) GoString() string { return o.String() }

// singleFields are the names that may come once and never as an array.
var singleFields = map[string]bool{
	"DOMAIN": true, "PROTOCOL": true, "LANG": true, "APP_SID": true,
	"AUTH_ID": true, "AUTH_EXPIRES": true, "REFRESH_ID": true, "SERVER_ENDPOINT": true,
	"APPLICATION_TOKEN": true, "APPLICATION_SCOPE": true, "member_id": true, "status": true,
	"PLACEMENT": true, "PLACEMENT_OPTIONS": true,
}

// DecodePlacementCall reads the two halves of an opening. DOMAIN, PROTOCOL, LANG and APP_SID come in the query, tokens only
// in the form; our own re-entry page posts all of them in the form. Unknown fields are left alone.
func DecodePlacementCall(query, form url.Values) (PlacementCall, error) {
	frame := fieldReader{form: query}
	if !query.Has("DOMAIN") {
		frame.form = form
	}
	f := fieldReader{form: form, err: checkArrays(query, form)}
	o := PlacementCall{
		Domain:           strings.ToLower(frame.required("DOMAIN", ValidHost)),
		Secure:           frame.text("PROTOCOL", isBit) != "0",
		Lang:             frame.text("LANG", wordShape),
		SID:              frame.text("APP_SID", wordShape),
		AccessToken:      f.required("AUTH_ID", tokenShape),
		ExpiresIn:        lifetime(number(f.text("AUTH_EXPIRES", numberShape))),
		RefreshToken:     f.text("REFRESH_ID", tokenShape),
		ServerEndpoint:   f.text("SERVER_ENDPOINT", tokenShape),
		ApplicationToken: f.text("APPLICATION_TOKEN", tokenShape),
		Scope:            commaList(f.text("APPLICATION_SCOPE", lineShape)),
		MemberID:         f.required("member_id", wordShape),
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
		return PlacementCall{}, f.err
	}
	return o, nil
}

// checkArrays refuses floods, and APPLICATION_TOKEN[]= where APPLICATION_TOKEN is meant.
func checkArrays(forms ...url.Values) error {
	for _, form := range forms {
		if len(form) > maxFields {
			return &FormError{"(body)", "too many fields"}
		}
		for name := range form {
			if base, _, found := strings.Cut(name, "["); found && singleFields[base] {
				return &FormError{base, "an array"}
			}
		}
	}
	return nil
}

func isBit(s string) bool { return s == "0" || s == "1" }

// number reads digits that numberShape has seen.
func number(digits string) ID {
	n, _ := strconv.ParseInt(digits, 10, 64)
	return ID(n)
}

// maxOptions is how many options one opening may have.
const maxOptions = 50

// Options is what a place tells about itself in PLACEMENT_OPTIONS (docs/contracts/bitrix24.md, "Places").
type Options struct {
	ID     ID                // of the object whose card is open; 0 when there is none yet
	URI    string            // page of the portal around us; often missing, never to be relied on
	Params map[string]string // the parameters of a link to REST_APP_URI and other single values
}

func decodeOptions(f *fieldReader) Options {
	const field = "PLACEMENT_OPTIONS"
	text := f.text(field, func(s string) bool { return len(s) <= maxValue })
	if isEmpty([]byte(text)) {
		return Options{}
	}
	var raw Fields
	if json.Unmarshal([]byte(text), &raw) != nil || len(raw) > maxOptions {
		f.fail(field, "of a wrong shape")
		return Options{}
	}
	o, ok := options(raw)
	if !ok {
		f.fail(field, "of a wrong shape")
	}
	return o
}

// options sorts single values; nested ones are left out, except that an ID or URI of a wrong shape is refused.
func options(raw Fields) (o Options, ok bool) {
	o.Params = map[string]string{}
	for name, value := range raw {
		text, err := scalar(value)
		switch {
		case name == "ID":
			if ok := err == nil && (text == "" || numberShape(text)); !ok {
				return Options{}, false
			}
			o.ID = number(text)
		case err != nil:
			continue
		case !lineShape(name) || !lineShape(text):
			return Options{}, false
		case name == "URI":
			o.URI = ownPath(text)
		default:
			o.Params[name] = text
		}
	}
	return o, true
}

// ownPath keeps a path inside the portal and drops every other address.
func ownPath(uri string) string {
	if !strings.HasPrefix(uri, "/") || strings.HasPrefix(uri, "//") || strings.Contains(uri, `\`) {
		return ""
	}
	return uri
}
