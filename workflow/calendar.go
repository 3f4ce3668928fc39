package workflow

import (
	"context"
	"time"

	"acts24/acts"
	"acts24/acts/workday"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// pastDay parses a day that must not lie in the future; empty means today in the portal's zone.
func (s *Calendar) pastDay(ctx context.Context, tx store.Tx, field, text string) (time.Time, error) {
	zone, err := s.Zone(ctx, tx.Scope)
	if err != nil {
		return time.Time{}, err
	}
	now := s.now().In(zone)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	if text == "" {
		return today, nil
	}
	var faults acts.Faults
	day := ParseDay(&faults, field, text, true)
	switch {
	case len(faults) > 0:
		return day, faults.Err()
	case day.After(today):
		faults.Add(field, "Эта дата ещё не наступила.")
	case day.Before(today.AddDate(-5, 0, 0)):
		faults.Add(field, "Проверьте дату: она далеко от сегодняшней.")
	}
	return day, faults.Err()
}

// Zone returns the zone of the portal, Moscow for an unknown one.
func (s *Calendar) Zone(ctx context.Context, scope store.Scope) (*time.Location, error) {
	p, err := scope.Portals().Get(ctx)
	if err != nil {
		return nil, err
	}
	return ZoneOf(p.Zone), nil
}

// today returns the current time in the zone in which the portal counts days.
func (s *Calendar) today(ctx context.Context, scope store.Scope) (time.Time, error) {
	zone, err := s.Zone(ctx, scope)
	if err != nil {
		return time.Time{}, err
	}
	return s.now().In(zone), nil
}

// Schedule counts the days of one portal.
type Schedule struct {
	Days  workday.Calendar
	Zone  *time.Location
	Terms acts.Terms

	Letters []int // working days after sending on which the counterparty gets a letter
}

// ScheduleOf returns the working days, zone and terms of the portal.
func (s *Calendar) ScheduleOf(ctx context.Context, tx store.Tx) (Schedule, error) {
	settings, err := tx.Portals().Settings(ctx)
	if err != nil {
		return Schedule{}, err
	}
	zone, err := s.Zone(ctx, tx.Scope)
	return Schedule{Days: workday.New(settings.Calendar), Zone: zone, Terms: settings.ReminderTerms(), Letters: settings.Letters}, err
}

// AddReminder schedules a reminder whose moment, if it is not set, follows from the terms.
func (c Schedule) AddReminder(ctx context.Context, tx store.Tx, r store.Reminder) error {
	if r.DueAt.IsZero() {
		switch r.Kind {
		case acts.RemindUnsigned:
			r.DueOn, r.DueAt = c.Days.Due(r.Since, c.Terms.Unsigned, c.Zone)
		case acts.RemindOurSignature:
			r.DueOn, r.DueAt = c.Days.Due(r.Since, c.Terms.OurSignature, c.Zone)
		case acts.RemindInvitation:
			r.DueOn, r.DueAt = c.Days.Due(r.Since, c.Terms.Invitation, c.Zone)
		case acts.RemindAnnulment:
			r.DueOn, r.DueAt = c.Days.Due(r.Since, c.Terms.Annulment, c.Zone)
		case acts.RemindRemarks:
			r.DueOn, r.DueAt = DayIn(r.Since, c.Zone), r.Since
		case acts.RemindAccepted:
			r.DueOn = r.Since.In(c.Zone).AddDate(0, 0, c.Terms.Accepted)
			r.DueAt = c.Days.Start(r.DueOn, c.Zone)
		}
	}
	return tx.Reminders().Add(ctx, r)
}

// UpdateReminders adjusts the reminders of an act to its state: those for what is no longer awaited are closed together
// with their tasks in the CRM, and one for what is awaited is scheduled.
func (s *Calendar) UpdateReminders(ctx context.Context, tx store.Tx, id acts.ActID) error {
	act, err := tx.Acts().Get(ctx, id)
	if err != nil {
		return err
	}
	open, err := tx.Reminders().Open(ctx, id)
	if err != nil {
		return err
	}
	want, kept, writes := act.Awaits(), false, false
	for _, r := range open {
		switch {
		case r.Kind == acts.RemindCounterparty && act.AwaitsCounterparty() && !act.SentAt.After(r.Since):
			writes = true
			continue
		case r.Kind == want && !act.AwaitsSince(want).After(r.Since):
			kept = true
			continue
		}
		if err := s.closeReminders(ctx, tx, r); err != nil {
			return err
		}
	}
	c, err := s.ScheduleOf(ctx, tx)
	if err != nil {
		return err
	}
	if act.AwaitsCounterparty() && !writes {
		if err := c.ScheduleLetter(ctx, tx, act); err != nil {
			return err
		}
	}
	if kept || want == acts.NoReminder {
		return nil
	}
	since := act.AwaitsSince(want)
	if since.IsZero() {
		since = s.now()
	}
	return c.AddReminder(ctx, tx, store.Reminder{Act: id, Kind: want, Since: since})
}

// ScheduleLetter schedules the next letter to the counterparty of an act, if the settings of the portal have one more.
func (c Schedule) ScheduleLetter(ctx context.Context, tx store.Tx, act acts.Act) error {
	sent, err := tx.Reminders().CountSent(ctx, act.ID, acts.RemindCounterparty, act.SentAt)
	if err != nil || sent >= len(c.Letters) || act.SentAt.IsZero() {
		return err
	}
	next := store.Reminder{Act: act.ID, Kind: acts.RemindCounterparty, Since: act.SentAt}
	next.DueOn, next.DueAt = c.Days.Due(act.SentAt, c.Letters[sent], c.Zone)
	next.DueAt = c.Days.LetterTime(next.DueAt, c.Zone)
	return c.AddReminder(ctx, tx, next)
}

// closeReminders closes a reminder and has its task in the CRM ended.
func (s *Calendar) closeReminders(ctx context.Context, tx store.Tx, r store.Reminder) error {
	if err := tx.Reminders().Close(ctx, r.ID, s.now()); err != nil {
		return err
	}
	if !r.Sent || !r.Kind.RequiresAnswer() || r.Done {
		return nil
	}
	return queue.Enqueue(ctx, tx, task.Remind(r.ID))
}
