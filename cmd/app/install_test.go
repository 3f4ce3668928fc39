package app_test

import "acts24/integrations/bitrix24/bitrix24test/contract"

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store/storetest"
)

// bare runs the program with portals on which it was never installed.
func bare(t *testing.T, portals int, options ...func(*bitrix24test.Config)) *site {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := apptest.NewWorld(t, "http://"+listener.Addr().String(), portals, options...)
	dsn, owner := storetest.DSN(t)
	s := &site{World: w, t: t, logs: &logs{t: t}, clock: &clock{}, owner: owner, cfg: w.Config(dsn, 0.02), portal: w.Portals[0]}
	a, stop := s.serve(s.clock, listener)
	t.Cleanup(stop)
	s.app, s.manager = a, apptest.NewVisitor(s.portal, s.portal.Manager(), w.AppURL)
	return s
}

func (s *site) admin() *apptest.Visitor {
	return apptest.NewVisitor(s.portal, s.portal.Admin(), s.AppURL)
}

// writes returns the methods that have changed something on the portals since the journal was reset.
func (s *site) writes() (methods []string) {
	for _, l := range s.Cloud.Trace().Lines() {
		if m := contract.Methods[l.Method]; m.Kind == "write" {
			methods = append(methods, l.Method)
		}
	}
	return methods
}

// looks returns the number of HTTP requests since the journal was reset that read our objects in the portal
// or the user who opened the app.
func (s *site) looks() int {
	seen := map[int64]bool{}
	for _, l := range s.Cloud.Trace().Lines() {
		switch l.Method {
		case "profile", "event.get", "crm.status.list", "userfieldconfig.list", "crm.category.list", "crm.item.fields", "userfieldconfig.get":
			seen[l.HTTP] = true
		}
	}
	return len(seen)
}

func (s *site) installState(admin *apptest.Visitor, state string) (doc *goquery.Document) {
	s.t.Helper()
	s.await("the installation is "+state, func() bool {
		p, err := admin.Get("/p/1/install")
		if err != nil {
			s.t.Fatal(err)
		}
		doc, err = goquery.NewDocumentFromReader(strings.NewReader(p.Body))
		return err == nil && testid(doc, "install-"+state).Length() == 1
	})
	return doc
}

