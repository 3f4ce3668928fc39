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

// countChecks counts how many of n checks from an address reach the token server, which answers err.
func countChecks(s *tokenCheckLimiter, n int, address string, err error) (calls int) {
	for range n {
		r := httptest.NewRequest("POST", "/install", nil)
		r.RemoteAddr = address + ":4000"
		_ = s.do(r, func() error { calls++; return err })
	}
	return calls
}

func TestTokenCheckLimiter(t *testing.T) {
	now := noon
	s := newTokenCheckLimiter(nil, func() time.Time { return now }, 10, 60)
	refused, down := acts.Errorf(acts.Forbidden, "no"), acts.Errorf(acts.Unavailable, "down")
	if n := countChecks(s, 1000, "192.0.2.1", nil); n != 1000 {
		t.Errorf("%d of 1000 accepted checks", n)
	}
	if n := countChecks(s, 1000, "192.0.2.1", down); n != 1000 {
		t.Errorf("%d of 1000 checks by a server that is down", n)
	}
	if n := countChecks(s, 1000, "192.0.2.2", refused); n != 10 {
		t.Errorf("%d of 1000 refused checks; want 10", n)
	}
	if n := countChecks(s, 1, "192.0.2.1", nil); n != 1 {
		t.Error("another address is not served")
	}
	now = now.Add(time.Minute)
	if n := countChecks(s, 1000, "192.0.2.2", refused); n != 10 {
		t.Errorf("%d refused checks a minute later; want 10", n)
	}
}

// Many addresses together have one limit.
func TestTokenCheckLimitOfAll(t *testing.T) {
	now := noon
	s, calls := newTokenCheckLimiter(nil, func() time.Time { return now }, 10, 60), 0
	for i := range 1000 {
		calls += countChecks(s, 2, fmt.Sprintf("192.0.%d.%d", i/250, i%250), acts.Errorf(acts.Forbidden, "no"))
	}
	if calls != 60 {
		t.Errorf("%d checks of 2000; want 60", calls)
	}
	now = now.Add(time.Second)
	if n := countChecks(s, 1, "198.51.100.1", nil); n != 1 {
		t.Error("nobody is served a second later")
	}
}

// At most maxTokenChecks checks run at a time, so that the refusals of the first stop the rest.
func TestTokenChecksAtOnce(t *testing.T) {
	s := newTokenCheckLimiter(nil, func() time.Time { return noon }, 10, 60)
	var calls, exceededCount atomic.Int32
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			err := s.do(httptest.NewRequest("POST", "/install", nil), func() error {
				calls.Add(1)
				return acts.Errorf(acts.Forbidden, "no")
			})
			var exceeded limits.Exceeded
			if errors.As(err, &exceeded) {
				exceededCount.Add(1)
			}
		})
	}
	all.Wait()
	if n := calls.Load(); n < 10 || n > 10+maxTokenChecks || n+exceededCount.Load() != 200 {
		t.Errorf("%d checks and %d refusals of 200", n, exceededCount.Load())
	}
}
