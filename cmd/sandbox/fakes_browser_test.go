//go:build e2e

package main

import (
	"context"
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// standIn is an app that reports to its server what it receives from the portal's library.
var standIn = template.Must(template.New("app").Parse(`<!DOCTYPE html><meta charset="utf-8"><title>app</title>
<script src="{{.Portal}}/api/v1/"></script>
<script>
const say = (t) => fetch("/said", { method: "POST", body: t, keepalive: true });
BX24.init(() => {
	const place = BX24.placement.info();
	say("opened " + place.placement + " " + (place.options.ID || ""));
	say("auth " + (BX24.getAuth().expires_in > Date.now()) + " admin " + BX24.isAdmin());
	BX24.callMethod("profile", {}, (r) => {
		say("profile " + r.data().ID);
		if (location.pathname === "/install") BX24.installFinish(); // the portal shows another page then
	});
	BX24.refreshAuth((a) => say("refreshed " + a.access_token.length));
	BX24.resizeWindow("100%", 777, (s) => say("height " + s.height));
	BX24.placement.getInterface((i) => say("commands " + i.command));
	if (location.pathname === "/" && place.options.act) say("params " + JSON.stringify(place.options));
	if (location.pathname === "/list") BX24.openApplication({ act: 5 }, () => say("application closed"), { title: "Акт" });
	if (location.pathname === "/deal") BX24.openPath("/crm/company/details/3/", (r) => say("slider " + r.result));
	BX24.openPath("/settings/", (r) => say("forbidden " + r.errorCode));
});
</script>`))

// stage is a seeded portal with the stand-in app on another site and the reports of that app.
type stage struct {
	portal  *bitrix24test.Portal
	reports chan string
	ctx     context.Context
}

func newStage(t *testing.T) *stage {
	t.Helper()
	cloud := bitrix24test.NewCloud(bitrix24test.App{})
	s := &stage{portal: cloud.AddPortal(bitrix24test.Config{Limits: bitrix24test.Limits{Off: true}}), reports: make(chan string, 100)}
	portal := httptest.NewServer(s.portal)
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/said" {
			raw, _ := io.ReadAll(r.Body)
			s.reports <- string(raw)
			return
		}
		_ = standIn.Execute(w, map[string]string{"Portal": portal.URL})
	}))
	t.Cleanup(func() { app.Close(); portal.Close(); _ = s.portal.Close() })
	appURL := strings.Replace(app.URL, "127.0.0.1", "localhost", 1)
	cloud.SetApp(func(a *bitrix24test.App) { a.URL, a.Install = appURL+"/", appURL+"/install" })
	cloud.SetURL(portal.URL)
	s.portal.SetURL(portal.URL)
	seedPortal(s.portal)
	s.portal.SetPages(newPortalPages(s.portal, cloud.App().Code))
	bind := bitrix24test.Fields{"PLACEMENT": "CRM_DEAL_DETAIL_TAB", "HANDLER": appURL + "/deal", "TITLE": "Акты"}
	if r, err := s.portal.Call(s.portal.Admin(), "placement.bind", bind); err != nil || r.Failed() {
		t.Fatal(r.Body, err)
	}
	s.ctx = newBrowser(t)
	return s
}

