package crm

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/store/queue"
)

// The share of the portal's rate limit that a kind of work may use. Pages do not use all of it, because requests may arrive at the portal
// closer together than they were sent. Background work leaves room for users who wait.
const (
	interactive = 0.92
	background  = 0.8
)

// The limits of a method (docs/contracts/bitrix24.md, "Limits").
const (
	operatingLimit   = 480                  // seconds of one method in ten minutes
	operatingUnknown = 0.8 * operatingLimit // of a method whose commands take an unknown time
	operatingMargin  = 15                   // seconds that are left for people
)

var errBudgetSpent = errors.New("the portal's rate limit is used up")

// budget keeps the limits of one portal in the store, shared by all replicas.
type budget struct {
	db         *store.DB
	portal     acts.PortalID
	leak, size float64
	share      float64
	checkLease func(context.Context) error // nil, or called after a wait: an error means that the lease of the task is lost

	patient bool                                           // Config.Patient
	onWait  func(portal acts.PortalID, wait time.Duration) // Config.OnWait
}

// The longest time that work waits for the budget before it is refused. Background work waits longer, within the lease of its task: when it is
// refused, its first requests have used up budget without a result.
const (
	maxWait           = 3 * time.Second
	maxBackgroundWait = 15 * time.Second
)

// wait waits until a request may be tried again after d, or returns Unavailable when this kind of work does not wait so long. waited is
// the time that it has waited already.
func (b *budget) wait(ctx context.Context, d, waited time.Duration) error {
	limit := maxBackgroundWait
	if b.interactive() {
		limit = maxWait
	}
	switch {
	case b.patient:
		if b.onWait != nil {
			b.onWait(b.portal, d)
		}
	case waited+d > limit:
		return unavailable(errBudgetSpent, max(d, time.Second))
	}
	return sleep(ctx, d)
}

// check returns Unavailable when one of the methods is paused. It is called before requests that only prepare a call of these methods.
func (b *budget) check(ctx context.Context, methods ...string) error {
	paused, err := queue.PausedMethods(ctx, b.db, b.portal, !b.interactive())
	if err != nil {
		return err
	}
	for _, m := range methods {
		if d, ok := paused[m]; ok {
			return unavailable(errBudgetSpent, d)
		}
	}
	return nil
}

// Take counts one request against the limits of the portal and its methods, and waits for them.
func (b *budget) Take(ctx context.Context, methods ...string) error {
	waited, err := b.awaitPauses(ctx, methods)
	if err != nil {
		return err
	}
	for {
		ok, err := queue.TakeBudget(ctx, b.db, b.portal, b.leak, b.size*b.share)
		if err != nil {
			return err
		}
		if ok {
			break
		}
		d := 500 * time.Millisecond
		if !b.interactive() && !b.patient {
			next, err := queue.MarkBudgetSpent(ctx, b.db, b.portal, b.leak, b.size*b.share)
			if err != nil {
				return err
			}
			d = max(next, 10*time.Millisecond)
		}
		if err := b.wait(ctx, d, waited); err != nil {
			return err
		}
		waited += d
	}
	if waited > 0 && b.checkLease != nil {
		return b.checkLease(ctx)
	}
	return nil
}

// awaitPauses waits until none of the methods is paused, and returns how long.
func (b *budget) awaitPauses(ctx context.Context, methods []string) (waited time.Duration, err error) {
	paused, err := queue.PausedMethods(ctx, b.db, b.portal, !b.interactive())
	if err != nil {
		return 0, err
	}
	for _, m := range append([]string{"*"}, methods...) {
		d, ok := paused[m]
		if d -= waited; !ok || d <= 0 {
			continue
		}
		if err := b.wait(ctx, d, waited); err != nil {
			return 0, err
		}
		waited += d
	}
	return waited, nil
}

func (b *budget) interactive() bool { return b.share >= interactive }

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// nearlySpent reports whether the commands that are under way may use up the run time that a method has left: those of all leased tasks of the
// portal, of whatever replica, and at least two more requests like this one.
func (b *budget) nearlySpent(ctx context.Context, u bitrix24.Usage) bool {
	cost := u.CommandCost()
	if u.Operating <= operatingLimit/2 {
		return false
	}
	underWay, err := queue.Underway(ctx, b.db, b.portal)
	if cost <= 0 || err != nil {
		return u.Operating > operatingUnknown
	}
	return u.Operating+operatingMargin+cost*float64(max(underWay, 2*u.Commands)) > operatingLimit
}

// Report pauses a method or the whole portal after a refusal for a limit, and a method that has used most of its operating time.
func (b *budget) Report(ctx context.Context, usage []bitrix24.Usage) {
	for _, u := range usage {
		switch {
		case u.Limited && u.Method == "":
			_ = queue.PauseMethod(ctx, b.db, b.portal, "*", 2*time.Second)
		case u.Limited && u.ResetAt == 0:
			_ = queue.PauseMethod(ctx, b.db, b.portal, u.Method, time.Minute)
		case u.Limited:
			_ = queue.PauseMethodUntil(ctx, b.db, b.portal, u.Method, false, u.ResetAt)
		case u.ResetAt > 0 && b.nearlySpent(ctx, u):
			_ = queue.PauseMethodUntil(ctx, b.db, b.portal, u.Method, true, u.ResetAt)
		}
	}
}
