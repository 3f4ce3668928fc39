package usecases_test

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

// forms opens deal tabs and returns a function that forms their acts, so that a portal can fail in between.
func forms(s *apptest.Site, deals ...int) (form func()) {
	s.T.Helper()
	type filled struct {
		visitor *apptest.Visitor // the CRM has shown the deal in this visit
		action  string
		form    url.Values
	}
	var all []filled
	for _, n := range deals {
		s.Manager = apptest.NewVisitor(s.Portal, s.Portal.Manager(), s.AppURL)
		_, action, form := s.DealTab(s.Deal(n))
		form.Set("type", strings.Replace(form.Get("type"), "electronic", "paper", 1))
		all = append(all, filled{s.Manager, action, form})
	}
	return func() {
		s.T.Helper()
		for _, f := range all {
			p, err := f.visitor.Post(f.action, f.form)
			s.Page(p, err, http.StatusOK)
		}
	}
}

// items returns the number of items in the CRM.
func items(s *apptest.Site) int { return len(s.Portal.Items(s.ItemType())) }

// callsTo returns the times of the HTTP calls that a portal has received since a time.
func callsTo(s *apptest.Site, p *bitrix24test.Portal, since time.Time) (at []time.Time) {
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
	s := apptest.Start(t, 4, apptest.FastProbe)
	s.Await("all deals known", func() bool { return s.Count(`backfills WHERE done`) == 4 })
	kill := []func(p *bitrix24test.Portal){
		func(p *bitrix24test.Portal) {
			s.Must(p.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultLatency, Delay: time.Minute}))
		},
		func(p *bitrix24test.Portal) {
			s.Must(p.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultForbidden}))
		},
		func(p *bitrix24test.Portal) { p.RevokeTokens() },
	}
	var dead []*apptest.Site
	for n, die := range kill {
		one := s.AtPortal(n + 1)
		form := forms(one, 1, 2, 3)
		die(one.Portal)
		form()
		dead = append(dead, one)
	}
	s.Await("three open breakers", func() bool { return s.Count(`breakers WHERE opened_at IS NOT NULL AND account_id = 0`) == 3 })
	late := s.AppConfig.CallTimeout + 200*time.Millisecond // a hanging call is recorded when it times out
	opened := time.Now().Add(late)
	forms(s, 1, 2, 3)()
	s.Await("the acts of the healthy portal", func() bool { return items(s) == 3 })
	for n, one := range dead[:2] {
		s.Await("three probes of "+one.Portal.MemberID(), func() bool { return len(callsTo(s, one.Portal, opened)) >= 3 })
		at := callsTo(s, one.Portal, opened)
		for i := 1; i < len(at); i++ {
			if gap := at[i].Sub(at[i-1]); gap < s.AppConfig.Probe-late {
				t.Errorf("portal %d was called twice within %s", n+2, gap)
			}
		}
	}
	if n := len(callsTo(s, dead[2].Portal, opened)); n != 0 {
		t.Errorf("a portal whose pair is known to be invalid was called %d times", n)
	}
	for _, one := range dead {
		one.Portal.ClearFaults()
	}
	admin := apptest.NewVisitor(dead[2].Portal, dead[2].Portal.Admin(), s.AppURL)
	p, err := admin.Open("LEFT_MENU", "/placement/menu", 0)
	s.Page(p, err, http.StatusOK)
	for _, one := range dead {
		one.T = t
		s.Await("the acts of "+one.Portal.MemberID(), func() bool { return items(one) == 3 })
		s.Await("the notification of the administrator", func() bool { return one.Notifications("связь с Битрикс24 есть снова") == 1 })
	}
	if n := s.Count(`incidents WHERE closed_at IS NOT NULL`); n != 3 || s.Count(`incidents`) != 3 {
		t.Errorf("%d incidents are over, want three", n)
	}
}

