package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
)

// mostSilence is how many calls in a row may end in nothing before the other side counts as dead.
const mostSilence = 5

// Breaker stands before every call of background work to one other side: the CRM of a portal, or an account at SBIS. Calls that say
// something of the whole side are counted; when too many fail in a row, one call in a term tries whether it lives again.
type Breaker struct {
	DB      *store.DB
	Portal  acts.PortalID
	Account int64         // store.PortalItself for the CRM
	Every   time.Duration // between two probes
	Person  bool          // a person asks: he is always let through
}

// Ending is how a call ended, as far as it speaks of the whole side.
type Ending struct {
	Lives bool   // it answered, be it with a refusal
	Dead  string // or why it counts as dead, a sentence; both are empty for a call that says nothing of it
}

// ErrSilent marks the failure of a call to a side that is known to be dead: it says nothing of what was asked.
var ErrSilent = errors.New("the other side does not answer anybody")

// Enter lets a call pass or refuses it as not executed; left must be told how a call that passed has ended, and gives its error to hand on.
func (b Breaker) Enter(ctx context.Context) (left func(Ending, error) error, err error) {
	troubled, wait, err := b.DB.Scope(b.Portal).Pass(ctx, b.Account, b.every())
	if err != nil {
		return nil, err
	}
	if wait > 0 && !b.Person {
		return nil, &silent{wait}
	}
	return func(e Ending, err error) error {
		if b.left(context.WithoutCancel(ctx), e, troubled) {
			return fmt.Errorf("%w: %w", ErrSilent, err)
		}
		return err
	}, nil
}

// every spares a person's call the probe of the others.
func (b Breaker) every() time.Duration {
	if b.Person {
		return 0
	}
	return b.Every
}

// left keeps how a call ended; what cannot be kept is counted at the next call. open tells that the side counts as dead.
func (b Breaker) left(ctx context.Context, e Ending, troubled bool) (open bool) {
	if e.Dead == "" && !(e.Lives && troubled) || e.Dead != "" && b.Person {
		return false
	}
	_ = b.DB.InTx(ctx, b.Portal, func(tx store.Tx) error {
		if e.Lives {
			wasOpen, err := tx.CloseBreaker(ctx, b.Account)
			if err != nil || !wasOpen {
				return err
			}
			return Mended(ctx, tx, b.Account)
		}
		row, err := tx.FailBreaker(ctx, b.Account, mostSilence, b.Every)
		open = row >= mostSilence
		if err != nil || row != mostSilence {
			return err
		}
		return Broken(ctx, tx, b.Account, e.Dead)
	})
	return open
}

// silent is a call that was not made because the other side does not answer.
type silent struct{ wait time.Duration }

// Error is for the log.
func (s *silent) Error() string { return "not called: the other side does not answer" }

// Unwrap gives the sentence for the person.
func (s *silent) Unwrap() error {
	return acts.Errorf(acts.Unavailable, "Связь прервана, проверяем её раз в несколько минут. Всё, что ждёт, будет сделано, когда она вернётся.")
}

// RetryAfter is how long the next probe is away.
func (s *silent) RetryAfter() time.Duration { return s.wait }

// Broken keeps that a side cannot be reached and has the administrators told once. Of the CRM itself they are told when it is back.
func Broken(ctx context.Context, tx store.Tx, account int64, why string) error {
	id, ok, err := tx.OpenIncident(ctx, account, why)
	if err != nil || !ok || account == store.PortalItself {
		return err
	}
	return tx.Enqueue(ctx, TaskAlarm, id)
}

// Mended keeps that a side is reached again and has the administrators told.
func Mended(ctx context.Context, tx store.Tx, account int64) error {
	id, ok, err := tx.CloseIncident(ctx, account)
	if err != nil || !ok {
		return err
	}
	return tx.Enqueue(ctx, TaskAlarm, id)
}
