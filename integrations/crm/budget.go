package crm

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
)

// The share of the bucket that a kind of work may fill (decision 7).
const (
	interactive = 1.0
	background  = 0.8
)

// The limits of a method (contracts/bitrix24.md 10.4).
const (
	operatingLimit   = 480 // seconds of one method in ten minutes
	operatingCareful = 0.8 * operatingLimit
)

var errBusy = errors.New("the portal's budget of calls is spent")

// budget keeps the limits of one portal in the store, for all replicas together.
type budget struct {
	db         *store.DB
	portal     acts.PortalID
	leak, size float64
	share      float64
}

// patience is how long a person's request waits for a place; background work comes again later instead.
const patience = 3 * time.Second

// Take spends one request of the portal.
func (b *budget) Take(ctx context.Context, methods ...string) error {
	paused, err := b.db.PausedMethods(ctx, b.portal)
	if err != nil {
		return err
	}
	for _, m := range append([]string{"*"}, methods...) {
		if wait, ok := paused[m]; ok {
			if !b.interactive() || wait > patience {
				return unavailable(errBusy, wait)
			}
			if err := sleep(ctx, wait); err != nil {
				return err
			}
		}
	}
	for waited := time.Duration(0); ; waited += 500 * time.Millisecond {
		ok, err := b.db.TakeBudget(ctx, b.portal, b.leak, b.size*b.share)
		if err != nil || ok {
			return err
		}
		if !b.interactive() || waited >= patience {
			return unavailable(errBusy, time.Second)
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
			_ = b.db.PauseMethod(ctx, b.portal, "*", 2*time.Second)
		case u.Limited && u.ResetAt == 0:
			_ = b.db.PauseMethod(ctx, b.portal, u.Method, time.Minute)
		case u.Limited, u.Operating > operatingCareful && u.ResetAt > 0:
			_ = b.db.PauseMethodUntil(ctx, b.portal, u.Method, u.ResetAt)
		}
	}
}
