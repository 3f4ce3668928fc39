package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// expireRights makes the stored rights of all visitors so old that they are fetched from the portal.
func expireRights(s *apptest.Site) {
	s.T.Helper()
	s.Exec(`UPDATE visits SET admin_asked = clock_timestamp() - interval '11 minutes', tried_at = '-infinity'`)
}

// profiles counts the calls that fetch who a visitor is.
func profiles(s *apptest.Site) (n int) {
	for _, l := range s.Cloud.Trace().Lines() {
		if l.Method == "profile" {
			n++
		}
	}
	return n
}

// A demoted administrator who is in no group loses his rights after ten minutes of his visit, which takes one call to the portal.
func TestRightsAreFetchedAgain(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(1), "company")
	s.AddWorker(s.Portal.Manager())
	s.Exec(`UPDATE portals SET grouped = true`)
	admin := s.AdminAtMenu()
	p, err := admin.Get(act)
	s.Page(p, err, http.StatusOK)
	s.Portal.ChangeUser(s.Portal.Admin(), func(u *bitrix24test.User) { u.Admin = false })
	expireRights(s)
	before := profiles(s)
	for range 2 {
		p, err = admin.Get(act)
		s.Page(p, err, http.StatusForbidden)
		p, err = admin.Post(act+"/mark", apptest.Form("event", "refusal", "reason", "чужой"))
		s.Page(p, err, http.StatusForbidden)
	}
	if n := profiles(s) - before; n != 1 {
		t.Errorf("the portal was asked %d times; want once", n)
	}
}

// While the portal does not answer nobody gets more than reading, and pages do not wait for it one after the other.
func TestSilentPortalAllowsReading(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	tab := "/p/1/deals/1"
	act := s.FormPaperAct(s.Deal(1), "company")
	admin := s.AdminAtMenu()
	s.AwaitQuiet()
	s.Must(s.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultDown}))
	expireRights(s)
	for _, path := range []string{"/p/1/acts", act, tab} {
		p, err := s.Manager.Get(path)
		s.Page(p, err, http.StatusOK)
	}
	if n := s.Count(`visits WHERE tried_at > clock_timestamp() - interval '1 minute'`); n != 1 {
		t.Errorf("%d visits have stored the time of the failed attempt; want one", n)
	}
	p, err := s.Manager.Post(act+"/mark", apptest.Form("event", "refusal", "reason", "тишина"))
	if doc := s.Page(p, err, http.StatusServiceUnavailable); !strings.Contains(doc.Text(), "Ничего не изменено") {
		t.Errorf("the page reads %q", doc.Text())
	}
	p, err = admin.Get("/p/1/state")
	s.Page(p, err, http.StatusOK)
	p, err = admin.Post("/p/1/settings/storage", apptest.Form("years", "5"))
	s.Page(p, err, http.StatusServiceUnavailable)
	if n := s.Count(`act_events WHERE kind = 'refusal'`); n != 0 {
		t.Error("something was changed")
	}
	s.Portal.ClearFaults()
	p, err = s.Manager.Post(act+"/check", nil)
	if err != nil || p.Status == http.StatusServiceUnavailable {
		t.Errorf("after the portal has come back: status %d, %v", p.Status, err)
	}
}

// The visit of a dismissed person ends when his token is refused for the first time, and so does that of one without access to the app.
func TestDismissedPersonLosesHisVisit(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*bitrix24test.User){
		"dismissed": func(u *bitrix24test.User) { u.Active = false },
		"no access": func(u *bitrix24test.User) { u.NoApp = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1)
			p, err := s.Manager.OpenDeal(s.Deal(1))
			s.Page(p, err, http.StatusOK)
			s.Portal.ChangeUser(s.Portal.Manager(), change)
			p, err = s.Manager.Get("/p/1/acts")
			s.Page(p, err, http.StatusOK)          // nobody has asked yet
			p, err = s.Manager.Get("/p/1/deals/2") // here his token is used
			s.Page(p, err, http.StatusUnauthorized)
			p, err = s.Manager.Get("/p/1/acts")
			s.Page(p, err, http.StatusUnauthorized)
			if n := s.Count(`visits WHERE user_id = (SELECT user_id FROM visits EXCEPT SELECT user_id FROM visits WHERE admin LIMIT 1)`); n != 0 {
				t.Errorf("%d visits of his are left", n)
			}
		})
	}
}

