package handlers_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
)

// All invalid links get the same response, byte for byte, whatever the reason.
func TestDeadLinksLookAlike(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	live := s.AskQuestion(s.Deal(1))
	unknown := s.Request(http.MethodGet, "/f/"+strings.Repeat("A", 43), nil)
	if unknown.Status != http.StatusGone || strings.Contains(unknown.Body, "Исполнитель") || strings.Contains(unknown.Body, "Продвижение") {
		t.Fatalf("an unknown link: %+v", unknown)
	}
	same := func(name, path string) {
		t.Helper()
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if got := s.Request(method, path, apptest.Form("channel", "edo")); got != unknown {
				t.Errorf("%s, %s: %+v; want as of an unknown link", name, method, got)
			}
		}
		s.AdvanceMinute()
	}
	same("a letter changed", live[:len(live)-1]+"~")
	same("the other case", "/f/"+strings.ToUpper(live[3:]))
	for name, path := range map[string]string{"short": "/f/a", "long": "/f/" + strings.Repeat("a", 5000), "quotes": "/f/%27%20OR%201=1--", "NUL": "/f/%00" + live[3:],
		"invalid characters": "/f/%ff%fe", "a slash": live[:20] + "%2F" + live[21:], "a point": live + ".", "a space": live + "%20", "Cyrillic": "/f/" + url.PathEscape(strings.Repeat("я", 43))} {
		same(name, path)
	}
	for name, path := range map[string]string{"nothing": "/f/", "something below": live + "/settings", "the opening looked at": live + "/opened"} {
		if got := s.Request(http.MethodGet, path, nil); got != unknown {
			t.Errorf("%s: %+v", name, got)
		}
	}
	s.Exec("UPDATE questions SET state = 'withdrawn'")
	same("withdrawn", live)
	s.Exec("UPDATE questions SET state = 'sent'")
	if got := s.Request(http.MethodGet, live, nil); got.Status != http.StatusOK {
		t.Fatalf("the link does not work again: %d", got.Status)
	}
	s.Exec("UPDATE deals SET deleted = true")
	same("of a deleted deal", live)
	s.Exec("UPDATE deals SET deleted = false")
	s.Exec("UPDATE questions SET expires_at = expires_at - interval '10 years'")
	same("expired", live)
	s.Exec("UPDATE questions SET expires_at = expires_at + interval '10 years'")
	s.Portal.Uninstall(false)
	s.Await("the removal", func() bool { return s.Count("portals WHERE state = 'frozen'") == 1 })
	same("of a portal without us", live)
	if n := s.Count("answers"); n != 0 {
		t.Errorf("%d answers were kept", n)
	}
}

// Guessing links gives 429 to the guesser, and to all guessers together; valid links are served.
func TestGuessing(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, func(c *app.Config) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	live := s.AskQuestion(s.Deal(1))
	s.Clock.Stop() // so that it is one minute on a slow machine too
	statuses := map[int]int{}
	guess := func(n int, from string) (last apptest.Response) {
		for i := range n {
			last = s.Request(http.MethodGet, fmt.Sprintf("/f/%043d", i), nil, apptest.Header("X-Forwarded-For", from))
			statuses[last.Status]++
		}
		return last
	}
	if last := guess(30, "198.51.100.1"); last.Status != http.StatusTooManyRequests || last.RetryAfter == "" || statuses[http.StatusGone] < 20 || statuses[http.StatusGone] > 22 {
		t.Errorf("30 guesses: %v, the last to wait %q", statuses, last.RetryAfter)
	}
	for _, from := range []string{"198.51.100.1", "203.0.113.5"} {
		if got := s.Request(http.MethodGet, live, nil, apptest.Header("X-Forwarded-For", from)); got.Status != http.StatusOK {
			t.Errorf("a link that works, from %s: %d", from, got.Status)
		}
	}
	if last := guess(1, "203.0.113.5"); last.Status != http.StatusGone {
		t.Errorf("another's first miss: %d", last.Status)
	}
	for i := range 1000 {
		guess(1, fmt.Sprintf("10.1.%d.%d", i/250, i%250))
	}
	if statuses[http.StatusTooManyRequests] < 300 {
		t.Errorf("1,000 addresses: %v; no brake", statuses)
	}
	if got := s.Request(http.MethodPost, live, apptest.EDOAnswer(apptest.BoxOf(1)), apptest.Header("X-Forwarded-For", "203.0.113.77")); got.Status != http.StatusSeeOther {
		t.Errorf("an answer beside the guessing: %d", got.Status)
	}
	s.AdvanceMinute()
	if last := guess(1, "198.51.100.1"); last.Status != http.StatusGone {
		t.Errorf("a minute later: %d", last.Status)
	}
}

