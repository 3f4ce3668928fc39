package workflow

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/store"
)

// logClosedAttempt records an attempt in a closed period in its log and in the history of the act. The attempt itself
// was rolled back, so this is a transaction of its own; the error is returned unchanged.
func (s *Acts) logClosedAttempt(ctx context.Context, v Visit, err error) error {
	var tried *acts.ClosedError
	if !errors.As(err, &tried) {
		return err
	}
	failed := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return s.RecordClosedAttempt(ctx, tx, v, tried) })
	if failed != nil {
		s.log.ErrorContext(ctx, "attempt in a closed period not logged", "portal", v.Portal, "act", tried.Act, "err", failed)
	}
	return err
}

// RecordClosedAttempt stores an attempt in a closed period.
func (s *Acts) RecordClosedAttempt(ctx context.Context, tx store.Tx, v Visit, tried *acts.ClosedError) error {
	text := "Отказано: " + tried.Doing + " (период закрыт до " + tried.Day.Format("02.01.2006") + ")"
	if tried.Act != 0 {
		if err := s.history.Append(ctx, tx, v.Event(tried.Act, "closed", text)); err != nil {
			return err
		}
	}
	return tx.Portals().AddClosedTry(ctx, store.ClosedTry{Own: tried.Own, Act: tried.Act, At: s.now(), User: v.User, UserName: v.UserName, Text: text})
}

// period returns up to which day the acts of our company are closed.
func (s *Acts) period(ctx context.Context, r store.Scope, own acts.CompanyID) (acts.ClosedPeriod, error) {
	c, err := r.Companies().Get(ctx, own)
	return c.ClosedPeriod(), err
}
