package workflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"strings"

	"acts24/acts"
	"acts24/store"
)

// mostAttached is how much one letter carries, in bytes: larger ones are refused by mail servers.
const mostAttached = 20 << 20

// queueLetter promises a letter with our signed copy of the act.
func (s *Service) queueLetter(ctx context.Context, tx store.Tx, v Visit, act acts.Act, to string) error {
	to, err := address(to)
	if err != nil {
		return err
	}
	last, ok, err := tx.LastLetter(ctx, act.ID)
	if err != nil {
		return err
	}
	if ok && last.State == store.LetterQueued {
		return acts.Errorf(acts.Conflict, "Письмо на %s уже отправляется.", last.Address)
	}
	files, err := tx.FilesOfAct(ctx, act.ID)
	if err != nil {
		return err
	}
	switch ours, size := oursOf(files); {
	case len(ours) == 0:
		return acts.Errorf(acts.Conflict, "Сначала загрузите акт, подписанный нами: он уйдёт вложением.")
	case size > mostAttached:
		return acts.Errorf(acts.Conflict, "Вложения больше 20 МБ, почта их не примет. Замените сканы файлами поменьше или отправьте акт почтой.")
	}
	id, err := tx.AddLetter(ctx, store.Letter{Deal: act.Deal, Act: act.ID, Purpose: "act", Address: to, Subject: plain(act.Title()), Body: actLetter(act),
		User: v.User, UserName: v.UserName, CreatedAt: s.now()})
	if err != nil {
		return err
	}
	if _, err := tx.AddEvent(ctx, s.at(v.event(act.ID, "letter", "Письмо с актом отправляется на "+to))); err != nil {
		return err
	}
	return tx.Enqueue(ctx, TaskLetter, id)
}

// at gives a line of history its moment.
func (s *Service) at(e store.ActEvent) store.ActEvent {
	e.At = s.now()
	return e
}

func oursOf(files []store.ActFile) (ours []store.ActFile, size int64) {
	for _, f := range files {
		if f.Current && f.Side == acts.Ours {
			ours, size = append(ours, f), size+f.Size
		}
	}
	return ours, size
}

// actLetter is the body of a letter with an act.
func actLetter(a acts.Act) string {
	says := []string{"Здравствуйте!", fmt.Sprintf("Направляем: %s на сумму %s ₽, основание: %s. Экземпляр с нашей подписью во вложении.",
		lower(a.Title()), a.Totals.Gross.Label(), a.Basis.Label()),
		"Подпишите его, пожалуйста, и пришлите скан в ответ на это письмо. Если есть замечания, напишите о них.",
		"С уважением, " + a.Seller.FullName()}
	for i, text := range says {
		says[i] = "<p>" + html.EscapeString(plain(text)) + "</p>"
	}
	return strings.Join(says, "\n")
}

func lower(text string) string { return strings.Replace(text, "Акт", "акт", 1) }

// sendLetter sends a queued letter once and keeps what became of it.
func (s *Service) sendLetter(ctx context.Context, t store.Task) error {
	scope := s.db.Scope(t.Portal)
	letter, err := scope.Letter(ctx, t.Subject)
	if err != nil {
		return err
	}
	if letter.State != store.LetterQueued {
		s.finish(ctx, t, delivery{}, Result{})
		return nil
	}
	p, err := scope.PortalInfo(ctx)
	if err != nil {
		return err
	}
	wish, err := s.letterWish(ctx, scope, p, letter)
	if err != nil {
		return err
	}
	hold := func(ctx context.Context) error { return s.db.HoldTasks(ctx, []store.Task{t}, s.timing.Lease) }
	letter.Activity, err = s.crm.Letter(ctx, p, wish, t.Unclear, hold)
	letter.State = store.LetterSent
	if errors.Is(err, acts.Refused) || errors.Is(err, acts.Forbidden) || errors.Is(err, acts.NotFound) {
		letter.State, letter.Problem = store.LetterFailed, acts.Sentence(err)
	} else if err != nil {
		return err
	}
	if err := s.letterEnded(ctx, t, letter); err != nil && !errors.Is(err, acts.Conflict) {
		return fmt.Errorf("%w: %w", ErrUnclear, err) // it has gone, and we do not know it
	}
	return nil
}

