package remind

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/recovery"
	"acts24/workflow"
)

// SentLetters reads from the CRM which reminder letters counterparties got after the backup of a restored portal was made.
func (s *Service) SentLetters(ctx context.Context, portal acts.PortalID) ([]workflow.SentReminder, error) {
	scope := s.db.Scope(portal)
	p, err := scope.Portals().Get(ctx)
	if err != nil {
		return nil, err
	}
	after, err := recovery.LastActivity(ctx, scope)
	if err != nil {
		return nil, err
	}
	return s.crm.SentReminders(ctx, p, after)
}

// Recover takes over which letters were sent, so that none is sent twice, then processes the reminders that are due. It precedes the release of
// a restored portal: so the tasks of these reminders search first.
func (s *Service) Recover(ctx context.Context, tx store.Tx, sent []workflow.SentReminder, found *recovery.Findings) error {
	for _, letter := range sent {
		if err := s.recoverLetter(ctx, tx, letter, found); err != nil {
			return fmt.Errorf("letter %d: %w", letter.Letter, err)
		}
	}
	ids, err := recovery.DueReminders(ctx, tx.Scope, s.now())
	if err != nil {
		return err
	}
	for _, id := range ids {
		r, err := tx.Reminders().Get(ctx, id)
		if err != nil {
			return err
		}
		if r.Kind == acts.RemindCounterparty {
			found.AddDone("a letter that reminds the counterparty of act %d is due since %s and is sent: the CRM has none since the backup", r.Act, r.DueAt.Format(time.DateOnly))
		}
		if err := s.processReminder(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// recoverLetter counts a letter that the backup lacks as the next one that its act was waiting for.
func (s *Service) recoverLetter(ctx context.Context, tx store.Tx, letter workflow.SentReminder, found *recovery.Findings) error {
	if known, err := recovery.HasLetter(ctx, tx.Scope, letter.Letter); err != nil || known {
		return err
	}
	act, err := tx.Acts().Lock(ctx, letter.Act)
	if errors.Is(err, acts.NotFound) {
		return nil // a lost act has no reminders
	}
	if err != nil {
		return err
	}
	open, err := tx.Reminders().Open(ctx, act.ID)
	if err != nil {
		return err
	}
	for _, r := range open {
		if r.Kind == acts.RemindCounterparty && !r.Sent && !r.Paused {
			return s.countLetter(ctx, tx, act, r, letter, found)
		}
	}
	return nil
}

func (s *Service) countLetter(ctx context.Context, tx store.Tx, act acts.Act, r store.Reminder, letter workflow.SentReminder, found *recovery.Findings) error {
	day := letter.At.Format(time.DateOnly)
	found.AddDone("the counterparty of act %d was reminded by a letter of %s: it is not sent again", act.ID, day)
	if err := tx.Reminders().MarkSent(ctx, r.ID, s.now()); err != nil {
		return err
	}
	if err := tx.Reminders().Close(ctx, r.ID, s.now()); err != nil {
		return err
	}
	line := store.ActEvent{Act: act.ID, Actor: string(acts.ActorClock), Kind: "letter_sent",
		Text: "Контрагенту напоминали письмом от " + letter.At.Format("02.01.2006") + ": база восстановлена из копии, сделанной раньше"}
	if err := s.history.Append(ctx, tx, line); err != nil {
		return err
	}
	c, err := s.calendar.ScheduleOf(ctx, tx)
	if err != nil || !act.AwaitsCounterparty() {
		return err
	}
	return c.ScheduleLetter(ctx, tx, act)
}
