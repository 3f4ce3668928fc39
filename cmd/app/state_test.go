package app_test

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

// atMenu returns the administrator of the portal with an open visit.
func (s *site) atMenu() *apptest.Visitor {
	s.t.Helper()
	v := apptest.NewVisitor(s.portal, s.portal.Admin(), s.AppURL)
	p, err := v.Open("LEFT_MENU", "/placement/menu", 0)
	s.page(p, err, http.StatusOK)
	return v
}

func (s *site) state(v *apptest.Visitor) *goquery.Document {
	s.t.Helper()
	p, err := v.Get("/p/1/state")
	return s.page(p, err, http.StatusOK)
}

// When everything works, the page says so in one line and lists every part.
func TestStateOfAHealthyPortal(t *testing.T) {
	t.Parallel()
	s := start(t, 1, sweeping)
	admin := s.atMenu()
	s.must(s.portal.Change(s.portal.Manager(), bitrix24test.Deal, s.deal(1), fields{"title": "Переименована"}))
	s.await("the event, the poll and the reconciliation", func() bool {
		return s.count(`portal_events`) > 0 && s.count(`feeds WHERE polled_at IS NOT NULL`) == 1 && s.count(`sweeps WHERE swept_at IS NOT NULL`) == 1 &&
			s.count(`loads WHERE done`) == 1 && s.count(`tasks`) == 0
	})
	doc := s.state(admin)
	if got := testid(doc, "verdict"); !got.HasClass("success") || !strings.Contains(got.Text(), "Всё работает") {
		t.Errorf("the verdict reads %q", got.Text())
	}
	portal := testid(doc, "portal").Text()
	for _, words := range []string{"изменение сделки", "Ключ портала", "действует", "скопированы все", "из 50"} {
		if !strings.Contains(portal, words) {
			t.Errorf("the portal's part has no %q: %s", words, portal)
		}
	}
	if accounts := testid(doc, "accounts").Text(); !strings.Contains(accounts, "Основной") || !strings.Contains(accounts, "последний опрос "+s.today().Format("02.")) {
		t.Errorf("the accounts read %q", accounts)
	}
	if !strings.Contains(testid(doc, "queue").Text(), "ничего не ждёт") || !strings.Contains(testid(doc, "incidents").Text(), "не было") {
		t.Error("the queue or the incidents are not empty")
	}
	if current, _ := doc.Find(`.tabs a[aria-current]`).Attr("href"); current != "/p/1/state" {
		t.Errorf("the tab that is here links to %q", current)
	}
	p, err := s.manager.OpenDeal(s.deal(2))
	s.page(p, err, http.StatusOK)
	p, err = s.manager.Get("/p/1/state")
	if doc := s.page(p, err, http.StatusForbidden); !strings.Contains(doc.Text(), "администратор портала") {
		t.Errorf("who is no administrator reads %q", doc.Text())
	}
}

// A task that waits for a person is postponed until the next working day, or repeated; a postponed task is
// due again at that time.
func TestStuckTasks(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	admin := s.atMenu()
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "crm.timeline.comment.add", Kind: bitrix24test.Refuse, Code: "ACCESS_DENIED", Text: "Нет прав на сделку"}))
	s.formPaper(s.deal(1), "company")
	s.await("a dead task", func() bool { return s.count(`tasks WHERE dead`) == 1 })
	doc := s.state(admin)
	if got := testid(doc, "verdict").Text(); !strings.Contains(got, "требует внимания") || !strings.Contains(got, "1\u00a0задача") {
		t.Errorf("the verdict reads %q", got)
	}
	if got := testid(doc, "dead").Text(); !strings.Contains(got, "Запись в ленте сделки") || !strings.Contains(got, "Нет прав на сделку") {
		t.Errorf("the list of stuck tasks reads %q", got)
	}
	press := func(part, way string) *goquery.Document {
		t.Helper()
		action, _ := testid(s.state(admin), part).Find(`form[action$="/` + way + `"]`).Attr("action")
		p, err := admin.Post(action, nil)
		return s.page(p, err, http.StatusOK)
	}
	doc = press("dead", "postpone")
	if got := testid(doc, "postponed").Text(); !strings.Contains(got, "Вернётся "+s.due(0).Format("02.01.2006 15:04")) {
		t.Errorf("put off, the page reads %q, want %s", got, s.due(0))
	}
	if got := testid(doc, "verdict"); !got.HasClass("success") {
		t.Errorf("what was put off still troubles: %q", got.Text())
	}
	s.portal.ClearFaults()
	doc = press("postponed", "repeat")
	s.await("the line on the timeline", func() bool { return s.Cloud.Trace().Count("crm.timeline.comment.add") > 0 && s.count(`tasks`) == 0 })
	if testid(doc, "postponed").Length() != 0 || testid(s.state(admin), "dead").Length() != 0 {
		t.Error("it is listed still")
	}
	p, err := admin.Post("/p/1/state/tasks/999/repeat", nil)
	s.page(p, err, http.StatusNotFound)
}

// A portal that does not answer is shown with the time of its next probe; «Проверить сейчас» probes immediately.
func TestStateOfADeadPortal(t *testing.T) {
	t.Parallel()
	s := start(t, 1, probing, func(cfg *app.Config) { cfg.Probe = time.Hour })
	admin := s.atMenu()
	second := s.portal.AddUser(bitrix24test.User{Name: "Второй", Admin: true})
	p, err := apptest.NewVisitor(s.portal, second, s.AppURL).Open("LEFT_MENU", "/placement/menu", 0)
	s.page(p, err, http.StatusOK)
	s.must(s.portal.Fault(bitrix24test.Fault{Kind: bitrix24test.HTML502}))
	s.await("an open breaker", func() bool { return s.count(`breakers WHERE opened_at IS NOT NULL AND account_id = 0`) == 1 })
	s.sql(`UPDATE visits SET admin_asked = clock_timestamp() - interval '1 hour'`) // so that the portal would have to be asked about him now
	doc := s.state(admin)
	if got := testid(doc, "verdict"); !got.HasClass("problem") || !strings.Contains(got.Text(), "Не работает") || !strings.Contains(got.Text(), "Портал не отвечает") {
		t.Errorf("the verdict reads %q", got.Text())
	}
	if got := testid(doc, "portal").Text(); !strings.Contains(got, "прервана") || !strings.Contains(got, "следующая проверка в") {
		t.Errorf("the portal's part reads %q", got)
	}
	if got := testid(doc, "incidents").Text(); !strings.Contains(got, "ещё идёт") {
		t.Errorf("the incidents read %q", got)
	}
	s.portal.ClearFaults()
	p, err = admin.Post("/p/1/state/check", nil)
	s.page(p, err, http.StatusOK)
	s.await("a connection", func() bool { return testid(s.state(admin), "verdict").HasClass("success") })
	s.await("both administrators told", func() bool { return s.notified("есть снова") == 2 })
	for _, one := range s.portal.Notifications() {
		if !strings.Contains(one.Message, "params[page]=state") {
			t.Errorf("%d is notified without a link to the state: %s", one.User, one.Message)
		}
	}
	if got := testid(s.state(admin), "incidents").Text(); strings.Contains(got, "ещё идёт") {
		t.Errorf("the incidents read %q", got)
	}
}
