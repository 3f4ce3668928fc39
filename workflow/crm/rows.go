package crm

import (
	"context"
	"errors"
	"fmt"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// writeRows writes the missing rows of an act's item in a call of its own: they replace all rows, so after a crash or a
// lost answer they are only written once more.
func (s *Service) writeRows(ctx context.Context, t queue.Task) error {
	scope, id := s.db.Scope(t.Portal), acts.ActID(t.Subject)
	act, err := scope.Acts().Get(ctx, id)
	if err != nil {
		return err
	}
	if act.ItemGone || act.Item == 0 { // the creation of the item enqueues this again
		s.queue.Done(ctx, t)
		return nil
	}
	p, err := scope.Portals().Get(ctx)
	if err != nil {
		return err
	}
	hold := func(ctx context.Context) error { return queue.Hold(ctx, s.db, []queue.Task{t}, s.timing.Lease) }
	mark, err := s.crm.WriteRows(ctx, p, act, hold)
	if errors.Is(err, acts.NotFound) {
		if gone := s.markItemDeleted(ctx, t.Portal, act.Item); gone == nil {
			s.queue.Done(ctx, t)
			return nil
		}
	}
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if _, err := tx.Acts().Lock(ctx, id); err != nil {
			return err
		}
		base, err := tx.Acts().ItemBase(ctx, id)
		if err != nil {
			return err
		}
		if base == nil {
			base = map[string]string{}
		}
		base[workflow.RowsMark] = mark
		if err := tx.Acts().SetItem(ctx, id, act.Item, base); err != nil {
			return err
		}
		if err := tx.Acts().SetItemWritten(ctx, id, 1); err != nil {
			return err
		}
		return queue.Done(ctx, tx, t)
	})
	if err != nil && !errors.Is(err, acts.Conflict) {
		return fmt.Errorf("%w: %w", workflow.ErrUnclear, err) // they are written, but that is not recorded
	}
	return nil
}
