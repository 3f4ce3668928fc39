package crm

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/acts/printform"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// sendLetter sends a queued letter once and stores the outcome.
func (s *Service) sendLetter(ctx context.Context, t queue.Task) error {
	scope := s.db.Scope(t.Portal)
	letter, err := scope.Letters().Get(ctx, t.Subject)
	if err != nil {
		return err
	}
	if letter.State != store.LetterQueued {
		s.queue.Done(ctx, t)
		return nil
	}
	p, err := scope.Portals().Get(ctx)
	if err != nil {
		return err
	}
	if letter.Purpose == store.LetterReminder {
		due, err := s.checkReminder(ctx, scope, p, t, &letter)
		if err != nil {
			return err
		}
		if !due {
			letter.State, letter.Problem = store.LetterFailed, alreadyAnswered
			if err := s.letterEnded(ctx, t, letter); !errors.Is(err, acts.Conflict) {
				return err
			}
			return nil
		}
	}
	draft, err := s.letterOf(ctx, scope, p, letter)
	if err != nil {
		return err
	}
	hold := func(ctx context.Context) error { return queue.Hold(ctx, s.db, []queue.Task{t}, s.timing.Lease) }
	letter.Activity, err = s.crm.SendLetter(ctx, p, draft, t.Unclear, hold)
	letter.State = store.LetterSent
	if errors.Is(err, acts.Refused) || errors.Is(err, acts.Forbidden) || errors.Is(err, acts.NotFound) {
		letter.State, letter.Problem = store.LetterFailed, acts.Message(err)
	} else if err != nil {
		return err
	}
	if err := s.letterEnded(ctx, t, letter); err != nil && !errors.Is(err, acts.Conflict) {
		return fmt.Errorf("%w: %w", workflow.ErrUnclear, err) // it was sent, but that is not recorded
	}
	return nil
}

func (s *Service) letterOf(ctx context.Context, scope store.Scope, p store.Portal, l store.Letter) (workflow.Letter, error) {
	w := workflow.Letter{Key: letters.Key(l.ID), Deal: l.Deal, User: l.User, Address: l.Address, Subject: l.Subject, Body: l.Body}
	if l.Purpose == store.LetterReminder && l.UserName == "" {
		w.Key = letters.ReminderKey(l.ID, l.Act)
	}
	deal, err := scope.Deals().Get(ctx, l.Deal)
	if err != nil {
		return w, err
	}
	w.Company, w.Contact = deal.Company, deal.Contact
	if l.Question != 0 {
		return s.questionLetter(ctx, scope, w, l.Question)
	}
	if l.Act == 0 {
		return w, nil
	}
	if l.Purpose == store.LetterAnnulment {
		return w, nil
	}
	if act, err := scope.Acts().Get(ctx, l.Act); err != nil {
		return w, err
	} else if act.Medium == acts.MediumElectronic { // a reminder: the document itself is at the operator
		return s.withPrintForm(ctx, scope, w, act)
	}
	files, err := scope.Acts().Files(ctx, l.Act)
	if err != nil {
		return w, err
	}
	ours, _ := workflow.OursOf(files)
	for _, f := range ours {
		w.Attachments = append(w.Attachments, attachment(ctx, scope, f.File))
	}
	return w, nil
}

// withPrintForm attaches the print form of an act.
func (s *Service) withPrintForm(ctx context.Context, scope store.Scope, w workflow.Letter, act acts.Act) (workflow.Letter, error) {
	own, err := scope.Companies().Get(ctx, act.OwnCompany)
	if err != nil {
		return w, err
	}
	body, err := s.acts.RenderPrintForm(ctx, scope, act, own)
	w.Attachments = append(w.Attachments, workflow.Attachment{Name: printform.FileName(act), Size: int64(len(body)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }})
	return w, err
}

// questionLetter inserts the link into the letter of a question. The link is created for this attempt; only its hash is
// stored.
func (s *Service) questionLetter(ctx context.Context, scope store.Scope, w workflow.Letter, id int64) (workflow.Letter, error) {
	settings, err := scope.Portals().Settings(ctx)
	if err != nil {
		return w, err
	}
	link := settings.Question.Native
	if link == "" {
		err = s.db.InTx(ctx, scope.Portal(), func(tx store.Tx) (err error) {
			q, err := tx.Questions().Lock(ctx, id)
			if err != nil {
				return err
			}
			link, err = s.questions.LinkTo(ctx, tx, q)
			return err
		})
	}
	w.Body = letters.WithLink(w.Body, link)
	return w, err
}

