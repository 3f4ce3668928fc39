package handlers

import (
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// The table says of every route how it is proven and how much may be sent; nothing is served beside it.
func TestRouteTable(t *testing.T) {
	s := New(Config{SessionKeys: [][]byte{make([]byte, 32), make([]byte, 32)}}, nil, nil, nil, time.Now, nil, slog.New(slog.DiscardHandler))
	seen := map[string]bool{}
	for _, r := range s.routes() {
		method, path, ok := strings.Cut(r.pattern, " ")
		inside := strings.HasPrefix(path, "/p/{portal}/")
		switch {
		case !ok || seen[r.pattern]:
			t.Errorf("%s: not a method and a path of its own", r.pattern)
		case method != http.MethodGet && method != http.MethodPost:
			t.Errorf("%s: only GET and POST", r.pattern)
		case method == http.MethodPost && (r.size == 0 || r.size > 1<<20 && !(inside && (strings.Contains(path, "/files/") || strings.HasSuffix(path, "/logo")))):
			t.Errorf("%s: no limit of its body", r.pattern)
		case inside != (rights[r.proof] != ""):
			t.Errorf("%s: pages of a portal, and only they, need a visit", r.pattern)
		case inside && (r.visit == nil || r.open != nil), !inside && (r.open == nil || r.visit != nil):
			t.Errorf("%s: handler of the wrong kind", r.pattern)
		case (r.proof == byLink) != strings.HasPrefix(path, "/f/") || r.proof == byLink && r.size > 16<<10:
			t.Errorf("%s: what strangers open has little to say", r.pattern)
		case r.proof == byPortal && method != http.MethodPost:
			t.Errorf("%s: a portal only posts", r.pattern)
		case inside && method == http.MethodPost && r.proof == byVisit && !strings.HasSuffix(path, "/acts/bulk") && !strings.HasSuffix(path, "/cancel") && !strings.HasSuffix(path, "/me") && !strings.HasSuffix(path, "/columns"):
			t.Errorf("%s: who may only look changes nothing but what is his own", r.pattern)
		case strings.Contains(path, "/settings") && r.proof != byAdmin:
			t.Errorf("%s: settings are for administrators", r.pattern)
		case method == http.MethodGet && !inside && r.proof != byNobody && r.proof != byLink:
			t.Errorf("%s: a GET outside a portal shows nothing of one", r.pattern)
		}
		seen[r.pattern] = true
	}
	if len(seen) < 20 {
		t.Errorf("%d routes", len(seen))
	}
	source, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range source {
		text, _ := os.ReadFile(file.Name())
		if file.Name() != "server.go" && !strings.HasSuffix(file.Name(), "_test.go") && strings.Contains(string(text), "mux.Handle") {
			t.Errorf("%s serves something beside the table", file.Name())
		}
	}
}
