package handlers_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// canary returns an address that must never be called.
func canary(t *testing.T) (host string) {
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	t.Cleanup(func() {
		server.Close()
		if n := calls.Load(); n != 0 {
			t.Errorf("the canary was called %d times", n)
		}
	})
	return strings.TrimPrefix(server.URL, "http://")
}

// opening returns a valid opening of the deal tab, to be manipulated.
func opening(s *apptest.Site) (*url.URL, url.Values) {
	o := s.Portal.Open(s.Portal.Manager(), "CRM_DEAL_DETAIL_TAB", s.AppURL+"/placement/deal", bitrix24test.Fields{"ID": "1"})
	u, err := url.Parse(o.URL)
	if err != nil {
		s.T.Fatal(err)
	}
	return u, o.Form
}

// A forged or outdated opening gets a 403 page and no cookie, and no host named in it is called.
func TestForgedOpenings(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	evil := canary(t)
	stranger := s.Portals[1]
	foreign := stranger.Open(stranger.Manager(), "CRM_DEAL_DETAIL_TAB", s.AppURL+"/placement/deal", bitrix24test.Fields{"ID": "1"})
	for name, spoil := range map[string]func(*url.URL, url.Values){
		"an unknown member":                    func(_ *url.URL, f url.Values) { f.Set("member_id", "ffffffffffffffffffffffffffffffff") },
		"the token of another portal's user":   func(_ *url.URL, f url.Values) { f.Set("AUTH_ID", foreign.Form.Get("AUTH_ID")) },
		"another portal's name with our token": func(_ *url.URL, f url.Values) { f.Set("member_id", stranger.MemberID()) },
		"no application token":                 func(_ *url.URL, f url.Values) { f.Del("APPLICATION_TOKEN") },
		"an empty application token":           func(_ *url.URL, f url.Values) { f.Set("APPLICATION_TOKEN", "") },
		"application token 0":                  func(_ *url.URL, f url.Values) { f.Set("APPLICATION_TOKEN", "0") },
		"an array of application tokens": func(_ *url.URL, f url.Values) {
			f["APPLICATION_TOKEN[]"] = f["APPLICATION_TOKEN"]
			f.Del("APPLICATION_TOKEN")
		},
		"an invalid access token": func(_ *url.URL, f url.Values) { f.Set("AUTH_ID", "made-up") },
		"invalid options":         func(_ *url.URL, f url.Values) { f.Set("PLACEMENT_OPTIONS", strings.Repeat("[", 5000)) },
	} {
		t.Run(name, func(t *testing.T) {
			u, f := opening(s)
			spoil(u, f)
			answer := apptest.PostCrossSite(t, u.String(), f)
			if answer.StatusCode != http.StatusForbidden || len(answer.Cookies()) > 0 {
				t.Errorf("status %d, cookies %v; want 403 and none", answer.StatusCode, answer.Cookies())
			}
		})
	}
	for _, domain := range []string{evil, "127.0.0.1:5432", "169.254.169.254", "[::1]", "portal.example@" + evil, evil + "#.portal.example"} {
		u, f := opening(s)
		q := u.Query()
		q.Set("DOMAIN", domain)
		u.RawQuery = q.Encode()
		f.Set("SERVER_ENDPOINT", "http://"+evil+"/rest/")
		f.Set("client_endpoint", "http://"+evil+"/rest/")
		if answer := apptest.PostCrossSite(t, u.String(), f); answer.StatusCode != http.StatusForbidden && answer.StatusCode != http.StatusSeeOther {
			t.Errorf("DOMAIN %q: status %d", domain, answer.StatusCode)
		}
	}
	u, f := opening(s)
	answer := apptest.PostCrossSite(t, u.String(), f)
	if answer.StatusCode != http.StatusSeeOther || strings.Contains(answer.Header.Get("Location"), "AUTH") || strings.Contains(answer.Header.Get("Location"), "?") {
		t.Errorf("a true opening: status %d to %q, want 303 to a clean address", answer.StatusCode, answer.Header.Get("Location"))
	}
	for _, c := range answer.Header.Values("Set-Cookie") {
		for _, want := range []string{"__Host-acts-1=", "Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"} {
			if !strings.Contains(c, want) {
				t.Errorf("cookie without %s: %s", want, c)
			}
		}
		if strings.Contains(c, "Domain=") {
			t.Errorf("cookie with a domain: %s", c)
		}
	}
}

