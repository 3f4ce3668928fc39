package automation_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/bitrix24/bitrix24test/automation"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// start serves a portal with an app, and returns the portal, the address of the app's handler of robots and the forms that are posted to it.
func start(t *testing.T) (p *bitrix24test.Portal, handler string, posts chan url.Values) {
	t.Helper()
	posts = make(chan url.Values, 100)
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		form, err := url.ParseQuery(string(raw))
		if err != nil {
			t.Error(err)
		}
		posts <- form
	}))
	t.Cleanup(app.Close)
	p = bitrix24test.Start(t, func(c *bitrix24test.Config) { c.Limits.Off = true })
	p.Cloud().SetApp(func(a *bitrix24test.App) { a.URL = app.URL + "/" })
	p.FinishInstall(true)
	return p, app.URL + "/robots/form", posts
}

// mustCall returns the result of a call as the administrator and fails the test when it is refused.
func mustCall(t *testing.T, p *bitrix24test.Portal, method string, in php.Fields) any {
	t.Helper()
	out, err := p.Call(1, method, in)
	if err != nil || out.Failed() {
		t.Fatalf("%s: %v, %v", method, out.Body, err)
	}
	return out.Result()
}

// refusal calls a method as the user, returns the code and the text of its refusal and fails the test when there is none.
func refusal(t *testing.T, p *bitrix24test.Portal, user int64, method string, in php.Fields) string {
	t.Helper()
	out, err := p.Call(user, method, in)
	if err != nil || !out.Failed() {
		t.Fatalf("%s was not refused: %v, %v", method, out.Body, err)
	}
	return out.Error() + " " + php.Text(out.Body["error_description"])
}

// robotFields returns the parameters that add a robot.
func robotFields(code, handler string) php.Fields {
	return php.Fields{"CODE": code, "HANDLER": handler, "AUTH_USER_ID": 1, "USE_SUBSCRIPTION": "Y", "NAME": "Сформировать акт",
		"PROPERTIES":        php.Fields{"send": php.Fields{"Name": "Сразу передать", "Type": "bool", "Default": "N"}},
		"RETURN_PROPERTIES": php.Fields{"result": php.Fields{"Name": "Результат", "Type": "string"}}}
}

func TestRobotRegistration(t *testing.T) {
	p, handler, _ := start(t)
	for want, change := range map[string]php.Fields{
		"ERROR_ACTIVITY_VALIDATION_FAILURE Empty activity code!":     {"CODE": ""},
		"ERROR_ACTIVITY_VALIDATION_FAILURE Wrong activity code!":     {"CODE": "акт"},
		"ERROR_ACTIVITY_VALIDATION_FAILURE Empty activity NAME!":     {"NAME": " "},
		"ERROR_WRONG_HANDLER_URL Wrong handler URL":                  {"HANDLER": "https://elsewhere.example/robots"},
		"ERROR_UNSUPPORTED_PROTOCOL Unsupported handler protocol":    {"HANDLER": "ftp://elsewhere.example/robots"},
		"ERROR_ACTIVITY_VALIDATION_FAILURE Wrong property key (1a)!": {"PROPERTIES": php.Fields{"1a": php.Fields{"Name": "x"}}},
		"ERROR_ACTIVITY_VALIDATION_FAILURE Empty property NAME (a)!": {"PROPERTIES": php.Fields{"a": php.Fields{"Type": "x"}}},
	} {
		in := robotFields("form", handler)
		maps.Copy(in, change)
		if got := refusal(t, p, 1, "bizproc.robot.add", in); got != want {
			t.Errorf("bizproc.robot.add with %v: %s, want %s", change, got, want)
		}
	}
	if got := refusal(t, p, 2, "bizproc.robot.add", robotFields("form", handler)); got != "ACCESS_DENIED Access denied!" {
		t.Errorf("by a manager: %s, want a denial", got)
	}
	mustCall(t, p, "bizproc.robot.add", robotFields("form", handler))
	if got := refusal(t, p, 1, "bizproc.robot.add", robotFields("form", handler)); !strings.HasPrefix(got, "ERROR_ACTIVITY_ALREADY_INSTALLED") {
		t.Errorf("the same robot again: %s, want ERROR_ACTIVITY_ALREADY_INSTALLED", got)
	}
	mustCall(t, p, "bizproc.robot.update", php.Fields{"CODE": "form", "FIELDS": php.Fields{"NAME": "Иначе"}})
	if got := php.List(mustCall(t, p, "bizproc.robot.list", nil)); len(got) != 1 || got[0] != "form" {
		t.Errorf("robots = %v, want form", got)
	}
	if got := p.Automation.Snapshot().Robots; len(got) != 1 || got[0].Name != "Иначе" {
		t.Errorf("robots after the update = %+v, want one named Иначе", got)
	}
	p.UpdateApp(1)
	if got := php.List(mustCall(t, p, "bizproc.robot.list", nil)); len(got) != 0 {
		t.Errorf("robots after an update of the app = %v, want none", got)
	}
	p.Cloud().SetApp(func(a *bitrix24test.App) { a.Scope = "crm" })
	if got := refusal(t, p, 1, "bizproc.robot.list", nil); !strings.HasPrefix(got, "insufficient_scope") {
		t.Errorf("outside the scope: %s, want insufficient_scope", got)
	}
}

