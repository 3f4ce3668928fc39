package bitrix24test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// Placement is a placement where the app is embedded.
type Placement struct {
	ID          int64  `json:"id"`
	Code        string `json:"code"`
	Handler     string `json:"handler"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Group       string `json:"group"`
	Langs       Fields `json:"langs"`
	User        int64  `json:"user"`
}

// commonPlacements are the placement codes of every portal.
var commonPlacements = []string{
	"LEFT_MENU", "REST_APP_URI", "PAGE_BACKGROUND_WORKER", "CRM_DEAL_DETAIL_TAB", "CRM_CONTACT_DETAIL_TAB",
	"CRM_COMPANY_DETAIL_TAB", "CRM_LEAD_DETAIL_TAB", "CRM_DEAL_LIST_TOOLBAR", "CRM_DEAL_LIST_MENU",
	"CRM_DEAL_DETAIL_TOOLBAR", "CRM_COMPANY_DETAIL_TOOLBAR", "CRM_CONTACT_DETAIL_TOOLBAR",
	"CRM_DEAL_DOCUMENTGENERATOR_BUTTON", "CRM_DEAL_ROBOT_DESIGNER_TOOLBAR", "CRM_ANALYTICS_MENU",
}

// placementCodes returns the placement codes of this portal; smart processes have their own.
func (s *state) placementCodes() []string {
	out := slices.Clone(commonPlacements)
	for _, t := range s.Types {
		for _, spot := range []string{"DETAIL_TAB", "LIST_TOOLBAR", "DETAIL_TOOLBAR", "LIST_MENU"} {
			out = append(out, fmt.Sprintf("CRM_DYNAMIC_%d_%s", t.EntityTypeID, spot))
		}
	}
	return out
}

func placementList(c *call) (any, error) {
	var out []any
	for _, code := range c.st.placementCodes() {
		if php.Text(c.p["SCOPE"]) != "crm" || strings.HasPrefix(code, "CRM_") {
			out = append(out, code)
		}
	}
	return out, nil
}

func placementBind(c *call) (any, error) {
	code, handler := strings.ToUpper(php.Text(c.p["PLACEMENT"])), php.Text(c.p["HANDLER"])
	if !slices.Contains(c.st.placementCodes(), code) {
		return nil, contract.Refuse("ERROR_PLACEMENT_NOT_FOUND", "Placement not found")
	}
	if err := checkHandler(handler); err != nil {
		return nil, err
	}
	for _, p := range c.st.Placements {
		switch {
		case p.Code != code:
		// One registration, whatever its handler (apidocs.bitrix24.ru/api-reference/widgets/universal/app-url.html).
		case code == "REST_APP_URI" || code == "PAGE_BACKGROUND_WORKER":
			return nil, &contract.Error{Status: http.StatusOK, Code: "ERROR_PLACEMENT_MAX_COUNT", Text: "Placement max count"}
		case p.Handler == handler:
			return nil, contract.Refuse("ERROR_CORE", "Unable to set placement handler: Handler already binded")
		}
	}
	langs := php.Map(c.p["LANG_ALL"])
	p := &Placement{
		ID: c.st.next("placement"), Code: code, Handler: handler, Langs: langs, User: php.Integer(c.p["USER_ID"]),
		Title: php.Text(c.p["TITLE"]), Description: php.Text(c.p["DESCRIPTION"]), Group: php.Text(c.p["GROUP_NAME"]),
	}
	if p.Title == "" {
		p.Title = php.Text(php.Map(langs["ru"])["TITLE"])
	}
	if p.Title == "" {
		p.Title = c.cloud.App().Name
	}
	c.st.Placements = append(c.st.Placements, p)
	return true, nil
}

// checkHandler refuses an address that a browser cannot open.
func checkHandler(handler string) error {
	u, err := url.Parse(handler)
	switch {
	case err != nil || u.Host == "":
		return contract.Refuse("ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return contract.Refuse("ERROR_UNSUPPORTED_PROTOCOL", "Unsupported protocol")
	}
	return nil
}

func placementGet(c *call) (any, error) {
	out := []any{}
	for _, p := range c.st.Placements {
		langs := p.Langs
		if len(langs) == 0 {
			langs = Fields{"ru": Fields{"TITLE": p.Title, "DESCRIPTION": p.Description, "GROUP_NAME": p.Group}}
		}
		out = append(out, Fields{
			"placement": p.Code, "userId": p.User, "handler": p.Handler, "options": []any{}, "title": p.Title,
			"description": p.Description, "langAll": langs,
		})
	}
	return out, nil
}

// placementUnbind counts every row twice, once found and once deleted, as the real method does.
func placementUnbind(c *call) (any, error) {
	code, handler := strings.ToUpper(php.Text(c.p["PLACEMENT"])), php.Text(c.p["HANDLER"])
	before := len(c.st.Placements)
	c.st.Placements = slices.DeleteFunc(c.st.Placements, func(p *Placement) bool {
		return (code == "" || p.Code == code) && (handler == "" || p.Handler == handler)
	})
	return Fields{"count": 2 * (before - len(c.st.Placements))}, nil
}

// Placements returns what a user sees at a placement: nothing before the installation is finished.
func (p *core) Placements(code string, user int64) []Placement {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []Placement
	u := p.user(user)
	for _, pl := range p.st.Placements {
		if p.st.App.Installed && pl.Code == code && u != nil && !u.NoApp && (pl.User == 0 || pl.User == user) {
			out = append(out, *pl)
		}
	}
	return out
}

// PlacementCall is the app opened in a frame: the POST of the portal's page.
type PlacementCall struct {
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

const maxCalls = 5000

// Open opens the app at a placement for a user, with new tokens of that user.
func (p *Portal) Open(user int64, placement, handler string, options Fields) PlacementCall {
	pair := p.Issue(user)
	app := p.cloud.App()
	o := PlacementCall{
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
	p.keepCall(&o)
	return o
}

// OpenApp opens the app's main page, or its installation page until the installation is finished.
func (p *Portal) OpenApp(user int64, options Fields) PlacementCall {
	app := p.cloud.App()
	handler := app.URL
	if !p.Installed() && app.Install != "" {
		handler = app.Install
	}
	return p.Open(user, "DEFAULT", handler, options)
}

// Request returns the POST as a browser sends it.
func (o PlacementCall) Request() (*http.Request, error) {
	r, err := http.NewRequest(http.MethodPost, o.URL, strings.NewReader(o.Form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r, nil
}

func (p *Portal) keepCall(o *PlacementCall) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.calls) >= maxCalls {
		for _, sid := range slices.Sorted(maps.Keys(p.calls))[:maxCalls/2] {
			delete(p.calls, sid)
		}
	}
	p.calls[o.SID] = o
}

// PlacementCall returns an opened frame by its APP_SID.
func (p *Portal) PlacementCall(sid string) (PlacementCall, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if o := p.calls[sid]; o != nil {
		return *o, true
	}
	return PlacementCall{}, false
}

// RefreshCall gives the frame a new token, as the parent window does for refreshAuth.
func (p *Portal) RefreshCall(sid string) (PlacementCall, bool) {
	o, ok := p.PlacementCall(sid)
	if !ok {
		return o, false
	}
	o.Pair = p.Issue(o.User)
	p.keepCall(&o)
	return o, true
}

// InitData returns the answer of the parent window to getInitData.
func (p *Portal) InitData(o PlacementCall) Fields {
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

// phpJSON returns a map as json_encode of PHP does, with escaped slashes; an empty map is [].
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