// An administrator sees what will be created and confirms it; until then other users read whom to ask. Existing objects
// stay.
func TestInstallationAsksFirst(t *testing.T) {
	t.Parallel()
	s := bare(t, 1)
	s.portal.AddCategory(bitrix24test.Category{ID: 4, EntityTypeID: bitrix24test.Deal, Name: "Выставки", Sort: 400})
	for i, stage := range []bitrix24test.Stage{{StatusID: "NEW", Name: "Новая"}, {StatusID: "X", Name: "ОДОБРЕНО  комиссией"}, {StatusID: "LAST", Name: "В работе"},
		{StatusID: "WON", Name: "Успех", Semantics: "S"}, {StatusID: "LOSE", Name: "Провал", Semantics: "F"}} {
		stage.Sort = int64(i+1) * 10
		s.portal.AddStage(bitrix24test.Deal, 4, stage)
	}
	admin := s.admin()
	opened, err := admin.Open("DEFAULT", "/install", 0)
	doc := s.page(opened, err, http.StatusOK)
	if opened.Path != "/p/1/install" || len(s.writes()) > 0 || len(s.portal.Types()) > 0 {
		t.Errorf("at %s something was made without asking: %v", opened.Path, s.writes())
	}
	plan := testid(doc, "install-plan").Text()
	for _, want := range []string{"смарт-процесс «Акты»", "7" + nbsp + "стадий актов", "23" + nbsp + "поля", "6" + nbsp + "мест в карточках", "подписок на события", defaultWords,

		"Создать в воронке «Выставки»: «Подготовка акта», «Акт направлен заявителю», «Услуга оказана», «Услуга оказана, есть замечания»"} {
		if !strings.Contains(plan, want) {
			t.Errorf("the plan does not show %q:\n%s", want, strings.Join(strings.Fields(plan), " "))
		}
	}
	if checks := testid(doc, "install-checks").Find("li"); checks.Length() != 3 || checks.Filter(".ok").Length() != 3 {
		t.Errorf("the checks: %s", checks.Text())
	}
	early, err := s.manager.OpenDeal(s.deal(1))
	if doc := s.page(early, err, http.StatusServiceUnavailable); !strings.Contains(doc.Text(), "Приложение ещё настраивается") || !strings.Contains(doc.Text(), "Анна Администратова") {
		t.Errorf("a manager reads %s", doc.Text())
	}
	if early, err := admin.Get("/p/1/settings"); err != nil || early.Path != "/p/1/install" {
		t.Errorf("the administrator is redirected to %s, %v", early.Path, err)
	}
	asked, err := admin.Post("/p/1/install", url.Values{"pipeline": {"4"}})
	s.page(asked, err, http.StatusOK)
	doc = s.installState(admin, "done")
	if steps := doc.Find(".steps li"); steps.Length() != 7 || steps.Filter(".done").Length() != 7 {
		t.Errorf("steps: %s", steps.Text())
	}
	var names []string
	for _, stage := range s.portal.Stages(bitrix24test.Deal, 4) {
		names = append(names, stage.Name)
	}
	want := []string{"Новая", "Подготовка акта", "ОДОБРЕНО  комиссией", "Акт направлен заявителю", "Услуга оказана", "Услуга оказана, есть замечания", "В работе", "Успех", "Провал"}
	if !slices.Equal(names, want) {
		t.Errorf("the pipeline is %q, want %q", names, want)
	}
	s.portal.FinishInstall(true)
	if led, err := admin.Open("DEFAULT", "/placement/menu", 0); err != nil || led.Path != "/p/1/settings" {
		t.Errorf("after the installation the administrator is redirected to %s, %v", led.Path, err)
	}
	if led, err := admin.Open("DEFAULT", "/placement/menu", 0); err != nil || led.Path != "/p/1/acts" {
		t.Errorf("later the administrator is redirected to %s, %v", led.Path, err)
	}
	settings, err := admin.Get("/p/1/settings")
	doc = s.page(settings, err, http.StatusOK)
	for item, done := range map[string]bool{"stages": true, "account": false, "companies": false, "people": false, "rights": false, "act": false} {
		if _, is := testid(doc, "todo-"+item).Attr("data-done"); is != done {
			t.Errorf("%s is done: %v, want %v", item, is, done)
		}
	}
	marked, err := admin.Post("/p/1/settings/todo/rights", nil)
	if _, is := testid(s.page(marked, err, http.StatusOK), "todo-rights").Attr("data-done"); !is {
		t.Error("the rights are not marked as given")
	}
}

const nbsp = "\u00a0"

// Where nothing is missing an installation reads three times and writes nothing.
func TestInstallationOfAnInstalledPortal(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.Cloud.Trace().Reset()
	opened, err := s.admin().Open("DEFAULT", "/install", 0)
	doc := s.page(opened, err, http.StatusOK)
	if testid(doc, "install-done").Length() != 1 {
		t.Errorf("the page shows %s", doc.Text())
	}
	if n := s.looks(); n != 3 || len(s.writes()) > 0 {
		t.Errorf("%d calls and the writes %v, want three calls that read", n, s.writes())
	}
}

