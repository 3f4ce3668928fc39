package workflow

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
)

// Number of failures after which a task waits for a person; a clear refusal is repeated less often, because it rarely ends by itself.
const (
	maxFailures = 10
	maxRefusals = 3
)

// DeliverOne delivers a leased task of a kind that is delivered alone.
func (q *Queue) DeliverOne(ctx context.Context, t queue.Task) error {
	deliver, ok := q.single[t.Kind]
	err := errUnknownKind(t)
	if ok {
		err = deliver(ctx, t)
	}
	if err != nil && !errors.Is(err, acts.Conflict) {
		q.fail(ctx, t, err)
	}
	return nil
}

// Done ends a task whose delivery leaves nothing to store.
func (q *Queue) Done(ctx context.Context, t queue.Task) { q.finish(ctx, Delivery{Task: t}, Result{}) }

// DoneWithResult ends a task; storeResult runs in the same transaction.
func (q *Queue) DoneWithResult(ctx context.Context, t queue.Task, storeResult func(context.Context, store.Tx) error) {
	q.finish(ctx, Delivery{Task: t, StoreResult: func(ctx context.Context, tx store.Tx, _ Result) error { return storeResult(ctx, tx) }}, Result{})
}

// finish stores the result of a delivery and ends its task in one transaction.
func (q *Queue) finish(ctx context.Context, d Delivery, r Result) {
	t := d.Task
	err := q.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if d.StoreResult != nil {
			if err := d.StoreResult(ctx, tx, r); err != nil {
				return err
			}
		}
		return queue.Done(ctx, tx, t)
	})
	if err != nil && !errors.Is(err, acts.Conflict) && ctx.Err() == nil {
		q.log.ErrorContext(ctx, "task not ended", "portal", t.Portal, "task", t.ID, "kind", t.Kind, "err", err)
	}
}

// abandonTimeout is the time for the one statement that puts back a task whose lease was lost.
const abandonTimeout = 5 * time.Second

// fail puts a task back according to what is known about its call. A task whose lease was lost is put back as one whose call is unclear,
// unless another process has leased it meanwhile: then the fence protects it.
func (q *Queue) fail(ctx context.Context, t queue.Task, err error) {
	r := q.retry(t, err)
	if ctx.Err() != nil {
		r = q.slow(t)
		var cancel func()
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), abandonTimeout)
		defer cancel()
	}
	q.log.WarnContext(ctx, "task failed", "portal", t.Portal, "task", t.ID, "kind", t.Kind, "subject", t.Subject,
		"attempt", t.Attempts, "unclear", r.Unclear, "dead", r.Dead, "err", err)
	if err := queue.PutBack(ctx, q.db, t, r); err != nil {
		q.log.ErrorContext(ctx, "task not put back", "portal", t.Portal, "task", t.ID, "err", err)
	}
}

// retry decides when a failed task is tried again, by whether the remote side may have executed the call. A call that is impossible only for
// now is retried without limit.
func (q *Queue) retry(t queue.Task, err error) queue.Retry {
	r := queue.Retry{Unclear: t.Unclear, Failure: true, Problem: acts.Message(err), Wait: q.Backoff(t.Attempts)}
	var delayed interface{ RetryAfter() time.Duration }
	limit := maxFailures
	switch {
	case errors.Is(err, ErrUnclear) && isTimeout(err):
		return q.slow(t)
	case errors.Is(err, ErrUnclear):
		r.Unclear, r.Wait = true, q.timing.Window
	case errors.Is(err, acts.Unavailable):
		if errors.As(err, &delayed) && delayed.RetryAfter() > 0 {
			r.Wait = delayed.RetryAfter()
		}
		r.Failure = false
		return r
	case errors.Is(err, acts.Refused), errors.Is(err, acts.Forbidden), errors.Is(err, acts.NotFound):
		limit = maxRefusals
	}
	if r.Problem == "" {
		r.Problem = "Не удалось выполнить, подробности в журнале сервиса."
	}
	if errors.Is(err, ErrUnreachable) {
		r.Failure = false
		return r
	}
	r.Dead = t.Failures+1 >= limit
	return r
}

// outOfTime is the problem of a task whose time ran out.
const outOfTime = "Не удалось закончить за отведённое время. Сначала проверим, что успело выполниться, потом повторим."

// slow decides when a task is tried again whose call took too long, or whose lease ended first. Its effect is looked for before the next call.
// The wait grows, and the task never waits for a person: a slow call is no sign that the next one cannot succeed.
func (q *Queue) slow(t queue.Task) queue.Retry {
	return queue.Retry{Unclear: true, Wait: max(q.timing.Window, min(q.timing.Window<<min(t.Attempts-1, 9), q.timing.Retry)),
		Problem: outOfTime}
}

// isTimeout reports whether our own time limit ended a call, not an answer or a lost connection.
func isTimeout(err error) bool {
	var e interface{ Timeout() bool }
	return errors.As(err, &e) && e.Timeout()
}

// Backoff returns the delay after a number of attempts: it doubles from one second up to the longest delay of the configuration.
func (q *Queue) Backoff(attempts int) time.Duration {
	return min(time.Second<<min(attempts-1, 9), q.timing.Retry)
}

func (q *Queue) returnTasks(ctx context.Context, tasks []queue.Task, err error) error {
	for _, t := range tasks {
		q.fail(ctx, t, err)
	}
	return nil
}