func (s *Service) letterWish(ctx context.Context, scope store.Scope, p store.Portal, l store.Letter) (LetterWish, error) {
	w := LetterWish{Key: fmt.Sprintf("acts24-letter-%d", l.ID), Deal: l.Deal, User: l.User, Address: l.Address, Subject: l.Subject, Body: l.Body}
	deal, err := scope.Deal(ctx, l.Deal)
	if err != nil {
		return w, err
	}
	w.Company, w.Contact = deal.Company, deal.Contact
	if l.Question != 0 {
		return s.questionWish(ctx, scope, w, l.Question)
	}
	if l.Act == 0 {
		return w, nil
	}
	files, err := scope.FilesOfAct(ctx, l.Act)
	if err != nil {
		return w, err
	}
	ours, _ := oursOf(files)
	for _, f := range ours {
		w.Attachments = append(w.Attachments, attachment(ctx, scope, f.File))
	}
	return w, nil
}

// questionWish puts the link into the letter of a question. It is made for this very try, and only its hash is kept.
func (s *Service) questionWish(ctx context.Context, scope store.Scope, w LetterWish, id int64) (LetterWish, error) {
	settings, err := scope.Settings(ctx)
	if err != nil {
		return w, err
	}
	link := settings.Question.Native
	if link == "" {
		err = s.db.InTx(ctx, scope.Portal(), func(tx store.Tx) (err error) {
			q, err := tx.LockQuestion(ctx, id)
			if err != nil {
				return err
			}
			link, err = s.linkTo(ctx, tx, q)
			return err
		})
	}
	w.Body = withLink(w.Body, link)
	return w, err
}

func attachment(ctx context.Context, scope store.Scope, f store.File) Attachment {
	return Attachment{Name: f.Name, Size: f.Size, Open: func() (io.ReadCloser, error) { return scope.OpenFile(ctx, f), nil }}
}

// letterEnded keeps what became of a letter; an act whose letter has gone is sent.
func (s *Service) letterEnded(ctx context.Context, t store.Task, letter store.Letter) error {
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if err := tx.EndLetter(ctx, letter, s.now()); err != nil {
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
		return tx.DoneTask(ctx, t)
	})
}

func (s *Service) actLetterEnded(ctx context.Context, tx store.Tx, letter store.Letter) error {
	act, err := tx.LockAct(ctx, letter.Act)
	if err != nil {
		return err
	}
	line := store.ActEvent{Act: act.ID, Actor: string(acts.ByPerson), User: letter.User, UserName: letter.UserName, Kind: string(act.SendEvent())}
	if letter.State == store.LetterFailed {
		line.Kind, line.Text = "letter_failed", "Письмо на "+letter.Address+" не ушло: "+letter.Problem
		return s.tell(ctx, tx, line, act.Deal, true)
	}
	if act.MaySend() != nil { // the act went on while the letter was on its way
		line.Kind, line.Text = "letter_sent", "Письмо с актом ушло на "+letter.Address
		return s.tell(ctx, tx, line, act.Deal, false)
	}
	return s.sent(ctx, tx, act, acts.Sending{Channel: acts.ByEmail, Address: letter.Address}, line)
}

// questionLetterEnded keeps that a question has gone, and from when silence counts; or why it has not.
func (s *Service) questionLetterEnded(ctx context.Context, tx store.Tx, letter store.Letter) error {
	q, err := tx.LockQuestion(ctx, letter.Question)
	if err != nil {
		return err
	}
	deal, err := tx.Deal(ctx, letter.Deal)
	if err != nil {
		return err
	}
	if letter.State == store.LetterFailed {
		if q.State == store.QuestionQueued {
			q.State, q.Problem = store.QuestionFailed, letter.Problem
		}
		if err := tx.SaveQuestion(ctx, q); err != nil {
			return err
		}
		return s.say(ctx, tx, letter.Deal, cmp.Or(letter.User, deal.Responsible), "вопрос о способе обмена на "+letter.Address+" не ушёл: "+letter.Problem)
	}
	settings, err := tx.Settings(ctx)
	if err != nil {
		return err
	}
	now := s.now()
	if q.SentAt = &now; q.State == store.QuestionQueued {
		q.State = store.QuestionSent
	}
	if err := tx.SaveQuestion(ctx, q); err != nil || q.Answered != nil || q.State != store.QuestionSent {
		return err
	}
	return tx.AddSilence(ctx, q.ID, acts.QuestionTerm(now, cmp.Or(settings.Question.Days, store.DefaultDays)))
}
