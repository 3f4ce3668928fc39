package app_test

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// Checking an intact portal takes two reading calls in addition to the one of the opening.
func TestRepairOfAWholePortal(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.pass(s.clock.now().Add(61 * time.Minute))
	s.Cloud.Trace().Reset()
	s.opened()
	s.await("the portal was looked at", func() bool { return s.Cloud.Trace().Count("event.get") == 1 && s.count("install_turns") == 0 })
	if n := s.looks(); n != 3 || len(s.writes()) > 0 || s.count("portals WHERE restored <> '[]'") > 0 {
		t.Errorf("%d calls and the writes %v, want two calls that read beside the opening", n, s.writes())
	}
}

// An update of the app removes the handlers and changes the application token; its event causes the repair of
// both, and an event of a user who is no administrator changes nothing.
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

// Objects deleted by people are created again at the next opening by an administrator, who is notified once; renamed objects
// stay.
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
	if !s.portal.DropStage(typ.EntityTypeID, stage("ACTS_ANNULLED")) || !s.portal.DropUserField("CRM_DEAL", "UF_CRM_DEAL_ACTS_EXCHANGE") {
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
	told := testid(s.page(opened, err, http.StatusOK), "restored").Text() // the repair may end before the page is rendered
	s.await("all is there again", func() bool {
		return strings.Contains(told, "Восстановлено") || s.count("portals WHERE restored <> '[]'") == 1
	})
	if len(s.portal.Handlers()) == 0 || len(s.portal.Placements("LEFT_MENU", s.portal.Admin())) != 1 || len(s.portal.Stages(typ.EntityTypeID, s.itemCategory(typ.EntityTypeID))) != 7 {
		t.Error("something is still lost")
	}
	if name := s.portal.StageName(typ.EntityTypeID, stage("CLIENT")); name != "У заявителя" {
		t.Errorf("a renamed stage is called %q again", name)
	}
	page, err := admin.Get("/p/1/acts")
	told += testid(s.page(page, err, http.StatusOK), "restored").Text()
	for _, want := range []string{"Восстановлено", "стадия актов «Аннулирован»", "поле «Способ обмена актами» сделки", "пункт меню «Реестр актов»", "подписки на события (13)"} {
		if !strings.Contains(told, want) {
			t.Errorf("the page does not show %s: %s", want, told)
		}
	}
	page, err = admin.Get("/p/1/acts")
	if testid(s.page(page, err, http.StatusOK), "restored").Length() > 0 {
		t.Error("it is shown twice")
	}
	tab := s.send(s.deal(2))
	s.tabShows(tab, draftLabel, waitingLabel)
}

// itemCategory returns the pipeline of the smart process.
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
	s := start(t, 3) // the first address is the token server's
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

// When a portal answers with another address that the token server does not confirm, no token is sent there.
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

// When the administrator whose token pair the jobs use is dismissed, the settings say so, and the next
// administrator who opens the app provides a new pair.
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
