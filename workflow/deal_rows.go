package workflow

import (
	"context"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// MarkRow stores whether a row of the deal needs an act.
func (s *Deals) MarkRow(ctx context.Context, v Visit, deal acts.DealID, row acts.RowID, needs bool) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.Deals().MarkRow(ctx, deal, row, needs); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, task.MoveDeal(deal))
	})
	s.wake()
	return err
}

// ContinueRow stores that a row of the deal continues the one that was lost, or, when row is 0, that none does.
func (s *Deals) ContinueRow(ctx context.Context, v Visit, deal acts.DealID, lost, row acts.RowID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if _, err := tx.Deals().Lock(ctx, deal); err != nil {
			return err
		}
		if row == 0 {
			return tx.Deals().SeparateRow(ctx, deal, lost)
		}
		if err := tx.Deals().ContinueRow(ctx, deal, lost, row); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, task.MoveDeal(deal))
	})
	s.wake()
	return err
}
