package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// Reminder is a scheduled reminder of an act. Its moments are business time.
type Reminder struct {
	ID     int64             `db:"id"`
	Act    acts.ActID        `db:"act_id"`
	Kind   acts.ReminderKind `db:"kind"`
	Since  time.Time         `db:"since"`
	DueOn  time.Time         `db:"due_on"` // the last day that is in time
	DueAt  time.Time         `db:"due_at"`
	Paused bool              `db:"paused"` // its deal is deleted
	Sent   bool              `db:"sent"`
	Closed bool              `db:"closed"`
	Task   int64             `db:"task_id"` // of the CRM, 0 when there is none
	Done   bool              `db:"task_done"`
	Notice int64             `db:"notice_id"` // that contains it, 0 for none
}

const reminderColumns = `id, act_id, kind, since, due_on, due_at, paused, sent_at IS NOT NULL AS sent, closed_at IS NOT NULL AS closed, task_id, task_done, notice_id`

// addReminder reopens a reminder of the same day that was closed before it was due. While the deal is deleted it is paused.
const addReminder = `
	INSERT INTO reminders (portal_id, act_id, kind, since, due_on, due_at, paused)
	VALUES (:portal, :act, :kind, :since, :due_on, :due_at, EXISTS (
		SELECT FROM acts a JOIN deals d ON d.portal_id = a.portal_id AND d.id = a.deal_id
		WHERE a.portal_id = :portal AND a.id = :act AND d.deleted))
	ON CONFLICT (portal_id, act_id, kind, due_on) DO UPDATE SET closed_at = NULL, since = EXCLUDED.since, due_at = EXCLUDED.due_at, paused = EXCLUDED.paused
	WHERE reminders.sent_at IS NULL`

// Add schedules a reminder of an act. One of the same kind and day that was sent already is not changed.
func (tx RemindersTx) Add(ctx context.Context, r Reminder) error {
	_, err := pg.Exec(ctx, tx, addReminder, pg.Args{"act": r.Act, "kind": r.Kind, "since": r.Since, "due_on": r.DueOn, "due_at": r.DueAt})
	if err != nil {
		return fmt.Errorf("add reminder: %w", err)
	}
	if r.Kind != acts.RemindUnsigned {
		return nil
	}
	return tx.setDue(ctx, r.Act)
}

// setDue copies the deadline of the counterparty's signature into an act that waits for it: lists select and sort by it.
const setDue = `
	UPDATE acts SET due_on = (SELECT min(r.due_on) FROM reminders r
		WHERE r.portal_id = :portal AND r.act_id = :act AND r.kind = 'unsigned' AND r.closed_at IS NULL)
	WHERE portal_id = :portal AND id = :act AND status = 'sent'`

func (tx RemindersTx) setDue(ctx context.Context, act acts.ActID) error {
	if _, err := pg.Exec(ctx, tx, setDue, pg.Args{"act": act}); err != nil {
		return fmt.Errorf("set the deadline of act %d: %w", act, err)
	}
	return nil
}

const (
	openReminders     = `SELECT ` + reminderColumns + ` FROM reminders WHERE portal_id = :portal AND act_id = :act AND closed_at IS NULL ORDER BY id`
	reminderByID      = `SELECT ` + reminderColumns + ` FROM reminders WHERE portal_id = :portal AND id = :id`
	reminderOfTask    = `SELECT ` + reminderColumns + ` FROM reminders WHERE portal_id = :portal AND task_id = :task AND task_id <> 0 AND NOT task_done ORDER BY id DESC LIMIT 1`
	remindersOfNotice = `SELECT ` + reminderColumns + ` FROM reminders WHERE portal_id = :portal AND notice_id = :notice ORDER BY id DESC`
	openTasks         = `SELECT ` + reminderColumns + ` FROM reminders WHERE portal_id = :portal AND task_id <> 0 AND NOT task_done AND closed_at IS NULL
		AND id > :after ORDER BY id LIMIT 50`
)