// While calls of one portal hang and its breaker is still closed, other portals find workers of every kind:
// their acts are delivered before the first hanging call times out.
func TestHangingPortalHoldsNobody(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2, apptest.FastReconcile, func(cfg *app.Config) {
		cfg.CallTimeout, cfg.Window, cfg.Lease = 15*time.Second, 16*time.Second, 18*time.Second
	})
	s.Await("all deals known", func() bool { return s.Count(`backfills WHERE done`) == 2 })
	hanging := s.AtPortal(1)
	form := forms(hanging, 1, 2, 3, 4, 5, 6)
	mine := forms(s, 1, 2, 3)
	s.Must(hanging.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultLatency, Delay: time.Minute}))
	form()
	for n := 1; n <= 10; n++ {
		answer, err := http.PostForm(s.AppURL+"/events", apptest.DealEvent(hanging.Portal, hanging.Deal(n)))
		s.Must(err)
		answer.Body.Close()
	}
	s.Await("its tasks taken", func() bool { return s.Count(`tasks WHERE portal_id = 2 AND lease_until > clock_timestamp()`) > 0 })
	mine()
	s.Must(s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, s.Deal(5), fields{"title": "Переименована"}))
	s.Await("the acts of the healthy portal", func() bool { return items(s) == 3 })
	s.Await("its event read", func() bool { return s.Count(`deals WHERE portal_id = 1 AND title = 'Переименована'`) == 1 })
	if n := s.Count(`breakers WHERE portal_id = 2`); n > 0 {
		t.Error("a call of the hanging portal has been given up before: the test proves nothing")
	}
}

// While SBIS does not answer for an account, it is called once per probe interval; when it answers, the waiting work is
// done.
func TestDeadSBIS(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastProbe)
	_, action, form := s.DealTab(s.Deal(1))
	s.Must(s.SBIS.Fault(sbistest.Fault{Kind: sbistest.FaultDown}))
	s.Await("an open breaker", func() bool { return s.Count(`breakers WHERE opened_at IS NOT NULL AND account_id <> 0`) == 1 })
	form.Set("send", "1")
	p, err := s.Manager.Post(action, form)
	s.Page(p, err, http.StatusOK)
	s.Await("the notification of the administrator", func() bool {
		return s.Notifications("нет связи с аккаунтом СБИС «Основной»") == 1
	})
	s.SBIS.Trace().Reset()
	s.Await("three probes", func() bool { return len(s.SBIS.Trace().Lines()) >= 3 })
	lines := s.SBIS.Trace().Lines()
	for i := 1; i < len(lines); i++ {
		if gap := lines[i].Time.Sub(lines[i-1].Time); gap < s.AppConfig.Probe-200*time.Millisecond {
			t.Errorf("%s and %s within %s", lines[i-1].Method, lines[i].Method, gap)
		}
	}
	s.SBIS.ClearFaults()
	s.Await("the document", func() bool { return len(s.Documents()) == 1 })
	s.Await("the second notification of the administrator", func() bool {
		return s.Notifications("связь с аккаунтом СБИС «Основной» есть снова") == 1
	})
	if n := s.Notifications("нет связи с аккаунтом"); n != 0 {
		t.Errorf("%d notifications of the outage stay after that of its end, want none", n)
	}
}

// A wrong password is tried once, shown, and not tried again until a person corrects it.
func TestWrongPasswordIsTriedOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin := apptest.NewVisitor(s.Portal, s.Portal.Admin(), s.AppURL)
	p, err := admin.Open("LEFT_MENU", "/placement/menu", 0)
	s.Page(p, err, http.StatusOK)
	save := func(password string, status int) {
		t.Helper()
		p, err := admin.Post("/p/1/settings/accounts/1", url.Values{"name": {"Основной"}, "login": {"robot"}, "password": {password}})
		s.Page(p, err, status)
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
	s.Await("the refusal kept", func() bool { return s.Count(`edo_accounts WHERE problem <> ''`) == 1 })
	s.Await("the notification of the administrator", func() bool { return s.Notifications("СБИС не принял вход") == 1 })
	before := s.Count(`feeds WHERE failures > 0`)
	polls := fmt.Sprintf(`feeds WHERE failures > %d`, before+2)
	s.Await("further polls", func() bool { return s.Count(polls) == 1 })
	if n := logins(); n != 1 {
		t.Errorf("%d logins with a wrong password, want one", n)
	}
	p, err = admin.Get("/p/1/state")
	if doc := s.Page(p, err, http.StatusOK); !strings.Contains(apptest.TestID(doc, "accounts").Text(), "СБИС не принял вход") || !strings.Contains(apptest.TestID(doc, "verdict").Text(), "Не работает") {
		t.Errorf("the page shows %q", apptest.TestID(doc, "verdict").Text())
	}
	save("robot-password", http.StatusOK)
	s.Await("the recovery after the correction", func() bool {
		return s.Notifications("есть снова") == 1 && s.Count(`feeds WHERE failures = 0`) == 1
	})
	if n := logins(); n != 2 {
		t.Errorf("%d logins, want one more", n)
	}
}