func attachment(ctx context.Context, scope store.Scope, f store.File) workflow.Attachment {
	return workflow.Attachment{Name: f.Name, Size: f.Size, Open: func() (io.ReadCloser, error) { return scope.Files().Open(ctx, f), nil }}
}

// letterEnded stores the outcome of a letter; after its letter the act counts as sent.
func (s *Service) letterEnded(ctx context.Context, t queue.Task, letter store.Letter) error {
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if err := tx.Letters().End(ctx, letter, s.now()); err != nil {
			return err
		}
		if letter.Act != 0 {
			if err := s.actLetterEnded(ctx, tx, letter); err != nil {
				return err
			}
		}
		if letter.Question != 0 {
			if err := s.questionLetterEnded(ctx, tx, letter); err != nil {
				return err
			}
		}
		return queue.Done(ctx, tx, t)
	})
}

func (s *Service) actLetterEnded(ctx context.Context, tx store.Tx, letter store.Letter) error {
	act, err := tx.Acts().Lock(ctx, letter.Act)
	if err != nil {
		return err
	}
	line := store.ActEvent{Act: act.ID, Actor: string(acts.ActorPerson), User: letter.User, UserName: letter.UserName, Kind: string(act.SendEvent())}
	if letter.UserName == "" { // an automatic reminder
		line.Actor, line.User = string(acts.ActorClock), 0
	}
	if letter.Problem == alreadyAnswered {
		line.Kind, line.Text = "letter_failed", "Напоминание на "+letter.Address+" не отправлено: "+letter.Problem
		return s.history.RecordEvent(ctx, tx, line, act.Deal, letter.UserName != "")
	}
	if letter.State == store.LetterFailed {
		line.Kind, line.Text = "letter_failed", "Письмо на "+letter.Address+" не ушло: "+letter.Problem
		return s.history.RecordEvent(ctx, tx, line, act.Deal, true)
	}
	if letter.Purpose == store.LetterReminder {
		line.Kind, line.Text = "letter_sent", "Напоминание контрагенту ушло на "+letter.Address
		return s.history.RecordEvent(ctx, tx, line, act.Deal, false)
	}
	if letter.Purpose == store.LetterAnnulment {
		line.Kind, line.Text = "letter_sent", "Напоминание о предложении аннулировать акт ушло на "+letter.Address
		return s.history.RecordEvent(ctx, tx, line, act.Deal, false)
	}
	if act.MaySend() != nil { // the act changed while the letter was being sent
		line.Kind, line.Text = "letter_sent", "Письмо с актом ушло на "+letter.Address
		return s.history.RecordEvent(ctx, tx, line, act.Deal, false)
	}
	return s.acts.RecordSending(ctx, tx, act, acts.Sending{Channel: acts.ChannelEmail, Address: letter.Address}, line)
}

// questionLetterEnded records that a question was sent and when its term began, or why it was not sent.
func (s *Service) questionLetterEnded(ctx context.Context, tx store.Tx, letter store.Letter) error {
	q, err := tx.Questions().Lock(ctx, letter.Question)
	if err != nil {
		return err
	}
	deal, err := tx.Deals().Get(ctx, letter.Deal)
	if err != nil {
		return err
	}
	if letter.State == store.LetterFailed {
		if q.State == store.QuestionQueued {
			q.State, q.Problem = store.QuestionFailed, letter.Problem
		}
		if err := tx.Questions().Save(ctx, q); err != nil {
			return err
		}
		return s.history.Notify(ctx, tx, letter.Deal, cmp.Or(letter.User, deal.Responsible), workflow.MessageQuestionFailed, "вопрос о способе обмена на "+letter.Address+" не ушёл: "+letter.Problem)
	}
	settings, err := tx.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	now := s.now()
	if q.SentAt = &now; q.State == store.QuestionQueued {
		q.State = store.QuestionSent
	}
	if err := tx.Questions().Save(ctx, q); err != nil || q.Answered != nil || q.State != store.QuestionSent {
		return err
	}
	return tx.Questions().SetAnswerDeadline(ctx, q.ID, acts.QuestionTerm(now, cmp.Or(settings.Question.Days, store.DefaultQuestionDays)))
}
