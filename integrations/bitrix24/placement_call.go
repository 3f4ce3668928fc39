package bitrix24

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// PlacementCall is the POST with which a portal opens one of our pages, or the install page (docs/contracts/bitrix24.md, "Opening").
// Anybody can send it: nothing in it is trusted until ApplicationToken or the tokens are verified
// (docs/contracts/bitrix24.md, "Verifying a request"). Domain and ServerEndpoint are never called.
type PlacementCall struct {
	Domain           string // host of the portal in the browser
	Secure           bool   // PROTOCOL is not 0
	Lang             string
	SID              string // id of the frame in its parent window
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
func (o PlacementCall) String() string { return "placement call of " + o.Placement }

// GoString hides the tokens from logs.
func (o PlacementCall) GoString() string { return o.String() }

// singleFields are the names that must occur once and not as an array.
var singleFields = map[string]bool{
	"DOMAIN": true, "PROTOCOL": true, "LANG": true, "APP_SID": true,
	"AUTH_ID": true, "AUTH_EXPIRES": true, "REFRESH_ID": true, "SERVER_ENDPOINT": true,
	"APPLICATION_TOKEN": true, "APPLICATION_SCOPE": true, "member_id": true, "status": true,
	"PLACEMENT": true, "PLACEMENT_OPTIONS": true,
}

// DecodePlacementCall decodes a placement call. DOMAIN, PROTOCOL, LANG and APP_SID are in the query, tokens only in the form; our own
// page for returning users posts all of them in the form. Unknown fields are ignored.
func DecodePlacementCall(query, form url.Values) (PlacementCall, error) {
	frame := fieldReader{form: query}
	if !query.Has("DOMAIN") {
		frame.form = form
	}
	f := fieldReader{form: form, err: checkArrays(query, form)}
	o := PlacementCall{
		Domain:           strings.ToLower(frame.required("DOMAIN", ValidHost)),
		Secure:           frame.text("PROTOCOL", isBit) != "0",
		Lang:             frame.text("LANG", hasWordShape),
		SID:              frame.text("APP_SID", hasWordShape),
		AccessToken:      f.required("AUTH_ID", hasTokenShape),
		ExpiresIn:        lifetime(number(f.text("AUTH_EXPIRES", hasNumberShape))),
		RefreshToken:     f.text("REFRESH_ID", hasTokenShape),
		ServerEndpoint:   f.text("SERVER_ENDPOINT", hasTokenShape),
		ApplicationToken: f.text("APPLICATION_TOKEN", hasTokenShape),
		Scope:            commaList(f.text("APPLICATION_SCOPE", hasLineShape)),
		MemberID:         f.required("member_id", hasWordShape),
		Status:           f.text("status", hasWordShape),
		Placement:        f.text("PLACEMENT", hasWordShape),
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

// checkArrays returns an error for too many fields, and for APPLICATION_TOKEN[]= instead of APPLICATION_TOKEN.
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

// number converts digits that hasNumberShape has accepted.
func number(digits string) ID {
	n, _ := strconv.ParseInt(digits, 10, 64)
	return ID(n)
}

// maxOptions is the largest number of options of a call.
const maxOptions = 50

// Options is the decoded PLACEMENT_OPTIONS (docs/contracts/bitrix24.md, "Places").
type Options struct {
	ID     ID                // of the object whose card is open; 0 for a new one
	URI    string            // path of the surrounding page; often missing
	Params map[string]string // parameters of a link to REST_APP_URI and other scalar values
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

// options reads scalar values and ignores nested ones; ok is false when ID or URI is malformed.
func options(raw Fields) (o Options, ok bool) {
	o.Params = map[string]string{}
	for name, value := range raw {
		text, err := scalar(value)
		switch {
		case name == "ID":
			if ok := err == nil && (text == "" || hasNumberShape(text)); !ok {
				return Options{}, false
			}
			o.ID = number(text)
		case err != nil:
			continue
		case !hasLineShape(name) || !hasLineShape(text):
			return Options{}, false
		case name == "URI":
			o.URI = ownPath(text)
		default:
			o.Params[name] = text
		}
	}
	return o, true
}

// ownPath returns a path inside the portal, "" for any other address.
func ownPath(uri string) string {
	if !strings.HasPrefix(uri, "/") || strings.HasPrefix(uri, "//") || strings.Contains(uri, `\`) {
		return ""
	}
	return uri
}
