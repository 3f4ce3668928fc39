package bulk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/people"
	"acts24/store/queue"
)

// errLeaseLost means that another process has leased the bulk, or that it has ended.
var errLeaseLost = errors.New("the lease of the bulk is lost")

var errNotSeen = acts.Errorf(acts.NotFound, "Этот акт теперь ведёт другой сотрудник, вам он больше не виден.")

var errNoRole = acts.Errorf(acts.Forbidden, "У того, кто это начал, больше нет роли «%s».", roles.RoleWorker.Label())

// Limits that keep background work over many acts from delaying people.
const (
	checkedPerStep = 100
	rowsPerStep    = 50 // then another bulk is processed
	maxWaiting     = 40 // a bulk pauses while more tasks of the portal wait
	maxTries       = 3  // attempts of an act after unexpected errors
)

// Work does a step of a leased bulk and releases the lease. more reports that it can continue at once.
func (s *Service) Work(ctx context.Context, t queue.BulkLease) (more bool, err error) {
	b, err := s.db.Scope(t.Portal).Bulks().Get(ctx, t.Bulk)
	if err == nil {
		switch b.State {
		case store.BulkChecking:
			more, err = s.checkActs(ctx, t, checkedPerStep)
		case store.BulkRunning:
			more, err = s.runSome(ctx, t, b)
		default: // cancelled
			return true, s.db.InTx(ctx, t.Portal, func(tx store.Tx) error { return queue.EndBulk(ctx, tx, t) })
		}
	}
	if errors.Is(err, errLeaseLost) {
		return true, nil
	}
	wait := time.Duration(0)
	if err != nil || !more {
		wait = s.timing.ShortLease() / 40
	}
	return more && err == nil, errors.Join(err, queue.YieldBulk(ctx, s.db, t, wait))
}

// checkActs checks some acts, and marks the bulk as checked after the last one.
func (s *Service) checkActs(ctx context.Context, t queue.BulkLease, limit int) (more bool, err error) {
	err = s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if err := s.hold(ctx, tx, t); err != nil {
			return err
		}
		rows, err := tx.Bulks().NewRows(ctx, t.Bulk, limit)
		if err != nil {
			return err
		}
		b, err := tx.Bulks().Get(ctx, t.Bulk)
		if err != nil {
			return err
		}
		who, err := tx.People().Permissions(ctx, b.User)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := s.checkRow(ctx, tx, b, who, row); err != nil {
				return fmt.Errorf("check act %d: %w", row.Act, err)
			}
		}
		if more = len(rows) == limit && b.New > limit; more {
			return nil
		}
		if err := tx.Bulks().Move(ctx, t.Bulk, store.BulkMove{From: []store.BulkState{store.BulkChecking}, To: store.BulkChecked, At: s.now()}); err != nil && !errors.Is(err, acts.Conflict) {
			return err
		}
		return queue.EndBulk(ctx, tx, t)
	})
	return more, err
}

// hold makes sure that the lease is ours as long as the transaction lasts.
func (s *Service) hold(ctx context.Context, tx store.Tx, t queue.BulkLease) error {
	ok, err := queue.HoldBulk(ctx, tx, t, s.timing.ShortLease())
	if err == nil && !ok {
		return errLeaseLost
	}
	return err
}

func (s *Service) checkRow(ctx context.Context, tx store.Tx, b store.Bulk, who people.Permissions, row store.BulkRow) error {
	act, err := tx.Acts().Get(ctx, row.Act)
	if err == nil {
		err = s.checkAllowed(ctx, tx.Scope, b, who, act)
	}
	if err == nil {
		return tx.Bulks().SetRow(ctx, b.ID, row, store.RowWaiting, "")
	}
	why, ok := refusal(err)
	if !ok {
		return err
	}
	return tx.Bulks().SetRow(ctx, b.ID, row, store.RowRefused, why)
}

// checkAllowed refuses what the author of a bulk may not see, then what the action refuses.
func (s *Service) checkAllowed(ctx context.Context, r store.Scope, b store.Bulk, who people.Permissions, act acts.Act) error {
	if err := checkAuthor(who, b, act); err != nil {
		return err
	}
	if may := s.actions[b.Action].May; may != nil {
		return may(ctx, r, b, act)
	}
	return nil
}

// checkAuthor refuses what the author of a bulk may no longer do, or see.
func checkAuthor(who people.Permissions, b store.Bulk, act acts.Act) error {
	switch {
	case !who.Visibility.Of(act.Responsible):
		return errNotSeen
	case b.Action.Changes() && !who.Role.May(roles.RightWork), !who.Role.May(roles.RightView):
		return errNoRole
	}
	return nil
}

// refusal returns the message of an error that is meant for users.
func refusal(err error) (text string, ok bool) {
	var faults acts.Faults
	if errors.As(err, &faults) {
		return faults.Error(), true
	}
	text = acts.Message(err)
	return text, text != ""
}
