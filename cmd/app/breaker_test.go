package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// probing sets the probe interval to four seconds and the reconciliation to one second, so that some call is always due.
func probing(cfg *app.Config) { cfg.Probe, cfg.Sweep = 4*time.Second, time.Second }

// at returns a site for another portal of the same world and program.
func (s *site) at(n int) *site {
	p := s.Portals[n]
	return &site{World: s.World, t: s.t, portal: p, manager: apptest.NewVisitor(p, p.Manager(), s.AppURL), logs: s.logs, clock: s.clock, app: s.app, owner: s.owner, cfg: s.cfg}
}

// forms opens deal tabs and returns a function that forms their acts, so that a portal can fail in between.
func (s *site) forms(deals ...int) (form func()) {
	s.t.Helper()
	type filled struct {
		action string
		form   url.Values
	}
	var all []filled
	for _, n := range deals {
		_, action, form := s.tab(s.deal(n))
		form.Set("type", strings.Replace(form.Get("type"), "electronic", "paper", 1))
		all = append(all, filled{action, form})
	}
	return func() {
		s.t.Helper()
		for _, f := range all {
			p, err := s.manager.Post(f.action, f.form)
			s.page(p, err, http.StatusOK)
		}
	}
}

// items returns the number of items in the CRM.
func (s *site) items() int { return len(s.portal.Items(s.itemType())) }

// callsTo returns the times of the HTTP calls that a portal has received since a time.
func (s *site) callsTo(p *bitrix24test.Portal, since time.Time) (at []time.Time) {
	seen := map[int64]bool{}
	for _, l := range s.Cloud.Trace().Lines() {
		if l.Portal == p.MemberID() && !strings.Contains(l.Method, "oauth") && !seen[l.HTTP] && l.Time.After(since) {
			seen[l.HTTP] = true
			at = append(at, l.Time)
		}
	}
	return at
}

// A hanging portal and one that answers 403 are each called once per probe interval, a portal without the app
// is not called at all, and a healthy portal is served. When the failed portals answer again, all their work
// is done and their administrators are notified.
func TestDeadPortals(t *testing.T) {
	t.Parallel()
	s := start(t, 4, probing)
	s.await("all deals known", func() bool { return s.count(`loads WHERE done`) == 4 })
	kill := []func(p *bitrix24test.Portal){
		func(p *bitrix24test.Portal) {
			s.must(p.Fault(bitrix24test.Fault{Kind: bitrix24test.Latency, Delay: time.Minute}))
		},
		func(p *bitrix24test.Portal) {
			s.must(p.Fault(bitrix24test.Fault{Kind: bitrix24test.Forbidden}))
		},
		func(p *bitrix24test.Portal) { p.RevokeTokens() },
	}
	var dead []*site
	for n, die := range kill {
		one := s.at(n + 1)
		form := one.forms(1, 2, 3)
		die(one.portal)
		form()
		dead = append(dead, one)
	}
	s.await("three open breakers", func() bool { return s.count(`breakers WHERE opened_at IS NOT NULL AND account_id = 0`) == 3 })
	late := s.cfg.CallBound + 200*time.Millisecond // a hanging call is recorded when it times out
	opened := time.Now().Add(late)
	s.forms(1, 2, 3)()
	s.await("the acts of the healthy portal", func() bool { return s.items() == 3 })
	for n, one := range dead[:2] {
		s.await("three probes of "+one.portal.MemberID(), func() bool { return len(s.callsTo(one.portal, opened)) >= 3 })
		at := s.callsTo(one.portal, opened)
		for i := 1; i < len(at); i++ {
			if gap := at[i].Sub(at[i-1]); gap < s.cfg.Probe-late {
				t.Errorf("portal %d was called twice within %s", n+2, gap)
			}
		}
	}
	if n := len(s.callsTo(dead[2].portal, opened)); n != 0 {
		t.Errorf("a portal whose pair is known to be invalid was called %d times", n)
	}
	for _, one := range dead {
		one.portal.ClearFaults()
	}
	admin := apptest.NewVisitor(dead[2].portal, dead[2].portal.Admin(), s.AppURL)
	p, err := admin.Open("LEFT_MENU", "/placement/menu", 0)
	s.page(p, err, http.StatusOK)
	for _, one := range dead {
		one.t = t
		s.await("the acts of "+one.portal.MemberID(), func() bool { return one.items() == 3 })
		s.await("the notification of the administrator", func() bool { return one.notified("связь с Битрикс24 есть снова") == 1 })
	}
	if n := s.count(`incidents WHERE closed_at IS NOT NULL`); n != 3 || s.count(`incidents`) != 3 {
		t.Errorf("%d incidents are over, want three", n)
	}
}