// An interrupted installation continues: existing objects are found, the rest is created, and nothing twice.
func TestInstallationThatWasCutOff(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.portal.DropHandlers()
	fields := len(s.portal.UserFields("CRM_DEAL"))
	s.sql(`UPDATE portals SET state = 'installing'; UPDATE installs SET state = 'running';
		UPDATE install_steps SET done = false, made = '[]' WHERE part IN ('places', 'events', 'names');
		INSERT INTO install_turns (portal_id, repair, fence, tries) VALUES (1, false, 7, 1)`)
	s.app.Wake()
	doc := s.installState(s.opened(), "done")
	if doc.Find(".steps li.done").Length() != 7 || !strings.Contains(testid(doc, "step-events").Text(), "создано: 13") {
		t.Errorf("steps: %s", doc.Find(".steps").Text())
	}
	if len(s.portal.Types()) != 1 || len(s.portal.UserFields("CRM_DEAL")) != fields || len(s.portal.Handlers()) != 13 {
		t.Errorf("%d smart processes, %d fields, %d handlers", len(s.portal.Types()), len(s.portal.UserFields("CRM_DEAL")), len(s.portal.Handlers()))
	}
}

// When the portal refuses a part, the page shows the reason, and «Повторить» continues with what exists.
func TestInstallationGoesOn(t *testing.T) {
	t.Parallel()
	s := bare(t, 1)
	if err := s.portal.Fault(bitrix24test.Fault{Kind: bitrix24test.Refuse, Method: "event.bind", Status: http.StatusForbidden, Code: "ACCESS_DENIED", Text: "Нет прав"}); err != nil {
		t.Fatal(err)
	}
	admin := s.admin()
	opened, err := admin.Open("DEFAULT", "/install", 0)
	s.page(opened, err, http.StatusOK)
	asked, err := admin.Post("/p/1/install", nil)
	s.page(asked, err, http.StatusOK)
	doc := s.installState(admin, "failed")
	if !strings.Contains(testid(doc, "install-problem").Text(), "Нет прав") || !testid(doc, "step-events").HasClass("failed") || !testid(doc, "step-places").HasClass("done") {
		t.Errorf("the page shows %s", doc.Text())
	}
	s.portal.ClearFaults()
	fields := len(s.portal.UserFields("CRM_DEAL"))
	asked, err = admin.Post("/p/1/install", nil)
	s.page(asked, err, http.StatusOK)
	s.installState(admin, "done")
	if n := len(s.portal.Types()); n != 1 || len(s.portal.UserFields("CRM_DEAL")) != fields || len(s.portal.Handlers()) == 0 {
		t.Errorf("%d smart processes, %d fields, %d handlers", n, len(s.portal.UserFields("CRM_DEAL")), len(s.portal.Handlers()))
	}
}

// A missing right or a missing commercial tariff is reported before anything is created.
func TestInstallationChecksThePortal(t *testing.T) {
	t.Parallel()
	s := bare(t, 1)
	s.Cloud.SetApp(func(a *bitrix24test.App) { a.Scope = "crm,placement,im,task,user_basic,userfieldconfig" })
	admin := s.admin()
	opened, err := admin.Open("DEFAULT", "/install", 0)
	doc := s.page(opened, err, http.StatusOK)
	if testid(doc, "install-checks").Find("li.open").Length() != 2 {
		t.Errorf("two rights are missing: %s", testid(doc, "install-checks").Text())
	}
	s.Cloud.SetApp(func(a *bitrix24test.App) { a.Scope = "crm,placement,task,user_basic,userfieldconfig" })
	opened, err = admin.Open("DEFAULT", "/install", 0)
	doc = s.page(opened, err, http.StatusOK)
	if _, off := testid(doc, "install-run").Attr("disabled"); !off {
		t.Error("it can be installed without notifications")
	}
	asked, err := admin.Post("/p/1/install", nil)
	s.page(asked, err, http.StatusConflict)
	if err := s.portal.Fault(bitrix24test.Fault{Kind: bitrix24test.Refuse, Status: http.StatusForbidden, Code: "ACCESS_DENIED", Text: "REST API is available only on commercial plans."}); err != nil {
		t.Fatal(err)
	}
	opened, err = admin.Open("DEFAULT", "/install", 0)
	if doc := s.page(opened, err, http.StatusForbidden); !strings.Contains(doc.Text(), "коммерческий тариф") {
		t.Errorf("the page shows %s", doc.Text())
	}
}