func TestRobotRuns(t *testing.T) {
	p, handler, posts := start(t)
	mustCall(t, p, "bizproc.robot.add", robotFields("form", handler))
	mustCall(t, p, "bizproc.robot.add", robotFields("send", handler))
	for _, r := range []automation.Rule{
		{StageID: "EXECUTING", Robot: "form", Properties: php.Fields{"send": "Y"}},
		{StageID: "EXECUTING", Robot: "send", Properties: php.Fields{"send": "{=form:result}"}},
	} {
		if _, err := p.Automation.Attach(r); err != nil {
			t.Fatal(err)
		}
	}
	deal := p.AddItem(bitrix24test.Deal, php.Fields{"stageId": "NEW"})
	if err := p.Move(2, bitrix24test.Deal, deal, "EXECUTING"); err != nil {
		t.Fatal(err)
	}
	first := <-posts
	if first.Get("code") != "form" || first.Get("document_id[2]") != "DEAL_"+php.Text(deal) || first.Get("properties[send]") != "Y" ||
		first.Get("auth[application_token]") != p.ApplicationToken() || first.Get("auth[access_token]") == "" || first.Get("use_subscription") != "Y" {
		t.Fatalf("posted %v, want the robot form of the deal with its property and the tokens of the app", first)
	}
	if got := refusal(t, p, 1, "bizproc.event.send", php.Fields{"EVENT_TOKEN": "unknown"}); got != "ACCESS_DENIED Access denied!" {
		t.Errorf("an unknown event token: %s, want a denial", got)
	}
	answer := php.Fields{"EVENT_TOKEN": first.Get("event_token"), "RETURN_VALUES": php.Fields{"result": "готово", "other": 1}, "LOG_MESSAGE": "Акт сформирован"}
	mustCall(t, p, "bizproc.event.send", answer)
	if got := refusal(t, p, 1, "bizproc.event.send", answer); got != "ACCESS_DENIED Access denied!" {
		t.Errorf("a second answer: %s, want a denial", got)
	}
	second := <-posts // posted after the answer of the first
	if second.Get("code") != "send" || second.Get("properties[send]") != "готово" {
		t.Fatalf("posted %v, want the robot send with the result of the first", second)
	}
	runs := p.Automation.Runs()
	if len(runs) != 2 || runs[0].State != automation.RunDone || runs[0].Values["other"] != nil || runs[0].Answers != 1 || runs[1].State != automation.RunWaits {
		t.Errorf("runs = %+v, want the first done with one answer and only its declared values, the second waiting", runs)
	}
	p.Automation.Configure(func(s *automation.State) { s.NoAppToken = true })
	p.Automation.Repeat(runs[1].ID)
	if repeated := <-posts; repeated.Get("event_token") != second.Get("event_token") || repeated.Has("auth[application_token]") {
		t.Errorf("repeated %v, want the same event token and no application token", repeated)
	}
	if err := p.Move(2, bitrix24test.Deal, deal, "NEW"); err != nil {
		t.Fatal(err)
	}
	if got := refusal(t, p, 1, "bizproc.event.send", php.Fields{"EVENT_TOKEN": second.Get("event_token")}); got != "ACCESS_DENIED Access denied!" {
		t.Errorf("an answer after the deal left the stage: %s, want a denial", got)
	}
}

