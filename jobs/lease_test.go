package jobs

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/store/queue"
)

// newTestKeeper returns a keeper with the given term that renews by calling f.
func newTestKeeper(term time.Duration, f func(ctx context.Context, l queue.Leases) error) *leaseKeeper {
	return newKeeper(term, func(ctx context.Context, l queue.Leases, _ time.Duration) error { return f(ctx, l) }, slog.New(slog.DiscardHandler))
}

var someTask = queue.Leases{Tasks: []queue.Task{{ID: 7, Fence: 3}}}

// A renewal moves the end of the work; a failed one leaves it unchanged.
func TestARenewalMovesTheEnd(t *testing.T) {
	var failure error
	k := newTestKeeper(time.Hour, func(context.Context, queue.Leases) error { return failure })
	ctx, release := k.keep(t.Context(), someTask)
	end := func() *time.Timer {
		for l := range k.held {
			return l.end
		}
		return nil
	}
	first := end()
	k.renewAll(t.Context())
	second := end()
	if second == first || first.Stop() {
		t.Error("the first end is still in effect after a renewal")
	}
	failure = errors.New("no answer")
	k.renewAll(t.Context())
	if end() != second || !second.Stop() {
		t.Error("a failed renewal has moved the end")
	}
	if ctx.Err() != nil {
		t.Error("the work was ended before its term")
	}
	release()
	if <-ctx.Done(); errors.Is(context.Cause(ctx), errLeaseOver) {
		t.Error("released work counts as lost")
	}
}

// The work ends when its lease could not be renewed in time.
func TestWorkEndsWithItsLease(t *testing.T) {
	for name, renew := range map[string]func(ctx context.Context, n int) error{
		"the database does not answer": func(context.Context, int) error { return errors.New("no answer") },
		"the database hangs":           func(ctx context.Context, _ int) error { <-ctx.Done(); return ctx.Err() },
		"the database fails after some time": func(_ context.Context, n int) error {
			if n < 6 {
				return nil
			}
			return errors.New("no answer")
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			k := newTestKeeper(60*time.Millisecond, func(ctx context.Context, _ queue.Leases) error { n++; return renew(ctx, n) })
			stop := make(chan struct{})
			defer close(stop)
			go k.work(t.Context(), stop)
			ctx, release := k.keep(t.Context(), someTask)
			defer release()
			if <-ctx.Done(); !errors.Is(context.Cause(ctx), errLeaseOver) {
				t.Errorf("ended by %v", context.Cause(ctx))
			}
		})
	}
}

// All held leases are renewed together; released ones are not.
func TestLeasesAreRenewedTogether(t *testing.T) {
	var renewed []int64
	k := newTestKeeper(time.Hour, func(_ context.Context, l queue.Leases) error {
		renewed = nil
		for _, task := range l.Tasks {
			renewed = append(renewed, task.ID)
		}
		slices.Sort(renewed)
		return nil
	})
	_, first := k.keep(t.Context(), someTask)
	_, second := k.keep(t.Context(), queue.Leases{Tasks: []queue.Task{{ID: 8}}})
	if k.renewAll(t.Context()); !slices.Equal(renewed, []int64{7, 8}) {
		t.Errorf("renewed %v", renewed)
	}
	first()
	if k.renewAll(t.Context()); !slices.Equal(renewed, []int64{8}) {
		t.Errorf("renewed %v after the first was released", renewed)
	}
	second()
	renewed = nil
	if k.renewAll(t.Context()); renewed != nil {
		t.Errorf("renewed %v after all were released", renewed)
	}
}

// sent counts requests that pass the transport.
type sent int

// RoundTrip counts.
func (s *sent) RoundTrip(*http.Request) (*http.Response, error) {
	*s++
	return &http.Response{StatusCode: http.StatusOK}, nil
}

// A process that was stopped for longer than its lease sends nothing when it goes on, whether its timers have run or not; a renewed lease sends.
func TestNothingIsSentAfterTheLease(t *testing.T) {
	k := newTestKeeper(time.Hour, func(context.Context, queue.Leases) error { return nil })
	ctx, release := k.keep(t.Context(), someTask)
	defer release()
	var passed sent
	send := func(ctx context.Context) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://portal.example/", strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = WithinLease(&passed, time.Now).RoundTrip(r)
		return err
	}
	held := func() (l *lease) {
		for l = range k.held {
			return l
		}
		return nil
	}
	if err := send(ctx); err != nil || passed != 1 {
		t.Errorf("within the lease: %v, %d sent", err, passed)
	}
	held().extend(context.WithDeadline(t.Context(), time.Now().Add(-time.Hour)))
	k.renewAll(t.Context())
	if err := send(ctx); err != nil || passed != 2 {
		t.Errorf("after a renewal: %v, %d sent", err, passed)
	}
	held().extend(context.WithDeadline(t.Context(), time.Now().Add(-time.Hour)))
	if err := send(ctx); !errors.Is(err, errLeaseOver) || passed != 2 || !errors.Is(context.Cause(ctx), errLeaseOver) {
		t.Errorf("after the lease: %v, %d sent, the work goes on: %v", err, passed, ctx.Err() == nil)
	}
	if err := send(t.Context()); err != nil || passed != 3 {
		t.Errorf("work without a lease: %v", err)
	}
}
