package bulk

import (
	"context"
	"errors"
	"slices"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/store"
	"acts24/store/people"
	"acts24/store/queue"
	"acts24/workflow"
)

// runSome processes at most rowsPerStep acts one by one, as long as fewer than maxWaiting tasks of the portal wait.
func (s *Service) runSome(ctx context.Context, t queue.BulkLease, b store.Bulk) (more bool, err error) {
	scope := s.db.Scope(t.Portal)
	who, err := scope.People().Permissions(ctx, b.User)
	if err != nil {
		return false, err
	}
	if b.Action == store.BulkSend { // as in HandOver, the copy of the deal must be current before its act gets a number
		deals, err := scope.Bulks().StaleDeals(ctx, t.Bulk, s.timing.Fresh, rowsPerStep)
		if err != nil {
			return false, err
		}
		if err := s.deals.FetchDeals(ctx, t.Portal, deals...); err != nil {
			return false, err
		}
	}
	for range rowsPerStep {
		waiting, err := queue.CountQueued(ctx, scope, slices.Concat(s.queue.BatchKinds(), s.queue.SingleKinds()), maxWaiting)
		if err != nil || waiting >= maxWaiting {
			return false, err
		}
		if left, err := s.runRow(ctx, t, b, who); err != nil || !left {
			return false, err
		}
	}
	return true, nil
}

// runRow processes the next act: the action and its mark are one transaction, so it is executed once even after a
// crash. When none is left the bulk is done.
func (s *Service) runRow(ctx context.Context, t queue.BulkLease, b store.Bulk, who people.Permissions) (left bool, err error) {
	var row store.BulkRow
	err = s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if err := s.hold(ctx, tx, t); err != nil {
			return err
		}
		if row, left, err = tx.Bulks().NextRow(ctx, t.Bulk); err != nil {
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
		return false, errLeaseLost
	case err == nil || errors.Is(err, errLeaseLost) || row.N == 0:
		return left, err
	}
	return true, s.rowFailed(ctx, t, b, row, err)
}

func (s *Service) doRow(ctx context.Context, tx store.Tx, b store.Bulk, who people.Permissions, row store.BulkRow) error {
	act, err := tx.Acts().Lock(ctx, row.Act)
	if err != nil {
		return err
	}
	if err := checkAuthor(who, b, act); err != nil {
		return err
	}
	v := startedBy(b)
	v.Portal = tx.Portal()
	v.SetPermissions(who)
	if err := s.actions[b.Action].Do(ctx, tx, v, b, act); err != nil {
		return err
	}
	return tx.Bulks().SetRow(ctx, b.ID, row, store.RowDone, "")
}

// startedBy returns the person on whose behalf the acts of a bulk change.
func startedBy(b store.Bulk) workflow.Visit {
	return workflow.Visit{Visit: people.Visit{User: b.User, UserName: b.UserName}, Source: history.SourceBulk}
}

// endBulk ends a bulk that was cancelled or has no acts left to process.
func (s *Service) endBulk(ctx context.Context, tx store.Tx, t queue.BulkLease) error {
	err := tx.Bulks().Move(ctx, t.Bulk, store.BulkMove{From: []store.BulkState{store.BulkRunning}, To: store.BulkDone, At: s.now()})
	if err != nil && !errors.Is(err, acts.Conflict) {
		return err
	}
	return queue.EndBulk(ctx, tx, t)
}

// rowFailed records why an act could not be processed. Unexpected errors are retried a few times.
func (s *Service) rowFailed(ctx context.Context, t queue.BulkLease, b store.Bulk, row store.BulkRow, cause error) error {
	why, known := refusal(cause)
	to := store.RowFailed
	if !known {
		s.log.ErrorContext(ctx, "bulk row failed", "portal", t.Portal, "bulk", t.Bulk, "act", row.Act, "err", cause)
		row.Tries++
		if why = "Не получилось по нашей вине. Откройте акт и повторите."; row.Tries < maxTries {
			to, why = store.RowWaiting, ""
		}
	}
	err := s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if err := s.hold(ctx, tx, t); err != nil {
			return err
		}
		var tried *acts.ClosedError
		if errors.As(cause, &tried) {
			if err := s.acts.RecordClosedAttempt(ctx, tx, startedBy(b), tried); err != nil {
				return err
			}
		}
		return tx.Bulks().SetRow(ctx, t.Bulk, row, to, why)
	})
	if errors.Is(err, acts.Conflict) { // it was done: only the result of the commit was lost
		return nil
	}
	return err
}
