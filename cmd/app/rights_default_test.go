package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// listPages maps lists of acts and deals and their exports to a word that they contain.
var listPages = map[string]string{"/p/1/acts": "Контрагент 1»", "/p/1/acts?q=%D0%9A%D0%BE%D0%BD%D1%82%D1%80%D0%B0%D0%B3%D0%B5%D0%BD%D1%82": "Контрагент 1»",
	"/p/1/acts/export?format=csv": "Контрагент 1»", "/p/1/companies/2": "Продвижение продукции № 1", "/p/1/companies/2/export?format=csv": "Контрагент 1»",
	"/p/1/report": "Контрагент 1»", "/p/1/deals": "Продвижение продукции № 2"}

// Until members are added, an employee finds nothing of another responsible's deal on any page or list, and
// reads who works with it; administrators find everything. When he becomes the responsible, he works with the
// deal, and the former responsible no longer does.
func TestUntilPeopleAreAdded(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.waiting(2)
	deal := s.deal(1)
	act := s.sentPaper(deal)
	boris := s.portal.AddUser(plainUser("Борис"))
	colleague, menu := s.someone(boris, http.StatusOK)
	if !strings.Contains(says(menu, "own-only"), "за которые вы отвечаете") {
		t.Errorf("the registry does not say what it shows: %q", says(menu, "own-only"))
	}
	finds := func(v *apptest.Visitor, want bool) {
		t.Helper()
		for path, word := range listPages {
			p, err := v.Get(path)
			if err != nil || p.Status != http.StatusOK || strings.Contains(p.Body, word) != want {
				t.Errorf("%s as %d: status %d, %v, found %v, want %v", path, v.User, p.Status, err, !want, want)
			}
		}
		status := map[bool][2]int{true: {http.StatusOK, http.StatusOK}, false: {http.StatusNotFound, http.StatusForbidden}}[want]
		for path, code := range map[string]int{act: status[0], act + "/print": status[0], fmt.Sprintf("/p/1/deals/%d", deal): status[1]} {
			p, err := v.Get(path)
			if p.Status != code || err != nil || !want && !strings.Contains(p.Body, "работают её ответственный и администраторы портала") {
				t.Errorf("%s as %d: %d %v", path, v.User, p.Status, err)
			}
		}
	}
	refused := func(v *apptest.Visitor) {
		t.Helper()
		for path, code := range map[string]int{act + "/mark": http.StatusNotFound, act + "/undo": http.StatusNotFound, act + "/relink": http.StatusNotFound,
			fmt.Sprintf("/p/1/deals/%d/acts", deal): http.StatusForbidden, fmt.Sprintf("/p/1/deals/%d/question/link", deal): http.StatusForbidden} {
			p, err := v.Post(path, form("event", "refusal", "reason", "чужой"))
			s.page(p, err, code)
		}
		p, err := v.Post("/p/1/acts/bulk", s.choice("pdf", "1"))
		s.page(p, err, http.StatusNotFound)
	}
	admin, _ := s.someone(s.portal.Admin(), http.StatusOK)
	finds(colleague, false)
	refused(colleague)
	finds(s.manager, true)
	finds(admin, true)

	for n := 1; n <= 2; n++ {
		s.must(s.portal.Change(s.portal.Admin(), bitrix24test.Deal, s.deal(n), fields{"assignedById": boris}))
	}
	s.await("what he answers for", func() bool {
		return s.count(fmt.Sprintf("acts WHERE id = 1 AND responsible_id = %d", boris)) == 1 && s.count(fmt.Sprintf("deals WHERE responsible_id = %d", boris)) == 2
	})
	finds(colleague, true)
	finds(s.manager, false)
	refused(s.manager)
	p, err := colleague.Post(act+"/mark", form("event", "refusal", "reason", "свой"))
	s.page(p, err, http.StatusOK)
	if n := s.count("acts WHERE status = 'refused'"); n != 1 {
		t.Error("its new responsible does not work with the act")
	}
}

// When the deal has another responsible meanwhile, a tab opened while our copy still names the visitor shows nothing.
func TestDealBecomesAnothersUnseen(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	_, _, _ = s.tab(s.deal(1))
	s.portal.DropEvents(true)
	s.must(s.portal.Change(s.portal.Admin(), bitrix24test.Deal, s.deal(1), fields{"assignedById": s.portal.Admin()}))
	s.sql(`UPDATE deals SET read_at = read_at - interval '1 hour'`)
	p, err := s.manager.Get(fmt.Sprintf("/p/1/deals/%d", s.deal(1)))
	s.page(p, err, http.StatusForbidden)
}

// The same holds in the CRM: a move by a person who is not responsible for the deal is reverted, an item that
// he creates is annulled.
func TestCRMObeysTheDefault(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.sentPaper(s.deal(1))
	item := s.settled()
	boris := s.portal.AddUser(plainUser("Борис"))
	s.must(s.portal.Move(boris, s.itemType(), item, s.stageNamed("Акт принят, но не подписан заявителем")))
	s.await("it comes back and he is notified", func() bool {
		return s.itemStage(item) == "Акт направлен заявителю" && s.notified("За этот акт отвечает другой сотрудник") == 1
	})
	made, err := s.portal.Create(boris, s.itemType(), fields{"title": "Акт", "parentId2": s.deal(2)})
	s.must(err)
	s.await("an item of his is annulled", func() bool {
		return s.itemStage(made) == "Аннулирован" && s.notified("За эту сделку отвечает другой сотрудник") == 1
	})
	if n := s.count("acts"); n != 1 {
		t.Errorf("%d acts", n)
	}
	s.quiet()
	s.drag(item, "Акт принят, но не подписан заявителем")
	s.await("who answers for it moves it", func() bool {
		return status(s.act(act)) == "Акт принят, но не подписан заявителем"
	})
}

// defaultWords is the text about who works with acts until members are added.
const defaultWords = "администраторы портала работают со всеми актами, а ответственный за сделку — с актами своих сделок"

// The settings show who works with acts until members are added; the installation page shows it before
// creating anything (TestInstallationAsksFirst).
func TestDefaultIsSaid(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	admin, _ := s.settingsOf()
	for path, id := range map[string]string{"/p/1/settings/people": "group-state", "/p/1/settings": "todo-people"} {
		p, err := admin.Get(path)
		if doc := s.page(p, err, http.StatusOK); !strings.Contains(says(doc, id), defaultWords) {
			t.Errorf("%s shows %q", path, says(doc, id))
		}
	}
	s.join(admin, "user", s.portal.Manager(), acts.RoleWorker)
	p, err := admin.Post("/p/1/settings/people", form("drop", fmt.Sprint("user-", s.portal.Manager())))
	if doc := s.page(p, err, http.StatusOK); !strings.Contains(says(doc, "group-changes"), defaultWords) {
		t.Errorf("an emptied group shows %q", says(doc, "group-changes"))
	}
}
