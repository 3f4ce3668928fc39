package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// statePage opens the state page of the portal as v.
func statePage(s *apptest.Site, v *apptest.Visitor) *goquery.Document {
	s.T.Helper()
	p, err := v.Get("/p/1/state")
	return s.Page(p, err, http.StatusOK)
}

// When everything works, the page shows it in one line and lists every part.
func TestStateOfAHealthyPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastReconcile)
	admin := s.AdminAtMenu()
	s.Must(s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, s.Deal(1), fields{"title": "Переименована"}))
	s.Await("the event, the poll and the reconciliation", func() bool {
		return s.Count(`portal_events`) > 0 && s.Count(`feeds WHERE polled_at IS NOT NULL`) == 1 && s.Count(`reconciliations WHERE finished_at IS NOT NULL`) == 1 &&
			s.Count(`backfills WHERE done`) == 1 && s.Count(`tasks`) == 0
	})
	doc := statePage(s, admin)
	if got := apptest.TestID(doc, "verdict"); !got.HasClass("success") || !strings.Contains(got.Text(), "Всё работает") {
		t.Errorf("the verdict reads %q", got.Text())
	}
	portal := apptest.TestID(doc, "portal").Text()
	for _, words := range []string{"изменение сделки", "Ключ портала", "действует", "скопированы все", "из 50"} {
		if !strings.Contains(portal, words) {
			t.Errorf("the portal's part has no %q: %s", words, portal)
		}
	}
	if accounts := apptest.TestID(doc, "accounts").Text(); !strings.Contains(accounts, "Основной") || !strings.Contains(accounts, "последний опрос "+s.Today().Format("02.")) {
		t.Errorf("the accounts read %q", accounts)
	}
	if !strings.Contains(apptest.TestID(doc, "queue").Text(), "ничего не ждёт") || !strings.Contains(apptest.TestID(doc, "incidents").Text(), "не было") {
		t.Error("the queue or the incidents are not empty")
	}
	if current, _ := doc.Find(`.tabs a[aria-current]`).Attr("href"); current != "/p/1/state" {
		t.Errorf("the current tab links to %q, want /p/1/state", current)
	}
	p, err := s.Manager.OpenDeal(s.Deal(2))
	s.Page(p, err, http.StatusOK)
	p, err = s.Manager.Get("/p/1/state")
	if doc := s.Page(p, err, http.StatusForbidden); !strings.Contains(doc.Text(), "администратор портала") {
		t.Errorf("a manager, who is no administrator, reads %q", doc.Text())
	}
}

// A task that waits for a person is postponed until the next working day, or repeated; a postponed task is
// due again at that time.
func TestStuckTasks(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin := s.AdminAtMenu()
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "crm.timeline.comment.add", Kind: bitrix24test.FaultRefuse, Code: "ACCESS_DENIED", Text: "Нет прав на сделку"}))
	s.FormPaperAct(s.Deal(1), "company")
	s.Await("a dead task", func() bool { return s.Count(`tasks WHERE dead`) == 1 })
	doc := statePage(s, admin)
	if got := apptest.TestID(doc, "verdict").Text(); !strings.Contains(got, "требует внимания") || !strings.Contains(got, "1\u00a0задача") {
		t.Errorf("the verdict reads %q", got)
	}
	if got := apptest.TestID(doc, "dead").Text(); !strings.Contains(got, "Запись в ленте сделки") || !strings.Contains(got, "Нет прав на сделку") {
		t.Errorf("the list of stuck tasks reads %q", got)
	}
	press := func(part, way string) *goquery.Document {
		t.Helper()
		action, _ := apptest.TestID(statePage(s, admin), part).Find(`form[action$="/` + way + `"]`).Attr("action")
		p, err := admin.Post(action, nil)
		return s.Page(p, err, http.StatusOK)
	}
	doc = press("dead", "postpone")
	if got := apptest.TestID(doc, "postponed").Text(); !strings.Contains(got, "Вернётся "+s.ReminderDue(0).Format("02.01.2006 15:04")) {
		t.Errorf("the postponed task is shown as %q, want due at %s", got, s.ReminderDue(0))
	}
	if got := apptest.TestID(doc, "verdict"); !got.HasClass("success") {
		t.Errorf("with the only dead task postponed the verdict reads %q", got.Text())
	}
	s.Portal.ClearFaults()
	doc = press("postponed", "repeat")
	s.Await("the line on the timeline", func() bool { return s.Cloud.Trace().Count("crm.timeline.comment.add") > 0 && s.Count(`tasks`) == 0 })
	if apptest.TestID(doc, "postponed").Length() != 0 || apptest.TestID(statePage(s, admin), "dead").Length() != 0 {
		t.Error("the repeated task is still listed as postponed or dead")
	}
	p, err := admin.Post("/p/1/state/tasks/999/repeat", nil)
	s.Page(p, err, http.StatusNotFound)
}

// A portal that does not answer is shown with the time of its next probe; «Проверить сейчас» probes immediately.
func TestStateOfADeadPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastProbe, func(cfg *app.Config) { cfg.Probe = time.Hour })
	admin := s.AdminAtMenu()
	second := s.Portal.AddUser(bitrix24test.User{Name: "Второй", Admin: true})
	p, err := apptest.NewVisitor(s.Portal, second, s.AppURL).Open("LEFT_MENU", "/placement/menu", 0)
	s.Page(p, err, http.StatusOK)
	s.Must(s.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultHTML502}))
	s.Await("an open breaker", func() bool { return s.Count(`breakers WHERE opened_at IS NOT NULL AND account_id = 0`) == 1 })
	s.Exec(`UPDATE visits SET admin_asked = clock_timestamp() - interval '1 hour'`) // his rights are due to be confirmed by the portal
	doc := statePage(s, admin)
	if got := apptest.TestID(doc, "verdict"); !got.HasClass("problem") || !strings.Contains(got.Text(), "Не работает") || !strings.Contains(got.Text(), "Портал не отвечает") {
		t.Errorf("the verdict reads %q", got.Text())
	}
	if got := apptest.TestID(doc, "portal").Text(); !strings.Contains(got, "прервана") || !strings.Contains(got, "следующая проверка в") {
		t.Errorf("the portal's part reads %q", got)
	}
	if got := apptest.TestID(doc, "incidents").Text(); !strings.Contains(got, "ещё идёт") {
		t.Errorf("the incidents read %q", got)
	}
	s.Portal.ClearFaults()
	p, err = admin.Post("/p/1/state/check", nil)
	s.Page(p, err, http.StatusOK)
	s.Await("a connection", func() bool { return apptest.TestID(statePage(s, admin), "verdict").HasClass("success") })
	s.Await("both administrators told", func() bool { return s.Notifications("есть снова") == 2 })
	for _, one := range s.Portal.Notifications() {
		if !strings.Contains(one.Message, "params[page]=state") {
			t.Errorf("%d is notified without a link to the state: %s", one.User, one.Message)
		}
	}
	if got := apptest.TestID(statePage(s, admin), "incidents").Text(); strings.Contains(got, "ещё идёт") {
		t.Errorf("the incidents read %q", got)
	}
}
