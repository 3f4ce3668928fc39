package workflow

import (
	"context"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// Append appends to the history of an act a line that is reported nowhere else.
func (s *History) Append(ctx context.Context, tx store.Tx, e store.ActEvent) error {
	e.At = s.now()
	_, err := tx.Acts().AddEvent(ctx, e)
	return err
}

// RecordEvent appends to the history of an act and enqueues what follows: the CRM item, the line on the deal's
// timeline, the deal's stage and the portal's triggers when the status changed, and with notify a notification of the responsible.
func (s *History) RecordEvent(ctx context.Context, tx store.Tx, e store.ActEvent, deal acts.DealID, notify bool) error {
	e.At = s.now()
	add := tx.Acts().AddEvent
	if notify {
		add = func(ctx context.Context, e store.ActEvent) (int64, error) { return s.addNoticed(ctx, tx, e) }
	}
	id, err := add(ctx, e)
	if err != nil {
		return err
	}
	if err := queue.Enqueue(ctx, tx, task.SyncItem(e.Act)); err != nil {
		return err
	}
	if err := queue.Enqueue(ctx, tx, task.AddToTimeline(id)); err != nil {
		return err
	}
	if e.From != e.To {
		if err := queue.Enqueue(ctx, tx, task.MoveDeal(deal)); err != nil {
			return err
		}
		if err := queue.Enqueue(ctx, tx, task.ShowBadge(deal)); err != nil {
			return err
		}
		return s.RunTrigger(ctx, tx, deal, automation.TriggerOf(e.From, e.To))
	}
	return nil
}

// ChangeStatus changes the status of an act from the one that it has in act, and records the event. line names who
// caused it and why.
func (s *History) ChangeStatus(ctx context.Context, tx store.Tx, act *acts.Act, to acts.Status, line store.ActEvent, reason string, notify bool) error {
	m := store.Move{From: act.Status, To: to, Marked: line.Actor == string(acts.ActorPerson), Reason: reason, By: line.UserName, At: s.now()}
	if m.From != m.To {
		if err := tx.Acts().Move(ctx, act.ID, m); err != nil {
			return err
		}
	}
	line.Act, line.From, line.To = act.ID, m.From, m.To
	act.Status, act.MarkedByPerson, act.Reason = to, m.Marked, reason
	return s.RecordEvent(ctx, tx, line, act.Deal, notify)
}