// A deal that the CRM hides from a person stays hidden on every way to it, and the CRM is asked once in five minutes.
func TestHiddenDealStaysHidden(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AddWorker(3)
	s.Exec(`UPDATE portals SET grouped = true`)
	s.AddWorker(s.Portal.Manager())
	deal := s.Deal(1)
	_, action, form := s.DealTab(deal)
	act := s.FormPaperAct(deal, "company")
	s.Portal.Hide(3, bitrix24test.Deal, deal)
	colleague, _ := s.OpenAs(3, http.StatusOK)
	tab, before, asked := strings.TrimSuffix(action, "/acts"), s.Count(`acts`), profiles(s)
	live := apptest.Header("X-Acts-Live", "1")
	cookie := apptest.Header("Cookie", colleague.Cookies(tab))
	same := apptest.Header("Sec-Fetch-Site", "same-origin")
	for range 2 {
		for name, got := range map[string]apptest.Response{
			"the tab":       s.Request(http.MethodGet, tab, nil, cookie),
			"a live update": s.Request(http.MethodGet, tab, nil, cookie, live),
			"a form":        s.Request(http.MethodPost, action, form, cookie, same),
			"a preview":     s.Request(http.MethodPost, action+"/preview", form, cookie, same),
			"a move":        s.Request(http.MethodPost, tab+"/move", nil, cookie, same),
			"a question":    s.Request(http.MethodPost, tab+"/question", nil, cookie, same),
			"an edit":       s.Request(http.MethodGet, act+"/edit", nil, cookie),
			"a saved edit":  s.Request(http.MethodPost, act+"/edit", form, cookie, same),
		} {
			if got.Status != http.StatusForbidden {
				t.Errorf("%s: status %d; want 403", name, got.Status)
			}
		}
	}
	if n := profiles(s) - asked; n != 1 {
		t.Errorf("the CRM was asked %d times; want once", n)
	}
	if got := s.Request(http.MethodPost, "/p/1/deals/acts", apptest.Form("deal", "1", "key", "2b2fd58d-4b42-44b2-8ab1-7d50b0d3f0c9"), cookie, same); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("acts of a list of deals: status %d", got.Status)
	}
	if n := s.Count(`acts`); n != before {
		t.Errorf("%d acts were formed", n-before)
	}
	if got := s.Request(http.MethodGet, act, nil, cookie); got.Status != http.StatusOK { // pages of acts follow our roles only
		t.Errorf("the page of its act: status %d", got.Status)
	}
	p, err := s.Manager.Get(tab)
	s.Page(p, err, http.StatusOK)
}

// Without an answer of the CRM the copy of a deal may be read, and nothing is formed.
func TestDealOfASilentPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	_, action, form := s.DealTab(s.Deal(1))
	s.Exec(`UPDATE visit_deals SET asked_at = clock_timestamp() - interval '6 minutes'`)
	s.Must(s.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultDown}))
	p, err := s.Manager.Get(strings.TrimSuffix(action, "/acts"))
	s.Page(p, err, http.StatusOK)
	p, err = s.Manager.Post(action, form)
	s.Page(p, err, http.StatusServiceUnavailable)
	if n := s.Count(`acts`); n != 0 {
		t.Errorf("%d acts were formed", n)
	}
	s.Portal.ClearFaults()
	p, err = s.Manager.Post(action, form)
	s.Page(p, err, http.StatusOK)
}