func TestTriggers(t *testing.T) {
	p, _, _ := start(t)
	trigger := php.Fields{"CODE": "acts24_signed", "NAME": "Акт подписан"}
	if got := refusal(t, p, 2, "crm.automation.trigger.add", trigger); got != "ACCESS_DENIED Access denied! Admin permissions required" {
		t.Errorf("by a manager: %s, want a denial", got)
	}
	if got := refusal(t, p, 1, "crm.automation.trigger.add", php.Fields{"CODE": "Big", "NAME": "x"}); got != " Wrong trigger code!" {
		t.Errorf("a wrong code: %s, want Wrong trigger code!", got)
	}
	mustCall(t, p, "crm.automation.trigger.add", trigger)
	mustCall(t, p, "crm.automation.trigger.add", php.Fields{"CODE": "acts24_signed", "NAME": "Подписан"})
	if got := php.List(mustCall(t, p, "crm.automation.trigger.list", nil)); len(got) != 1 || php.Map(got[0])["NAME"] != "Подписан" {
		t.Errorf("triggers = %v, want one with the name given last", got)
	}
	if _, err := p.Automation.Attach(automation.Rule{StageID: "EXECUTING", Trigger: "acts24_signed"}); err != nil {
		t.Fatal(err)
	}
	deal := p.AddItem(bitrix24test.Deal, php.Fields{"stageId": "NEW"})
	execute := func(owner int64) php.Fields {
		return php.Fields{"CODE": "acts24_signed", "OWNER_TYPE_ID": 2, "OWNER_ID": owner}
	}
	mustCall(t, p, "crm.automation.trigger.execute", execute(deal))
	if got := p.Item(bitrix24test.Deal, deal)["stageId"]; got != "EXECUTING" {
		t.Errorf("the trigger moved the deal to %v, want EXECUTING", got)
	}
	mustCall(t, p, "crm.automation.trigger.execute", execute(999)) // a deal that does not exist is no error
	if got := refusal(t, p, 1, "crm.automation.trigger.execute", php.Fields{"CODE": "other", "OWNER_TYPE_ID": 2, "OWNER_ID": deal}); got != " Trigger with code other is not registered." {
		t.Errorf("an unknown trigger: %s, want not registered", got)
	}
	if err := p.Move(2, bitrix24test.Deal, deal, "WON"); err != nil {
		t.Fatal(err)
	}
	mustCall(t, p, "crm.automation.trigger.execute", execute(deal))
	if got := p.Item(bitrix24test.Deal, deal)["stageId"]; got != "WON" {
		t.Errorf("the trigger moved the deal back to %v, want WON", got)
	}
}

func TestBadgeOnACard(t *testing.T) {
	p, _, _ := start(t)
	badge := php.Fields{"code": "acts24-unsigned", "title": "Акт", "value": "Акт не подписан", "type": "warning"}
	if got := refusal(t, p, 2, "crm.activity.badge.add", badge); !strings.HasPrefix(got, "ACCESS_DENIED") {
		t.Errorf("by a manager: %s, want a denial", got)
	}
	mustCall(t, p, "crm.activity.badge.add", badge)
	if got := refusal(t, p, 1, "crm.activity.badge.add", badge); got != " Badge already exists" {
		t.Errorf("a code in use: %s, want Badge already exists", got)
	}
	deal := p.AddItem(bitrix24test.Deal, php.Fields{"stageId": "NEW"})
	layout := php.Fields{"icon": php.Fields{"code": "info"}, "header": php.Fields{"title": "Акт № 5"}, "body": php.Fields{"logo": php.Fields{"code": "document"}}}
	add := func(code string, layout php.Fields) php.Fields {
		return php.Fields{"ownerTypeId": 2, "ownerId": deal, "fields": php.Fields{"badgeCode": code, "originatorId": "acts24", "originId": "badge-1"}, "layout": layout}
	}
	if got := refusal(t, p, 1, "crm.activity.configurable.add", add("other", layout)); !strings.HasPrefix(got, "WRONG_FIELD_VALUE") {
		t.Errorf("an unknown badge: %s, want WRONG_FIELD_VALUE", got)
	}
	if got := refusal(t, p, 1, "crm.activity.configurable.add", add("acts24-unsigned", php.Fields{})); !strings.HasPrefix(got, "ERROR_EMPTY_LAYOUT") {
		t.Errorf("no layout: %s, want ERROR_EMPTY_LAYOUT", got)
	}
	activity := php.Map(php.Map(mustCall(t, p, "crm.activity.configurable.add", add("acts24-unsigned", layout)))["activity"])
	if b, ok := p.Automation.BadgeOf(deal); !ok || b.Value != "Акт не подписан" {
		t.Errorf("badge of the deal = %v, %v; want Акт не подписан", b, ok)
	}
	found := php.List(mustCall(t, p, "crm.activity.list", php.Fields{"filter": php.Fields{"ORIGINATOR_ID": "acts24", "ORIGIN_ID": "badge-1"}}))
	if len(found) != 1 || php.Map(found[0])["PROVIDER_ID"] != "CONFIGURABLE_REST_APP" {
		t.Errorf("activities by origin = %v, want one of CONFIGURABLE_REST_APP", found)
	}
	mustCall(t, p, "crm.activity.configurable.update", php.Fields{"id": activity["id"], "fields": php.Fields{"completed": "Y"}, "layout": layout})
	if b, ok := p.Automation.BadgeOf(deal); ok {
		t.Errorf("badge of the deal = %v after the activity was completed, want none", b)
	}
	if got := refusal(t, p, 1, "crm.activity.configurable.update", php.Fields{"id": 999, "fields": php.Fields{"completed": "Y"}, "layout": layout}); !strings.HasPrefix(got, "NOT_FOUND") {
		t.Errorf("an unknown activity: %s, want NOT_FOUND", got)
	}
}
