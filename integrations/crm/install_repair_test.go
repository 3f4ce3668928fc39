package crm_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"acts24/acts/automation"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	fake "acts24/integrations/bitrix24/bitrix24test/automation"
)

// Checking an intact portal takes two reading calls in addition to the one of the opening.
func TestRepairOfAnIntactPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AdvanceTo(s.Clock.Now().Add(61 * time.Minute))
	s.Cloud.Trace().Reset()
	s.AdminAtMenu()
	s.Await("the check of the portal", func() bool { return s.Cloud.Trace().Count("event.get") == 1 && s.Count("install_queue") == 0 })
	if n := s.Reads(); n != 3 || len(s.Writes()) > 0 || s.Count("portals WHERE restored <> '[]'") > 0 {
		t.Errorf("%d calls and the writes %v, want two calls that read beside the opening, and nothing restored", n, s.Writes())
	}
}

// An update of the app removes the handlers and changes the application token; its event causes the repair of
// both, and an event of a user who is no administrator changes nothing.
func TestUpdateOfTheApp(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	updateEvent := func(user int64, token string) url.Values {
		pair := s.Portal.Issue(user)
		return apptest.Form("event", "ONAPPUPDATE", "data[VERSION]", "2", "auth[member_id]", s.Portal.MemberID(), "auth[application_token]", token,
			"auth[access_token]", pair.Access, "auth[refresh_token]", pair.Refresh)
	}
	if answer := apptest.PostCrossSite(t, s.AppURL+"/events", updateEvent(s.Portal.Manager(), "stolen")); answer.StatusCode != http.StatusForbidden {
		t.Errorf("a manager's forged update: status %d, want 403", answer.StatusCode)
	}
	page, err := s.Manager.OpenDeal(s.Deal(1))
	s.Page(page, err, http.StatusOK)
	before := len(s.Portal.Handlers())
	s.Portal.UpdateApp(s.Portal.Admin())
	s.Await("the handlers are bound again", func() bool { return len(s.Portal.Handlers()) == before })
	page, err = s.Manager.OpenDeal(s.Deal(1))
	s.Page(page, err, http.StatusOK)
	s.Portal.Uninstall(false)
	s.Await("the removal freezes the portal", func() bool { return s.Count("portals WHERE state = 'frozen' AND frozen_at IS NOT NULL") == 1 })
}

// What an update of the app has removed without an event is registered again as soon as an administrator opens the app; a tab in a card of the CRM,
// which he opens often, causes no check within the hour.
func TestRepairWhenTheAppIsOpened(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	handlers := len(s.Portal.Handlers())
	s.AdvanceTo(s.Clock.Now().Add(time.Minute))
	s.Portal.DropHandlers()
	s.Portal.Automation.Configure((*fake.State).Forget)
	page, err := apptest.NewVisitor(s.Portal, s.Portal.Admin(), s.AppURL).OpenDeal(s.Deal(1))
	s.Page(page, err, http.StatusOK)
	s.AwaitQuiet()
	if n := len(s.Portal.Handlers()); n != 0 {
		t.Fatalf("a tab of a deal has caused a repair: %d handlers", n)
	}
	s.AdminAtMenu()
	s.Await("the repair", func() bool {
		state := s.Portal.Automation.Snapshot()
		return len(s.Portal.Handlers()) == handlers && len(state.Robots) == len(automation.Robots) && len(state.Triggers) == len(automation.Triggers)
	})
}

// Objects deleted by people are created again when an administrator opens the app, who is notified once; renamed objects stay.
func TestDeletedObjectsAreRestored(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	pipeline := s.Portal.Categories(s.ItemType())[0].ID
	stage := func(code string) string { return fmt.Sprintf("DT%d_%d:%s", s.ItemType(), pipeline, code) }
	s.Portal.DropHandlers()
	s.Portal.DropPlacements("LEFT_MENU")
	s.Portal.RenameStage(s.ItemType(), stage("CLIENT"), "У заявителя")
	if !s.Portal.DropStage(s.ItemType(), stage("ACTS_ANNULLED")) || !s.Portal.DropUserField("CRM_DEAL", "UF_CRM_DEAL_ACTS_EXCHANGE") {
		t.Fatal("the portal has no such stage or field to delete")
	}
	admin := s.Admin()
	opened, err := admin.OpenDeal(s.Deal(1))
	s.Page(opened, err, http.StatusOK)
	if len(s.Portal.Handlers()) > 0 {
		t.Errorf("%d subscriptions are restored within the hour after the last check, want none", len(s.Portal.Handlers()))
	}
	s.AdvanceTo(s.Clock.Now().Add(61 * time.Minute))
	s.Cloud.Trace().Reset()
	opened, err = admin.OpenDeal(s.Deal(1))
	shown := apptest.TestID(s.Page(opened, err, http.StatusOK), "restored").Text() // the repair may end before the page is rendered
	s.Await("the repair", func() bool {
		return strings.Contains(shown, "Восстановлено") || s.Count("portals WHERE restored <> '[]'") == 1
	})
	if h, m, st := len(s.Portal.Handlers()), len(s.Portal.Placements("LEFT_MENU", s.Portal.Admin())), len(s.Portal.Stages(s.ItemType(), pipeline)); h != 13 || m != 2 || st != 7 {
		t.Errorf("%d subscriptions, %d menu items, %d stages after the repair; want 13, 2, 7", h, m, st)
	}
	if name := s.Portal.StageName(s.ItemType(), stage("CLIENT")); name != "У заявителя" {
		t.Errorf("the renamed stage is called %q, want «У заявителя»", name)
	}
	page, err := admin.Get("/p/1/acts")
	shown += apptest.TestID(s.Page(page, err, http.StatusOK), "restored").Text()
	for _, want := range []string{"Восстановлено", "стадия актов «Аннулирован»", "поле «Способ обмена актами» сделки", "пункт меню «Реестр актов»", "подписки на события (13)"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page does not show %s: %s", want, shown)
		}
	}
	page, err = admin.Get("/p/1/acts")
	if apptest.TestID(s.Page(page, err, http.StatusOK), "restored").Length() > 0 {
		t.Error("what was restored is shown a second time, want once")
	}
	tab := s.HandOver(s.Deal(2))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
}

