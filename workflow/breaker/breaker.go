// Package breaker keeps calls away from a remote system that does not answer.
package breaker

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// maxSilentCalls is the number of consecutive failed calls after which a remote system counts as unreachable.
const maxSilentCalls = 5

// Breaker is the circuit breaker of one remote system: the CRM of a portal, or an account at SBIS. Failures that
// concern the whole system are counted; after too many in a row only one call per interval probes whether it answers
// again.
type Breaker struct {
	DB      *store.DB
	Portal  acts.PortalID
	Account int64         // store.PortalItself for the CRM
	Every   time.Duration // interval between two probes
	Person  bool          // a person's request is always let through
}

// Outcome is the result of a call, as far as it concerns the whole system.
type Outcome struct {
	Answered bool   // it answered, even with a refusal
	Failure  string // the reason why it counts as unreachable; both fields are zero when the call does not show it
}

// Before lets a call pass, or refuses it as not executed. The returned function must be called with the outcome of the
// call; it returns the error to pass on.
func (b Breaker) Before(ctx context.Context) (left func(Outcome, error) error, err error) {
	troubled, wait, err := queue.PassBreaker(ctx, b.DB.Scope(b.Portal), b.Account, b.every())
	if err != nil {
		return nil, err
	}
	if wait > 0 && !b.Person {
		return nil, &workflow.SkippedCall{Wait: wait}
	}
	return func(e Outcome, err error) error {
		if b.after(context.WithoutCancel(ctx), e, troubled) {
			return fmt.Errorf("%w: %w", workflow.ErrUnreachable, err)
		}
		return err
	}, nil
}

// every returns the interval between probes; a person's call may always probe.
func (b Breaker) every() time.Duration {
	if b.Person {
		return 0
	}
	return b.Every
}

// after records the outcome of a call; a failure to record it is ignored until the next call. open reports that the
// breaker is open.
func (b Breaker) after(ctx context.Context, e Outcome, troubled bool) (open bool) {
	if e.Failure == "" && !(e.Answered && troubled) || e.Failure != "" && b.Person {
		return false
	}
	_ = b.DB.InTx(ctx, b.Portal, func(tx store.Tx) error {
		if e.Answered {
			wasOpen, err := queue.CloseBreaker(ctx, tx, b.Account)
			if err != nil || !wasOpen {
				return err
			}
			return Closed(ctx, tx, b.Account)
		}
		row, err := queue.FailBreaker(ctx, tx, b.Account, maxSilentCalls, b.Every)
		open = row >= maxSilentCalls
		if err != nil || row != maxSilentCalls {
			return err
		}
		return Opened(ctx, tx, b.Account, e.Failure)
	})
	return open
}

// Opened records that a system cannot be reached and notifies the administrators once. An outage of the CRM
// itself is reported when it can be reached again.
func Opened(ctx context.Context, tx store.Tx, account int64, why string) error {
	id, ok, err := tx.Portals().OpenIncident(ctx, account, why)
	if err != nil || !ok || account == queue.PortalItself {
		return err
	}
	return queue.Enqueue(ctx, tx, task.NotifyIncident(id))
}

// Closed records that a system is reached again and notifies the administrators.
func Closed(ctx context.Context, tx store.Tx, account int64) error {
	id, ok, err := tx.Portals().CloseIncident(ctx, account)
	if err != nil || !ok {
		return err
	}
	return queue.Enqueue(ctx, tx, task.NotifyIncident(id))
}