func TestForgedInstall(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	victim, attacker := s.Portals[0], s.Portals[1]
	o := victim.Open(victim.Admin(), "DEFAULT", s.AppURL+"/install", nil)
	o.Form.Set("REFRESH_ID", "made-up")
	if answer := apptest.PostCrossSite(t, o.URL, o.Form); answer.StatusCode != http.StatusForbidden {
		t.Errorf("an invented refresh token: status %d", answer.StatusCode)
	}
	// an attacker's valid install that names the victim affects the attacker's portal only
	o = attacker.Open(attacker.Admin(), "DEFAULT", s.AppURL+"/install", nil)
	o.Form.Set("member_id", victim.MemberID())
	answer := apptest.PostCrossSite(t, o.URL, o.Form)
	if loc := answer.Header.Get("Location"); answer.StatusCode != http.StatusSeeOther || loc != "/p/2/install" {
		t.Errorf("status %d to %q, want the attacker's own portal 2", answer.StatusCode, loc)
	}
	o = attacker.Open(attacker.Manager(), "DEFAULT", s.AppURL+"/install", nil)
	if answer := apptest.PostCrossSite(t, o.URL, o.Form); answer.StatusCode != http.StatusForbidden {
		t.Errorf("a plain user installs: status %d", answer.StatusCode)
	}
	p, err := s.Manager.OpenDeal(s.Deal(1))
	s.Page(p, err, http.StatusOK)
}

// A removal is proven by the token of the application, its time and the refusal of our own token by the portal.
func TestForgedEvents(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	event := func(token, sent string) url.Values {
		return apptest.Form("event", "ONAPPUNINSTALL", "ts", sent, "data[CLEAN]", "1", "auth[member_id]", s.Portal.MemberID(), "auth[application_token]", token)
	}
	at := func(from time.Duration) string { return fmt.Sprint(time.Now().Add(from).Unix()) }
	active := func(what string) {
		t.Helper()
		p, err := s.Manager.OpenDeal(s.Deal(1))
		if s.Page(p, err, http.StatusOK); s.Count("portals WHERE state = 'active'") != 1 || s.Count("removals") != 0 {
			t.Errorf("%s removes the portal", what)
		}
	}
	for name, form := range map[string]url.Values{"a made-up token": event("made-up", at(0)), "no time": event(s.Portal.ApplicationToken(), ""),
		"a time before the installation": event(s.Portal.ApplicationToken(), at(-4*time.Minute)), "a time long ago": event(s.Portal.ApplicationToken(), at(-time.Hour)),
		"a time to come": event(s.Portal.ApplicationToken(), at(6*time.Minute))} {
		if answer := apptest.PostCrossSite(t, s.AppURL+"/events", form); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: status %d", name, answer.StatusCode)
		}
		active(name)
	}
	if answer := apptest.PostCrossSite(t, s.AppURL+"/events", event(s.Portal.ApplicationToken(), at(0))); answer.StatusCode != http.StatusOK {
		t.Errorf("a removal although the portal answers: status %d", answer.StatusCode)
	}
	active("a removal although the portal answers")
	s.Portal.Uninstall(false)
	s.Await("the true removal", func() bool {
		return s.Count("portals WHERE state = 'frozen' AND keep_days > 30") == 1 && s.Count("removals WHERE NOT clean") == 1
	})
	p, err := s.Manager.Get("/p/1/acts")
	s.Page(p, err, http.StatusUnauthorized)
}

// A portal that gives no answer is frozen, and its data stay for their term although the event requests deletion.
func TestUnconfirmedRemoval(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.Must(s.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultUnavailable}))
	s.Portal.Uninstall(true)
	s.Await("the removal", func() bool {
		return s.Count("portals WHERE state = 'frozen' AND keep_days > 30 AND member_id NOT LIKE 'removed/%'") == 1
	})
	if s.Count("removals WHERE NOT clean") != 1 || s.Count("acts") != 1 {
		t.Error("the data are not kept")
	}
}

