package app_test

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store/storetest"
)

// bare runs the program beside a portal where it was never installed.
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

// writes are the methods that changed something on the portals since the journal was reset.
func (s *site) writes() (methods []string) {
	for _, l := range s.Cloud.Trace().Lines() {
		if m := bitrix24test.Contract[l.Method]; m.Kind == "write" {
			methods = append(methods, l.Method)
		}
	}
	return methods
}

// portalCalls are the HTTP requests to the portals themselves since the journal was reset, without those to the token server.
func (s *site) portalCalls() int {
	seen := map[int64]bool{}
	for _, l := range s.Cloud.Trace().Lines() {
		if l.Method != "oauth.token" && l.Method != "app.info" {
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

// An administrator sees what will be made and agrees; until it is there others read whom to ask. What is there stays.
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
	for _, want := range []string{"смарт-процесс «Акты»", "7" + nbsp + "стадий актов", "23" + nbsp + "поля", "6" + nbsp + "мест в карточках", "подписок на события",
		"Создать в воронке «Выставки»: «Подготовка акта», «Акт направлен заявителю», «Услуга оказана», «Услуга оказана, есть замечания»"} {
		if !strings.Contains(plan, want) {
			t.Errorf("the plan does not say %q:\n%s", want, strings.Join(strings.Fields(plan), " "))
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
		t.Errorf("the administrator is led to %s, %v", early.Path, err)
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
		t.Errorf("after the installation the administrator is led to %s, %v", led.Path, err)
	}
	if led, err := admin.Open("DEFAULT", "/placement/menu", 0); err != nil || led.Path != "/p/1/acts" {
		t.Errorf("later the administrator is led to %s, %v", led.Path, err)
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
		t.Errorf("the page says %s", doc.Text())
	}
	if n := s.portalCalls(); n > 3 || len(s.writes()) > 0 {
		t.Errorf("%d calls and the writes %v, want three calls that read", n, s.writes())
	}
}

// The portal refuses a part: the page says why, and «Повторить» goes on with what is there.
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
		t.Errorf("the page says %s", doc.Text())
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

// A portal without a right is told so before anything is made; one without a commercial tariff is told that.
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
		t.Errorf("the page says %s", doc.Text())
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
		t.Errorf("the first opening leads to %s", opened.Path)
	}
	forged := form("event", "ONAPPINSTALL", "auth[member_id]", s.Portals[0].MemberID(), "auth[application_token]", "x",
		"auth[access_token]", "made-up", "auth[refresh_token]", "made-up")
	if answer := post(t, s.AppURL+"/install", forged); answer.StatusCode != http.StatusForbidden {
		t.Errorf("a forged event: status %d", answer.StatusCode)
	}
}

// An update of the app takes the handlers away and renews the application token; the event has both mended, and an event of
// somebody who is no administrator changes nothing.
func TestUpdateOfTheApp(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	event := func(user int64, token string) url.Values {
		pair := s.portal.Issue(user)
		return form("event", "ONAPPUPDATE", "data[VERSION]", "2", "auth[member_id]", s.portal.MemberID(), "auth[application_token]", token,
			"auth[access_token]", pair.Access, "auth[refresh_token]", pair.Refresh)
	}
	if answer := post(t, s.AppURL+"/events", event(s.portal.Manager(), "stolen")); answer.StatusCode != http.StatusForbidden {
		t.Errorf("a manager's forged update: status %d", answer.StatusCode)
	}
	page, err := s.manager.OpenDeal(s.deal(1))
	s.page(page, err, http.StatusOK)
	before := len(s.portal.Handlers())
	s.portal.UpdateApp(s.portal.Admin())
	s.await("the handlers are bound again", func() bool { return len(s.portal.Handlers()) == before })
	page, err = s.manager.OpenDeal(s.deal(1))
	s.page(page, err, http.StatusOK)
	s.portal.Uninstall(false)
	s.await("the removal freezes the portal", func() bool { return s.count("portals WHERE state = 'frozen' AND frozen_at IS NOT NULL") == 1 })
}

// What people delete comes back at the next opening by an administrator, who is told once; what they renamed stays.
func TestLostThingsComeBack(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	typ := s.portal.Types()[0]
	stage := func(code string) string {
		return fmt.Sprintf("DT%d_%d:%s", typ.EntityTypeID, s.itemCategory(typ.EntityTypeID), code)
	}
	s.portal.DropHandlers()
	s.portal.DropPlacements("LEFT_MENU")
	s.portal.RenameStage(typ.EntityTypeID, stage("CLIENT"), "У заявителя")
	if !s.portal.DropStage(typ.EntityTypeID, stage("ACTS_ANNULLED")) || !s.portal.DropUserField("CRM_DEAL", "UF_CRM_ACTS_EXCHANGE") {
		t.Fatal("nothing was lost")
	}
	admin := s.admin()
	opened, err := admin.OpenDeal(s.deal(1))
	s.page(opened, err, http.StatusOK)
	if len(s.portal.Handlers()) > 0 {
		t.Error("a portal that was looked at within the hour is looked at again")
	}
	s.pass(s.clock.now().Add(61 * time.Minute))
	s.Cloud.Trace().Reset()
	opened, err = admin.OpenDeal(s.deal(1))
	s.page(opened, err, http.StatusOK)
	s.await("all is there again", func() bool { return s.count("portals WHERE restored <> '[]'") == 1 })
	if len(s.portal.Handlers()) == 0 || len(s.portal.Placements("LEFT_MENU", s.portal.Admin())) != 1 || len(s.portal.Stages(typ.EntityTypeID, s.itemCategory(typ.EntityTypeID))) != 7 {
		t.Error("something is still lost")
	}
	if name := s.portal.StageName(typ.EntityTypeID, stage("CLIENT")); name != "У заявителя" {
		t.Errorf("a renamed stage is called %q again", name)
	}
	page, err := admin.Get("/p/1/acts")
	told := testid(s.page(page, err, http.StatusOK), "restored").Text()
	for _, want := range []string{"Восстановлено", "стадия актов «Аннулирован»", "поле «Способ обмена актами» сделки", "пункт меню «Реестр актов»", "подписки на события (13)"} {
		if !strings.Contains(told, want) {
			t.Errorf("the page does not tell of %s: %s", want, told)
		}
	}
	page, err = admin.Get("/p/1/acts")
	if testid(s.page(page, err, http.StatusOK), "restored").Length() > 0 {
		t.Error("it is told twice")
	}
	tab := s.send(s.deal(2))
	s.tabShows(tab, draftLabel, waitingLabel)
}

// itemCategory is the pipeline of the smart process.
func (s *site) itemCategory(entityType int) int64 {
	for category := int64(1); category < 50; category++ {
		if len(s.portal.Stages(entityType, category)) > 0 {
			return category
		}
	}
	return 0
}

// A renamed portal is followed when the token server confirms its new address: at an opening, and by the jobs.
func TestRenamedPortal(t *testing.T) {
	t.Parallel()
	s := start(t, 3) // the address of the first is the token server's
	for _, p := range s.Portals[1:] {
		p.Rename(strings.Replace(p.URL(), "127.0.0.1", "localhost", 1))
	}
	opened, byJobs := s.Portals[1], s.Portals[2]
	page, err := apptest.NewVisitor(opened, opened.Manager(), s.AppURL).OpenDeal(s.deal(1))
	s.page(page, err, http.StatusOK)
	if s.count("portals WHERE id = 2 AND origin LIKE 'http://localhost:%' AND endpoint LIKE 'http://localhost:%'") != 1 {
		t.Error("the new address is not kept after an opening")
	}
	s.sql(`UPDATE tokens SET renewed_at = renewed_at - interval '6 minutes'`)
	if answer := post(t, s.AppURL+"/events", apptest.DealEvent(byJobs, s.deal(1))); answer.StatusCode != http.StatusOK {
		t.Fatalf("status %d", answer.StatusCode)
	}
	s.await("the jobs learn the new address", func() bool { return s.count("portals WHERE id = 3 AND origin LIKE 'http://localhost:%'") == 1 })
	s.await("the deal is read there", func() bool { return s.count("tasks WHERE kind = 'crm.deal'") == 0 })
}

// A portal that answers with another address which the token server does not confirm gets no token sent there.
func TestPortalThatOnlySaysItMoved(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	stolen := make(chan string, 10)
	thief := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { stolen <- r.URL.Path })}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = thief.Serve(listener) }()
	t.Cleanup(func() { _ = thief.Close() })
	if err := s.portal.Fault(bitrix24test.Fault{Kind: bitrix24test.Rename, Location: "http://" + listener.Addr().String()}); err != nil {
		t.Fatal(err)
	}
	page, err := s.manager.OpenDeal(s.deal(1))
	s.page(page, err, http.StatusServiceUnavailable)
	s.sql(`UPDATE tokens SET renewed_at = renewed_at - interval '6 minutes'`)
	renewals := s.Cloud.Trace().Count("oauth.token")
	if answer := post(t, s.AppURL+"/events", apptest.DealEvent(s.portal, s.deal(1))); answer.StatusCode != http.StatusOK {
		t.Fatalf("status %d", answer.StatusCode)
	}
	s.await("the token server is asked", func() bool { return s.Cloud.Trace().Count("oauth.token") > renewals })
	s.portal.ClearFaults()
	s.await("the deal is read after all", func() bool { return s.count("tasks WHERE kind = 'crm.deal'") == 0 })
	if n := s.Cloud.Trace().Count("oauth.token"); n != renewals+1 {
		t.Errorf("%d renewals, want one", n-renewals)
	}
	if len(stolen) > 0 || s.count("portals WHERE endpoint LIKE 'http://"+listener.Addr().String()+"%'") > 0 {
		t.Error("the unconfirmed address was believed")
	}
}

