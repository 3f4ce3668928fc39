package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/handlers"
)

// The portal comes from the visit alone: parameters, headers and cookies that name another one are ignored.
func TestTenantInParameters(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	theirs := s.AtPortal(1)
	theirs.HandOver(theirs.Deal(1))
	p, err := s.Manager.OpenDeal(s.Deal(1))
	s.Page(p, err, http.StatusOK)
	member := s.Portals[1].MemberID()
	query := url.Values{"tenant_id": {"2"}, "portal": {"2"}, "portal_id": {"2"}, "member_id": {member}, "DOMAIN": {"evil.example"}}.Encode()
	got := s.Request(http.MethodGet, "/p/1/acts?"+query, nil, apptest.Header("X-Tenant", "2"), apptest.Header("X-Portal", member),
		apptest.Header("Cookie", s.Manager.Cookies("/p/1/acts")+"; portal=2; member_id="+member))
	if got.Status != http.StatusOK || strings.Contains(got.Body, `href="/p/1/acts/1"`) || strings.Contains(got.Body, "/p/2/") {
		t.Errorf("status %d, the list shows an act of another portal:\n%s", got.Status, got.Body)
	}
}

var pathValue = regexp.MustCompile(`\{[a-z]+\}`)

// Only POST changes anything: every address of a form refuses the other methods, whatever a parameter or a header calls them.
func TestOnlyPostChanges(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(1), "company")
	s.AwaitQuiet()
	before := s.Count(`act_events`)
	pages := http.NewServeMux()
	for _, r := range handlers.Routes() {
		if method, _, _ := strings.Cut(r.Pattern, " "); method == http.MethodGet {
			pages.Handle(r.Pattern, http.NotFoundHandler())
		}
	}
	cookie := apptest.Header("Cookie", s.Manager.Cookies("/p/1/acts"))
	for _, r := range handlers.Routes() {
		method, pattern, _ := strings.Cut(r.Pattern, " ")
		if method != http.MethodPost || r.Right == "" {
			continue
		}
		path := pathValue.ReplaceAllString(pattern, "1")
		for _, other := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete, http.MethodPatch} {
			if _, page := pages.Handler(&http.Request{Method: other, URL: &url.URL{Path: path}}); page != "" { // also «refresh» as the id of a company
				continue
			}
			got := s.Request(other, path+"?_method=POST&event=refusal&reason=x", nil, cookie, apptest.Header("X-HTTP-Method-Override", "POST"), apptest.Header("Sec-Fetch-Site", "same-origin"))
			if got.Status != http.StatusMethodNotAllowed && got.Status != http.StatusNotFound {
				t.Errorf("%s %s: status %d", other, path, got.Status)
			}
		}
	}
	p, err := s.Manager.Get(act)
	s.Page(p, err, http.StatusOK)
	if n := s.Count(`act_events`); n != before {
		t.Errorf("%d lines of history were added", n-before)
	}
}

// payloads are texts that change a statement which is put together from them.
var payloads = []string{"'", "''", `"`, "`", "';--", "' OR '1'='1", "') OR 1=1 --", "1 OR 1=1", "1; DROP TABLE acts", "1) UNION SELECT 1", "\\", `\'`, "$1", "$$", ":portal",
	":x", "?", "%", "_", "%27", "%_%", "0x27", "id;drop", "acts.id", "-1", "99999999999999999999", "1e309", "zzz", "(SELECT 1)", "pg_sleep(9)", "/*", "*/", "\u2019"}

// No parameter of a list becomes a part of a statement, and the signs of a search pattern are found as they are.
func TestParametersAreNoSQL(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	get := func(path string, q url.Values) apptest.Page {
		p, err := s.Manager.Get(path + "?" + q.Encode())
		s.Must(err)
		if p.Status != http.StatusOK && p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s?%s: status %d", path, q.Encode(), p.Status)
		}
		return p
	}
	names := []string{"q", "sort", "after", "before", "limit", "status", "stage", "from", "own", "responsible", "operator", "preset"}
	for _, payload := range payloads {
		all := url.Values{}
		for _, name := range names {
			all.Set(name, payload)
			get("/p/1/acts", url.Values{name: {payload}})
		}
		for _, page := range []string{"/p/1/companies/2", "/p/1/deals", "/p/1/report", "/p/1/acts/originals", "/p/1/acts/conditions"} {
			get(page, all)
			get(page, url.Values{"q": {payload}})
		}
	}
	for _, sign := range []string{"%", "_", `\`, "%%%%", "____"} {
		doc, err := apptest.ParsePage(get("/p/1/acts", url.Values{"q": {sign}}))
		s.Must(err)
		if n := apptest.RegistryRows(doc); n != 0 {
			t.Errorf("the sign %s finds %d acts", sign, n)
		}
	}
}

// An error of ours has an id for the log and no internal details, as a page and as JSON.
func TestErrorsTellNothing(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	p, err := s.Manager.OpenDeal(s.Deal(1))
	s.Page(p, err, http.StatusOK)
	s.Exec(`ALTER TABLE acts RENAME TO lost_acts`)
	defer s.Exec(`ALTER TABLE lost_acts RENAME TO acts`)
	for name, accept := range map[string]string{"a page": "text/html", "JSON": "application/json"} {
		got := s.Request(http.MethodGet, "/p/1/acts", nil, apptest.Header("Cookie", s.Manager.Cookies("/p/1/acts")), apptest.Header("Accept", accept))
		if got.Status != http.StatusInternalServerError {
			t.Errorf("%s: status %d", name, got.Status)
		}
		for _, inside := range []string{"acts\"", "relation", "pq:", "SQLSTATE", "SELECT", ".go:", "goroutine"} {
			if strings.Contains(strings.ReplaceAll(got.Body, `/p/1/acts"`, ""), inside) {
				t.Errorf("%s shows %q:\n%s", name, inside, got.Body)
			}
		}
		if accept == "text/html" && !strings.Contains(got.Body, "Код обращения") {
			t.Errorf("the page has no id:\n%s", got.Body)
		}
	}
}

