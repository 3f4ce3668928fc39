package bitrix24test

import (
	"net/url"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// dealTab are the parameters that bind our tab of a deal.
var dealTab = Fields{"PLACEMENT": "CRM_DEAL_DETAIL_TAB", "HANDLER": "https://app.example/deal", "LANG_ALL": Fields{"ru": Fields{"TITLE": "Акты"}}}

func TestPlacementBindRefuses(t *testing.T) {
	p := Start(t, unlimited)
	p.refusedWith(t, 2, "placement.bind", dealTab, "ACCESS_DENIED", "Access denied!") // no administrator
	p.mustCall(t, 1, "placement.bind", dealTab)
	p.refusedWith(t, 1, "placement.bind", dealTab, "ERROR_CORE", "Unable to set placement handler: Handler already binded")
	for code, tt := range map[string]struct{ placement, handler string }{
		"ERROR_PLACEMENT_NOT_FOUND":  {"CRM_DYNAMIC_1030_DETAIL_TAB", "https://app.example"},
		"ERROR_WRONG_HANDLER_URL":    {"CRM_COMPANY_DETAIL_TAB", "/deal"},
		"ERROR_UNSUPPORTED_PROTOCOL": {"CRM_COMPANY_DETAIL_TAB", "ftp://app.example/"},
	} {
		if r := p.refusedCall(t, 1, "placement.bind", Fields{"PLACEMENT": tt.placement, "HANDLER": tt.handler}); r.Error() != code {
			t.Errorf("%s at %s: %v, want %s", tt.placement, tt.handler, r.Body, code)
		}
	}
}

func TestPlacementsAppearAfterInstall(t *testing.T) {
	p := Start(t, unlimited)
	p.mustCall(t, 1, "placement.bind", dealTab)
	if got := p.Placements("CRM_DEAL_DETAIL_TAB", 2); len(got) != 0 {
		t.Errorf("placements before the installation is finished = %v, want none", got)
	}
	p.FinishInstall(true)
	if got := p.Placements("CRM_DEAL_DETAIL_TAB", 2); len(got) != 1 || got[0].Title != "Акты" {
		t.Errorf("placements = %v, want one with the title Акты", got)
	}
}

func TestPlacementGetAndUnbind(t *testing.T) {
	p := Start(t, unlimited)
	p.mustCall(t, 1, "placement.bind", dealTab)
	bound := php.Map(php.List(p.mustCall(t, 1, "placement.get", nil).Result())[0])
	if _, isList := bound["options"].([]any); !isList || bound["userId"] != 0.0 {
		t.Errorf("placement.get = %v, want options as an empty list and no user", bound)
	}
	if got := p.mustCall(t, 1, "placement.unbind", Fields{"PLACEMENT": "CRM_DEAL_DETAIL_TAB"}).Map()["count"]; got != 2.0 {
		t.Errorf("count = %v, want 2: the portal counts a placement twice", got)
	}
}

func TestPlacementCall(t *testing.T) {
	p := Start(t, unlimited)
	opened := p.Open(2, "CRM_DEAL_DETAIL_TAB", "http://app.example/deal?x=1", Fields{"ID": "15", "URI": "/crm/deal/details/15/"})
	u, err := url.Parse(opened.URL)
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(p.URL(), "http://")
	if q := u.Query(); q.Get("DOMAIN") != host || q.Get("PROTOCOL") != "0" || q.Get("APP_SID") != opened.SID || q.Get("x") != "1" {
		t.Errorf("query = %v, want the host, PROTOCOL 0, the frame %s and the parameter of the handler", u.RawQuery, opened.SID)
	}
	if want := host + "|0|" + opened.SID; opened.Window != want {
		t.Errorf("name of the frame = %s, want %s", opened.Window, want)
	}
	if got, want := opened.Form.Get("PLACEMENT_OPTIONS"), `{"ID":"15","URI":"\/crm\/deal\/details\/15\/"}`; got != want {
		t.Errorf("options = %s, want %s", got, want)
	}
	if opened.Form.Get("APPLICATION_TOKEN") != p.ApplicationToken() || opened.Form.Get("member_id") != p.MemberID() {
		t.Errorf("form = %v, want the application token and the member id of the portal", opened.Form)
	}
	r, err := p.CallAs(opened.Form.Get("AUTH_ID"), "profile", nil)
	if err != nil || r.Map()["ID"] != "2" || r.Map()["ADMIN"] != false {
		t.Errorf("profile with the token of the form: %v %v, want user 2, no administrator", r.Body, err)
	}
	refreshed, ok := p.RefreshCall(opened.SID)
	if !ok || refreshed.Pair.Access == opened.Pair.Access || p.InitData(refreshed)["AUTH_ID"] != refreshed.Pair.Access {
		t.Errorf("RefreshCall finds the call: %v; want a new token, the same in InitData", ok)
	}
	req, err := opened.Request()
	if err != nil {
		t.Fatal(err)
	}
	if req.FormValue("PLACEMENT") != "CRM_DEAL_DETAIL_TAB" {
		t.Errorf("Request has the placement %q, want CRM_DEAL_DETAIL_TAB", req.FormValue("PLACEMENT"))
	}
}
