package remind

import (
	"context"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// ProcessDueReminders processes the due reminders of all portals, each once.
func (s *Service) ProcessDueReminders(ctx context.Context) (more bool, err error) {
	return s.queue.ProcessDue(ctx, "reminders", s.db.DueReminders, s.processReminder)
}

func (s *Service) processReminder(ctx context.Context, tx store.Tx, id int64) error {
	r, err := tx.Reminders().Get(ctx, id)
	if err != nil {
		return err
	}
	if r.Kind == acts.RemindCounterparty {
		return s.writeToCounterparty(ctx, tx, r)
	}
	ok, err := tx.Reminders().Take(ctx, id, s.now())
	if err != nil || !ok {
		return err
	}
	e := store.ActEvent{Act: r.Act, Actor: string(acts.ActorClock), Kind: "reminder", Text: reminderText(r)}
	if err := s.history.Append(ctx, tx, e); err != nil {
		return err
	}
	if err := s.remind(ctx, tx, r); err != nil {
		return err
	}
	if r.Kind == acts.RemindUnsigned {
		act, err := tx.Acts().Get(ctx, r.Act)
		if err != nil {
			return err
		}
		return s.history.RunTrigger(ctx, tx, act.Deal, automation.TriggerOverdue)
	}
	return s.scheduleRepeat(ctx, tx, r)
}

// remind enqueues the task of the CRM that a reminder is, or adds the reminder to a notice.
func (s *Service) remind(ctx context.Context, tx store.Tx, r store.Reminder) error {
	if r.Kind.RequiresAnswer() {
		return queue.Enqueue(ctx, tx, task.Remind(r.ID))
	}
	to, err := tx.Acts().NoticeRecipient(ctx, r.Act)
	if err != nil {
		return err
	}
	return s.history.NotifyOfReminder(ctx, tx, r, to)
}

// writeToCounterparty sends the letter of a due reminder and schedules the next one. Nothing is sent when the act no longer waits for the
// counterparty or the settings of the portal no longer have letters. A letter that is due late, after a failure of ours, does not go out at night or
// on a day off; while a recall or an annulment is open, it waits for the next working day.
func (s *Service) writeToCounterparty(ctx context.Context, tx store.Tx, r store.Reminder) error {
	act, err := tx.Acts().Get(ctx, r.Act)
	if err != nil {
		return err
	}
	schedule, err := s.calendar.ScheduleOf(ctx, tx)
	if err != nil {
		return err
	}
	wanted := act.AwaitsCounterparty() && len(schedule.Letters) > 0
	at := schedule.Days.LetterTime(s.now(), schedule.Zone)
	if act.Annulment.IsOpen() {
		at = schedule.Days.LetterTime(schedule.Days.Start(schedule.Days.After(s.now().In(schedule.Zone), 1), schedule.Zone), schedule.Zone)
	}
	if wanted && at.After(s.now()) {
		return tx.Reminders().Postpone(ctx, r.ID, at)
	}
	ok, err := tx.Reminders().Take(ctx, r.ID, s.now())
	if err != nil || !ok {
		return err
	}
	if err := tx.Reminders().Close(ctx, r.ID, s.now()); err != nil || !wanted {
		return err
	}
	if err := s.acts.RemindCounterpartyByClock(ctx, tx, act); err != nil {
		return err
	}
	return schedule.ScheduleLetter(ctx, tx, act)
}

func reminderText(r store.Reminder) string {
	switch r.Kind {
	case acts.RemindUnsigned:
		return "Акт не подписан в срок (до " + r.DueOn.Format("02.01.2006") + "): ответственному поставлена задача «Указать статус акта»"
	case acts.RemindOurSignature:
		return "Ответственному напомнили: документ ждёт нашей подписи в СБИС"
	case acts.RemindInvitation:
		return "Ответственному напомнили: контрагент не принял приглашение к обмену"
	case acts.RemindRemarks:
		return "Ответственному поставлена задача «Разобрать замечания»"
	case acts.RemindAnnulment:
		return "Ответственному напомнили: на предложение аннулировать акт нет ответа"
	}
	return "Ответственному напомнили: акт принят, но не подписан"
}

// scheduleRepeat schedules the reminder that follows a processed one, if any.
func (s *Service) scheduleRepeat(ctx context.Context, tx store.Tx, r store.Reminder) error {
	if r.Kind != acts.RemindInvitation && r.Kind != acts.RemindAccepted && r.Kind != acts.RemindAnnulment {
		return nil
	}
	if err := tx.Reminders().Close(ctx, r.ID, s.now()); err != nil {
		return err
	}
	clock, err := s.calendar.ScheduleOf(ctx, tx)
	if err != nil {
		return err
	}
	next := store.Reminder{Act: r.Act, Kind: r.Kind, Since: r.Since}
	if r.Kind == acts.RemindAccepted || r.Kind == acts.RemindAnnulment {
		next.Since = r.DueAt
	} else if next.DueOn, next.DueAt = clock.Days.Due(r.Since, clock.Terms.Again, clock.Zone); !next.DueAt.After(r.DueAt) {
		return nil // this was the second one
	}
	return clock.AddReminder(ctx, tx, next)
}
