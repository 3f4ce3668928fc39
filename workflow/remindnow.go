package workflow

import (
	"context"

	"acts24/acts"
	"acts24/store"
)

// mayRemind finds what the responsible of an act can be reminded of now: an act that was sent and is not signed, once a
// day. The reminder is the one that waits for its moment or was brought; it may have none.
func (s *Service) mayRemind(ctx context.Context, r store.Scope, act acts.Act) (waiting store.Reminder, err error) {
	if act.Awaits() != acts.RemindUnsigned {
		return waiting, acts.Errorf(acts.Conflict, "Напоминают об акте, который направлен заявителю и не подписан, а этот: «%s».", act.Status.Label())
	}
	zone, err := s.zone(ctx, r)
	if err != nil {
		return waiting, err
	}
	last, err := r.LastReminded(ctx, act.ID)
	if err != nil {
		return waiting, err
	}
	if !last.IsZero() && dayIn(last, zone).Equal(dayIn(s.now(), zone)) {
		return waiting, acts.Errorf(acts.Conflict, "Ответственному сегодня уже напоминали.")
	}
	open, err := r.OpenReminders(ctx, act.ID)
	if err != nil {
		return waiting, err
	}
	for _, one := range open {
		if one.Kind == acts.RemindUnsigned {
			waiting = one
		}
	}
	if waiting.Paused && !waiting.Fired {
		return waiting, acts.Errorf(acts.Conflict, "Сделка удалена в Битрикс24, напоминания приостановлены.")
	}
	return waiting, nil
}

// remindNow brings the task «Указать статус акта» without waiting for its moment. When the task is there already, its
// responsible is notified.
func (s *Service) remindNow(ctx context.Context, tx store.Tx, v Visit, act acts.Act) error {
	r, err := s.mayRemind(ctx, tx.Scope, act)
	if err != nil {
		return err
	}
	if r.ID == 0 || r.Fired {
		return s.tell(ctx, tx, v.event(act.ID, "reminded", "Напоминание ответственному: подпись контрагента не получена, укажите статус акта"), act.Deal, true)
	}
	if err := tx.BringReminder(ctx, r.ID, s.now()); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, TaskRemind, r.ID); err != nil {
		return err
	}
	return s.tell(ctx, tx, v.event(act.ID, "reminded", "Ответственному поставлена задача «Указать статус акта», не дожидаясь срока"), act.Deal, false)
}