// The administrator whose pair the jobs use is dismissed: the settings say so, and the next administrator who opens us brings his own.
func TestDismissedInstaller(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	other := s.portal.AddUser(bitrix24test.User{Name: "Вера", LastName: "Новикова", Admin: true})
	second := apptest.NewVisitor(s.portal, other, s.AppURL)
	page, err := second.Open("LEFT_MENU", "/placement/menu", 0)
	s.page(page, err, http.StatusOK)
	s.portal.ChangeUser(s.portal.Admin(), func(u *bitrix24test.User) { u.Active = false })
	if answer := post(t, s.AppURL+"/events", apptest.DealEvent(s.portal, s.deal(1))); answer.StatusCode != http.StatusOK {
		t.Fatalf("status %d", answer.StatusCode)
	}
	s.await("the pair is given up", func() bool { return s.count("tokens WHERE dead") == 1 })
	page, err = second.Get("/p/1/settings")
	if doc := s.page(page, err, http.StatusOK); testid(doc, "todo-token").Length() != 1 {
		t.Error("the settings do not tell of it")
	}
	page, err = second.Open("LEFT_MENU", "/placement/menu", 0)
	s.page(page, err, http.StatusOK)
	s.await("another pair works", func() bool {
		return s.count("tokens WHERE NOT dead") == 1 && s.count("tasks WHERE kind = 'crm.deal'") == 0
	})
	page, err = second.Get("/p/1/settings")
	if doc := s.page(page, err, http.StatusOK); testid(doc, "todo-token").Length() != 0 {
		t.Error("the settings still tell of it")
	}
}
