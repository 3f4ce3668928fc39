package handlers_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
)

// behindProxy lets a test choose the address of a client.
func behindProxy(cfg *app.Config) { cfg.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }

// tokenCalls counts the calls to the token server.
func tokenCalls(s *apptest.Site) (n int) {
	for _, l := range s.Cloud.Trace().Lines() {
		if l.Method == "oauth.token" || l.Method == "app.info" {
			n++
		}
	}
	return n
}

// What unverified clients post becomes few calls to the token server, and a true installation from another address still works.
func TestJunkInstallations(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, behindProxy)
	junk := func(n int) string { return fmt.Sprintf("%064d", n) }
	install := func(token string) (string, url.Values) {
		o := s.Portal.Open(s.Portal.Admin(), "DEFAULT", s.AppURL+"/install", nil)
		o.Form.Set("REFRESH_ID", token)
		return strings.TrimPrefix(o.URL, s.AppURL), o.Form
	}
	event := func(token string) (string, url.Values) {
		return "/events", apptest.Form("event", "ONAPPINSTALL", "auth[member_id]", s.Portal.MemberID(), "auth[application_token]", token,
			"auth[access_token]", token, "auth[refresh_token]", token, "auth[domain]", "portal.example")
	}
	robot := func(token string) (string, url.Values) {
		return "/robots", apptest.Form("code", "acts24_form", "event_token", "run-"+token, "auth[member_id]", s.Portal.MemberID(), "auth[access_token]", token)
	}
	for name, tt := range map[string]struct {
		post  func(string) (string, url.Values)
		from  string
		token func(int) string
		calls int
	}{
		"installations":            {install, "198.51.100.1", junk, 10},
		"events":                   {event, "198.51.100.2", func(n int) string { return junk(1000 + n) }, 10},
		"robots":                   {robot, "198.51.100.5", func(n int) string { return junk(7000 + n) }, 0}, // the fake does not trace app.info of unknown tokens
		"one token":                {install, "198.51.100.3", func(int) string { return junk(5000) }, 1},
		"texts that are no tokens": {install, "198.51.100.4", func(n int) string { return fmt.Sprint("made up ", n) }, 0},
	} {
		before, many := tokenCalls(s), 0
		for n := range 30 {
			path, form := tt.post(tt.token(n))
			got := s.Request(http.MethodPost, path, form, apptest.Header("X-Forwarded-For", tt.from))
			switch {
			case got.Status == http.StatusTooManyRequests && got.RetryAfter != "":
				many++
			case got.Status != http.StatusForbidden:
				t.Errorf("%s: status %d", name, got.Status)
			}
		}
		if n := tokenCalls(s) - before; n != tt.calls || many != 20 {
			t.Errorf("%s: %d calls, %d times 429; want %d and 20", name, n, many, tt.calls)
		}
	}
	o := s.Portal.Open(s.Portal.Admin(), "DEFAULT", s.AppURL+"/install", nil)
	path := strings.TrimPrefix(o.URL, s.AppURL)
	if got := s.Request(http.MethodPost, path, o.Form, apptest.Header("X-Forwarded-For", "198.51.100.1")); got.Status != http.StatusTooManyRequests {
		t.Errorf("a true installation from an address with too many refusals: status %d", got.Status)
	}
	if got := s.Request(http.MethodPost, path, o.Form, apptest.Header("X-Forwarded-For", "198.51.100.9")); got.Status != http.StatusSeeOther {
		t.Errorf("a true installation from another address: status %d\n%s", got.Status, got.Body)
	}
}

// A body with two lengths ends the connection, so that nothing after it is taken for a request.
func TestTwoLengths(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.AppURL, "http://"))
	s.Must(err)
	defer conn.Close()
	_, err = io.WriteString(conn, "POST /events HTTP/1.1\r\nHost: acts.example\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"+
		"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: acts.example\r\n\r\n")
	s.Must(err)
	in := bufio.NewReader(conn)
	answer, err := http.ReadResponse(in, nil)
	s.Must(err)
	_, err = io.Copy(io.Discard, answer.Body)
	s.Must(err)
	if !answer.Close {
		t.Error("the connection stays open")
	}
	if rest, err := io.ReadAll(in); err != nil || len(rest) > 0 {
		t.Errorf("an answer to what came after: %q, %v", rest, err)
	}
}

