package workflow

import (
	"context"

	"acts24/acts"
	"acts24/store"
)

// tell appends to the history of an act and promises to bring it to the CRM: the item, the timeline
// of the deal, the deal's stage and, where the responsible did not cause it, a notification.
func (s *Service) tell(ctx context.Context, tx store.Tx, e store.ActEvent, deal acts.DealID, notify bool) error {
	if e.At.IsZero() {
		e.At = s.now()
	}
	id, err := tx.AddEvent(ctx, e)
	if err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, TaskItem, int64(e.Act)); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, TaskTimeline, id); err != nil {
		return err
	}
	if e.From != e.To {
		if err := tx.Enqueue(ctx, TaskStage, int64(deal)); err != nil {
			return err
		}
	}
	if notify {
		return tx.Enqueue(ctx, TaskNotify, id)
	}
	return nil
}

// move changes the status of an act by what a person or SBIS caused, and tells it. line says who and why.
func (s *Service) move(ctx context.Context, tx store.Tx, act *acts.Act, to acts.Status, line store.ActEvent, reason string, notify bool) error {
	m := store.Move{From: act.Status, To: to, Marked: line.Actor == string(acts.ByPerson), Reason: reason, At: s.now()}
	if m.From != m.To {
		if err := tx.MoveAct(ctx, act.ID, m); err != nil {
			return err
		}
	}
	line.Act, line.From, line.To = act.ID, m.From, m.To
	act.Status, act.MarkedByPerson, act.Reason = to, m.Marked, reason
	return s.tell(ctx, tx, line, act.Deal, notify)
}
