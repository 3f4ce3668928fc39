package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
)

// How often a delivery fails before a person must look; a clear no is not worth ten tries.
const (
	mostFailures = 10
	mostRefusals = 3
)

// DeliverOne delivers a leased task that travels alone.
func (s *Service) DeliverOne(ctx context.Context, t store.Task) error {
	var err error
	switch t.Kind {
	case TaskPut:
		err = s.put(ctx, t)
	case TaskWithdraw:
		err = s.withdraw(ctx, t)
	case TaskSign:
		err = s.sign(ctx, t)
	case TaskCheck:
		err = s.checkAgain(ctx, t)
	case TaskLookup:
		err = s.lookUp(ctx, t)
	case TaskInvite:
		err = s.invite(ctx, t)
	case TaskFiles:
		err = s.syncFiles(ctx, t)
	case TaskLetter:
		err = s.sendLetter(ctx, t)
	default:
		err = fmt.Errorf("task of an unknown kind %q", t.Kind)
	}
	if err != nil && !errors.Is(err, acts.Conflict) {
		s.fail(ctx, t, err)
	}
	return nil
}

// finish keeps the result of a delivery and ends its task in one transaction.
func (s *Service) finish(ctx context.Context, t store.Task, d delivery, r Result) {
	err := s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if d.keep != nil {
			if err := d.keep(ctx, tx, r); err != nil {
				return err
			}
		}
		return tx.DoneTask(ctx, t)
	})
	if err != nil && !errors.Is(err, acts.Conflict) {
		s.log.ErrorContext(ctx, "task not ended", "portal", t.Portal, "task", t.ID, "kind", t.Kind, "err", err)
	}
}

// fail puts a task back by what is known of its call.
func (s *Service) fail(ctx context.Context, t store.Task, err error) {
	r := s.retry(t, err)
	s.log.WarnContext(ctx, "task failed", "portal", t.Portal, "task", t.ID, "kind", t.Kind, "subject", t.Subject,
		"attempt", t.Attempts, "unclear", r.Unclear, "dead", r.Dead, "err", err)
	if err := s.db.RetryTask(ctx, t, r); err != nil {
		s.log.ErrorContext(ctx, "task not put back", "portal", t.Portal, "task", t.ID, "err", err)
	}
}

// retry answers by the question "did the other side do it?". What is only not possible now is tried for ever.
func (s *Service) retry(t store.Task, err error) store.Retry {
	r := store.Retry{Unclear: t.Unclear, Failure: true, Problem: acts.Sentence(err), Wait: s.backoff(t.Attempts)}
	var later interface{ RetryAfter() time.Duration }
	most := mostFailures
	switch {
	case errors.Is(err, ErrUnclear):
		r.Unclear, r.Wait = true, s.timing.Window
	case errors.Is(err, acts.Unavailable):
		if errors.As(err, &later) && later.RetryAfter() > 0 {
			r.Wait = later.RetryAfter()
		}
		r.Failure = false
		return r
	case errors.Is(err, acts.Refused), errors.Is(err, acts.Forbidden), errors.Is(err, acts.NotFound):
		most = mostRefusals
	}
	if r.Problem == "" {
		r.Problem = "Не удалось выполнить, подробности в журнале сервиса."
	}
	if errors.Is(err, ErrSilent) {
		r.Failure = false
		return r
	}
	r.Dead = t.Failures+1 >= most
	return r
}

// backoff doubles from one second to five minutes.
func (s *Service) backoff(attempts int) time.Duration {
	return min(time.Second<<min(attempts-1, 9), s.timing.Retry)
}

func (s *Service) putBack(ctx context.Context, tasks []store.Task, err error) error {
	for _, t := range tasks {
		s.fail(ctx, t, err)
	}
	return nil
}
