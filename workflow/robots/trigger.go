package robots

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// runTriggers executes the first trigger that a deal waits for and leaves the task to the next one. After an unclear call the history of the deal's
// stages shows whether it moved; only when it did not is the trigger executed again. A trigger that the CRM refuses is kept until a repair registers
// the triggers again.
func (s *Service) runTriggers(ctx context.Context, t queue.Task) error {
	scope := s.db.Scope(t.Portal)
	waiting, err := scope.Robots().Triggers(ctx, acts.DealID(t.Subject))
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		s.queue.Done(ctx, t)
		return nil
	}
	run := waiting[0]
	drop := func(ctx context.Context, tx store.Tx) error {
		err := tx.Robots().DropTrigger(ctx, run.ID)
		if err == nil && len(waiting) > 1 {
			err = queue.Enqueue(ctx, tx, task.RunTriggers(run.Deal))
		}
		return err
	}
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
		s.queue.DoneWithResult(ctx, t, drop)
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
		s.queue.DoneWithResult(ctx, t, drop)
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
	s.queue.DoneWithResult(ctx, t, drop)
	return nil
}

// refused ends the task of a trigger that the CRM refuses; any other error is returned.
func (s *Service) refused(ctx context.Context, t queue.Task, deal acts.DealID, drop func(context.Context, store.Tx) error, cause error) error {
	switch {
	case errors.Is(cause, acts.NotFound):
		if err := s.deals.MarkDeleted(ctx, t.Portal, deal); err != nil {
			return err
		}
		s.queue.DoneWithResult(ctx, t, drop)
		return nil
	case errors.Is(cause, acts.Refused), errors.Is(cause, acts.Forbidden):
		s.log.WarnContext(ctx, "trigger refused", "portal", t.Portal, "deal", deal, "err", cause)
		s.queue.DoneWithResult(ctx, t, func(ctx context.Context, tx store.Tx) error {
			return workflow.RecordAutomationProblem(ctx, tx, "Триггер не сработал", cause)
		})
		return nil
	}
	return cause
}