// Rights are read from the portal, else from its page; a wider right is accepted, and unknown rights block nothing.
func TestInstallationAsksForItsRights(t *testing.T) {
	t.Parallel()
	s := bare(t, 1)
	opened := func(change func(url.Values)) *goquery.Document {
		t.Helper()
		o := s.portal.Open(s.portal.Admin(), "DEFAULT", s.AppURL+"/install", nil)
		change(o.Form)
		p, err := s.admin().Post(strings.TrimPrefix(o.URL, s.AppURL), o.Form)
		return s.page(p, err, http.StatusOK)
	}
	asItIs := func(url.Values) {}
	checked := func(doc *goquery.Document, bad, open int, words string) {
		t.Helper()
		checks := testid(doc, "install-checks")
		if checks.Find("li.bad").Length() != bad || checks.Find("li.open").Length() != open || !strings.Contains(checks.Text(), words) {
			t.Errorf("want %d that bar, %d that warn and %q: %s", bad, open, words, strings.Join(strings.Fields(checks.Text()), " "))
		}
		if _, off := testid(doc, "install-run").Attr("disabled"); off != (bad > 0) {
			t.Errorf("the button is off: %v, with %d checks that bar", off, bad)
		}
	}
	s.Cloud.SetApp(func(a *bitrix24test.App) { a.Scope = "crm,placement,im,task,user,userfieldconfig,calendar,department" })
	checked(opened(asItIs), 0, 0, "crm, placement, userfieldconfig, im, task, user, calendar, department")
	s.Cloud.SetApp(func(a *bitrix24test.App) { a.Scope = "crm,im,task,user,userfieldconfig,calendar,department" })
	checked(opened(asItIs), 1, 0, "Нет права «Встраивание в карточки и меню» (placement)")
	s.Cloud.SetApp(func(a *bitrix24test.App) {
		a.Scope = "crm,placement,im,task,user_basic,userfieldconfig,calendar,department"
	})
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "scope", Kind: bitrix24test.Refuse, Code: "ERROR_METHOD_NOT_FOUND", Text: "Method not found!"}))
	checked(opened(asItIs), 0, 0, "user_basic")
	checked(opened(func(f url.Values) {
		f.Set("APPLICATION_SCOPE", "crm,placement,task,user_basic,userfieldconfig,calendar,department")
	}), 1, 0, "(im)")
	for _, said := range []string{"", "app"} {
		checked(opened(func(f url.Values) { f.Set("APPLICATION_SCOPE", said) }), 0, 1, "Права приложения не удалось узнать")
	}
}

// An app without pages is installed by an event, and one without an installation page by its first opening.
func TestInstallationWithoutAPage(t *testing.T) {
	t.Parallel()
	s := bare(t, 2)
	s.portal.SendInstall(s.portal.Admin())
	s.await("the event installs the app", func() bool { return s.count("portals WHERE state = 'active'") == 1 })
	s.portal.FinishInstall(true)
	page, err := s.manager.OpenDeal(s.deal(1))
	s.page(page, err, http.StatusOK)

	s.portal = s.Portals[1]
	opened, err := s.admin().Open("DEFAULT", "/placement/menu", 0)
	if s.page(opened, err, http.StatusOK); opened.Path != "/p/2/install" {
		t.Errorf("the first opening redirects to %s", opened.Path)
	}
	forged := form("event", "ONAPPINSTALL", "auth[member_id]", s.Portals[0].MemberID(), "auth[application_token]", "x",
		"auth[access_token]", "made-up", "auth[refresh_token]", "made-up")
	if answer := post(t, s.AppURL+"/install", forged); answer.StatusCode != http.StatusForbidden {
		t.Errorf("a forged event: status %d", answer.StatusCode)
	}
}
