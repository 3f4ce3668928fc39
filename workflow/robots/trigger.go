package robots

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// runTrigger executes a trigger for a deal. After an unclear call the history of the deal's stages shows whether it moved; only when it did not is
// the trigger executed again. A trigger that the CRM refuses is kept until a repair registers the triggers again.
func (s *Service) runTrigger(ctx context.Context, t queue.Task) error {
	scope := s.db.Scope(t.Portal)
	run, found, err := scope.Robots().Trigger(ctx, t.Subject)
	if err != nil {
		return err
	}
	if !found {
		s.queue.Done(ctx, t)
		return nil
	}
	drop := func(ctx context.Context, tx store.Tx) error { return tx.Robots().DropTrigger(ctx, run.ID) }
	deal, err := scope.Deals().GetWithoutRows(ctx, run.Deal)
	if err != nil {
		return err
	}
	settings, err := scope.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	p, err := scope.Portals().Get(ctx)
	if err != nil {
		return err
	}
	switch {
	case deal.Deleted, !settings.PortalMoves:
		s.queue.DoneWith(ctx, t, drop)
		return nil
	case !p.Automation.V.Triggers: // a repair enqueues it again
		s.queue.Done(ctx, t)
		return nil
	}
	last, err := s.crm.LastMove(ctx, p, run.Deal)
	if err != nil {
		return s.refused(ctx, t, run.Deal, drop, err)
	}
	if t.Unclear && run.LastMove != nil && last > *run.LastMove {
		s.queue.DoneWith(ctx, t, drop)
		return nil
	}
	if !t.Unclear || run.LastMove == nil {
		if err := s.db.InTx(ctx, t.Portal, func(tx store.Tx) error { return tx.Robots().SetLastMove(ctx, run.ID, last) }); err != nil {
			return err
		}
	}
	hold := func(ctx context.Context) error { return queue.Hold(ctx, s.db, []queue.Task{t}, s.timing.Lease) }
	if err := s.crm.RunTrigger(ctx, p, run.Code, run.Deal, hold); err != nil {
		return s.refused(ctx, t, run.Deal, drop, err)
	}
	s.queue.DoneWith(ctx, t, drop)
	return nil
}

// refused ends the task of a trigger that the CRM refuses; any other error is returned.
func (s *Service) refused(ctx context.Context, t queue.Task, deal acts.DealID, drop func(context.Context, store.Tx) error, cause error) error {
	switch {
	case errors.Is(cause, acts.NotFound):
		if err := s.deals.MarkDeleted(ctx, t.Portal, deal); err != nil {
			return err
		}
		s.queue.DoneWith(ctx, t, drop)
		return nil
	case errors.Is(cause, acts.Refused), errors.Is(cause, acts.Forbidden):
		s.log.WarnContext(ctx, "trigger refused", "portal", t.Portal, "deal", deal, "err", cause)
		s.queue.DoneWith(ctx, t, func(ctx context.Context, tx store.Tx) error {
			return workflow.RecordAutomationProblem(ctx, tx, "Триггер не сработал", cause)
		})
		return nil
	}
	return cause
}
