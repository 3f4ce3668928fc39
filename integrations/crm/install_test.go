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

// awaitInstallState waits until the installation page shows a state, and returns the page.
func awaitInstallState(s *apptest.Site, admin *apptest.Visitor, state string) (doc *goquery.Document) {
	s.T.Helper()
	s.Await("the installation is "+state, func() bool {
		p, err := admin.Get("/p/1/install")
		s.Must(err)
		doc, err = goquery.NewDocumentFromReader(strings.NewReader(p.Body))
		return err == nil && apptest.TestID(doc, "install-"+state).Length() == 1
	})
	return doc
}

// An administrator sees what will be created and confirms it; until then nothing is created and other users read whom to ask. Existing
// stages stay.
func TestInstallationAwaitsConfirmation(t *testing.T) {
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
		t.Errorf("the opening leads to %s and writes %v, %d smart processes; want /p/1/install and nothing written", opened.Path, s.Writes(), len(s.Portal.Types()))
	}
	plan := apptest.TestID(doc, "install-plan").Text()
	for _, want := range []string{"смарт-процесс «Акты»", "7" + nbsp + "стадий актов", "24" + nbsp + "поля", "9" + nbsp + "мест в карточках", "подписок на события", apptest.DefaultRightsText,
		"Создать в воронке «Выставки»: «Подготовка акта», «Акт направлен заявителю», «Услуга оказана», «Услуга оказана, есть замечания»"} {
		if !strings.Contains(plan, want) {
			t.Errorf("the plan does not show %q:\n%s", want, strings.Join(strings.Fields(plan), " "))
		}
	}
	if checks := apptest.TestID(doc, "install-checks").Find("li"); checks.Length() != 3 || checks.Filter(".ok").Length() != 3 {
		t.Errorf("the checks are %s, want three that passed", checks.Text())
	}
	dealTab, err := s.Manager.OpenDeal(s.Deal(1))
	if doc := s.Page(dealTab, err, http.StatusServiceUnavailable); !strings.Contains(doc.Text(), "Приложение ещё настраивается") || !strings.Contains(doc.Text(), "Анна Администратова") {
		t.Errorf("a manager reads %s, want that the app is being set up by Анна Администратова", doc.Text())
	}
	if settings, err := admin.Get("/p/1/settings"); err != nil || settings.Path != "/p/1/install" {
		t.Errorf("before the installation the settings redirect to %s, %v; want /p/1/install", settings.Path, err)
	}
	started, err := admin.Post("/p/1/install", url.Values{"pipeline": {"4"}})
	s.Page(started, err, http.StatusOK)
	doc = awaitInstallState(s, admin, "done")
	if steps := doc.Find(".steps li"); steps.Length() != 8 || steps.Filter(".done").Length() != 8 {
		t.Errorf("the steps are %s, want eight that are done", steps.Text())
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
	if menu, err := admin.Open("DEFAULT", "/placement/menu", 0); err != nil || menu.Path != "/p/1/settings" {
		t.Errorf("after the installation the menu leads the administrator to %s, %v; want /p/1/settings", menu.Path, err)
	}
	if menu, err := admin.Open("DEFAULT", "/placement/menu", 0); err != nil || menu.Path != "/p/1/acts" {
		t.Errorf("the second time the menu leads the administrator to %s, %v; want /p/1/acts", menu.Path, err)
	}
	settings, err := admin.Get("/p/1/settings")
	doc = s.Page(settings, err, http.StatusOK)
	for item, want := range map[string]bool{"stages": true, "account": false, "companies": false, "people": false, "rights": false, "act": false} {
		if _, done := apptest.TestID(doc, "todo-"+item).Attr("data-done"); done != want {
			t.Errorf("%s is done: %v, want %v", item, done, want)
		}
	}
	marked, err := admin.Post("/p/1/settings/todo/rights", nil)
	if _, done := apptest.TestID(s.Page(marked, err, http.StatusOK), "todo-rights").Attr("data-done"); !done {
		t.Error("the rights are not marked as done")
	}
}

// nbsp is the no-break space between a number and its noun.
const nbsp = "\u00a0"

// Where nothing is missing an installation reads three times and writes nothing.
func TestInstallationOfAnInstalledPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Cloud.Trace().Reset()
	opened, err := s.Admin().Open("DEFAULT", "/install", 0)
	doc := s.Page(opened, err, http.StatusOK)
	if apptest.TestID(doc, "install-done").Length() != 1 {
		t.Errorf("the page shows %s, want that the app is installed", doc.Text())
	}
	if n := s.Reads(); n != 3 || len(s.Writes()) > 0 {
		t.Errorf("%d calls and the writes %v, want three calls that read", n, s.Writes())
	}
}