// Open lists the reminders of an act that are not closed: scheduled or sent.
func (s Reminders) Open(ctx context.Context, act acts.ActID) ([]Reminder, error) {
	return s.reminders(ctx, openReminders, pg.Args{"act": act})
}

// OfNotice lists the reminders that a notice contains, the newest first.
func (s Reminders) OfNotice(ctx context.Context, notice int64) ([]Reminder, error) {
	return s.reminders(ctx, remindersOfNotice, pg.Args{"notice": notice})
}

// OpenTasks lists reminders after an id whose task in the CRM waits for an answer, at most 50.
func (s Reminders) OpenTasks(ctx context.Context, after int64) ([]Reminder, error) {
	return s.reminders(ctx, openTasks, pg.Args{"after": after})
}

func (s Reminders) reminders(ctx context.Context, query string, a pg.Args) ([]Reminder, error) {
	var list []Reminder
	if err := pg.Select(ctx, s, &list, query, a); err != nil {
		return nil, fmt.Errorf("reminders: %w", err)
	}
	return list, nil
}

// Get reads one reminder.
func (s Reminders) Get(ctx context.Context, id int64) (Reminder, error) {
	var r Reminder
	err := pg.Get(ctx, s, &r, reminderByID, pg.Args{"id": id})
	return r, pg.NotFound(err, "reminder", "Такого напоминания нет.")
}

// OfTask finds the reminder behind an open task of the CRM; ok is false for any other task.
func (s Reminders) OfTask(ctx context.Context, task int64) (r Reminder, ok bool, err error) {
	ok, err = pg.Find(ctx, s, &r, reminderOfTask, pg.Args{"task": task})
	if err != nil {
		return r, false, fmt.Errorf("reminder of task: %w", err)
	}
	return r, ok, nil
}

const dueReminders = `
	SELECT r.portal_id, r.id FROM reminders r JOIN portals p ON p.id = r.portal_id
	WHERE r.sent_at IS NULL AND r.closed_at IS NULL AND NOT r.paused AND r.due_at <= :now AND p.state = 'active'
	ORDER BY r.due_at LIMIT :limit`

// DueReminders lists reminders of all portals whose moment has come. now is business time.
func (db *DB) DueReminders(ctx context.Context, now time.Time, limit int) ([]Due, error) {
	return db.due(ctx, "due reminders", dueReminders, now, limit)
}

const takeReminder = `
	UPDATE reminders SET sent_at = :now
	WHERE portal_id = :portal AND id = :id AND sent_at IS NULL AND closed_at IS NULL AND NOT paused AND due_at <= :now`

// Take marks a due reminder as sent; ok is false when another process has done so, or it was closed.
func (tx RemindersTx) Take(ctx context.Context, id int64, now time.Time) (ok bool, err error) {
	n, err := pg.Exec(ctx, tx, takeReminder, pg.Args{"id": id, "now": now})
	if err != nil {
		return false, fmt.Errorf("take reminder: %w", err)
	}
	return n > 0, nil
}

const postponeReminder = `UPDATE reminders SET due_at = :at WHERE portal_id = :portal AND id = :id AND sent_at IS NULL AND closed_at IS NULL`

// Postpone moves the moment of a reminder that was not sent; its day stays. at is business time.
func (tx RemindersTx) Postpone(ctx context.Context, id int64, at time.Time) error {
	if _, err := pg.Exec(ctx, tx, postponeReminder, pg.Args{"id": id, "at": at}); err != nil {
		return fmt.Errorf("postpone reminder: %w", err)
	}
	return nil
}

const markReminderSent = `
	UPDATE reminders SET sent_at = :now
	WHERE portal_id = :portal AND id = :id AND sent_at IS NULL AND closed_at IS NULL AND NOT paused`

