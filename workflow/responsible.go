package workflow

import (
	"cmp"
	"context"
	"fmt"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// SetResponsible changes the responsible of an act, also in the CRM; line names who did it. Open reminders move with
// it: the task is reassigned, a notification is sent again.
func (s *People) SetResponsible(ctx context.Context, tx store.Tx, act acts.Act, to acts.UserID, line store.ActEvent) error {
	if err := tx.Acts().SetResponsible(ctx, act.ID, to); err != nil {
		return err
	}
	open, err := tx.Reminders().Open(ctx, act.ID)
	if err != nil {
		return err
	}
	for _, r := range open {
		if !r.Sent {
			continue
		}
		if err := s.passReminder(ctx, tx, r, to); err != nil {
			return err
		}
	}
	names, err := tx.People().Names(ctx, []acts.UserID{act.Responsible, to})
	if err != nil {
		return err
	}
	line.Changes = history.Change("Ответственный", nameOf(names, act.Responsible), nameOf(names, to))
	return s.history.RecordEvent(ctx, tx, line, act.Deal, false)
}

// passReminder passes a sent reminder on to another employee.
func (s *People) passReminder(ctx context.Context, tx store.Tx, r store.Reminder, to acts.UserID) error {
	if r.Kind.RequiresAnswer() {
		return queue.Enqueue(ctx, tx, task.Remind(r.ID))
	}
	alone, err := tx.Acts().GiveNotice(ctx, r.Notice, r.ID, to)
	if err != nil {
		return err
	}
	if r.Notice != 0 { // the former responsible keeps a notice about the other acts
		if err := queue.Enqueue(ctx, tx, task.NotifyOfReminders(r.Notice)); err != nil || alone {
			return err
		}
	}
	return s.history.NotifyOfReminder(ctx, tx, r, to)
}

// nameOf returns the name of an employee, "" for nobody.
func nameOf(names map[acts.UserID]string, id acts.UserID) string {
	if id == 0 {
		return ""
	}
	return cmp.Or(names[id], fmt.Sprintf("сотрудник %d", id))
}

// followDealResponsible assigns the unfinished acts of a deal to the responsible of the deal.
func (s *People) followDealResponsible(ctx context.Context, tx store.Tx, deal store.Deal) error {
	ids, err := tx.Acts().OpenOfDeal(ctx, deal.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.FollowDeal(ctx, tx, id, deal.Responsible); err != nil {
			return err
		}
	}
	return nil
}

// FollowDeal assigns an act to the responsible of its deal, unless the act is finished.
func (s *People) FollowDeal(ctx context.Context, tx store.Tx, id acts.ActID, to acts.UserID) error {
	act, err := tx.Acts().Lock(ctx, id)
	if err != nil || act.Ended() || to == 0 || act.Responsible == to {
		return err
	}
	names, err := tx.People().Names(ctx, []acts.UserID{to})
	if err != nil {
		return err
	}
	who := cmp.Or(names[to], "другой сотрудник")
	e := store.ActEvent{Act: id, Actor: string(acts.ActorPerson), Source: history.SourceCRM, Kind: "responsible", Text: "За сделку теперь отвечает " + who + ", за акт тоже"}
	return s.SetResponsible(ctx, tx, act, to, e)
}

// assignToDealResponsible assigns an act that is no longer finished to the responsible of its deal.
func (s *People) assignToDealResponsible(ctx context.Context, tx store.Tx, id acts.ActID, deal acts.DealID) error {
	d, err := tx.Deals().GetWithoutRows(ctx, deal)
	if err != nil {
		return err
	}
	return s.FollowDeal(ctx, tx, id, d.Responsible)
}
