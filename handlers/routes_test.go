package handlers

import (
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"acts24/handlers/web"
)

// mustBeRecorded reports whether the requests of a route belong in the audit log.
func mustBeRecorded(method, path string) bool {
	if method == http.MethodPost {
		return strings.Contains(path, "/settings/") || path == "/p/{portal}/install"
	}
	for _, end := range []string{"/xml", "/package", "/print", "/upd", "/files/{file}", "/file", "/export"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	return false
}

// The table has the proof and the body limit of every route; nothing else is served.
func TestRouteTable(t *testing.T) {
	s := New(Config{SessionKeys: [][]byte{make([]byte, 32), make([]byte, 32)}}, Databases{}, nil, nil, time.Now, nil, slog.New(slog.DiscardHandler))
	seen := map[string]bool{}
	for _, r := range s.routes() {
		method, path, ok := strings.Cut(r.Pattern, " ")
		inside := strings.HasPrefix(path, "/p/{portal}/")
		switch {
		case !ok || seen[r.Pattern]:
			t.Errorf("%s: not a method and a path of its own", r.Pattern)
		case method != http.MethodGet && method != http.MethodPost:
			t.Errorf("%s: only GET and POST", r.Pattern)
		case method == http.MethodPost && (r.MaxBody == 0 || r.MaxBody > 1<<20 && !(inside && (strings.Contains(path, "/files/") || strings.HasSuffix(path, "/logo")))):
			t.Errorf("%s: no limit of its body", r.Pattern)
		case inside != (web.Rights[r.Proof] != ""):
			t.Errorf("%s: pages of a portal, and only they, need a visit", r.Pattern)
		case inside && (r.Visit == nil || r.Open != nil), !inside && (r.Open == nil || r.Visit != nil):
			t.Errorf("%s: handler of the wrong kind", r.Pattern)
		case (r.Proof == web.ByLink) != strings.HasPrefix(path, "/f/") || r.Proof == web.ByLink && r.MaxBody > 16<<10:
			t.Errorf("%s: only routes of public forms are under /f/, and their bodies are small", r.Pattern)
		case (r.Proof == web.ByLink) != (r.Rate != "") || (r.Rate == web.RateForms) != (r.Proof == web.ByLink && method == http.MethodPost):
			t.Errorf("%s: only public routes have a limit of requests", r.Pattern)
		case (r.Deadline != 0) != (r.MaxBody > 2<<20 || strings.HasSuffix(path, "/export") || strings.HasSuffix(path, "/file") || r.Pattern == "GET /p/{portal}/acts/{act}/package"):
			t.Errorf("%s: a deadline of its own is for transfers", r.Pattern)
		case r.Heavy != (method == http.MethodGet && (strings.HasSuffix(path, "/print") || strings.HasSuffix(path, "/upd") || strings.HasSuffix(path, "/report")) || strings.HasSuffix(path, "/acts/bulk")):
			t.Errorf("%s: what computes long waits for its turn, and only that", r.Pattern)
		case r.Proof == web.ByPortal && method != http.MethodPost:
			t.Errorf("%s: a portal only posts", r.Pattern)
		case inside && method == http.MethodPost && r.Proof == web.ByVisit && !strings.HasSuffix(path, "/acts/bulk") && !strings.HasSuffix(path, "/cancel") && !strings.HasSuffix(path, "/me") && !strings.HasSuffix(path, "/columns") && !strings.Contains(path, "/filters"):
			t.Errorf("%s: who may only look changes nothing but what is his own", r.Pattern)
		case (r.Audit != "") != mustBeRecorded(method, path):
			t.Errorf("%s: the audit log has files, exports and changes of settings, accounts and people, and only them", r.Pattern)
		case strings.Contains(path, "/settings") && r.Proof != web.ByAdmin:
			t.Errorf("%s: settings are for administrators", r.Pattern)
		case method == http.MethodGet && !inside && r.Proof != web.ByNobody && r.Proof != web.ByLink:
			t.Errorf("%s: a GET outside a portal shows nothing of one", r.Pattern)
		}
		seen[r.Pattern] = true
	}
	if len(seen) < 20 {
		t.Errorf("%d routes", len(seen))
	}
	err := filepath.WalkDir(".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" || name == "server.go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		if strings.Contains(string(text), "mux.Handle") {
			t.Errorf("%s serves something beside the table", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
