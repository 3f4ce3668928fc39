package jobs

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"acts24/store/queue"
)

// errLeaseOver is the cancellation cause of work whose lease could not be renewed in time.
var errLeaseOver = errors.New("the lease has expired")

// renewals is the number of renewals per term of a lease.
const renewals = 4

// leaseKeeper renews the leases of all running work, so that a slow process keeps its work and a dead one loses it.
type leaseKeeper struct {
	term  time.Duration
	renew func(ctx context.Context, l queue.Leases, term time.Duration) error
	log   *slog.Logger

	mu   sync.Mutex
	held map[*lease]bool
}

// lease is the lease of one step of work.
type lease struct {
	queue.Leases
	lose  func()                    // cancels the context of the work
	end   *time.Timer               // calls lose when the term has passed
	until atomic.Pointer[time.Time] // when it has passed
}

// extend sets the end of the lease to the deadline of a context.
func (l *lease) extend(until context.Context, cancel func()) {
	defer cancel()
	at, _ := until.Deadline()
	l.until.Store(&at)
}

type leaseKey struct{}

// WithinLease returns a transport that sends no request of work whose lease has ended. The context of such work is cancelled as well, but a process
// that was stopped for longer than its lease makes its next call before its timers run. now is the clock of the machine.
func WithinLease(next http.RoundTripper, now func() time.Time) http.RoundTripper {
	return leaseTransport{next, now}
}

type leaseTransport struct {
	next http.RoundTripper
	now  func() time.Time
}

// RoundTrip sends the request, or returns errLeaseOver.
func (t leaseTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	l, ok := r.Context().Value(leaseKey{}).(*lease)
	if !ok || t.now().Before(*l.until.Load()) {
		return t.next.RoundTrip(r)
	}
	l.lose()
	if r.Body != nil {
		r.Body.Close()
	}
	return nil, errLeaseOver
}

func newKeeper(term time.Duration, renew func(context.Context, queue.Leases, time.Duration) error, log *slog.Logger) *leaseKeeper {
	return &leaseKeeper{term: term, renew: renew, log: log, held: map[*lease]bool{}}
}

// keep renews leases until release is called. The returned context is cancelled when they could not be
// renewed in time, because another replica may then have leased the same rows.
func (k *leaseKeeper) keep(ctx context.Context, what queue.Leases) (kept context.Context, release func()) {
	kept, cancel := context.WithCancelCause(ctx)
	l := &lease{Leases: what, lose: func() { cancel(errLeaseOver) }}
	term := k.term * 3 / 4 // the lease began a little earlier, when the work was leased
	l.extend(context.WithTimeout(ctx, term))
	l.end = time.AfterFunc(term, l.lose)
	kept = context.WithValue(kept, leaseKey{}, l)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.held[l] = true
	return kept, func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		delete(k.held, l)
		l.end.Stop()
		cancel(nil)
	}
}

// work renews all held leases several times per term until stop is closed.
func (k *leaseKeeper) work(ctx context.Context, stop <-chan struct{}) {
	tick := time.NewTicker(k.term / renewals)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			k.renewAll(ctx)
		}
	}
}

// renewAll renews all leases with one statement. The local term starts before the statement and the term in
// the database after it, so work always stops before its lease ends.
func (k *leaseKeeper) renewAll(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, k.term)
	defer cancel()
	next := map[*lease]*time.Timer{}
	var all queue.Leases
	k.mu.Lock()
	for l := range k.held {
		next[l], all = time.AfterFunc(k.term, l.lose), all.And(l.Leases)
	}
	k.mu.Unlock()
	if len(next) == 0 {
		return
	}
	err := k.renew(ctx, all, k.term)
	if err != nil {
		k.log.WarnContext(ctx, "leases not renewed", "held", len(next), "err", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for l, timer := range next {
		if err != nil || !k.held[l] {
			timer.Stop()
			continue
		}
		l.end.Stop()
		l.end = timer
		l.extend(context.WithTimeout(ctx, k.term)) // not later than the deadline of the statement
	}
}