// Every answer has the headers that protect it, and nothing of the inside is public.
func TestHeadersOfEveryRoute(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for _, r := range handlers.Routes() {
		method, pattern, _ := strings.Cut(r.Pattern, " ")
		path := pathValue.ReplaceAllString(strings.NewReplacer("{$}", "", "{malformed...}", "x").Replace(pattern), "1")
		got := s.Request(method, path, nil)
		for _, want := range []string{"Strict-Transport-Security:[max-age=31536000; includeSubDomains]", "X-Content-Type-Options:[nosniff]", "Referrer-Policy:[no-referrer]",
			"Permissions-Policy:", "Content-Security-Policy:[default-src 'none'", "Cache-Control:[no-store]"} {
			if !strings.Contains(got.Header, want) {
				t.Errorf("%s: no %s in %s", r.Pattern, want, got.Header)
			}
		}
		if got.Status == http.StatusMovedPermanently || got.Status == http.StatusPermanentRedirect || strings.Contains(got.Header, "Access-Control-") {
			t.Errorf("%s: %d with %s", r.Pattern, got.Status, got.Header)
		}
		if strings.Contains(got.Header, "Content-Type:[text/") && !strings.Contains(got.Header, "charset=utf-8") {
			t.Errorf("%s: a text without a charset: %s", r.Pattern, got.Header)
		}
		if strings.Contains(got.Header, "Server:") || strings.Contains(got.Header, "X-Powered-By") {
			t.Errorf("%s names the server: %s", r.Pattern, got.Header)
		}
	}
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/vars", "/static/", "/.git/config", "/.env"} {
		if got := s.Request(http.MethodGet, path, nil); got.Status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, got.Status)
		}
	}
	if got := s.Request(http.MethodTrace, "/", nil); got.Status != http.StatusMethodNotAllowed {
		t.Errorf("TRACE: status %d", got.Status)
	}
}

// A file that a person uploaded is a download, never a page of ours, and only in its own portal.
func TestUploadsAreDownloads(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	act := s.FormPaperAct(s.Deal(1), "company")
	p, err := s.Manager.Upload(act+"/files/ours", nil, apptest.UploadFile{Name: "a.html.pdf", Body: append(apptest.PDF(1000), "<html><script>alert(1)</script>"...)})
	doc := s.Page(p, err, http.StatusOK)
	path, found := apptest.TestID(doc, "copies-ours").Find("ul.files a").Attr("href")
	if !found {
		t.Fatalf("no file on the page: %s", doc.Text())
	}
	p, err = s.Manager.Get(path)
	s.Must(err)
	h := p.Header
	if p.Status != http.StatusOK || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Cache-Control") != "no-store" || h.Get("Content-Type") != "application/pdf" {
		t.Errorf("status %d, %v", p.Status, h)
	}
	theirs := s.AtPortal(1)
	p, err = theirs.Manager.OpenDeal(theirs.Deal(1))
	theirs.Page(p, err, http.StatusOK)
	for path, want := range map[string]int{path: http.StatusUnauthorized, strings.Replace(path, "/p/1/", "/p/2/", 1): http.StatusNotFound} {
		if p, err := theirs.Manager.Get(path); err != nil || p.Status != want {
			t.Errorf("%s from another portal: status %d, %v; want %d", path, p.Status, err, want)
		}
	}
}

// A returning visitor gets a visit only for a page of his own portal.
func TestReturnsToOwnPages(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	back := func(path string) apptest.Response {
		u, f := opening(s)
		f.Set("DOMAIN", u.Query().Get("DOMAIN"))
		f.Set("PROTOCOL", u.Query().Get("PROTOCOL"))
		f.Set("path", path)
		return s.Request(http.MethodPost, "/placement/return", f, apptest.Header("Sec-Fetch-Site", "same-origin"))
	}
	if got := back("/p/1/acts"); got.Status != http.StatusOK {
		t.Fatalf("a page of his: status %d\n%s", got.Status, got.Body)
	}
	for _, path := range []string{"", "/", "https://evil.example", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/p/2/acts", "p/1/acts", "/p/1x/acts"} {
		if got := back(path); got.Status != http.StatusForbidden || strings.Contains(got.Header, "Set-Cookie") || strings.Contains(got.Header, "Location") {
			t.Errorf("%q: status %d, %s", path, got.Status, got.Header)
		}
	}
}
