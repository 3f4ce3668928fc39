package workflow

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/store"
)

// runSome does acts one after the other, as long as the portal's other work does not wait.
func (s *Service) runSome(ctx context.Context, t store.BulkTurn, b store.Bulk) (more bool, err error) {
	scope := s.db.Scope(t.Portal)
	who, err := scope.StandingOf(ctx, b.User)
	if err != nil {
		return false, err
	}
	for range rowsPerStep {
		waiting, err := scope.Promised(ctx, outgoing, mostPromised)
		if err != nil || waiting >= mostPromised {
			return false, err
		}
		if left, err := s.runRow(ctx, t, b, who); err != nil || !left {
			return false, err
		}
	}
	return true, nil
}

// runRow does the next act: the work and the mark that it is done are one transaction, so it is done once whoever dies
// when. When none is left the bulk is done.
func (s *Service) runRow(ctx context.Context, t store.BulkTurn, b store.Bulk, who store.Standing) (left bool, err error) {
	var row store.BulkRow
	err = s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if err := s.hold(ctx, tx, t); err != nil {
			return err
		}
		if row, left, err = tx.NextBulkRow(ctx, t.Bulk); err != nil {
			return err
		}
		if !left {
			return s.endBulk(ctx, tx, t)
		}
		return s.doRow(ctx, tx, b, who, row)
	})
	s.wake()
	switch {
	case err == nil && !left:
		return false, errTurnLost
	case err == nil || errors.Is(err, errTurnLost) || row.N == 0:
		return left, err
	}
	return true, s.rowFailed(ctx, t, b, row, err)
}

func (s *Service) doRow(ctx context.Context, tx store.Tx, b store.Bulk, who store.Standing, row store.BulkRow) error {
	act, err := tx.LockAct(ctx, row.Act)
	if err != nil {
		return err
	}
	if err := standsFor(who, b, act); err != nil {
		return err
	}
	v := startedBy(b)
	v.Portal = tx.Portal()
	v.standsAs(who)
	if err := bulkActions[b.Action].do(s, ctx, tx, v, b, act); err != nil {
		return err
	}
	return tx.SetBulkRow(ctx, b.ID, row, store.RowDone, "")
}

// startedBy is the person in whose name the acts of a bulk change.
func startedBy(b store.Bulk) Visit {
	return Visit{Visit: store.Visit{User: b.User, UserName: b.UserName}}
}

// endBulk ends a bulk of which nothing is left, and one that was cancelled.
func (s *Service) endBulk(ctx context.Context, tx store.Tx, t store.BulkTurn) error {
	err := tx.MoveBulk(ctx, t.Bulk, store.BulkMove{From: []store.BulkState{store.BulkRunning}, To: store.BulkDone, At: s.now()})
	if err != nil && !errors.Is(err, acts.Conflict) {
		return err
	}
	return tx.EndBulkTurn(ctx, t)
}

// rowFailed keeps why an act could not be done. What nobody foresaw is tried a few times more.
func (s *Service) rowFailed(ctx context.Context, t store.BulkTurn, b store.Bulk, row store.BulkRow, cause error) error {
	why, known := refusal(cause)
	to := store.RowFailed
	if !known {
		s.log.ErrorContext(ctx, "bulk row failed", "portal", t.Portal, "bulk", t.Bulk, "act", row.Act, "err", cause)
		row.Tries++
		if why = "Не получилось по нашей вине. Откройте акт и повторите."; row.Tries < mostTries {
			to, why = store.RowWaiting, ""
		}
	}
	err := s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if err := s.hold(ctx, tx, t); err != nil {
			return err
		}
		var tried *acts.ClosedError
		if errors.As(cause, &tried) {
			if err := s.keepTry(ctx, tx, startedBy(b), tried); err != nil {
				return err
			}
		}
		return tx.SetBulkRow(ctx, t.Bulk, row, to, why)
	})
	if errors.Is(err, acts.Conflict) { // it was done: only the answer to the commit was lost
		return nil
	}
	return err
}
