package handlers_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
)

// answerTo returns everything that a client sees of an answer, without the key in the URL.
func answerTo(s *apptest.Site, method, key, page string, header http.Header) string {
	s.T.Helper()
	r, err := http.NewRequest(method, s.AppURL+"/p/"+key+page, nil)
	if err != nil {
		s.T.Fatal(err)
	}
	r.Header = header
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.T.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	answer.Header.Del("Date")
	return strings.ReplaceAll(fmt.Sprint(answer.Status, answer.Header, string(body)), key, "{key}")
}

// A stranger gets the same bytes for a key that exists and for one that does not.
func TestKeysOfPortalsAreIndistinguishable(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	const known, unknown = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
	s.Exec(`UPDATE portals SET key = '` + known + `'`)
	page, err := s.Manager.OpenDeal(s.Deal(1))
	s.Page(page, err, http.StatusOK)
	if want := fmt.Sprintf("/p/%s/deals/%d", known, s.Deal(1)); page.Path != want {
		t.Errorf("the tab of the deal is at %s; want %s", page.Path, want)
	}
	visits := map[string]http.Header{
		"no visit":            {},
		"no visit, JSON":      {"Accept": {"application/json"}},
		"an invented visit":   {"X-Acts-Visit": {"invented"}},
		"an invented cookie":  {"Cookie": {"__Host-acts-" + known + "=invented; __Host-acts-" + unknown + "=invented"}},
		"a well-formed visit": {"X-Acts-Visit": {strings.Repeat("A", 43)}},
	}
	for _, request := range []string{"GET /acts", "GET /acts/1", "GET /acts/1/xml", "GET /deals/1", "GET /settings", "GET /install", "POST /acts/1/send", "POST /install",
		"GET /", "GET /nothing"} {
		method, path, _ := strings.Cut(request, " ")
		for who, header := range visits {
			one, other := answerTo(s, method, known, path, header.Clone()), answerTo(s, method, unknown, path, header.Clone())
			if one != other {
				t.Errorf("%s with %s: the answers differ\n%s\n%s", request, who, one, other)
			}
		}
	}
	if page, err = s.Manager.Get("/p/1/acts"); err != nil || page.Status != http.StatusUnauthorized {
		t.Errorf("the number of the portal leads to status %d, %v; want 401", page.Status, err)
	}
}