// An X-Forwarded-For header of the client is not trusted.
func TestForgedAddress(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	var last apptest.Response
	for i := range 30 {
		last = s.Request(http.MethodGet, "/f/x", nil, apptest.Header("X-Forwarded-For", fmt.Sprintf("10.0.0.%d", i)), apptest.Header("X-Real-IP", fmt.Sprintf("10.0.0.%d", i)), apptest.Header("Forwarded", fmt.Sprintf("for=10.0.0.%d", i)))
	}
	if last.Status != http.StatusTooManyRequests {
		t.Errorf("the 30th guess: %d", last.Status)
	}
}

func TestManyFormsOfOneLink(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	first, second := s.AskQuestion(s.Deal(1)), s.AskQuestion(s.Deal(2))
	var last apptest.Response
	for range 200 { // 30 a minute are accepted, and on a slow machine the first minute may end meanwhile
		if last = s.Request(http.MethodPost, first, apptest.Form("channel", "edo")); last.Status == http.StatusTooManyRequests {
			break
		}
	}
	if last.Status != http.StatusTooManyRequests || last.RetryAfter == "" {
		t.Errorf("the last of 200 forms: %d, wait %q", last.Status, last.RetryAfter)
	}
	if got := s.Request(http.MethodGet, first, nil); got.Status != http.StatusOK {
		t.Errorf("looking: %d", got.Status)
	}
	if got := s.Request(http.MethodPost, second, apptest.EDOAnswer(apptest.BoxOf(2))); got.Status != http.StatusSeeOther {
		t.Errorf("another link: %d", got.Status)
	}
}

// Forms sent from other sites and other methods have no effect.
func TestForeignFormsAndMethods(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	live, good := s.AskQuestion(s.Deal(1)), apptest.EDOAnswer(apptest.BoxOf(1))
	for name, change := range map[string][]func(*http.Request){
		"another site":            {apptest.Header("Sec-Fetch-Site", "cross-site")},
		"a sub-domain":            {apptest.Header("Sec-Fetch-Site", "same-site")},
		"a foreign Origin header": {apptest.Header("Origin", "https://evil.example")},
		"no Origin header":        {apptest.Header("Origin", "null")},
		"a similar host name":     {apptest.Header("Origin", "https://evil.example"), apptest.Header("Content-Type", "text/plain")},
	} {
		for _, path := range []string{live, live + "/opened"} {
			if got := s.Request(http.MethodPost, path, good, change...); got.Status != http.StatusForbidden || strings.Contains(got.Body, "Исполнитель") {
				t.Errorf("%s: status %d", name, got.Status)
			}
		}
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodTrace, http.MethodOptions, "PROPFIND"} {
		if got := s.Request(method, live, nil); got.Status != http.StatusMethodNotAllowed {
			t.Errorf("%s: status %d", method, got.Status)
		}
	}
	got := s.Request(http.MethodGet, live+"?"+good.Encode()+"&_method=POST", nil, apptest.Header("X-HTTP-Method-Override", "POST"), apptest.Header("Sec-Fetch-Site", "cross-site"))
	if got.Status != http.StatusOK {
		t.Errorf("a link in a letter: %d", got.Status)
	}
	if n := s.Count("answers") + s.Count("questions WHERE opened_at IS NOT NULL"); n != 0 {
		t.Errorf("%d changes were made", n)
	}
	for path, status := range map[string]int{live: http.StatusOK, "/f/x": http.StatusGone} {
		got := s.Request(http.MethodGet, path, nil)
		for _, want := range []string{"Content-Security-Policy:[default-src 'none'; style-src 'self'; script-src 'self';", "frame-ancestors 'none'", "form-action 'self'",
			"Referrer-Policy:[no-referrer]", "Cache-Control:[no-store]", "X-Robots-Tag:[noindex", "X-Content-Type-Options:[nosniff]", "Strict-Transport-Security:[max-age=31536000; includeSubDomains]"} {
			if !strings.Contains(got.Header, want) || got.Status != status {
				t.Errorf("%s: %d without %s: %s", path, got.Status, want, got.Header)
			}
		}
		if strings.Contains(got.Header, "Set-Cookie") || strings.Contains(got.Header, "unsafe") {
			t.Errorf("%s: %s", path, got.Header)
		}
	}
	if got := s.Request(http.MethodPost, live, good, apptest.Header("Sec-Fetch-Site", "same-origin"), apptest.Header("Origin", "null")); got.Status != http.StatusSeeOther || strings.Contains(got.Header, "evil") {
		t.Errorf("our own form: %d %s", got.Status, got.Header)
	}
}
