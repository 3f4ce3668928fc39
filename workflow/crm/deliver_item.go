package crm

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

func (s *Service) prepareItem(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	id := acts.ActID(d.Task.Subject)
	act, err := scope.Acts().Get(ctx, id)
	if err != nil {
		return err
	}
	deal, err := scope.Deals().GetWithoutRows(ctx, act.Deal)
	if err != nil {
		return err
	}
	base, err := scope.Acts().ItemBase(ctx, id)
	if err != nil {
		return err
	}
	if d.Task.Unclear {
		base = nil // an earlier attempt may have written more than we know
	}
	own, err := scope.Companies().Get(ctx, act.OwnCompany)
	if err != nil {
		return err
	}
	d.Effect = &workflow.Effect{Item: &workflow.ItemChange{Act: act, DealGone: deal.Deleted, MyCompany: own.CRM, Base: base, Link: p.Origin + workflow.AppLink(p, id)}}
	if act.ItemGone {
		d.Effect = nil
	}
	d.HandleFailure = func(ctx context.Context, err error) (bool, func(context.Context, store.Tx) error) {
		return act.Item != 0 && errors.Is(err, acts.NotFound) && s.markItemDeleted(ctx, p.ID, act.Item) == nil, nil
	}
	d.StoreResult = func(ctx context.Context, tx store.Tx, r workflow.Result) error {
		if r.Item == 0 {
			return nil
		}
		if err := tx.Acts().SetItem(ctx, id, r.Item, r.Base); err != nil {
			return err
		}
		if r.RowsLeft { // the id is known now, so writing its rows can be repeated
			if err := queue.Enqueue(ctx, tx, task.WriteRows(id)); err != nil {
				return err
			}
		}
		if r.Events == 0 {
			return nil
		}
		if act.Item == 0 {
			if err := s.enqueueFiles(ctx, tx, id); err != nil {
				return err
			}
		}
		return tx.Acts().SetItemWritten(ctx, id, r.Events)
	}
	return nil
}