// An interrupted installation continues: existing objects are found, the rest is created, and nothing twice.
func TestInterruptedInstallation(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Portal.DropHandlers()
	dealFields := len(s.Portal.UserFields("CRM_DEAL"))
	s.Exec(`UPDATE portals SET state = 'installing'; UPDATE installs SET state = 'running';
		UPDATE install_steps SET done = false, made = '[]' WHERE part IN ('places', 'events', 'names');
		INSERT INTO install_queue (portal_id, repair, fence, tries) VALUES (1, false, 7, 1)`)
	s.App.Wake()
	doc := awaitInstallState(s, s.AdminAtMenu(), "done")
	if doc.Find(".steps li.done").Length() != 8 || !strings.Contains(apptest.TestID(doc, "step-events").Text(), "создано: 13") {
		t.Errorf("the steps are %s, want eight that are done and 13 created subscriptions", doc.Find(".steps").Text())
	}
	if len(s.Portal.Types()) != 1 || len(s.Portal.UserFields("CRM_DEAL")) != dealFields || len(s.Portal.Handlers()) != 13 {
		t.Errorf("%d smart processes, %d fields of deals, %d handlers; want 1, %d, 13", len(s.Portal.Types()), len(s.Portal.UserFields("CRM_DEAL")), len(s.Portal.Handlers()), dealFields)
	}
}

// When the portal refuses a part, the page shows the reason, and «Повторить» continues with what exists.
func TestInstallationWithARefusedPart(t *testing.T) {
	t.Parallel()
	s := apptest.StartBare(t, 1)
	if err := s.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultRefuse, Method: "event.bind", Status: http.StatusForbidden, Code: "ACCESS_DENIED", Text: "Нет прав"}); err != nil {
		t.Fatal(err)
	}
	admin := s.Admin()
	opened, err := admin.Open("DEFAULT", "/install", 0)
	s.Page(opened, err, http.StatusOK)
	started, err := admin.Post("/p/1/install", nil)
	s.Page(started, err, http.StatusOK)
	doc := awaitInstallState(s, admin, "failed")
	if !strings.Contains(apptest.TestID(doc, "install-problem").Text(), "Нет прав") || !apptest.TestID(doc, "step-events").HasClass("failed") || !apptest.TestID(doc, "step-places").HasClass("done") {
		t.Errorf("the page shows %s, want «Нет прав» at the subscriptions after the places", doc.Text())
	}
	s.Portal.ClearFaults()
	dealFields := len(s.Portal.UserFields("CRM_DEAL"))
	started, err = admin.Post("/p/1/install", nil)
	s.Page(started, err, http.StatusOK)
	awaitInstallState(s, admin, "done")
	if n := len(s.Portal.Types()); n != 1 || len(s.Portal.UserFields("CRM_DEAL")) != dealFields || len(s.Portal.Handlers()) != 13 {
		t.Errorf("%d smart processes, %d fields of deals, %d handlers; want 1, %d, 13", n, len(s.Portal.UserFields("CRM_DEAL")), len(s.Portal.Handlers()), dealFields)
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
		t.Errorf("the checks are %s, want warnings of three rights", apptest.TestID(doc, "install-checks").Text())
	}
	s.Cloud.SetApp(func(a *bitrix24test.App) { a.Scope = "crm,placement,task,user_basic,userfieldconfig" })
	opened, err = admin.Open("DEFAULT", "/install", 0)
	doc = s.Page(opened, err, http.StatusOK)
	if _, disabled := apptest.TestID(doc, "install-run").Attr("disabled"); !disabled {
		t.Error("without the right to notifications the button of the installation is enabled, want disabled")
	}
	started, err := admin.Post("/p/1/install", nil)
	s.Page(started, err, http.StatusConflict)
	if err := s.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultRefuse, Status: http.StatusForbidden, Code: "ACCESS_DENIED", Text: "REST API is available only on commercial plans."}); err != nil {
		t.Fatal(err)
	}
	opened, err = admin.Open("DEFAULT", "/install", 0)
	if doc := s.Page(opened, err, http.StatusForbidden); !strings.Contains(doc.Text(), "коммерческий тариф") {
		t.Errorf("the page shows %s, want that a commercial tariff is needed", doc.Text())
	}
	if writes := s.Writes(); len(writes) > 0 || len(s.Portal.Types()) > 0 {
		t.Errorf("the writes are %v with %d smart processes, want none", writes, len(s.Portal.Types()))
	}
}

