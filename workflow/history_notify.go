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

// The kinds of messages about deals to their responsible.
const (
	MessageQuestionFailed    = "question_failed"
	MessageNowhereToAsk      = "nowhere_to_ask"
	MessageNoAnswer          = "no_answer"
	MessageAnswered          = "answered"
	MessageAnswerNotApplied  = "answer_not_applied"
	MessageApprovedUnacted   = "approved_without_act"
	MessageDealStays         = "deal_stays"
	MessageInvitationFailed  = "invitation_failed"
	MessageInvitationTaken   = "invitation_taken"
	MessageInvitationIgnored = "invitation_ignored"
	MessageMonthlyStopped    = "monthly_stopped"
	MessageMonthlyRefused    = "monthly_refused"
)

// Comment enqueues a comment on a deal's timeline.
func (s *History) Comment(ctx context.Context, tx store.Tx, deal acts.DealID, text string) error {
	return s.enqueueMessage(ctx, tx, store.Message{Deal: deal, Text: text})
}

// Notify enqueues a message about a deal to its responsible: messages of one kind within ten minutes share one notice, which the later ones update.
// A deal without a responsible gets a comment.
func (s *History) Notify(ctx context.Context, tx store.Tx, deal acts.DealID, to acts.UserID, kind, text string) error {
	if to == 0 {
		return s.Comment(ctx, tx, deal, text)
	}
	now := s.now()
	notice, err := tx.Acts().Notice(ctx, to, kind, now)
	if err != nil {
		return err
	}
	if _, err := tx.Questions().AddMessage(ctx, store.Message{Deal: deal, User: to, Text: text, Notice: notice}, now); err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, task.NotifyOfDeals(notice))
}

// NotifyOfReminder adds a reminder of an act to the notice about reminders of its kind that an employee gets within ten minutes.
func (s *History) NotifyOfReminder(ctx context.Context, tx store.Tx, r store.Reminder, to acts.UserID) error {
	notice, err := tx.Acts().Notice(ctx, to, "remind_"+string(r.Kind), s.now())
	if err != nil {
		return err
	}
	if err := tx.Reminders().SetNotice(ctx, r.ID, notice); err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, task.NotifyOfReminders(notice))
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