func (s *stage) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(s.ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// awaitReports waits until the app has reported all words, in any order.
func (s *stage) awaitReports(t *testing.T, words ...string) {
	t.Helper()
	missing := map[string]bool{}
	for _, w := range words {
		missing[w] = true
	}
	for len(missing) > 0 {
		select {
		case report := <-s.reports:
			delete(missing, report)
		case <-s.ctx.Done():
			t.Fatalf("the app has not reported %v", missing)
		}
	}
}

func TestInstallInTheBrowser(t *testing.T) {
	s := newStage(t)
	s.do(t, chromedp.Navigate(s.portal.URL()+"/marketplace/install/"+s.portal.Cloud().App().Code+"/?as=1"))
	s.awaitReports(t, "opened DEFAULT ", "auth true admin true", "profile 1")
	s.do(t, chromedp.WaitVisible(`//nav[@id="menu"][not(contains(., "Установить"))]`))
	if !s.portal.Installed() {
		t.Error("the installation has not finished")
	}
}

func TestDealTabInTheBrowser(t *testing.T) {
	s := newStage(t)
	s.portal.FinishInstall(true)
	s.do(t, chromedp.Navigate(s.portal.URL()+"/crm/deal/details/1/?tab=acts"))
	s.awaitReports(t, "opened CRM_DEAL_DETAIL_TAB 1", "auth true admin false", "profile 2", "refreshed 70", "height 777", "commands reloadData", "forbidden PATH_NOT_AVAILABLE")
	inside, err := chromedp.Run(s.ctx, chromedp.AttributeValue(".slider iframe", "src"))
	if err != nil || !strings.HasSuffix(inside.Value, "/crm/company/details/3/?IFRAME=Y") {
		t.Errorf("the slider shows %s, %v", inside.Value, err)
	}
	s.do(t, chromedp.Click(".slider button"))
	s.awaitReports(t, "slider close")
}

// openApplication opens the app's main address with the parameters as texts and answers only when its slider is closed.
func TestOpenApplicationInTheBrowser(t *testing.T) {
	s := newStage(t)
	s.portal.FinishInstall(true)
	bind := bitrix24test.Fields{"PLACEMENT": "CRM_COMPANY_DETAIL_TAB", "HANDLER": strings.TrimSuffix(s.portal.Cloud().App().URL, "/") + "/list", "TITLE": "Акты"}
	if r, err := s.portal.Call(s.portal.Admin(), "placement.bind", bind); err != nil || r.Failed() {
		t.Fatal(r.Body, err)
	}
	s.do(t, chromedp.Navigate(s.portal.URL()+"/crm/company/details/3/?tab=acts"))
	s.awaitReports(t, "opened CRM_COMPANY_DETAIL_TAB 3", "opened DEFAULT ", `params {"act":"5","bx24_title":"Акт"}`, "commands ")
	s.do(t, chromedp.Click(".slider button"))
	s.awaitReports(t, "application closed")
}

func TestPageFollowsTheStage(t *testing.T) {
	s := newStage(t)
	s.do(t, chromedp.Navigate(s.portal.URL()+"/crm/deal/details/1/"), chromedp.WaitVisible(`[data-testid="deal-stage"]`))
	if err := s.portal.Move(1, bitrix24test.Deal, 1, "UC_SENT"); err != nil {
		t.Fatal(err)
	}
	s.do(t, chromedp.WaitVisible(`//b[@data-testid="deal-stage"][text()="Акт направлен заявителю"]`))
	s.do(t, chromedp.Click(`[data-testid="stage-WON"]`), chromedp.WaitVisible(`//b[@data-testid="deal-stage"][text()="Услуга оказана"]`))
	if got := s.portal.Item(bitrix24test.Deal, 1); got["stageId"] != "WON" || got["movedBy"] != 2.0 {
		t.Errorf("the deal is at %v", got["stageId"])
	}
}

// The fake SBIS in a browser: pages update themselves, buttons work, a comment being typed is kept.
func TestSBISPagesInBrowser(t *testing.T) {
	c := newSBISFixture(t)
	tab := newBrowser(t)
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(tab, steps...); err != nil {
			t.Fatal(err)
		}
	}
	testid := func(id string) string { return `[data-testid="` + id + `"]` }

	do(chromedp.Navigate(c.server.URL()+"/"), chromedp.WaitVisible(testid("sbis-empty")))
	id := c.put(sampleBuyer)
	do(chromedp.WaitVisible(testid("sbis-doc-"+id)), // appeared without a reload
		chromedp.Click(testid("sbis-doc-"+id)+" a"),
		chromedp.WaitVisible(testid("sbis-sign-by-us")),
		chromedp.Click(testid("sbis-sign-by-us")),
		chromedp.WaitVisible(testid("sbis-reject")),
		chromedp.SendKeys(testid("sbis-comment-counterparty"), "Не та сумма"),
		chromedp.Click(testid("sbis-reject")),
		chromedp.WaitVisible(testid("sbis-comment")))
	if doc, _ := c.server.Document(id); doc.State != 9 || doc.Comment != "Не та сумма" {
		t.Errorf("state %d, comment %q", doc.State, doc.Comment)
	}
	if err := c.server.PerformMove(id, sbistest.MoveRequest{Move: sbistest.MoveAnnul, By: "counterparty"}); err != nil {
		t.Fatal(err)
	}
	do(chromedp.WaitVisible(testid("sbis-agree-annulment"))) // appeared without a reload
}
