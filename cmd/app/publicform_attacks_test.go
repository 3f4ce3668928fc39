package app_test

import (
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
)

// answerOf is the part of a response that an attacker could compare.
type answerOf struct {
	status int
	head   string
	body   string
	wait   string
}

func (s *site) ask(method, path string, f url.Values, change ...func(*http.Request)) answerOf {
	s.t.Helper()
	r, err := http.NewRequest(method, s.AppURL+path, strings.NewReader(f.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	if f != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range change {
		c(r)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	wait := answer.Header.Get("Retry-After")
	answer.Header.Del("Date")
	return answerOf{answer.StatusCode, fmt.Sprint(answer.Header), string(body), wait}
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// minute moves the clock by a minute, which resets the rate limits.
func (s *site) minute() { s.pass(s.clock.now().Add(time.Minute)) }

func (s *site) sql(statement string) {
	s.t.Helper()
	db, err := sql.Open("postgres", s.owner)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		s.t.Fatal(err)
	}
}

// All invalid links get the same response, byte for byte, whatever the reason.
func TestDeadLinksLookAlike(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	live := s.question(s.deal(1))
	unknown := s.ask(http.MethodGet, "/f/"+strings.Repeat("A", 43), nil)
	if unknown.status != http.StatusGone || strings.Contains(unknown.body, "Исполнитель") || strings.Contains(unknown.body, "Продвижение") {
		t.Fatalf("an unknown link: %+v", unknown)
	}
	same := func(name, path string) {
		t.Helper()
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if got := s.ask(method, path, form("channel", "edo")); got != unknown {
				t.Errorf("%s, %s: %+v; want as of an unknown link", name, method, got)
			}
		}
		s.minute()
	}
	same("a letter changed", live[:len(live)-1]+"~")
	same("the other case", "/f/"+strings.ToUpper(live[3:]))
	for name, path := range map[string]string{"short": "/f/a", "long": "/f/" + strings.Repeat("a", 5000), "quotes": "/f/%27%20OR%201=1--", "NUL": "/f/%00" + live[3:],
		"invalid characters": "/f/%ff%fe", "a slash": live[:20] + "%2F" + live[21:], "a point": live + ".", "a space": live + "%20", "Cyrillic": "/f/" + url.PathEscape(strings.Repeat("я", 43))} {
		same(name, path)
	}
	for name, path := range map[string]string{"nothing": "/f/", "something below": live + "/settings", "the opening looked at": live + "/opened"} {
		if got := s.ask(http.MethodGet, path, nil); got != unknown {
			t.Errorf("%s: %+v", name, got)
		}
	}
	s.sql("UPDATE questions SET state = 'withdrawn'")
	same("withdrawn", live)
	s.sql("UPDATE questions SET state = 'sent'")
	if got := s.ask(http.MethodGet, live, nil); got.status != http.StatusOK {
		t.Fatalf("the link does not work again: %d", got.status)
	}
	s.sql("UPDATE deals SET deleted = true")
	same("of a deleted deal", live)
	s.sql("UPDATE deals SET deleted = false")
	s.sql("UPDATE questions SET expires_at = expires_at - interval '10 years'")
	same("expired", live)
	s.sql("UPDATE questions SET expires_at = expires_at + interval '10 years'")
	removal := form("event", "ONAPPUNINSTALL", "data[CLEAN]", "0", "auth[member_id]", s.portal.MemberID(), "auth[application_token]", s.portal.ApplicationToken())
	if answer := post(t, s.AppURL+"/events", removal); answer.StatusCode != http.StatusOK {
		t.Fatalf("removal: %d", answer.StatusCode)
	}
	same("of a portal without us", live)
	if n := s.count("answers"); n != 0 {
		t.Errorf("%d answers were kept", n)
	}
}

// Guessing links gives 429 to the guesser, and to all guessers together; valid links are served.
func TestGuessing(t *testing.T) {
	t.Parallel()
	s := start(t, 1, func(c *app.Config) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	live := s.question(s.deal(1))
	s.clock.stop() // so that it is one minute on a slow machine too
	statuses := map[int]int{}
	guess := func(n int, from string) (last answerOf) {
		for i := range n {
			last = s.ask(http.MethodGet, fmt.Sprintf("/f/%043d", i), nil, header("X-Forwarded-For", from))
			statuses[last.status]++
		}
		return last
	}
	if last := guess(30, "198.51.100.1"); last.status != http.StatusTooManyRequests || last.wait == "" || statuses[http.StatusGone] < 20 || statuses[http.StatusGone] > 22 {
		t.Errorf("30 guesses: %v, the last to wait %q", statuses, last.wait)
	}
	for _, from := range []string{"198.51.100.1", "203.0.113.5"} {
		if got := s.ask(http.MethodGet, live, nil, header("X-Forwarded-For", from)); got.status != http.StatusOK {
			t.Errorf("a link that works, from %s: %d", from, got.status)
		}
	}
	if last := guess(1, "203.0.113.5"); last.status != http.StatusGone {
		t.Errorf("another's first miss: %d", last.status)
	}
	for i := range 1000 {
		guess(1, fmt.Sprintf("10.1.%d.%d", i/250, i%250))
	}
	if statuses[http.StatusTooManyRequests] < 300 {
		t.Errorf("1,000 addresses: %v; no brake", statuses)
	}
	if got := s.ask(http.MethodPost, live, edoAnswer(apptest.BoxOf(1)), header("X-Forwarded-For", "203.0.113.77")); got.status != http.StatusSeeOther {
		t.Errorf("an answer beside the guessing: %d", got.status)
	}
	s.minute()
	if last := guess(1, "198.51.100.1"); last.status != http.StatusGone {
		t.Errorf("a minute later: %d", last.status)
	}
}

// An X-Forwarded-For header of the client is not trusted.
func TestForgedAddress(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	var last answerOf
	for i := range 30 {
		last = s.ask(http.MethodGet, "/f/x", nil, header("X-Forwarded-For", fmt.Sprintf("10.0.0.%d", i)), header("X-Real-IP", fmt.Sprintf("10.0.0.%d", i)), header("Forwarded", fmt.Sprintf("for=10.0.0.%d", i)))
	}
	if last.status != http.StatusTooManyRequests {
		t.Errorf("the 30th guess: %d", last.status)
	}
}

func TestManyFormsOfOneLink(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	first, second := s.question(s.deal(1)), s.question(s.deal(2))
	var last answerOf
	for range 35 {
		last = s.ask(http.MethodPost, first, form("channel", "edo"))
	}
	if last.status != http.StatusTooManyRequests || last.wait == "" {
		t.Errorf("the 35th form: %d, wait %q", last.status, last.wait)
	}
	if got := s.ask(http.MethodGet, first, nil); got.status != http.StatusOK {
		t.Errorf("looking: %d", got.status)
	}
	if got := s.ask(http.MethodPost, second, edoAnswer(apptest.BoxOf(2))); got.status != http.StatusSeeOther {
		t.Errorf("another link: %d", got.status)
	}
}

// Forms sent from other sites and other methods have no effect.
func TestForeignFormsAndMethods(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	live, good := s.question(s.deal(1)), edoAnswer(apptest.BoxOf(1))
	for name, change := range map[string][]func(*http.Request){
		"another site":            {header("Sec-Fetch-Site", "cross-site")},
		"a sub-domain":            {header("Sec-Fetch-Site", "same-site")},
		"a foreign Origin header": {header("Origin", "https://evil.example")},
		"no Origin header":        {header("Origin", "null")},
		"a similar host name":     {header("Origin", "https://evil.example"), header("Content-Type", "text/plain")},
	} {
		for _, path := range []string{live, live + "/opened"} {
			if got := s.ask(http.MethodPost, path, good, change...); got.status != http.StatusForbidden || strings.Contains(got.body, "Исполнитель") {
				t.Errorf("%s: status %d", name, got.status)
			}
		}
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodTrace, http.MethodOptions, "PROPFIND"} {
		if got := s.ask(method, live, nil); got.status != http.StatusMethodNotAllowed {
			t.Errorf("%s: status %d", method, got.status)
		}
	}
	got := s.ask(http.MethodGet, live+"?"+good.Encode()+"&_method=POST", nil, header("X-HTTP-Method-Override", "POST"), header("Sec-Fetch-Site", "cross-site"))
	if got.status != http.StatusOK {
		t.Errorf("a link in a letter: %d", got.status)
	}
	if n := s.count("answers") + s.count("questions WHERE opened_at IS NOT NULL"); n != 0 {
		t.Errorf("%d changes were made", n)
	}
	for path, status := range map[string]int{live: http.StatusOK, "/f/x": http.StatusGone} {
		got := s.ask(http.MethodGet, path, nil)
		for _, want := range []string{"Content-Security-Policy:[default-src 'none'; style-src 'self'; script-src 'self';", "frame-ancestors 'none'", "form-action 'self'",
			"Referrer-Policy:[no-referrer]", "Cache-Control:[no-store]", "X-Robots-Tag:[noindex", "X-Content-Type-Options:[nosniff]", "Strict-Transport-Security:[max-age=31536000; includeSubDomains]"} {
			if !strings.Contains(got.head, want) || got.status != status {
				t.Errorf("%s: %d without %s: %s", path, got.status, want, got.head)
			}
		}
		if strings.Contains(got.head, "Set-Cookie") || strings.Contains(got.head, "unsafe") {
			t.Errorf("%s: %s", path, got.head)
		}
	}
	if got := s.ask(http.MethodPost, live, good, header("Sec-Fetch-Site", "same-origin"), header("Origin", "null")); got.status != http.StatusSeeOther || strings.Contains(got.head, "evil") {
		t.Errorf("our own form: %d %s", got.status, got.head)
	}
}
