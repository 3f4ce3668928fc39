package crm_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

func installState(s *apptest.Site, admin *apptest.Visitor, state string) (doc *goquery.Document) {
	s.T.Helper()
	s.Await("the installation is "+state, func() bool {
		p, err := admin.Get("/p/1/install")
		if err != nil {
			s.T.Fatal(err)
		}
		doc, err = goquery.NewDocumentFromReader(strings.NewReader(p.Body))
		return err == nil && apptest.TestID(doc, "install-"+state).Length() == 1
	})
	return doc
}

// An administrator sees what will be created and confirms it; until then other users read whom to ask. Existing objects
// stay.
func TestInstallationAsksFirst(t *testing.T) {
	t.Parallel()
	s := apptest.StartBare(t, 1)
	s.Portal.AddCategory(bitrix24test.Category{ID: 4, EntityTypeID: bitrix24test.Deal, Name: "Выставки", Sort: 400})
	for i, stage := range []bitrix24test.Stage{{StatusID: "NEW", Name: "Новая"}, {StatusID: "X", Name: "ОДОБРЕНО  комиссией"}, {StatusID: "LAST", Name: "В работе"},
		{StatusID: "WON", Name: "Успех", Semantics: "S"}, {StatusID: "LOSE", Name: "Провал", Semantics: "F"}} {
		stage.Sort = int64(i+1) * 10
		s.Portal.AddStage(bitrix24test.Deal, 4, stage)
	}
	admin := s.Admin()
	opened, err := admin.Open("DEFAULT", "/install", 0)
	doc := s.Page(opened, err, http.StatusOK)
	if opened.Path != "/p/1/install" || len(s.Writes()) > 0 || len(s.Portal.Types()) > 0 {
		t.Errorf("at %s something was made without asking: %v", opened.Path, s.Writes())
	}
	plan := apptest.TestID(doc, "install-plan").Text()
	for _, want := range []string{"смарт-процесс «Акты»", "7" + nbsp + "стадий актов", "24" + nbsp + "поля", "9" + nbsp + "мест в карточках", "подписок на события", apptest.DefaultRightsText,

		"Создать в воронке «Выставки»: «Подготовка акта», «Акт направлен заявителю», «Услуга оказана», «Услуга оказана, есть замечания»"} {
		if !strings.Contains(plan, want) {
			t.Errorf("the plan does not show %q:\n%s", want, strings.Join(strings.Fields(plan), " "))
		}
	}
	if checks := apptest.TestID(doc, "install-checks").Find("li"); checks.Length() != 3 || checks.Filter(".ok").Length() != 3 {
		t.Errorf("the checks: %s", checks.Text())
	}
	early, err := s.Manager.OpenDeal(s.Deal(1))
	if doc := s.Page(early, err, http.StatusServiceUnavailable); !strings.Contains(doc.Text(), "Приложение ещё настраивается") || !strings.Contains(doc.Text(), "Анна Администратова") {
		t.Errorf("a manager reads %s", doc.Text())
	}
	if early, err := admin.Get("/p/1/settings"); err != nil || early.Path != "/p/1/install" {
		t.Errorf("the administrator is redirected to %s, %v", early.Path, err)
	}
	asked, err := admin.Post("/p/1/install", url.Values{"pipeline": {"4"}})
	s.Page(asked, err, http.StatusOK)
	doc = installState(s, admin, "done")
	if steps := doc.Find(".steps li"); steps.Length() != 8 || steps.Filter(".done").Length() != 8 {
		t.Errorf("steps: %s", steps.Text())
	}
	var names []string
	for _, stage := range s.Portal.Stages(bitrix24test.Deal, 4) {
		names = append(names, stage.Name)
	}
	want := []string{"Новая", "Подготовка акта", "ОДОБРЕНО  комиссией", "Акт направлен заявителю", "Услуга оказана", "Услуга оказана, есть замечания", "В работе", "Успех", "Провал"}
	if !slices.Equal(names, want) {
		t.Errorf("the pipeline is %q, want %q", names, want)
	}
	s.Portal.FinishInstall(true)
	if led, err := admin.Open("DEFAULT", "/placement/menu", 0); err != nil || led.Path != "/p/1/settings" {
		t.Errorf("after the installation the administrator is redirected to %s, %v", led.Path, err)
	}
	if led, err := admin.Open("DEFAULT", "/placement/menu", 0); err != nil || led.Path != "/p/1/acts" {
		t.Errorf("later the administrator is redirected to %s, %v", led.Path, err)
	}
	settings, err := admin.Get("/p/1/settings")
	doc = s.Page(settings, err, http.StatusOK)
	for item, done := range map[string]bool{"stages": true, "account": false, "companies": false, "people": false, "rights": false, "act": false} {
		if _, is := apptest.TestID(doc, "todo-"+item).Attr("data-done"); is != done {
			t.Errorf("%s is done: %v, want %v", item, is, done)
		}
	}
	marked, err := admin.Post("/p/1/settings/todo/rights", nil)
	if _, is := apptest.TestID(s.Page(marked, err, http.StatusOK), "todo-rights").Attr("data-done"); !is {
		t.Error("the rights are not marked as given")
	}
}

