package handlers_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"acts24/acts/roles"
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
	s := apptest.Start(t, 1)
	s.AddWaitingDeals(2)
	deal := s.Deal(1)
	act := s.SendPaperAct(deal)
	boris := s.Portal.AddUser(apptest.Employee("Борис"))
	colleague, menu := s.OpenAs(boris, http.StatusOK)
	if !strings.Contains(apptest.Text(menu, "own-only"), "за которые вы отвечаете") {
		t.Errorf("the registry does not name the acts that it is limited to: %q", apptest.Text(menu, "own-only"))
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
			p, err := v.Post(path, apptest.Form("event", "refusal", "reason", "чужой"))
			s.Page(p, err, code)
		}
		p, err := v.Post("/p/1/acts/bulk", s.BulkForm("pdf", "1"))
		s.Page(p, err, http.StatusNotFound)
	}
	admin, _ := s.OpenAs(s.Portal.Admin(), http.StatusOK)
	finds(colleague, false)
	refused(colleague)
	finds(s.Manager, true)
	finds(admin, true)

	for n := 1; n <= 2; n++ {
		s.Must(s.Portal.Change(s.Portal.Admin(), bitrix24test.Deal, s.Deal(n), fields{"assignedById": boris}))
	}
	s.Await("the acts and deals of the new responsible", func() bool {
		return s.Count(fmt.Sprintf("acts WHERE id = 1 AND responsible_id = %d", boris)) == 1 && s.Count(fmt.Sprintf("deals WHERE responsible_id = %d", boris)) == 2
	})
	finds(colleague, true)
	finds(s.Manager, false)
	refused(s.Manager)
	p, err := colleague.Post(act+"/mark", apptest.Form("event", "refusal", "reason", "свой"))
	s.Page(p, err, http.StatusOK)
	if n := s.Count("acts WHERE status = 'refused'"); n != 1 {
		t.Error("its new responsible does not work with the act")
	}
}

// When the deal has another responsible meanwhile, a tab opened while our copy still names the visitor shows nothing.
func TestDealBecomesAnothersUnseen(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	_, _, _ = s.DealTab(s.Deal(1))
	s.Portal.DropEvents(true)
	s.Must(s.Portal.Change(s.Portal.Admin(), bitrix24test.Deal, s.Deal(1), fields{"assignedById": s.Portal.Admin()}))
	s.Exec(`UPDATE deals SET read_at = read_at - interval '1 hour'`)
	p, err := s.Manager.Get(fmt.Sprintf("/p/1/deals/%d", s.Deal(1)))
	s.Page(p, err, http.StatusForbidden)
}

// The same holds in the CRM: a move by a person who is not responsible for the deal is reverted, an item that
// he creates is annulled.
func TestCRMObeysTheDefault(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.SendPaperAct(s.Deal(1))
	item := s.AwaitItem()
	boris := s.Portal.AddUser(apptest.Employee("Борис"))
	s.Must(s.Portal.Move(boris, s.ItemType(), item, s.ItemStageID("Акт принят, но не подписан заявителем")))
	s.Await("it comes back and he is notified", func() bool {
		return s.ItemStage(item) == "Акт направлен заявителю" && s.Notifications("За этот акт отвечает другой сотрудник") == 1
	})
	made, err := s.Portal.Create(boris, s.ItemType(), fields{"title": "Акт", "parentId2": s.Deal(2)})
	s.Must(err)
	s.Await("an item of his is annulled", func() bool {
		return s.ItemStage(made) == "Аннулирован" && s.Notifications("За эту сделку отвечает другой сотрудник") == 1
	})
	if n := s.Count("acts"); n != 1 {
		t.Errorf("%d acts", n)
	}
	s.AwaitQuiet()
	s.DragItem(item, "Акт принят, но не подписан заявителем")
	s.Await("the move by the responsible", func() bool {
		return apptest.ActStatus(s.ActPage(act)) == "Акт принят, но не подписан заявителем"
	})
}

// The settings show who works with acts until members are added; the installation page shows it before
// creating anything (TestInstallationAwaitsConfirmation).
func TestDefaultIsShown(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin, _ := s.PeopleSettings()
	for path, id := range map[string]string{"/p/1/settings/people": "group-state", "/p/1/settings": "todo-people"} {
		p, err := admin.Get(path)
		if doc := s.Page(p, err, http.StatusOK); !strings.Contains(apptest.Text(doc, id), apptest.DefaultRightsText) {
			t.Errorf("%s shows %q", path, apptest.Text(doc, id))
		}
	}
	s.AddMember(admin, "user", s.Portal.Manager(), roles.RoleWorker)
	p, err := admin.Post("/p/1/settings/people", apptest.Form("drop", fmt.Sprint("user-", s.Portal.Manager())))
	if doc := s.Page(p, err, http.StatusOK); !strings.Contains(apptest.Text(doc, "group-changes"), apptest.DefaultRightsText) {
		t.Errorf("an emptied group shows %q", apptest.Text(doc, "group-changes"))
	}
}
