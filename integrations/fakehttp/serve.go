package fakehttp

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// TB is the part of testing.TB that a fake needs to start for a test.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Serve serves handler on an address of its own until the test ends, and returns the address.
func Serve(t TB, handler http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("serve a fake: %v", err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + listener.Addr().String()
}

// Clock is a business clock that tests move.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stays at a time until it is moved.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now returns the time of the clock.
func (c *Clock) Now() time.Time { return c.Advance(0) }

// Advance moves the clock and returns its time.
func (c *Clock) Advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// Pages holds the pages of a fake for people, which the sandbox mounts. Without pages it answers 404.
type Pages struct {
	mu      sync.Mutex
	handler http.Handler
}

// SetPages mounts the pages; the paths of the protocol take precedence.
func (p *Pages) SetPages(handler http.Handler) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handler = handler
}

// ServePage answers with the mounted pages.
func (p *Pages) ServePage(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	handler := p.handler
	p.mu.Unlock()
	if handler == nil {
		http.NotFound(w, r)
		return
	}
	handler.ServeHTTP(w, r)
}
