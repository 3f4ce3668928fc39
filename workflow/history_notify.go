package workflow

import (
	"context"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

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
