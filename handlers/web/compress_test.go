package web

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCompressible(t *testing.T) {
	for name, tt := range map[string]struct {
		method, address, accepts, site string
		want                           bool
	}{
		"a page without a query":                 {"GET", "/p/1/acts", "gzip, deflate, br", "cross-site", true},
		"a link on our own page":                 {"GET", "/p/1/acts?q=x", "gzip", "same-origin", true},
		"a person typed the address":             {"GET", "/p/1/acts?q=x", "gzip", "none", true},
		"a foreign site chooses the query":       {"GET", "/p/1/acts?q=x", "gzip", "cross-site", false},
		"a neighbour site chooses the query":     {"GET", "/p/1/acts?q=x", "gzip", "same-site", false},
		"a browser that sends no Sec-Fetch-Site": {"GET", "/p/1/acts?q=x", "gzip", "", false},
		"an answer to a form":                    {"POST", "/p/1/deals/1/question/link", "gzip", "same-origin", false},
		"a client without gzip":                  {"GET", "/p/1/acts", "br", "same-origin", false},
		"a client that refuses gzip":             {"GET", "/p/1/acts", "br, gzip;q=0", "same-origin", false},
		"a client that refuses gzip at length":   {"GET", "/p/1/acts", "gzip; q=0.000", "same-origin", false},
		"a client that prefers br":               {"GET", "/p/1/acts", "br, GZIP; q=0.5", "same-origin", true},
		"a weight that is no number":             {"GET", "/p/1/acts", "gzip;q=x", "same-origin", false},
		"no header at all":                       {"GET", "/p/1/acts", "", "same-origin", false},
	} {
		r := httptest.NewRequest(tt.method, tt.address, nil)
		r.Header.Set("Accept-Encoding", tt.accepts)
		r.Header.Set("Sec-Fetch-Site", tt.site)
		if got := compressible(r); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestWriteBody(t *testing.T) {
	long := strings.Repeat("<td>акт</td>", 1000)
	for name, tt := range map[string]struct {
		body     string
		compress bool
		packed   bool
	}{
		"a long page":            {long, true, true},
		"a page with a secret":   {long, false, false},
		"a page that is small":   {"<p>акт</p>", true, false},
		"a page without content": {"", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 { // the second response uses a writer from the pool
				w := httptest.NewRecorder()
				WriteBody(w, http.StatusConflict, []byte(tt.body), tt.compress)
				if n := w.Header().Get("Content-Length"); n != fmt.Sprint(w.Body.Len()) || w.Code != http.StatusConflict || w.Header().Get("Vary") != "Accept-Encoding" {
					t.Errorf("status %d, %s of %d bytes, %v", w.Code, n, w.Body.Len(), w.Header())
				}
				body := io.Reader(w.Body)
				if packed := w.Header().Get("Content-Encoding") == "gzip"; packed != tt.packed {
					t.Fatalf("compressed: %t", packed)
				}
				if tt.packed {
					z, err := gzip.NewReader(w.Body)
					if err != nil {
						t.Fatal(err)
					}
					body = z
				}
				if got, err := io.ReadAll(body); err != nil || string(got) != tt.body {
					t.Errorf("%d bytes of %d came, %v", len(got), len(tt.body), err)
				}
			}
		})
	}
}
