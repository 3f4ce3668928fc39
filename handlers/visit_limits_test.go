package handlers

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"acts24/handlers/limits"
	"acts24/handlers/web"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// usualLimits returns the limits of these tests, with a clock that stands still.
func usualLimits() *visitLimits {
	return newVisitLimits(Limits{VisitPages: 50, VisitForms: 20, PortalPages: 400}, func() time.Time { return noon })
}

// passed counts how many of n requests of a visit are let through, one after the other.
func passed(m *visitLimits, n int, method, secret string) (ok int) {
	for range n {
		var t permit
		if m.ofVisit(httptest.NewRequest(method, "/", nil), web.Route{}, "key", secret, &t) == nil {
			ok++
		}
		t.end()
	}
	return ok
}

func TestRequestsOfAVisit(t *testing.T) {
	m := usualLimits()
	if n := passed(m, 40, http.MethodPost, "a"); n != 20 {
		t.Errorf("%d forms of one visit at once; want 20", n)
	}
	if n := passed(m, 200, http.MethodGet, "a"); n != 60 {
		t.Errorf("%d pages after them; want 60 of the 100 at once", n)
	}
	if n := passed(m, 200, http.MethodGet, "b"); n != 100 {
		t.Errorf("%d pages of another visit; want 100", n)
	}
	if n := passed(newVisitLimits(Limits{}, time.Now), 1000, http.MethodPost, "a"); n != 1000 {
		t.Errorf("%d forms without limits; want all", n)
	}
}

func TestRequestsOfAPortal(t *testing.T) {
	m, ok := usualLimits(), 0
	for range 1000 {
		var turn permit
		if m.ofPortal(httptest.NewRequest(http.MethodGet, "/", nil), web.Route{}, 1, &turn) == nil {
			ok++
		}
	}
	if ok != 800 {
		t.Errorf("%d requests of a portal at once; want 800", ok)
	}
	var turn permit
	if err := m.ofPortal(httptest.NewRequest(http.MethodGet, "/", nil), web.Route{}, 2, &turn); err != nil {
		t.Errorf("another portal: %v", err)
	}
}

// gone returns a request whose client does not wait.
func gone(method, address string) *http.Request {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return httptest.NewRequest(method, address, nil).WithContext(ctx)
}

// atOnce counts how many requests run at a time when none of them ends.
func atOnce(m *visitLimits, rt web.Route, address string, visits int) (running int) {
	for i := range visits {
		for range 10 {
			var t permit
			err := m.ofVisit(gone(http.MethodGet, address), rt, "key", string(rune('a'+i)), &t)
			if err == nil {
				err = m.ofPortal(gone(http.MethodGet, address), rt, 1, &t)
			}
			if err == nil {
				running++
			} else {
				t.end()
			}
		}
	}
	return running
}

func TestRequestsAtOnce(t *testing.T) {
	pdf, file := web.Route{Heavy: true}, web.Route{Deadline: time.Minute}
	for name, tt := range map[string]struct {
		route   web.Route
		address string
		visits  int
		want    int
	}{
		"pages of a visit":       {web.Route{}, "/acts?status=sent", 1, 4},
		"pages of two visits":    {web.Route{}, "/acts", 2, 8},
		"searches of a visit":    {web.Route{}, "/acts?q=ро", 1, 1},
		"searches of two visits": {web.Route{}, "/acts?q=ро", 2, 2},
		"PDFs of a visit":        {pdf, "/", 1, 1},
		"PDFs of a portal":       {pdf, "/", 9, 2},
		"transfers of a visit":   {file, "/", 1, 2},
		"transfers of a portal":  {file, "/", 9, 4},
	} {
		if n := atOnce(usualLimits(), tt.route, tt.address, tt.visits); n != tt.want {
			t.Errorf("%s: %d at a time; want %d", name, n, tt.want)
		}
	}
	m := usualLimits()
	atOnce(m, file, "/", 1)
	if n := atOnce(m, web.Route{}, "/", 1); n != 4 {
		t.Errorf("%d pages beside transfers; want 4", n)
	}
}

// A request that waits runs when another one ends.
func TestTheNextRequestRuns(t *testing.T) {
	m := usualLimits()
	turns := make([]permit, 5)
	for i := range 4 {
		if err := m.ofVisit(gone(http.MethodGet, "/"), web.Route{}, "key", "a", &turns[i]); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan error)
	go func() {
		done <- m.ofVisit(httptest.NewRequest(http.MethodGet, "/", nil), web.Route{}, "key", "a", &turns[4])
	}()
	turns[2].end()
	if err := <-done; err != nil {
		t.Errorf("the fifth request: %v", err)
	}
}

func TestFilesOfADay(t *testing.T) {
	m, rt := usualLimits(), web.Route{Deadline: time.Minute, MaxBody: 101 << 20}
	upload := func(size int64) error {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.ContentLength = size
		return m.ofDay(r, rt, "1")
	}
	for i := range 51 {
		if err := upload(100 << 20); err != nil {
			t.Fatalf("upload %d: %v", i+1, err)
		}
	}
	var many limits.Exceeded
	if err := upload(-1); !errors.As(err, &many) || many.Text != tooManyFiles || many.Wait < 10*time.Minute {
		t.Errorf("a body without a length after 5 GB: %v", err)
	}
	if err := upload(10 << 20); err != nil {
		t.Errorf("what is left: %v", err)
	}
}

// deadlines records that the deadline of a connection was moved.
type deadlines struct {
	*httptest.ResponseRecorder
	moved int
}

func (d *deadlines) SetReadDeadline(time.Time) error  { d.moved++; return nil }
func (d *deadlines) SetWriteDeadline(time.Time) error { return nil }

// The body of a request that nobody is verified for is not read, and the timeout of the server stays in force.
func TestDeadlineAfterTheProof(t *testing.T) {
	s := New(Config{SessionKeys: [][]byte{make([]byte, 32), make([]byte, 32)}, MachineNow: time.Now}, Databases{}, nil, nil, time.Now, nil, slog.New(slog.DiscardHandler))
	w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	body := strings.NewReader("body")
	rt := web.Route{Deadline: time.Hour, MaxBody: 100, Visit: func(http.ResponseWriter, *http.Request, web.Visit) error { panic("no visit") }}
	r := httptest.NewRequest(http.MethodPost, "/p/1/acts/1/files/ours", body)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	s.serve(rt).ServeHTTP(w, r)
	if w.Code != http.StatusUnauthorized || w.moved != 0 || body.Len() != 4 {
		t.Errorf("status %d, deadline moved %d times, %d bytes left", w.Code, w.moved, body.Len())
	}
	s.extendDeadline(w, rt)
	if w.moved != 1 {
		t.Error("a transfer has no time of its own")
	}
}
