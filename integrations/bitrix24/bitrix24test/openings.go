package bitrix24test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Opening is one rendering of the app in a frame: the POST that the portal's page makes.
type Opening struct {
	SID       string
	User      int64
	Placement string
	Options   Fields
	Handler   string
	URL       string     // handler with DOMAIN, PROTOCOL, LANG, APP_SID
	Form      url.Values // the hidden inputs
	Window    string     // name of the frame: host|1|APP_SID
	Title     string
	Pair      Pair
}

const maxOpenings = 5000

// Open renders the app at a spot for a user, with fresh tokens of that user.
func (p *Portal) Open(user int64, placement, handler string, options Fields) Opening {
	pair := p.Issue(user)
	app := p.cloud.App()
	o := Opening{
		SID: secret(16), User: user, Placement: placement, Options: options, Handler: handler, Title: app.Name, Pair: pair,
	}
	protocol := "0"
	if strings.HasPrefix(p.URL(), "https:") {
		protocol = "1"
	}
	o.Window = strings.Join([]string{p.domain(), protocol, o.SID}, "|")
	o.URL = withQuery(handler, url.Values{
		"DOMAIN": {p.domain()}, "PROTOCOL": {protocol}, "LANG": {p.cfg.Language}, "APP_SID": {o.SID},
	})
	o.Form = url.Values{
		"AUTH_ID": {pair.Access}, "AUTH_EXPIRES": {"3600"}, "REFRESH_ID": {pair.Refresh},
		"SERVER_ENDPOINT": {p.cloud.serverEndpoint()}, "APPLICATION_TOKEN": {p.ApplicationToken()},
		"APPLICATION_SCOPE": {app.Scope}, "member_id": {p.cfg.MemberID}, "status": {app.Status}, "PLACEMENT": {placement},
	}
	if placement != "DEFAULT" || len(options) > 0 {
		o.Form.Set("PLACEMENT_OPTIONS", phpJSON(options))
	}
	p.remember(&o)
	return o
}

// OpenApp renders the app's main page, or its install page until the install is finished.
func (p *Portal) OpenApp(user int64, options Fields) Opening {
	app := p.cloud.App()
	handler := app.URL
	if !p.Installed() && app.Install != "" {
		handler = app.Install
	}
	return p.Open(user, "DEFAULT", handler, options)
}

// Request is the POST of the opening as a browser would send it.
func (o Opening) Request() (*http.Request, error) {
	r, err := http.NewRequest(http.MethodPost, o.URL, strings.NewReader(o.Form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r, nil
}

func (p *Portal) remember(o *Opening) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.openings) >= maxOpenings {
		for _, sid := range slices.Sorted(maps.Keys(p.openings))[:maxOpenings/2] {
			delete(p.openings, sid)
		}
	}
	p.openings[o.SID] = o
}

// Opening finds a rendering by its APP_SID.
func (p *Portal) Opening(sid string) (Opening, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if o := p.openings[sid]; o != nil {
		return *o, true
	}
	return Opening{}, false
}

// RefreshOpening gives the frame a new token, as the parent window does for refreshAuth.
func (p *Portal) RefreshOpening(sid string) (Opening, bool) {
	o, ok := p.Opening(sid)
	if !ok {
		return o, false
	}
	o.Pair = p.Issue(o.User)
	p.remember(&o)
	return o, true
}

// InitData is what the parent window answers to getInitData.
func (p *Portal) InitData(o Opening) Fields {
	user, _ := p.User(o.User)
	protocol := 0
	if strings.HasPrefix(p.URL(), "https:") {
		protocol = 1
	}
	options := any(o.Options)
	if len(o.Options) == 0 {
		options = []any{}
	}
	return Fields{
		"LANG": p.cfg.Language, "DOMAIN": p.domain(), "PROTOCOL": protocol, "PATH": "/rest", "AUTH_ID": o.Pair.Access,
		"AUTH_EXPIRES": 3600, "REFRESH_ID": o.Pair.Refresh, "MEMBER_ID": p.cfg.MemberID, "FIRST_RUN": false,
		"IS_ADMIN": user.Admin, "INSTALL": !p.Installed(), "USER_OPTIONS": []any{}, "APP_OPTIONS": []any{},
		"PLACEMENT": o.Placement, "PLACEMENT_OPTIONS": options,
	}
}

func withQuery(base string, add url.Values) string {
	if strings.Contains(base, "?") {
		return base + "&" + add.Encode()
	}
	return base + "?" + add.Encode()
}

// phpJSON prints a map the way json_encode does, with escaped slashes; an empty one is [].
func phpJSON(v Fields) string {
	if len(v) == 0 {
		return "[]"
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "[]"
	}
	return strings.ReplaceAll(strings.TrimSpace(b.String()), "/", `\/`)
}
