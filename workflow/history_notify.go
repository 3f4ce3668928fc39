package workflow

import (
	"context"
	"slices"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// authorNoticedKinds lists the kinds of lines of which the person who caused them is notified instead of the responsible.
var authorNoticedKinds = []string{"put_back", "ask_reason"}

// AppendNoticed appends to the history of an act a line of which only the responsible is notified.
func (s *History) AppendNoticed(ctx context.Context, tx store.Tx, e store.ActEvent) error {
	e.At = s.now()
	_, err := s.addNoticed(ctx, tx, e)
	return err
}

// addNoticed appends a line and enqueues the notice about it: lines of one kind within ten minutes share one notice, which the later
// ones update.
func (s *History) addNoticed(ctx context.Context, tx store.Tx, e store.ActEvent) (int64, error) {
	to := e.User
	if !slices.Contains(authorNoticedKinds, e.Kind) {
		var err error
		if to, err = tx.Acts().NoticeRecipient(ctx, e.Act); err != nil {
			return 0, err
		}
	}
	var err error
	if e.Notice, err = tx.Acts().Notice(ctx, to, e.Kind, e.At); err != nil {
		return 0, err
	}
	if err := queue.Enqueue(ctx, tx, task.NotifyResponsible(e.Notice)); err != nil {
		return 0, err
	}
	return tx.Acts().AddEvent(ctx, e)
}

// Notify enqueues a message about a deal: to an employee, or with to = 0 to the deal's timeline. With deal = 0 it is
// about the app itself.
func (s *History) Notify(ctx context.Context, tx store.Tx, deal acts.DealID, to acts.UserID, text string) error {
	return s.enqueueMessage(ctx, tx, store.Message{Deal: deal, User: to, Text: text})
}

func (s *History) enqueueMessage(ctx context.Context, tx store.Tx, m store.Message) error {
	id, err := tx.Questions().AddMessage(ctx, m, s.now())
	if err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, task.SendMessage(id))
}

// NotifyAdministrators enqueues the message to every administrator.
func (s *History) NotifyAdministrators(ctx context.Context, tx store.Tx, m store.Message) error {
	all, err := tx.People().Administrators(ctx)
	if err != nil {
		return err
	}
	for _, m.User = range all {
		if err := s.enqueueMessage(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// RunTrigger enqueues a trigger for a deal when robots and triggers of the portal move its deals; "" is none.
func (s *History) RunTrigger(ctx context.Context, tx store.Tx, deal acts.DealID, t automation.Trigger) error {
	if t == "" {
		return nil
	}
	settings, err := tx.Portals().Settings(ctx)
	if err != nil || !settings.PortalMoves {
		return err
	}
	if _, err := tx.Robots().AddTrigger(ctx, deal, t); err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, task.RunTriggers(deal))
}
