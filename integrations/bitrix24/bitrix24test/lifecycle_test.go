package bitrix24test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// inbox is an app that stores the events it receives.
type inbox struct {
	mu    sync.Mutex
	forms []Fields
	url   string
}

func newInbox(t *testing.T, status int) *inbox {
	box := &inbox{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		form, err := php.ParseBrackets(string(raw))
		if err != nil {
			t.Error(err)
		}
		box.mu.Lock()
		box.forms = append(box.forms, form)
		box.mu.Unlock()
		w.WriteHeader(status)
	}))
	t.Cleanup(srv.Close)
	box.url = srv.URL
	return box
}

// got returns and removes the received events.
func (b *inbox) got(p *Portal) []Fields {
	p.Drain()
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.forms
	b.forms = nil
	return out
}

func TestPlacementsAppearAfterInstall(t *testing.T) {
	p := Start(t, unlimited)
	bind := Fields{"PLACEMENT": "CRM_DEAL_DETAIL_TAB", "HANDLER": "https://app.example/deal", "LANG_ALL": Fields{"ru": Fields{"TITLE": "Акты"}}}
	p.refused(t, 2, "placement.bind", bind)
	p.must(t, 1, "placement.bind", bind)
	if r := p.refused(t, 1, "placement.bind", bind); r.Body["error_description"] != "Unable to set placement handler: Handler already binded" {
		t.Errorf("twice: %v", r.Body)
	}
	for code, handler := range map[string]string{
		"ERROR_PLACEMENT_NOT_FOUND": "https://app.example", "ERROR_WRONG_HANDLER_URL": "/deal", "ERROR_UNSUPPORTED_PROTOCOL": "ftp://app.example/",
	} {
		spot := "CRM_COMPANY_DETAIL_TAB"
		if code == "ERROR_PLACEMENT_NOT_FOUND" {
			spot = "CRM_DYNAMIC_1030_DETAIL_TAB"
		}
		if r := p.refused(t, 1, "placement.bind", Fields{"PLACEMENT": spot, "HANDLER": handler}); r.Error() != code {
			t.Errorf("%s: %v", code, r.Body)
		}
	}
	if got := p.Placements("CRM_DEAL_DETAIL_TAB", 2); len(got) != 0 {
		t.Errorf("visible before the install is finished: %v", got)
	}
	p.FinishInstall(true)
	if got := p.Placements("CRM_DEAL_DETAIL_TAB", 2); len(got) != 1 || got[0].Title != "Акты" {
		t.Errorf("placements = %v", got)
	}
	bound := php.Map(php.List(p.must(t, 1, "placement.get", nil).Result())[0])
	if _, isList := bound["options"].([]any); !isList || bound["userId"] != 0.0 {
		t.Errorf("placement.get = %v", bound)
	}
	if got := p.must(t, 1, "placement.unbind", Fields{"PLACEMENT": "CRM_DEAL_DETAIL_TAB"}).Map()["count"]; got != 2.0 {
		t.Errorf("count = %v", got)
	}
}

func TestOpening(t *testing.T) {
	p := Start(t, unlimited)
	o := p.Open(2, "CRM_DEAL_DETAIL_TAB", "http://app.example/deal?x=1", Fields{"ID": "15", "URI": "/crm/deal/details/15/"})
	u, err := url.Parse(o.URL)
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(p.URL(), "http://")
	if q := u.Query(); q.Get("DOMAIN") != host || q.Get("PROTOCOL") != "0" || q.Get("APP_SID") != o.SID || q.Get("x") != "1" {
		t.Errorf("query = %v", u.RawQuery)
	}
	if o.Window != host+"|0|"+o.SID {
		t.Errorf("name of the frame = %s", o.Window)
	}
	if got := o.Form.Get("PLACEMENT_OPTIONS"); got != `{"ID":"15","URI":"\/crm\/deal\/details\/15\/"}` {
		t.Errorf("options = %s", got)
	}
	if o.Form.Get("APPLICATION_TOKEN") != p.ApplicationToken() || o.Form.Get("member_id") != p.MemberID() {
		t.Errorf("form = %v", o.Form)
	}
	r, err := p.CallAs(o.Form.Get("AUTH_ID"), "profile", nil)
	if err != nil || r.Map()["ID"] != "2" || r.Map()["ADMIN"] != false {
		t.Errorf("the token's user: %v %v", r.Body, err)
	}
	again, ok := p.RefreshCall(o.SID)
	if !ok || again.Pair.Access == o.Pair.Access || p.InitData(again)["AUTH_ID"] != again.Pair.Access {
		t.Errorf("refreshAuth: %v", ok)
	}
	req, err := o.Request()
	if err != nil || req.FormValue("PLACEMENT") != "CRM_DEAL_DETAIL_TAB" {
		t.Errorf("request: %v", err)
	}
}