// MarkSent marks a reminder as sent before its moment; Conflict when it was sent or closed meanwhile.
func (tx RemindersTx) MarkSent(ctx context.Context, id int64, now time.Time) error {
	return pg.ExecOne(ctx, tx, "mark reminder as sent", markReminderSent, pg.Args{"id": id, "now": now}, acts.Errorf(acts.Conflict, "Напоминание уже изменено, обновите страницу."))
}

const lastReminded = `SELECT max(at) FROM act_events WHERE portal_id = :portal AND act_id = :act AND kind IN ('reminder', 'reminded')`

// LastSent returns when the responsible was reminded of an act last, automatically or by a person; zero when he was not.
func (s Reminders) LastSent(ctx context.Context, act acts.ActID) (time.Time, error) {
	var at *time.Time
	if err := pg.Get(ctx, s, &at, lastReminded, pg.Args{"act": act}); err != nil {
		return time.Time{}, fmt.Errorf("last reminded: %w", err)
	}
	return pg.Time(at), nil
}

const countSentReminders = `SELECT count(*) FROM reminders WHERE portal_id = :portal AND act_id = :act AND kind = :kind AND since >= :since AND sent_at IS NOT NULL`

// CountSent counts the reminders of a kind that were sent about an act since a moment of business time.
func (s Reminders) CountSent(ctx context.Context, act acts.ActID, kind acts.ReminderKind, since time.Time) (n int, err error) {
	if err := pg.Get(ctx, s, &n, countSentReminders, pg.Args{"act": act, "kind": kind, "since": since}); err != nil {
		return 0, fmt.Errorf("count sent reminders: %w", err)
	}
	return n, nil
}

const closeReminder = `UPDATE reminders SET closed_at = :now WHERE portal_id = :portal AND id = :id AND closed_at IS NULL RETURNING act_id`

// Close ends a reminder. now is business time.
func (tx RemindersTx) Close(ctx context.Context, id int64, now time.Time) error {
	var act acts.ActID
	closed, err := pg.Find(ctx, tx, &act, closeReminder, pg.Args{"id": id, "now": now})
	if err != nil {
		return fmt.Errorf("close reminder: %w", err)
	}
	if !closed {
		return nil
	}
	return tx.setDue(ctx, act)
}

const setReminderTask = `UPDATE reminders SET task_id = :task, task_done = :done WHERE portal_id = :portal AND id = :id`

// SetTask stores the CRM task of a reminder, and whether it is ended.
func (tx RemindersTx) SetTask(ctx context.Context, id, task int64, done bool) error {
	return pg.ExecOne(ctx, tx, "set reminder task", setReminderTask, pg.Args{"id": id, "task": task, "done": done},
		acts.Errorf(acts.NotFound, "Такого напоминания нет."))
}

const setReminderNotice = `UPDATE reminders SET notice_id = :notice WHERE portal_id = :portal AND id = :id`

// SetNotice adds a reminder to a notice.
func (tx RemindersTx) SetNotice(ctx context.Context, id, notice int64) error {
	return pg.ExecOne(ctx, tx, "set notice of a reminder", setReminderNotice, pg.Args{"id": id, "notice": notice},
		acts.Errorf(acts.NotFound, "Такого напоминания нет."))
}

const pauseReminders = `
	UPDATE reminders r SET paused = :paused FROM acts a
	WHERE r.portal_id = :portal AND a.portal_id = r.portal_id AND a.id = r.act_id AND a.deal_id = :deal AND r.closed_at IS NULL AND r.sent_at IS NULL`

// Pause suspends the reminders of a deal's acts while the deal is deleted, or resumes them.
func (tx RemindersTx) Pause(ctx context.Context, deal acts.DealID, paused bool) error {
	if _, err := pg.Exec(ctx, tx, pauseReminders, pg.Args{"deal": deal, "paused": paused}); err != nil {
		return fmt.Errorf("pause reminders: %w", err)
	}
	return nil
}
