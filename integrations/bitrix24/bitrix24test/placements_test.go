package bitrix24test

import (
	"net/url"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestPlacementsAppearAfterInstall(t *testing.T) {
	p := Start(t, unlimited)
	bind := Fields{"PLACEMENT": "CRM_DEAL_DETAIL_TAB", "HANDLER": "https://app.example/deal", "LANG_ALL": Fields{"ru": Fields{"TITLE": "Акты"}}}
	p.refusedCall(t, 2, "placement.bind", bind)
	p.mustCall(t, 1, "placement.bind", bind)
	if r := p.refusedCall(t, 1, "placement.bind", bind); r.Body["error_description"] != "Unable to set placement handler: Handler already binded" {
		t.Errorf("twice: %v", r.Body)
	}
	for code, handler := range map[string]string{
		"ERROR_PLACEMENT_NOT_FOUND": "https://app.example", "ERROR_WRONG_HANDLER_URL": "/deal", "ERROR_UNSUPPORTED_PROTOCOL": "ftp://app.example/",
	} {
		spot := "CRM_COMPANY_DETAIL_TAB"
		if code == "ERROR_PLACEMENT_NOT_FOUND" {
			spot = "CRM_DYNAMIC_1030_DETAIL_TAB"
		}
		if r := p.refusedCall(t, 1, "placement.bind", Fields{"PLACEMENT": spot, "HANDLER": handler}); r.Error() != code {
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
	bound := php.Map(php.List(p.mustCall(t, 1, "placement.get", nil).Result())[0])
	if _, isList := bound["options"].([]any); !isList || bound["userId"] != 0.0 {
		t.Errorf("placement.get = %v", bound)
	}
	if got := p.mustCall(t, 1, "placement.unbind", Fields{"PLACEMENT": "CRM_DEAL_DETAIL_TAB"}).Map()["count"]; got != 2.0 {
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
