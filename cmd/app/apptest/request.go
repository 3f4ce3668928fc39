package apptest

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"acts24/handlers/tables/tablestest"
)

// PostCrossSite posts a form as a page of another site, without cookies, and does not follow redirects.
func PostCrossSite(t *testing.T, address string, f url.Values, change ...func(*http.Request)) *http.Response {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(f.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	for _, c := range change {
		c(r)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer
}

// Response is the part of a response that an attacker could compare.
type Response struct {
	Status     int
	Header     string
	Body       string
	RetryAfter string
}

// Request sends a request without cookies and does not follow redirects.
func (s *Site) Request(method, path string, f url.Values, change ...func(*http.Request)) Response {
	s.T.Helper()
	r, err := http.NewRequest(method, s.AppURL+path, strings.NewReader(f.Encode()))
	if err != nil {
		s.T.Fatal(err)
	}
	if f != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range change {
		c(r)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.T.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	wait := answer.Header.Get("Retry-After")
	answer.Header.Del("Date")
	return Response{answer.StatusCode, fmt.Sprint(answer.Header), string(body), wait}
}

// Header returns a change of a request that sets a header.
func Header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// DownloadTable downloads an export and returns its raw cells; the first row contains the titles.
func (s *Site) DownloadTable(path string) (rows [][]string, name string) {
	s.T.Helper()
	p, err := s.Manager.Get(path)
	if err != nil || p.Status != http.StatusOK {
		s.T.Fatalf("%s: status %d, %v\n%.500s", path, p.Status, err, p.Body)
	}
	if p.Header.Get("Content-Length") != fmt.Sprint(len(p.Body)) {
		s.T.Errorf("%s: %d bytes of %s", path, len(p.Body), p.Header.Get("Content-Length"))
	}
	_, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
	if err != nil {
		s.T.Fatal(err)
	}
	if strings.Contains(path, "format=csv") {
		rows, err = tablestest.CSV(p.Body)
	} else {
		rows, err = tablestest.Workbook([]byte(p.Body))
	}
	if err != nil {
		s.T.Fatalf("%s: %v", path, err)
	}
	return rows, params["filename"]
}
