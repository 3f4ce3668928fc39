package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func keysOf(seed byte) [][]byte {
	hash, block := make([]byte, 32), make([]byte, 32)
	hash[0], block[0] = seed, seed+1
	return [][]byte{hash, block}
}

func TestCookies(t *testing.T) {
	c := NewCookies(keysOf(1), time.Hour)
	w := httptest.NewRecorder()
	if err := c.Set(w, httptest.NewRequest("GET", "/", nil), "7", "secret"); err != nil {
		t.Fatal(err)
	}
	cookie := w.Result().Cookies()[0]
	if !cookie.Secure || !cookie.HttpOnly || !cookie.Partitioned || cookie.SameSite != http.SameSiteNoneMode || cookie.MaxAge != 3600 || cookie.Name != "__Host-acts-7" || strings.Contains(cookie.Value, "secret") {
		t.Errorf("%+v", cookie)
	}
	request := func(cookie *http.Cookie, header string) *http.Request {
		r := httptest.NewRequest("GET", "/p/7/acts", nil)
		if cookie != nil {
			r.AddCookie(cookie)
		}
		if header != "" {
			r.Header.Set(visitHeader, header)
		}
		return r
	}
	forged := *cookie
	forged.Value = "x" + cookie.Value
	for name, tt := range map[string]struct {
		cookies *Cookies
		request *http.Request
		key     string
		want    string
	}{
		"the cookie":                {c, request(cookie, ""), "7", "secret"},
		"the header":                {c, request(nil, "other"), "7", "other"},
		"the header wins":           {c, request(cookie, "other"), "7", "other"},
		"nothing":                   {c, request(nil, ""), "7", ""},
		"another portal":            {c, request(cookie, ""), "8", ""},
		"no name of a cookie":       {c, request(cookie, ""), "7;=", ""},
		"a forged cookie":           {c, request(&forged, ""), "7", ""},
		"a header that is too long": {c, request(nil, strings.Repeat("x", 65)), "7", ""},
		"other keys":                {NewCookies(keysOf(3), time.Hour), request(cookie, ""), "7", ""},
		"old keys behind new ones":  {NewCookies(append(keysOf(3), keysOf(1)...), time.Hour), request(cookie, ""), "7", "secret"},
	} {
		got, err := tt.cookies.Secret(tt.request, tt.key)
		if got != tt.want || (tt.want == "") != errors.Is(err, ErrNoVisit) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