// While calls of one portal hang and its breaker is still closed, other portals find workers of every kind:
// their acts are delivered before the first hanging call times out.
func TestHangingPortalHoldsNobody(t *testing.T) {
	t.Parallel()
	s := start(t, 2, sweeping, func(cfg *app.Config) {
		cfg.CallBound, cfg.Window, cfg.Lease = 8*time.Second, 10*time.Second, 12*time.Second
	})
	s.await("all deals known", func() bool { return s.count(`loads WHERE done`) == 2 })
	hanging := s.at(1)
	form := hanging.forms(1, 2, 3, 4, 5, 6)
	mine := s.forms(1, 2, 3)
	s.must(hanging.portal.Fault(bitrix24test.Fault{Kind: bitrix24test.Latency, Delay: time.Minute}))
	form()
	for n := 1; n <= 10; n++ {
		answer, err := http.PostForm(s.AppURL+"/events", apptest.DealEvent(hanging.portal, hanging.deal(n)))
		s.must(err)
		answer.Body.Close()
	}
	s.await("its tasks taken", func() bool { return s.count(`tasks WHERE portal_id = 2 AND lease_until > clock_timestamp()`) > 0 })
	mine()
	s.must(s.portal.Change(s.portal.Manager(), bitrix24test.Deal, s.deal(5), fields{"title": "Переименована"}))
	s.await("the acts of the healthy portal", func() bool { return s.items() == 3 })
	s.await("its event read", func() bool { return s.count(`deals WHERE portal_id = 1 AND title = 'Переименована'`) == 1 })
	if n := s.count(`breakers WHERE portal_id = 2`); n > 0 {
		t.Error("a call of the hanging portal has been given up before: the test proves nothing")
	}
}

// While SBIS does not answer for an account, it is called once per probe interval; when it answers, the waiting work is
// done.
func TestDeadSBIS(t *testing.T) {
	t.Parallel()
	s := start(t, 1, probing)
	_, action, form := s.tab(s.deal(1))
	s.must(s.SBIS.Fault(sbistest.Fault{Kind: sbistest.Down}))
	s.await("an open breaker", func() bool { return s.count(`breakers WHERE opened_at IS NOT NULL AND account_id <> 0`) == 1 })
	form.Set("send", "1")
	p, err := s.manager.Post(action, form)
	s.page(p, err, http.StatusOK)
	s.await("the notification of the administrator", func() bool {
		return s.notified("нет связи с аккаунтом СБИС «Основной»") == 1
	})
	s.SBIS.Trace().Reset()
	s.await("three probes", func() bool { return len(s.SBIS.Trace().Lines()) >= 3 })
	lines := s.SBIS.Trace().Lines()
	for i := 1; i < len(lines); i++ {
		if gap := lines[i].Time.Sub(lines[i-1].Time); gap < s.cfg.Probe-200*time.Millisecond {
			t.Errorf("%s and %s within %s", lines[i-1].Method, lines[i].Method, gap)
		}
	}
	s.SBIS.ClearFaults()
	s.await("the document", func() bool { return len(s.documents()) == 1 })
	s.await("the second notification of the administrator", func() bool {
		return s.notified("связь с аккаунтом СБИС «Основной» есть снова") == 1
	})
	if n := s.notified("нет связи с аккаунтом"); n != 0 {
		t.Error("the first word stays beside the second")
	}
}

// A wrong password is tried once, shown, and not tried again until a person corrects it.
func TestWrongPasswordIsTriedOnce(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	admin := apptest.NewVisitor(s.portal, s.portal.Admin(), s.AppURL)
	p, err := admin.Open("LEFT_MENU", "/placement/menu", 0)
	s.page(p, err, http.StatusOK)
	save := func(password string, status int) {
		t.Helper()
		p, err := admin.Post("/p/1/settings/accounts/1", url.Values{"name": {"Основной"}, "login": {"robot"}, "password": {password}})
		s.page(p, err, status)
	}
	logins := func() (n int) {
		for _, l := range s.SBIS.Trace().Lines() {
			if l.Method == "СБИС.Аутентифицировать" {
				n++
			}
		}
		return n
	}
	save("wrong", http.StatusUnprocessableEntity)
	s.await("the refusal kept", func() bool { return s.count(`edo_accounts WHERE problem <> ''`) == 1 })
	s.await("the notification of the administrator", func() bool { return s.notified("СБИС не принял вход") == 1 })
	before := s.count(`feeds WHERE failures > 0`)
	polls := fmt.Sprintf(`feeds WHERE failures > %d`, before+2)
	s.await("further polls", func() bool { return s.count(polls) == 1 })
	if n := logins(); n != 1 {
		t.Errorf("%d logins with a wrong password, want one", n)
	}
	p, err = admin.Get("/p/1/state")
	if doc := s.page(p, err, http.StatusOK); !strings.Contains(testid(doc, "accounts").Text(), "СБИС не принял вход") || !strings.Contains(testid(doc, "verdict").Text(), "Не работает") {
		t.Errorf("the page shows %q", testid(doc, "verdict").Text())
	}
	save("robot-password", http.StatusOK)
	s.await("the recovery after the correction", func() bool { return s.notified("есть снова") == 1 && s.count(`feeds WHERE failures = 0`) == 1 })
	if n := logins(); n != 2 {
		t.Errorf("%d logins, want one more", n)
	}
}
