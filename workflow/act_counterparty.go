package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
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
		letter, err := s.reminderLetter(ctx, tx, act, to)
		if err != nil {
			return err
		}
		letter.User, letter.UserName = v.User, v.UserName
		return s.addLetter(ctx, tx, act, letter, v.Event(act.ID, "letter", "Напоминание контрагенту отправляется на "+to))
	})
}

// RemindCounterpartyByClock sends the letter of an automatic reminder, in the name of the act's responsible. Without an address in the act
// and in the deal the responsible is notified.
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
	letter, err := s.reminderLetter(ctx, tx, act, to)
	if err != nil {
		return err
	}
	letter.User, line.Text = act.Responsible, "Напоминание контрагенту отправляется на "+to
	err = s.addLetter(ctx, tx, act, letter, line)
	if errors.Is(err, acts.Conflict) {
		return nil // a letter about the act is being sent
	}
	return err
}

// reminderLetter returns the letter without its sender.
func (s *Acts) reminderLetter(ctx context.Context, tx store.Tx, act acts.Act, to string) (store.Letter, error) {
	zone, err := s.calendar.Zone(ctx, tx.Scope)
	return store.Letter{Purpose: store.LetterReminder, Address: to, Subject: "Ждёт подписи: " + lower(SanitizeBB(act.Title())), Body: letterBody(ReminderText(act, zone))}, err
}

// ReminderText returns the paragraphs of a letter about an act that the counterparty has not signed: which act waits for the signature, since
// which day of the portal's zone, and where.
func ReminderText(a acts.Act, zone *time.Location) []string {
	what := fmt.Sprintf("%s мы направили вам %s на сумму %s ₽", a.SentAt.In(zone).Format("02.01.2006"), lower(a.Title()), a.Totals.Gross.Label())
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
