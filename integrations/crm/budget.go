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

// The share of the bucket that a kind of work may fill. A person may not fill it to the brim: requests that were
// spaced when they took their place arrive closer together, and the portal counts arrivals. Background work leaves
// room to people who wait.
const (
	interactive = 0.92
	background  = 0.8
)

// The limits of a method (docs/contracts/bitrix24.md, "Limits").
const (
	operatingLimit   = 480 // seconds of one method in ten minutes
	operatingCareful = 0.8 * operatingLimit
)

var errBudgetSpent = errors.New("the portal's budget of calls is spent")

// budget keeps the limits of one portal in the store, for all replicas together.
type budget struct {
	db         *store.DB
	portal     acts.PortalID
	leak, size float64
	share      float64
}

// maxWait is how long a person's request waits for a place; background work comes again later instead.
const maxWait = 3 * time.Second

// Take spends one request of the portal.
func (b *budget) Take(ctx context.Context, methods ...string) error {
	paused, err := queue.PausedMethods(ctx, b.db, b.portal)
	if err != nil {
		return err
	}
	for _, m := range append([]string{"*"}, methods...) {
		if wait, ok := paused[m]; ok {
			if !b.interactive() || wait > maxWait {
				return unavailable(errBudgetSpent, wait)
			}
			if err := sleep(ctx, wait); err != nil {
				return err
			}
		}
	}
	for waited := time.Duration(0); ; waited += 500 * time.Millisecond {
		ok, err := queue.TakeBudget(ctx, b.db, b.portal, b.leak, b.size*b.share)
		if err != nil || ok {
			return err
		}
		if !b.interactive() || waited >= maxWait {
			return unavailable(errBudgetSpent, time.Second)
		}
		if err := sleep(ctx, 500*time.Millisecond); err != nil {
			return err
		}
	}
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

// Report pauses what the portal refused for a limit, and a method whose operating time runs out.
func (b *budget) Report(ctx context.Context, usage []bitrix24.Usage) {
	for _, u := range usage {
		switch {
		case u.Limited && u.Method == "":
			_ = queue.PauseMethod(ctx, b.db, b.portal, "*", 2*time.Second)
		case u.Limited && u.ResetAt == 0:
			_ = queue.PauseMethod(ctx, b.db, b.portal, u.Method, time.Minute)
		case u.Limited, u.Operating > operatingCareful && u.ResetAt > 0:
			_ = queue.PauseMethodUntil(ctx, b.db, b.portal, u.Method, u.ResetAt)
		}
	}
}
