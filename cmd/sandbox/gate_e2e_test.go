//go:build e2e

package main

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
)

// gate stands at the public address of the app, as a balancer does: it notes what passes, takes cookies away,
// or has nobody to pass requests to.
type gate struct {
	proxy *httputil.ReverseProxy
	calls func() int64 // HTTP calls that the portal has seen

	mu    sync.Mutex
	way   way
	noted []passage
}

// way is what the gate does.
type way int

const (
	open24    way = iota // everything passes
	noCookies            // neither Cookie nor Set-Cookie passes
	badGateway
	shut // connections are closed without an answer
)

// passage is a request that came to the gate.
type passage struct {
	Method, URI, Mode string
	Visit, Cookie     bool
	Status            int
	Calls             int64 // HTTP calls to the portal before the answer
}

func newGate(behind string, calls func() int64) *gate {
	to := &url.URL{Scheme: "http", Host: behind}
	g := &gate{calls: calls}
	g.proxy = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(r *http.Response) error {
			if g.now() == noCookies {
				r.Header.Del("Set-Cookie")
			}
			return nil
		},
	}
	return g
}

func (g *gate) now() way {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.way
}

// turn changes what the gate does and returns what turns it back.
func (g *gate) turn(to way) (back func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was := g.way
	g.way = to
	return func() { g.turn(was) }
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := passage{Method: r.Method, URI: r.URL.RequestURI(), Mode: r.Header.Get("Sec-Fetch-Mode"),
		Visit: r.Header.Get("X-Acts-Visit") != "", Cookie: strings.Contains(r.Header.Get("Cookie"), "__Host-acts-")}
	watched := &statusWatch{ResponseWriter: w, status: http.StatusOK}
	before := g.calls()
	defer func() {
		p.Status, p.Calls = watched.status, g.calls()-before
		g.mu.Lock()
		defer g.mu.Unlock()
		g.noted = append(g.noted, p)
	}()
	switch g.now() {
	case shut:
		watched.status = 0
		panic(http.ErrAbortHandler)
	case badGateway:
		http.Error(watched, "<html><body>502 Bad Gateway</body></html>", http.StatusBadGateway)
		return
	case noCookies:
		r.Header.Del("Cookie")
	}
	g.proxy.ServeHTTP(watched, r)
}

// passages are the requests since the last look whose address holds that.
func (g *gate) passages(method, part string) []passage {
	g.mu.Lock()
	defer g.mu.Unlock()
	var out []passage
	for _, p := range g.noted {
		if (method == "" || p.Method == method) && strings.Contains(p.URI, part) {
			out = append(out, p)
		}
	}
	return out
}

func (g *gate) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.noted = nil
}

// statusWatch remembers the status that was sent.
type statusWatch struct {
	http.ResponseWriter
	status int
}

// WriteHeader keeps the status.
func (w *statusWatch) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets the proxy flush.
func (w *statusWatch) Unwrap() http.ResponseWriter { return w.ResponseWriter }
