package portal

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"acts24/acts"
	"acts24/handlers/limits"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// asked counts how many of n questions from an address reach the token server, which answers err.
func asked(s *strangers, n int, address string, err error) (calls int) {
	for range n {
		r := httptest.NewRequest("POST", "/install", nil)
		r.RemoteAddr = address + ":4000"
		_ = s.ask(r, func() error { calls++; return err })
	}
	return calls
}

func TestStrangers(t *testing.T) {
	now := noon
	s := newStrangers(nil, func() time.Time { return now }, 10, 60)
	refused, down := acts.Errorf(acts.Forbidden, "no"), acts.Errorf(acts.Unavailable, "down")
	if n := asked(s, 1000, "192.0.2.1", nil); n != 1000 {
		t.Errorf("%d of 1000 true questions", n)
	}
	if n := asked(s, 1000, "192.0.2.1", down); n != 1000 {
		t.Errorf("%d of 1000 questions to a server that is down", n)
	}
	if n := asked(s, 1000, "192.0.2.2", refused); n != 10 {
		t.Errorf("%d of 1000 refused questions; want 10", n)
	}
	if n := asked(s, 1, "192.0.2.1", nil); n != 1 {
		t.Error("another address is not served")
	}
	now = now.Add(time.Minute)
	if n := asked(s, 1000, "192.0.2.2", refused); n != 10 {
		t.Errorf("%d refused questions a minute later; want 10", n)
	}
}

// Many addresses together have one limit.
func TestStrangersFromEverywhere(t *testing.T) {
	now := noon
	s, calls := newStrangers(nil, func() time.Time { return now }, 10, 60), 0
	for i := range 1000 {
		calls += asked(s, 2, fmt.Sprintf("192.0.%d.%d", i/250, i%250), acts.Errorf(acts.Forbidden, "no"))
	}
	if calls != 60 {
		t.Errorf("%d questions of 2000; want 60", calls)
	}
	now = now.Add(time.Second)
	if n := asked(s, 1, "198.51.100.1", nil); n != 1 {
		t.Error("nobody is served a second later")
	}
}

// Questions that come at once are asked one after the other, so that the refusals of the first stop the rest.
func TestStrangersAtOnce(t *testing.T) {
	s := newStrangers(nil, func() time.Time { return noon }, 10, 60)
	var calls, many atomic.Int32
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			err := s.ask(httptest.NewRequest("POST", "/install", nil), func() error {
				calls.Add(1)
				return acts.Errorf(acts.Forbidden, "no")
			})
			var exceeded limits.Exceeded
			if errors.As(err, &exceeded) {
				many.Add(1)
			}
		})
	}
	all.Wait()
	if n := calls.Load(); n < 10 || n > 10+maxQuestions || n+many.Load() != 200 {
		t.Errorf("%d questions and %d refusals of 200", n, many.Load())
	}
}