// Rights are read from the portal, else from the opening; a wider right is accepted, and unknown rights block nothing.
func TestInstallationChecksItsRights(t *testing.T) {
	t.Parallel()
	s := apptest.StartBare(t, 1)
	open := func(change func(url.Values)) *goquery.Document {
		t.Helper()
		o := s.Portal.Open(s.Portal.Admin(), "DEFAULT", s.AppURL+"/install", nil)
		change(o.Form)
		p, err := s.Admin().Post(strings.TrimPrefix(o.URL, s.AppURL), o.Form)
		return s.Page(p, err, http.StatusOK)
	}
	unchanged := func(url.Values) {}
	expectChecks := func(doc *goquery.Document, failures, warnings int, words string) {
		t.Helper()
		checks := apptest.TestID(doc, "install-checks")
		if checks.Find("li.bad").Length() != failures || checks.Find("li.open").Length() != warnings || !strings.Contains(checks.Text(), words) {
			t.Errorf("the checks are %s, want %d failures, %d warnings and %q", strings.Join(strings.Fields(checks.Text()), " "), failures, warnings, words)
		}
		if _, disabled := apptest.TestID(doc, "install-run").Attr("disabled"); disabled != (failures > 0) {
			t.Errorf("the button is disabled: %t, want %t with %d failed checks", disabled, failures > 0, failures)
		}
	}
	s.Cloud.SetApp(func(a *bitrix24test.App) {
		a.Scope = "crm,placement,im,task,user,userfieldconfig,calendar,bizproc,department"
	})
	expectChecks(open(unchanged), 0, 0, "crm, placement, userfieldconfig, im, task, user, calendar, bizproc, department")
	s.Cloud.SetApp(func(a *bitrix24test.App) { a.Scope = "crm,im,task,user,userfieldconfig,calendar,bizproc,department" })
	expectChecks(open(unchanged), 1, 0, "Нет права «Встраивание в карточки и меню» (placement)")
	s.Cloud.SetApp(func(a *bitrix24test.App) {
		a.Scope = "crm,placement,im,task,user_basic,userfieldconfig,calendar,bizproc,department"
	})
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "scope", Kind: bitrix24test.FaultRefuse, Code: "ERROR_METHOD_NOT_FOUND", Text: "Method not found!"}))
	expectChecks(open(unchanged), 0, 0, "user_basic")
	expectChecks(open(func(f url.Values) {
		f.Set("APPLICATION_SCOPE", "crm,placement,task,user_basic,userfieldconfig,calendar,bizproc,department")
	}), 1, 0, "(im)")
	for _, scope := range []string{"", "app"} {
		expectChecks(open(func(f url.Values) { f.Set("APPLICATION_SCOPE", scope) }), 0, 1, "Права приложения не удалось узнать")
	}
}

// An app without pages is installed by an event, and one without an installation page shows it at its first opening; a forged event is refused.
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
		t.Errorf("the first opening redirects to %s, want /p/2/install", opened.Path)
	}
	forged := apptest.Form("event", "ONAPPINSTALL", "auth[member_id]", s.Portals[0].MemberID(), "auth[application_token]", "x",
		"auth[access_token]", "made-up", "auth[refresh_token]", "made-up")
	if answer := apptest.PostCrossSite(t, s.AppURL+"/install", forged); answer.StatusCode != http.StatusForbidden {
		t.Errorf("a forged event: status %d, want 403", answer.StatusCode)
	}
}

// A second installation changes nothing and keeps the administrator's settings.
func TestSecondInstallationChangesNothing(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	places, handlers, types := s.Placements(), len(s.Portal.Handlers()), len(s.Portal.Types())
	o := s.Portal.Open(s.Portal.Admin(), "DEFAULT", s.AppURL+"/install", nil)
	if answer := apptest.PostCrossSite(t, o.URL, o.Form); answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("the second installation: status %d, want 303", answer.StatusCode)
	}
	if p, h, y := s.Placements(), len(s.Portal.Handlers()), len(s.Portal.Types()); p != places || h != handlers || y != types {
		t.Errorf("%d places, %d handlers, %d smart processes after the second installation; want %d, %d, %d as before", p, h, y, places, handlers, types)
	}
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
}