// A request that comes a byte a second ends within fifteen seconds, whatever it is for: bytes are counted, so a slow machine only sends fewer.
func TestSlowRequests(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	_, action, _ := s.DealTab(s.Deal(1))
	const form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n"
	var all sync.WaitGroup
	defer all.Wait()
	for name, tt := range map[string]struct {
		start string // sent at once
		most  int    // bytes after it
	}{
		"an event":              {"POST /events HTTP/1.1\r\nHost: acts.example\r\n" + form + "\r\n", 15},
		"an installation":       {"POST /install HTTP/1.1\r\nHost: acts.example\r\n" + form + "\r\n", 15},
		"the public form":       {"POST /f/" + strings.Repeat("a", 43) + " HTTP/1.1\r\nHost: acts.example\r\n" + form + "\r\n", 15},
		"a form of a visitor":   {"POST " + action + " HTTP/1.1\r\nHost: acts.example\r\nOrigin: " + s.AppURL + "\r\nCookie: " + s.Manager.Cookies(action) + "\r\n" + form + "\r\n", 15},
		"an upload of nobody":   {"POST /p/1/acts/1/files/ours HTTP/1.1\r\nHost: acts.example\r\n" + form + "\r\n", 15},
		"a body without a page": {"POST /nowhere HTTP/1.1\r\nHost: acts.example\r\n" + form + "\r\n", 15},
		"headers":               {"GET /healthz HTTP/1.1\r\nHost: acts.example\r\nX-Slow: ", 5},
	} {
		all.Go(func() {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.AppURL, "http://"))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, tt.start); err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			closed := make(chan struct{})
			go func() {
				_, _ = io.Copy(io.Discard, conn) // an answer may precede the end
				close(closed)
			}()
			for sent := 0; ; sent++ {
				select {
				case <-closed:
					return
				case <-time.After(time.Second):
				}
				if _, err := io.WriteString(conn, "x"); err != nil {
					return
				}
				if sent > tt.most {
					t.Errorf("%s: the connection takes more than %d bytes, one a second", name, tt.most)
					return
				}
			}
		})
	}
}

// Requests whose end is doubtful and headers without end are refused, and their connection is closed. A header that goes on in the next line is
// read as one with a space (RFC 9112, "Obsolete Line Folding"), which no length and no coding may have.
func TestBrokenRequests(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for name, tt := range map[string]struct {
		text   string
		status int
	}{
		"two different lengths":      {"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", http.StatusBadRequest},
		"an unknown coding":          {"Transfer-Encoding: chunked, gzip\r\n\r\n", http.StatusNotImplemented},
		"a length that is no number": {"Content-Length: +4\r\n\r\nabcd", http.StatusBadRequest},
		"a space in a name":          {"Content-Length : 4\r\n\r\nabcd", http.StatusBadRequest},
		"a length in two lines":      {"Content-Length: 4\r\n 5\r\n\r\nabcd", http.StatusBadRequest},
		"a coding in two lines":      {"Transfer-Encoding: chunked\r\n identity\r\n\r\n0\r\n\r\n", http.StatusNotImplemented},
		"a first line that goes on":  {" folded\r\nContent-Length: 0\r\n\r\n", http.StatusBadRequest},
		"a header of a megabyte":     {"X-Long: " + strings.Repeat("x", 1<<20) + "\r\n\r\n", http.StatusRequestHeaderFieldsTooLarge},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.AppURL, "http://"))
		s.Must(err)
		go func() { // the answer may come before the end of the request
			_, _ = io.WriteString(conn, "POST /events HTTP/1.1\r\nHost: acts.example\r\n"+tt.text)
		}()
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || answer.StatusCode != tt.status || !answer.Close {
			t.Errorf("%s: %v, %v", name, answer, err)
		}
		conn.Close()
	}
}

