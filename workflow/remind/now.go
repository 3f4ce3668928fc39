package remind

import (
	"context"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// BulkAction reminds those who are responsible for many acts.
func (s *Service) BulkAction() workflow.BulkAction {
	return workflow.BulkAction{
		May: func(ctx context.Context, r store.Scope, _ store.Bulk, act acts.Act) error {
			_, err := s.mayRemind(ctx, r, act)
			return err
		},
		Do: func(ctx context.Context, tx store.Tx, v workflow.Visit, _ store.Bulk, act acts.Act) error {
			return s.remindNow(ctx, tx, v, act)
		},
	}
}

// mayRemind returns the reminder that can be sent now: of an act that was sent and is not signed, once a day. The
// result is zero when none is scheduled.
func (s *Service) mayRemind(ctx context.Context, r store.Scope, act acts.Act) (waiting store.Reminder, err error) {
	if act.Awaits() != acts.RemindUnsigned {
		return waiting, acts.Errorf(acts.Conflict, "Напоминают об акте, который направлен заявителю и не подписан, а этот: «%s».", act.Status.Label())
	}
	zone, err := s.calendar.Zone(ctx, r)
	if err != nil {
		return waiting, err
	}
	last, err := r.Reminders().LastSent(ctx, act.ID)
	if err != nil {
		return waiting, err
	}
	if !last.IsZero() && workflow.DayIn(last, zone).Equal(workflow.DayIn(s.now(), zone)) {
		return waiting, acts.Errorf(acts.Conflict, "Ответственному сегодня уже напоминали.")
	}
	open, err := r.Reminders().Open(ctx, act.ID)
	if err != nil {
		return waiting, err
	}
	for _, one := range open {
		if one.Kind == acts.RemindUnsigned {
			waiting = one
		}
	}
	if waiting.Paused && !waiting.Sent {
		return waiting, acts.Errorf(acts.Conflict, "Сделка удалена в Битрикс24, напоминания приостановлены.")
	}
	return waiting, nil
}

// remindNow creates the task «Указать статус акта» before it is due. When the task already exists, the responsible is
// notified.
func (s *Service) remindNow(ctx context.Context, tx store.Tx, v workflow.Visit, act acts.Act) error {
	r, err := s.mayRemind(ctx, tx.Scope, act)
	if err != nil {
		return err
	}
	if r.ID == 0 || r.Sent {
		return s.history.RecordEvent(ctx, tx, v.Event(act.ID, "reminded", "Напоминание ответственному: подпись контрагента не получена, укажите статус акта"), act.Deal, true)
	}
	if err := tx.Reminders().MarkSent(ctx, r.ID, s.now()); err != nil {
		return err
	}
	if err := queue.Enqueue(ctx, tx, task.Remind(r.ID)); err != nil {
		return err
	}
	return s.history.RecordEvent(ctx, tx, v.Event(act.ID, "reminded", "Ответственному поставлена задача «Указать статус акта», не дожидаясь срока"), act.Deal, false)
}
