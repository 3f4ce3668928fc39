package workflow

import (
	"context"
	"time"

	"acts24/acts"
	"acts24/acts/workday"
	"acts24/store"
)

// FireReminders brings the reminders of acts that are due in all portals, each once.
func (s *Service) FireReminders(ctx context.Context) (more bool, err error) {
	return s.fire(ctx, "reminders", s.db.DueReminders, s.remindOnce)
}

func (s *Service) remindOnce(ctx context.Context, tx store.Tx, id int64) error {
	ok, err := tx.FireReminder(ctx, id, s.now())
	if err != nil || !ok {
		return err
	}
	r, err := tx.Reminder(ctx, id)
	if err != nil {
		return err
	}
	e := store.ActEvent{Act: r.Act, At: s.now(), Actor: string(acts.ByClock), Kind: "reminder", Text: firedText(r)}
	if _, err := tx.AddEvent(ctx, e); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, TaskRemind, id); err != nil {
		return err
	}
	return s.again(ctx, tx, r)
}

func firedText(r store.Reminder) string {
	switch r.Kind {
	case acts.RemindUnsigned:
		return "Акт не подписан в срок (до " + r.DueOn.Format("02.01.2006") + "): ответственному поставлена задача «Указать статус акта»"
	case acts.RemindOurSignature:
		return "Ответственному напомнили: документ ждёт нашей подписи в СБИС"
	case acts.RemindInvitation:
		return "Ответственному напомнили: контрагент не принял приглашение к обмену"
	}
	return "Ответственному напомнили: акт принят, но не подписан"
}

// again has the next reminder follow one that was brought, where one is to follow.
func (s *Service) again(ctx context.Context, tx store.Tx, r store.Reminder) error {
	if r.Kind != acts.RemindInvitation && r.Kind != acts.RemindAccepted {
		return nil
	}
	if err := tx.CloseReminder(ctx, r.ID, s.now()); err != nil {
		return err
	}
	clock, err := s.clockOf(ctx, tx)
	if err != nil {
		return err
	}
	next := store.Reminder{Act: r.Act, Kind: r.Kind, Since: r.Since}
	if r.Kind == acts.RemindAccepted {
		next.Since = r.DueAt
	} else if next.DueOn, next.DueAt = clock.days.Due(r.Since, clock.terms.Again, clock.zone); !next.DueAt.After(r.DueAt) {
		return nil // the second one was this
	}
	return clock.add(ctx, tx, next)
}

// clock counts the days of one portal.
type clock struct {
	days  workday.Calendar
	zone  *time.Location
	terms acts.Terms
}

func (s *Service) clockOf(ctx context.Context, tx store.Tx) (clock, error) {
	settings, err := tx.Settings(ctx)
	if err != nil {
		return clock{}, err
	}
	zone, err := s.zone(ctx, tx.Scope)
	return clock{days: workday.New(settings.Calendar), zone: zone, terms: settings.Remind()}, err
}

// add schedules a reminder whose moment, if it is not set, follows from the terms.
func (c clock) add(ctx context.Context, tx store.Tx, r store.Reminder) error {
	if r.DueAt.IsZero() {
		switch r.Kind {
		case acts.RemindUnsigned:
			r.DueOn, r.DueAt = c.days.Due(r.Since, c.terms.Unsigned, c.zone)
		case acts.RemindOurSignature:
			r.DueOn, r.DueAt = c.days.Due(r.Since, c.terms.OurSignature, c.zone)
		case acts.RemindInvitation:
			r.DueOn, r.DueAt = c.days.Due(r.Since, c.terms.Invitation, c.zone)
		case acts.RemindAccepted:
			r.DueOn = r.Since.In(c.zone).AddDate(0, 0, c.terms.Accepted)
			r.DueAt = c.days.Start(r.DueOn, c.zone)
		}
	}
	return tx.AddReminder(ctx, r)
}

// schedule brings the reminders of an act into line with where the act stands now: what it no longer waits for is
// closed, and with it the task in the CRM; what it waits for is due at its moment.
func (s *Service) schedule(ctx context.Context, tx store.Tx, id acts.ActID) error {
	act, err := tx.Act(ctx, id)
	if err != nil {
		return err
	}
	open, err := tx.OpenReminders(ctx, id)
	if err != nil {
		return err
	}
	want, kept := act.Awaits(), false
	for _, r := range open {
		if r.Kind == want && !(want == acts.RemindUnsigned && act.SentAt.After(r.Since)) {
			kept = true
			continue
		}
		if err := s.close(ctx, tx, r); err != nil {
			return err
		}
	}
	if kept || want == acts.NoReminder {
		return nil
	}
	since := s.now()
	if want == acts.RemindUnsigned {
		since = act.SentAt
	}
	c, err := s.clockOf(ctx, tx)
	if err != nil {
		return err
	}
	return c.add(ctx, tx, store.Reminder{Act: id, Kind: want, Since: since})
}

// close ends a reminder; a task that was set for it is ended in the CRM too.
func (s *Service) close(ctx context.Context, tx store.Tx, r store.Reminder) error {
	if err := tx.CloseReminder(ctx, r.ID, s.now()); err != nil {
		return err
	}
	if !r.Fired || !r.Kind.Asks() || r.Done {
		return nil
	}
	return tx.Enqueue(ctx, TaskRemind, r.ID)
}

// taskEnded keeps that a person ended the task of a reminder in the CRM without saying what became of the act: the
// days are counted anew.
func (s *Service) taskEnded(ctx context.Context, tx store.Tx, task int64) error {
	r, ok, err := tx.ReminderOfTask(ctx, task)
	if err != nil || !ok {
		return err
	}
	if err := tx.SetReminderTask(ctx, r.ID, task, true); err != nil || r.Closed {
		return err
	}
	if err := tx.CloseReminder(ctx, r.ID, s.now()); err != nil {
		return err
	}
	act, err := tx.LockAct(ctx, r.Act)
	if err != nil || act.Awaits() != r.Kind {
		return err
	}
	e := store.ActEvent{Act: r.Act, At: s.now(), Actor: string(acts.ByPerson), Kind: "task_ended", Text: "Задача «Указать статус акта» закрыта без статуса, срок отсчитывается заново"}
	if _, err := tx.AddEvent(ctx, e); err != nil {
		return err
	}
	c, err := s.clockOf(ctx, tx)
	if err != nil {
		return err
	}
	return c.add(ctx, tx, store.Reminder{Act: r.Act, Kind: r.Kind, Since: s.now()})
}