func TestEvents(t *testing.T) {
	p := Start(t, unlimited, func(c *Config) { c.EventDelay = time.Millisecond })
	box := newInbox(t, 500)
	_, entityType := withActs(t, p)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	for _, event := range []string{"ONCRMDEALUPDATE", "onCrmDynamicItemAdd_1030", "ONAPPUNINSTALL", "ONAPPUPDATE"} {
		p.must(t, 1, "event.bind", Fields{"event": event, "handler": box.url})
	}
	if r := p.refused(t, 1, "event.bind", Fields{"event": "ONSOMETHING", "handler": box.url}); r.Error() != "ERROR_EVENT_NOT_FOUND" {
		t.Errorf("unknown event: %v", r.Body)
	}
	p.refused(t, 1, "event.bind", Fields{"event": "ONCRMDEALUPDATE", "handler": box.url})
	if err := p.Move(2, Deal, deal, "EXECUTING"); err != nil {
		t.Fatal(err)
	}
	if got := box.got(p); len(got) != 0 {
		t.Errorf("sent before the install is finished: %v", got)
	}
	p.FinishInstall(true)
	if err := p.Move(2, Deal, deal, "WON"); err != nil {
		t.Fatal(err)
	}
	got := box.got(p)
	if len(got) != 1 || php.Map(php.Map(got[0]["data"])["FIELDS"])["ID"] != "1" || got[0]["event_handler_id"] == nil {
		t.Fatalf("events = %v", got)
	}
	auth := php.Map(got[0]["auth"])
	if auth["application_token"] != p.ApplicationToken() || auth["refresh_token"] != nil || auth["expires_in"] != "3600" {
		t.Errorf("auth = %v", auth)
	}
	if r, err := p.CallAs(php.Text(auth["access_token"]), "profile", nil); err != nil || r.Map()["ID"] != "2" {
		t.Errorf("the token of the one who acted: %v", r.Body)
	}
	if err := p.Change(0, Deal, deal, Fields{"title": "робот"}); err != nil {
		t.Fatal(err)
	}
	if got := box.got(p); len(got) != 1 || php.Map(got[0]["auth"])["access_token"] != nil {
		t.Errorf("a robot's event carries a token: %v", got)
	}
	if err := p.Fault(Fault{Kind: DropEvents, Count: 1}); err != nil {
		t.Fatal(err)
	}
	if err := p.Change(2, Deal, deal, Fields{"title": "потеряно"}); err != nil {
		t.Fatal(err)
	}
	if got := box.got(p); len(got) != 0 {
		t.Errorf("a dropped event came: %v", got)
	}
	if _, err := p.Create(2, int(entityType), Fields{"parentId2": deal}); err != nil {
		t.Fatal(err)
	}
	if got := box.got(p); len(got) != 1 || php.Map(php.Map(got[0]["data"])["FIELDS"])["ENTITY_TYPE_ID"] != "1030" {
		t.Errorf("the event of one type: %v", got)
	}
}

func TestLifeOfTheApp(t *testing.T) {
	box := newInbox(t, 200)
	p := NewCloud(App{Install: box.url}).Start(t, unlimited)
	p.SendInstall(1)
	got := box.got(p)
	if len(got) != 1 || got[0]["event"] != "ONAPPINSTALL" || php.Map(got[0]["auth"])["refresh_token"] == nil {
		t.Fatalf("install = %v", got)
	}
	p.FinishInstall(true)
	p.must(t, 1, "event.bind", Fields{"event": "ONAPPUPDATE", "handler": box.url})
	old := p.ApplicationToken()
	p.UpdateApp(1)
	got = box.got(p)
	if len(got) != 1 || php.Map(got[0]["auth"])["application_token"] != p.ApplicationToken() || p.ApplicationToken() == old {
		t.Errorf("update = %v", got)
	}
	if left := php.List(p.must(t, 1, "event.get", nil).Result()); len(left) != 0 {
		t.Errorf("handlers survived the update: %v", left)
	}
	p.must(t, 1, "event.bind", Fields{"event": "ONAPPUNINSTALL", "handler": box.url})
	p.Uninstall(true)
	got = box.got(p)
	if len(got) != 1 || php.Map(got[0]["auth"])["access_token"] != nil || php.Map(got[0]["data"])["CLEAN"] != "1" {
		t.Errorf("uninstall = %v", got)
	}
	p.Reinstall()
	if info := p.must(t, 1, "app.info", nil).Map(); info["INSTALLED"] != false || info["LICENSE_FAMILY"] != "std" {
		t.Errorf("app.info = %v", info)
	}
}