// net/http joins the lines of a folded header with one space. What the program compares with a header is then not equal: nothing is gained by folding.
func TestFoldedHeaders(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	_, action, form := s.DealTab(s.Deal(1))
	body := form.Encode()
	own := "Cookie: " + s.Manager.Cookies(action) + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n"
	for _, tt := range []struct {
		name, text string
		status     int
	}{
		{"an origin in two lines", "POST " + action + " HTTP/1.1\r\nHost: acts.example\r\nOrigin: " + s.AppURL + "\r\n .evil.example\r\n" + own + "\r\n" + body, http.StatusForbidden},
		{"an origin that begins in the next line", "POST " + action + " HTTP/1.1\r\nHost: acts.example\r\nOrigin: http://evil.example\r\n\t" + s.AppURL + "\r\n" + own + "\r\n" + body, http.StatusForbidden},
		{"a site in two lines", "POST " + action + " HTTP/1.1\r\nHost: acts.example\r\nSec-Fetch-Site: same-\r\n origin\r\n" + own + "\r\n" + body, http.StatusForbidden},
		{"a cookie in a folded line of another header", "GET /p/1/acts HTTP/1.1\r\nHost: acts.example\r\nX-Note: a\r\n Cookie: " + s.Manager.Cookies("/p/1/acts") + "\r\n\r\n", http.StatusUnauthorized},
		{"a host in two lines", "GET /healthz HTTP/1.1\r\nHost: acts\r\n .example\r\n\r\n", http.StatusBadRequest},
		{"a note in two lines", "GET /healthz HTTP/1.1\r\nHost: acts.example\r\nX-Note: one\r\n two\r\n\r\n", http.StatusOK},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.AppURL, "http://"))
		s.Must(err)
		_, err = io.WriteString(conn, tt.text)
		s.Must(err)
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || answer.StatusCode != tt.status {
			t.Errorf("%s: %v, %v; want %d", tt.name, answer, err, tt.status)
		}
		conn.Close()
	}
	if n := s.Count("acts"); n != 0 {
		t.Errorf("%d acts were formed", n)
	}
}

// A foreign page cannot open the app as the whole window in the session of somebody else, and a form of ours comes from a browser.
func TestForeignForms(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	u, f := opening(s)
	answer := apptest.PostCrossSite(t, u.String(), f, apptest.Header("Sec-Fetch-Dest", "document"))
	if answer.StatusCode != http.StatusForbidden || len(answer.Cookies()) > 0 {
		t.Errorf("an opening as the whole window: status %d, cookies %v", answer.StatusCode, answer.Cookies())
	}
	if answer := apptest.PostCrossSite(t, u.String(), f, apptest.Header("Sec-Fetch-Dest", "iframe")); answer.StatusCode != http.StatusSeeOther {
		t.Errorf("an opening in a frame: status %d", answer.StatusCode)
	}
	_, action, form := s.DealTab(s.Deal(1))
	cookie := apptest.Header("Cookie", s.Manager.Cookies(action))
	for name, change := range map[string]func(*http.Request){
		"no header":          func(*http.Request) {},
		"Origin: null":       apptest.Header("Origin", "null"),
		"another origin":     apptest.Header("Origin", "https://evil.example"),
		"a sub-domain":       apptest.Header("Sec-Fetch-Site", "same-site"),
		"another site":       apptest.Header("Sec-Fetch-Site", "cross-site"),
		"JSON as plain text": func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
	} {
		if got := s.Request(http.MethodPost, action, form, cookie, change); got.Status != http.StatusForbidden {
			t.Errorf("%s: status %d; want 403", name, got.Status)
		}
	}
	if n := s.Count("acts"); n != 0 {
		t.Errorf("%d acts were formed", n)
	}
	if got := s.Request(http.MethodPost, action, form, cookie, apptest.Header("Origin", s.AppURL)); got.Status != http.StatusSeeOther {
		t.Errorf("our own form: status %d", got.Status)
	}
}