// A renamed portal is followed when the token server confirms its new address: at an opening, and by the jobs.
func TestRenamedPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 3) // the first address is the token server's
	for _, p := range s.Portals[1:] {
		p.Rename(strings.Replace(p.URL(), "127.0.0.1", "localhost", 1))
	}
	opened, byJobs := s.Portals[1], s.Portals[2]
	page, err := apptest.NewVisitor(opened, opened.Manager(), s.AppURL).OpenDeal(s.Deal(1))
	s.Page(page, err, http.StatusOK)
	if s.Count("portals WHERE id = 2 AND origin LIKE 'http://localhost:%' AND endpoint LIKE 'http://localhost:%'") != 1 {
		t.Error("the store does not have the new address after an opening")
	}
	s.Exec(`UPDATE tokens SET renewed_at = renewed_at - interval '6 minutes'`)
	if answer := apptest.PostCrossSite(t, s.AppURL+"/events", apptest.DealEvent(byJobs, s.Deal(1))); answer.StatusCode != http.StatusOK {
		t.Fatalf("the event of a deal: status %d, want 200", answer.StatusCode)
	}
	s.Await("the new address after a call of the jobs", func() bool { return s.Count("portals WHERE id = 3 AND origin LIKE 'http://localhost:%'") == 1 })
	s.Await("the deal is read at the new address", func() bool { return s.Count("tasks WHERE kind = 'crm.deal'") == 0 })
}

// When a portal answers with another address that the token server does not confirm, no token is sent there.
func TestUnconfirmedAddressOfAPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	var requests atomic.Int64
	unconfirmed := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	t.Cleanup(unconfirmed.Close)
	if err := s.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultRename, Location: unconfirmed.URL}); err != nil {
		t.Fatal(err)
	}
	page, err := s.Manager.OpenDeal(s.Deal(1))
	s.Page(page, err, http.StatusServiceUnavailable)
	s.Exec(`UPDATE tokens SET renewed_at = renewed_at - interval '6 minutes'`)
	renewals := s.Cloud.Trace().Count("oauth.token")
	if answer := apptest.PostCrossSite(t, s.AppURL+"/events", apptest.DealEvent(s.Portal, s.Deal(1))); answer.StatusCode != http.StatusOK {
		t.Fatalf("the event of a deal: status %d, want 200", answer.StatusCode)
	}
	s.Await("a renewal at the token server", func() bool { return s.Cloud.Trace().Count("oauth.token") > renewals })
	s.Portal.ClearFaults()
	s.Await("the deal is read at the known address", func() bool { return s.Count("tasks WHERE kind = 'crm.deal'") == 0 })
	if n := s.Cloud.Trace().Count("oauth.token"); n != renewals+1 {
		t.Errorf("%d renewals, want one", n-renewals)
	}
	if n := requests.Load(); n > 0 || s.Count("portals WHERE endpoint LIKE '"+unconfirmed.URL+"%'") > 0 {
		t.Errorf("%d requests went to the unconfirmed address, or the store has it; want neither", n)
	}
}

// When the administrator whose token pair the jobs use is dismissed, the settings show that, and the next
// administrator who opens the app provides a new pair.
func TestDismissedInstaller(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	other := s.Portal.AddUser(bitrix24test.User{Name: "Вера", LastName: "Новикова", Admin: true})
	second := apptest.NewVisitor(s.Portal, other, s.AppURL)
	page, err := second.Open("LEFT_MENU", "/placement/menu", 0)
	s.Page(page, err, http.StatusOK)
	s.Portal.ChangeUser(s.Portal.Admin(), func(u *bitrix24test.User) { u.Active = false })
	if answer := apptest.PostCrossSite(t, s.AppURL+"/events", apptest.DealEvent(s.Portal, s.Deal(1))); answer.StatusCode != http.StatusOK {
		t.Fatalf("the event of a deal: status %d, want 200", answer.StatusCode)
	}
	s.Await("the pair is marked as dead", func() bool { return s.Count("tokens WHERE dead") == 1 })
	page, err = second.Get("/p/1/settings")
	if doc := s.Page(page, err, http.StatusOK); apptest.TestID(doc, "todo-token").Length() != 1 {
		t.Error("the settings do not show that a token is needed")
	}
	page, err = second.Open("LEFT_MENU", "/placement/menu", 0)
	s.Page(page, err, http.StatusOK)
	s.Await("another pair works", func() bool {
		return s.Count("tokens WHERE NOT dead") == 1 && s.Count("tasks WHERE kind = 'crm.deal'") == 0
	})
	page, err = second.Get("/p/1/settings")
	if doc := s.Page(page, err, http.StatusOK); apptest.TestID(doc, "todo-token").Length() != 0 {
		t.Error("the settings still show that a token is needed")
	}
}