// Every page of a portal requires a visit of that portal; a visit of another portal and no visit get the same answer.
func TestEveryPageNeedsItsOwnVisit(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	p, err := s.Manager.OpenDeal(s.Deal(1))
	s.Page(p, err, http.StatusOK)
	other := apptest.NewVisitor(s.Portals[1], s.Portals[1].Manager(), s.AppURL)
	p, err = other.OpenDeal(1)
	s.Page(p, err, http.StatusOK)
	nobody := apptest.NewVisitor(s.Portal, s.Portal.Manager(), s.AppURL)
	for _, path := range []string{"/p/1/deals/1", "/p/1/acts", "/p/1/acts/1", "/p/1/acts/1/xml", "/p/1/companies/2", "/p/1/contacts/1", "/p/1/bulks", "/p/1/bulks/1", "/p/1/bulks/1/file", "/p/1/settings", "/p/1/install"} {
		for who, v := range map[string]*apptest.Visitor{"nobody": nobody, "the neighbour": other} {
			if p, err := v.Get(path); err != nil || p.Status != http.StatusUnauthorized {
				t.Errorf("%s as %s: status %d, %v; want 401", path, who, p.Status, err)
			}
		}
	}
	for _, path := range []string{"/p/1/settings", "/p/1/install"} {
		if p, err := s.Manager.Get(path); err != nil || p.Status != http.StatusForbidden {
			t.Errorf("%s as a plain user: status %d, want 403", path, p.Status)
		}
	}
	if p, err := s.Manager.Get("/p/1/acts/99999"); err != nil || p.Status != http.StatusNotFound {
		t.Errorf("an act that is not there: status %d", p.Status)
	}
	if p, err := s.Manager.Get("/p/1/acts/abc"); err != nil || p.Status != http.StatusNotFound {
		t.Errorf("an act with a name: status %d", p.Status)
	}
}

func TestCrossSitePostsAndHeaders(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	_, action, f := s.DealTab(s.Deal(1))
	answer := apptest.PostCrossSite(t, s.AppURL+action, f)
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("a cross-site form: status %d, want 403", answer.StatusCode)
	}
	p, err := s.Manager.Get("/p/1/deals/1")
	s.Page(p, err, http.StatusOK)
	policy := p.Header.Get("Content-Security-Policy")
	if !strings.HasSuffix(policy, "frame-ancestors 'self' "+s.Portal.URL()) || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Errorf("policy of a page in the portal: %s", policy)
	}
	for _, header := range []string{"Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"} {
		if p.Header.Get(header) == "" {
			t.Errorf("no %s", header)
		}
	}
	p, err = s.Manager.Get("/")
	s.Page(p, err, http.StatusOK)
	if !strings.HasSuffix(p.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("policy outside the portal: %s", p.Header.Get("Content-Security-Policy"))
	}
	for _, method := range []string{http.MethodTrace, http.MethodDelete, http.MethodPut} {
		r, _ := http.NewRequest(method, s.AppURL+"/p/1/acts/1/send", nil)
		if answer, err := http.DefaultClient.Do(r); err != nil || answer.StatusCode == http.StatusOK {
			t.Errorf("%s answered %v, %v", method, answer, err)
		}
	}
}

// An employee who may not see a deal in the portal does not see its acts.
func TestThePortalDecidesWhoSeesADeal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Portal.Hide(3, bitrix24test.Deal, s.Deal(1))
	p, err := apptest.NewVisitor(s.Portal, 3, s.AppURL).OpenDeal(s.Deal(1))
	s.Page(p, err, http.StatusForbidden)
}

func TestNamesAreTextEverywhere(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	nasty := `"><img src=x onerror=alert(1)></title><script>alert(2)</script>{{7*7}} ` + "\u202e"
	if err := s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, s.Deal(1), bitrix24test.Fields{"title": nasty}); err != nil {
		t.Fatal(err)
	}
	s.Portal.SetRows(0, bitrix24test.Deal, s.Deal(1), []bitrix24test.Row{{Name: nasty, Price: 10, Quantity: 1}})
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	p, err := s.Manager.Get(tab)
	doc := s.Page(p, err, http.StatusOK)
	act, _ := doc.Find("#acts tbody a").First().Attr("href")
	for _, path := range []string{tab, act, "/p/1/acts"} {
		p, err := s.Manager.Get(path)
		if doc := s.Page(p, err, http.StatusOK); doc.Find("img,script:not([src])").Length() > 0 {
			t.Errorf("%s: a name became an element", path)
		}
	}
	s.Await("the timeline", func() bool { return len(s.Portal.Timeline()) > 0 })
	s.AwaitQuiet()
	for _, c := range s.Portal.Timeline() {
		if strings.Contains(c.Text, "<img") || strings.Contains(c.Text, "<script") {
			t.Errorf("the timeline holds a tag: %s", c.Text)
		}
	}
}

func TestSlowAndDeadPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	if err := s.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultDown}); err != nil {
		t.Fatal(err)
	}
	p, err := s.Manager.OpenDeal(s.Deal(1))
	doc := s.Page(p, err, http.StatusServiceUnavailable)
	if apptest.TestID(doc, "retry").Length() == 0 || !strings.Contains(doc.Text(), "Повторите") {
		t.Errorf("the page for a portal that does not answer has no link: %s", doc.Text())
	}
	if !strings.HasSuffix(p.Header.Get("Content-Security-Policy"), s.Portal.URL()) {
		t.Error("the page is not shown in the portal's frame")
	}
	s.Portal.ClearFaults()
	p, err = s.Manager.OpenDeal(s.Deal(1))
	s.Page(p, err, http.StatusOK)
}

// tellSecrets submits a counterparty's answers: correct, wrong, and during a database failure. It returns the path of the
// link.
func tellSecrets(s *apptest.Site) (link string) {
	link = s.AskQuestion(s.Deal(3))
	from := apptest.Header("X-Forwarded-For", "198.51.100.200")
	f := apptest.Form("channel", "email", "kind", "company", "email", "canary@romashka.example", "contact", "Канарейкина", "phone", "900-canary",
		"comment", "canary-comment", "participant", "canary-id", "consent", acts.ConsentVersion)
	for range 25 {
		s.Request(http.MethodGet, "/f/canary-of-a-link", nil, from)
	}
	s.Request(http.MethodPost, link+"/opened", nil, from)
	s.Request(http.MethodPost, link, f, from, apptest.Header("Origin", "https://evil.example"))
	if got := s.Request(http.MethodPost, link, f, from); got.Status != http.StatusSeeOther {
		s.T.Fatalf("the answer: status %d", got.Status)
	}
	f.Set("channel", "edo")
	s.Request(http.MethodPost, link, f, from)
	s.Await("the notification of the answer", func() bool { return s.Notifications("Контрагент ответил") > 0 })
	s.AwaitQuiet()
	if err := s.SBIS.Fault(sbistest.Fault{Kind: sbistest.FaultDown}); err != nil {
		s.T.Fatal(err)
	}
	s.Exec("DELETE FROM edo_lookups")
	f.Set("find", "1")
	if got := s.Request(http.MethodPost, link, f, from); got.Status != http.StatusOK || !strings.Contains(got.Body, "СБИС сейчас не отвечает") {
		s.T.Errorf("ids of an unavailable SBIS: status %d", got.Status)
	}
	s.Exec("ALTER TABLE answers RENAME TO lost")
	f.Del("find")
	f.Set("channel", "email")
	if got := s.Request(http.MethodPost, link, f, from); got.Status != http.StatusInternalServerError || strings.Contains(got.Body, "lost") || strings.Contains(got.Body, "answers") {
		s.T.Errorf("with a broken database: status %d, %s", got.Status, got.Body)
	}
	return link
}

// No log line contains a token, a secret, an INN or a participant id, whatever fails.
func TestLogsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	u, f := opening(s)
	apptest.PostCrossSite(t, u.String(), f)
	for _, kind := range []string{bitrix24test.FaultReset, bitrix24test.FaultCut, bitrix24test.FaultUnavailable, bitrix24test.FaultHTML200} {
		if err := s.Portal.Fault(bitrix24test.Fault{Kind: kind, Count: 1}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Manager.OpenDeal(s.Deal(1)); err != nil {
			t.Fatal(err)
		}
	}
	s.Portal.ExpireTokens()
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	link := tellSecrets(s)
	text := s.Logs.String()
	if !strings.Contains(text, "level=") {
		t.Fatal("nothing was logged, the test proves nothing")
	}
	for what, secret := range map[string]string{
		"the user's token": f.Get("AUTH_ID"), "the refresh token": f.Get("REFRESH_ID"), "the application token": s.Portal.ApplicationToken(),
		"the client secret": s.Cloud.App().Secret, "the key of SBIS": apptest.SecretKey, "the secret of SBIS": apptest.AppSecret,
		"an INN": "7802000015", "a participant id": apptest.BoxOf(1),
		"the secret of a link": strings.TrimPrefix(link, "/f/"), "a wrong link": "canary-of-a-link", "a name": "Канарейкина", "a phone": "900-canary",
		"an e-mail": "canary@romashka.example", "the address of the letter": "buh@romashka.example", "a comment": "canary-comment", "a typed id": "canary-id",
		"the address of a visitor": "198.51.100.200",
	} {
		if secret == "" || strings.Contains(text, secret) {
			t.Errorf("the log holds %s", what)
		}
	}
}
