package workflow

import (
	"context"
	"errors"
	"fmt"
	"html"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// RemindCounterparty sends the counterparty a letter about an act that it has not signed.
func (s *Acts) RemindCounterparty(ctx context.Context, v Visit, id acts.ActID, address string) error {
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if err := act.MayRemindCounterparty(); err != nil {
			return err
		}
		to, err := Address(address)
		if err != nil {
			return err
		}
		if err := s.queueReminder(ctx, tx, act, store.Letter{Address: to, User: v.User, UserName: v.UserName}); err != nil {
			return err
		}
		_, err = tx.Acts().AddEvent(ctx, s.history.Stamp(v.Event(act.ID, "letter", "Напоминание контрагенту отправляется на "+to)))
		return err
	})
}

// RemindCounterpartyByClock sends the letter of an automatic reminder, in the name of the act's responsible. Without an address in the act
// and in the deal the responsible is told.
func (s *Acts) RemindCounterpartyByClock(ctx context.Context, tx store.Tx, act acts.Act) error {
	line := store.ActEvent{Act: act.ID, Actor: string(acts.ActorClock), Kind: "letter"}
	address := act.Buyer.Email
	if address == "" {
		deal, err := tx.Deals().GetWithoutRows(ctx, act.Deal)
		if err != nil {
			return err
		}
		address = deal.Email
	}
	to, err := Address(address)
	if err != nil {
		line.Kind, line.Text = "letter_failed", "Контрагенту не напомнили: в карточке клиента нет e-mail. Впишите его или позвоните"
		return s.history.RecordEvent(ctx, tx, line, act.Deal, true)
	}
	if err := s.queueReminder(ctx, tx, act, store.Letter{Address: to, User: act.Responsible}); errors.Is(err, acts.Conflict) {
		return nil // a letter about the act is on its way
	} else if err != nil {
		return err
	}
	line.Text = "Напоминание контрагенту отправляется на " + to
	_, err = tx.Acts().AddEvent(ctx, s.history.Stamp(line))
	return err
}

func (s *Acts) queueReminder(ctx context.Context, tx store.Tx, act acts.Act, l store.Letter) error {
	last, ok, err := tx.Letters().Last(ctx, act.ID)
	if err != nil {
		return err
	}
	if ok && last.State == store.LetterQueued {
		return acts.Errorf(acts.Conflict, "Письмо на %s уже отправляется.", last.Address)
	}
	l.Deal, l.Act, l.Purpose, l.CreatedAt = act.Deal, act.ID, store.LetterReminder, s.now()
	l.Subject, l.Body = "Ждёт подписи: "+lower(SanitizeBB(act.Title())), ReminderLetter(act)
	id, err := tx.Letters().Add(ctx, l)
	if err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, task.SendLetter(id))
}

// ReminderLetter is the body of a letter about an act that the counterparty has not signed, as HTML.
func ReminderLetter(a acts.Act) string {
	paragraphs := ReminderText(a)
	for i, text := range paragraphs {
		paragraphs[i] = "<p>" + html.EscapeString(SanitizeBB(text)) + "</p>"
	}
	return strings.Join(paragraphs, "\n")
}

// ReminderText are the paragraphs of that letter: which act waits for the signature, since when, and where.
func ReminderText(a acts.Act) []string {
	what := fmt.Sprintf("%s мы направили вам %s на сумму %s ₽", a.SentAt.Format("02.01.2006"), lower(a.Title()), a.Totals.Gross.Label())
	if basis := a.Basis.Label(); basis != "" {
		what += ", основание: " + basis
	}
	where := "Подпишите, пожалуйста, акт и пришлите скан в ответ на это письмо. Экземпляр с нашей подписью во вложении."
	if a.Medium == acts.MediumElectronic {
		system := "в вашей системе электронного документооборота"
		if o, ok := acts.OperatorByPrefix(a.Operator); ok {
			system = "в системе «" + o.Name + "»"
		}
		where = "Документ ждёт вашей подписи " + system
		if a.Buyer.Participant != "" {
			where += ", идентификатор участника " + a.Buyer.Participant
		}
		where += ". Печатная форма во вложении."
	}
	return []string{"Здравствуйте!", what + ".", where, "Если есть замечания, напишите о них в ответ.", "С уважением, " + a.Seller.FullName()}
}