const nbsp = "\u00a0"

// Where nothing is missing an installation reads three times and writes nothing.
func TestInstallationOfAnInstalledPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Cloud.Trace().Reset()
	opened, err := s.Admin().Open("DEFAULT", "/install", 0)
	doc := s.Page(opened, err, http.StatusOK)
	if apptest.TestID(doc, "install-done").Length() != 1 {
		t.Errorf("the page shows %s", doc.Text())
	}
	if n := s.Reads(); n != 3 || len(s.Writes()) > 0 {
		t.Errorf("%d calls and the writes %v, want three calls that read", n, s.Writes())
	}
}

// An interrupted installation continues: existing objects are found, the rest is created, and nothing twice.
func TestInstallationThatWasCutOff(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Portal.DropHandlers()
	fields := len(s.Portal.UserFields("CRM_DEAL"))
	s.Exec(`UPDATE portals SET state = 'installing'; UPDATE installs SET state = 'running';
		UPDATE install_steps SET done = false, made = '[]' WHERE part IN ('places', 'events', 'names');
		INSERT INTO install_queue (portal_id, repair, fence, tries) VALUES (1, false, 7, 1)`)
	s.App.Wake()
	doc := installState(s, s.AdminAtMenu(), "done")
	if doc.Find(".steps li.done").Length() != 8 || !strings.Contains(apptest.TestID(doc, "step-events").Text(), "создано: 13") {
		t.Errorf("steps: %s", doc.Find(".steps").Text())
	}
	if len(s.Portal.Types()) != 1 || len(s.Portal.UserFields("CRM_DEAL")) != fields || len(s.Portal.Handlers()) != 13 {
		t.Errorf("%d smart processes, %d fields, %d handlers", len(s.Portal.Types()), len(s.Portal.UserFields("CRM_DEAL")), len(s.Portal.Handlers()))
	}
}

// When the portal refuses a part, the page shows the reason, and «Повторить» continues with what exists.
func TestInstallationGoesOn(t *testing.T) {
	t.Parallel()
	s := apptest.StartBare(t, 1)
	if err := s.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.Refuse, Method: "event.bind", Status: http.StatusForbidden, Code: "ACCESS_DENIED", Text: "Нет прав"}); err != nil {
		t.Fatal(err)
	}
	admin := s.Admin()
	opened, err := admin.Open("DEFAULT", "/install", 0)
	s.Page(opened, err, http.StatusOK)
	asked, err := admin.Post("/p/1/install", nil)
	s.Page(asked, err, http.StatusOK)
	doc := installState(s, admin, "failed")
	if !strings.Contains(apptest.TestID(doc, "install-problem").Text(), "Нет прав") || !apptest.TestID(doc, "step-events").HasClass("failed") || !apptest.TestID(doc, "step-places").HasClass("done") {
		t.Errorf("the page shows %s", doc.Text())
	}
	s.Portal.ClearFaults()
	fields := len(s.Portal.UserFields("CRM_DEAL"))
	asked, err = admin.Post("/p/1/install", nil)
	s.Page(asked, err, http.StatusOK)
	installState(s, admin, "done")
	if n := len(s.Portal.Types()); n != 1 || len(s.Portal.UserFields("CRM_DEAL")) != fields || len(s.Portal.Handlers()) == 0 {
		t.Errorf("%d smart processes, %d fields, %d handlers", n, len(s.Portal.UserFields("CRM_DEAL")), len(s.Portal.Handlers()))
	}
}

// A missing right or a missing commercial tariff is reported before anything is created.
func TestInstallationChecksThePortal(t *testing.T) {
	t.Parallel()
	s := apptest.StartBare(t, 1)
	s.Cloud.SetApp(func(a *bitrix24test.App) { a.Scope = "crm,placement,im,task,user_basic,userfieldconfig" })
	admin := s.Admin()
	opened, err := admin.Open("DEFAULT", "/install", 0)
	doc := s.Page(opened, err, http.StatusOK)
	if apptest.TestID(doc, "install-checks").Find("li.open").Length() != 3 {
		t.Errorf("three rights are missing: %s", apptest.TestID(doc, "install-checks").Text())
	}
	s.Cloud.SetApp(func(a *bitrix24test.App) { a.Scope = "crm,placement,task,user_basic,userfieldconfig" })
	opened, err = admin.Open("DEFAULT", "/install", 0)
	doc = s.Page(opened, err, http.StatusOK)
	if _, off := apptest.TestID(doc, "install-run").Attr("disabled"); !off {
		t.Error("it can be installed without notifications")
	}
	asked, err := admin.Post("/p/1/install", nil)
	s.Page(asked, err, http.StatusConflict)
	if err := s.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.Refuse, Status: http.StatusForbidden, Code: "ACCESS_DENIED", Text: "REST API is available only on commercial plans."}); err != nil {
		t.Fatal(err)
	}
	opened, err = admin.Open("DEFAULT", "/install", 0)
	if doc := s.Page(opened, err, http.StatusForbidden); !strings.Contains(doc.Text(), "коммерческий тариф") {
		t.Errorf("the page shows %s", doc.Text())
	}
}

// Rights are read from the portal, else from the opening; a wider right is accepted, and unknown rights block nothing.
func TestInstallationAsksForItsRights(t *testing.T) {
	t.Parallel()
	s := apptest.StartBare(t, 1)
	opened := func(change func(url.Values)) *goquery.Document {
		t.Helper()
		o := s.Portal.Open(s.Portal.Admin(), "DEFAULT", s.AppURL+"/install", nil)
		change(o.Form)
		p, err := s.Admin().Post(strings.TrimPrefix(o.URL, s.AppURL), o.Form)
		return s.Page(p, err, http.StatusOK)
	}
	asItIs := func(url.Values) {}
	checked := func(doc *goquery.Document, bad, open int, words string) {
		t.Helper()
		checks := apptest.TestID(doc, "install-checks")
		if checks.Find("li.bad").Length() != bad || checks.Find("li.open").Length() != open || !strings.Contains(checks.Text(), words) {
			t.Errorf("want %d that bar, %d that warn and %q: %s", bad, open, words, strings.Join(strings.Fields(checks.Text()), " "))
		}
		if _, off := apptest.TestID(doc, "install-run").Attr("disabled"); off != (bad > 0) {
			t.Errorf("the button is off: %v, with %d checks that bar", off, bad)
		}
	}
	s.Cloud.SetApp(func(a *bitrix24test.App) {
		a.Scope = "crm,placement,im,task,user,userfieldconfig,calendar,bizproc,department"
	})
	checked(opened(asItIs), 0, 0, "crm, placement, userfieldconfig, im, task, user, calendar, bizproc, department")
	s.Cloud.SetApp(func(a *bitrix24test.App) { a.Scope = "crm,im,task,user,userfieldconfig,calendar,bizproc,department" })
	checked(opened(asItIs), 1, 0, "Нет права «Встраивание в карточки и меню» (placement)")
	s.Cloud.SetApp(func(a *bitrix24test.App) {
		a.Scope = "crm,placement,im,task,user_basic,userfieldconfig,calendar,bizproc,department"
	})
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "scope", Kind: bitrix24test.Refuse, Code: "ERROR_METHOD_NOT_FOUND", Text: "Method not found!"}))
	checked(opened(asItIs), 0, 0, "user_basic")
	checked(opened(func(f url.Values) {
		f.Set("APPLICATION_SCOPE", "crm,placement,task,user_basic,userfieldconfig,calendar,bizproc,department")
	}), 1, 0, "(im)")
	for _, said := range []string{"", "app"} {
		checked(opened(func(f url.Values) { f.Set("APPLICATION_SCOPE", said) }), 0, 1, "Права приложения не удалось узнать")
	}
}

// An app without pages is installed by an event, and one without an installation page by its first opening.
func TestInstallationWithoutAPage(t *testing.T) {
	t.Parallel()
	s := apptest.StartBare(t, 2)
	s.Portal.SendInstall(s.Portal.Admin())
	s.Await("the event installs the app", func() bool { return s.Count("portals WHERE state = 'active'") == 1 })
	s.Portal.FinishInstall(true)
	page, err := s.Manager.OpenDeal(s.Deal(1))
	s.Page(page, err, http.StatusOK)

	s.Portal = s.Portals[1]
	opened, err := s.Admin().Open("DEFAULT", "/placement/menu", 0)
	if s.Page(opened, err, http.StatusOK); opened.Path != "/p/2/install" {
		t.Errorf("the first opening redirects to %s", opened.Path)
	}
	forged := apptest.Form("event", "ONAPPINSTALL", "auth[member_id]", s.Portals[0].MemberID(), "auth[application_token]", "x",
		"auth[access_token]", "made-up", "auth[refresh_token]", "made-up")
	if answer := apptest.PostCrossSite(t, s.AppURL+"/install", forged); answer.StatusCode != http.StatusForbidden {
		t.Errorf("a forged event: status %d", answer.StatusCode)
	}
}

// A second installation changes nothing and keeps the administrator's settings.
func TestSecondInstallChangesNothing(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	places, events, types := s.Placements(), len(s.Portal.Handlers()), len(s.Portal.Types())
	o := s.Portal.Open(s.Portal.Admin(), "DEFAULT", s.AppURL+"/install", nil)
	if answer := apptest.PostCrossSite(t, o.URL, o.Form); answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d", answer.StatusCode)
	}
	if p, e, y := s.Placements(), len(s.Portal.Handlers()), len(s.Portal.Types()); p != places || e != events || y != types {
		t.Errorf("places %d→%d, events %d→%d, types %d→%d", places, p, events, e, types, y)
	}
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
}
