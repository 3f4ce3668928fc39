package workflow

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// maxAttached is the limit of attachments of one letter in bytes: mail servers refuse larger ones.
const maxAttached = 20 << 20

// queueLetter enqueues a letter with our signed copy of the act.
func (s *Acts) queueLetter(ctx context.Context, tx store.Tx, v Visit, act acts.Act, to, text string) error {
	to, err := Address(to)
	if err != nil {
		return err
	}
	paragraphs, err := letters.ParseTyped(text, letters.Act(act))
	if err != nil {
		return err
	}
	files, err := tx.Acts().Files(ctx, act.ID)
	if err != nil {
		return err
	}
	switch ours, size := OursOf(files); {
	case len(ours) == 0:
		return acts.Errorf(acts.Conflict, "Сначала загрузите акт, подписанный нами: он уйдёт вложением.")
	case size > maxAttached:
		return acts.Errorf(acts.Conflict, "Вложения больше 20 МБ, почта их не примет. Замените сканы файлами поменьше или отправьте акт почтой.")
	}
	letter := store.Letter{Purpose: "act", Address: to, Subject: letters.SanitizeBB(act.Title()), Body: letters.Body(paragraphs), User: v.User, UserName: v.UserName}
	return s.addLetter(ctx, tx, act, letter, v.Event(act.ID, "letter", "Письмо с актом отправляется на "+to))
}

// addLetter enqueues a letter about an act and records line in the act's history. While another letter about the act is being sent it
// returns Conflict.
func (s *Acts) addLetter(ctx context.Context, tx store.Tx, act acts.Act, l store.Letter, line store.ActEvent) error {
	last, ok, err := tx.Letters().Last(ctx, act.ID)
	if err != nil {
		return err
	}
	if ok && last.State == store.LetterQueued {
		return acts.Errorf(acts.Conflict, "Письмо на %s уже отправляется.", last.Address)
	}
	l.Deal, l.Act, l.CreatedAt = act.Deal, act.ID, s.now()
	id, err := tx.Letters().Add(ctx, l)
	if err != nil {
		return err
	}
	if err := s.history.Append(ctx, tx, line); err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, task.SendLetter(id))
}

// OursOf returns our current copies among the files of an act, and their size in bytes.
func OursOf(files []store.ActFile) (ours []store.ActFile, size int64) {
	for _, f := range files {
		if f.Current && f.Side == acts.SideOurs {
			ours, size = append(ours, f), size+f.Size
		}
	}
	return ours, size
}

// RemindCounterparty sends the counterparty a letter about an act that it has not signed. An empty text is that of letters.Reminder.
func (s *Acts) RemindCounterparty(ctx context.Context, v Visit, id acts.ActID, address, text string) error {
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if err := act.MayRemindCounterparty(); err != nil {
			return err
		}
		to, err := Address(address)
		if err != nil {
			return err
		}
		letter, err := s.reminderLetter(ctx, tx, act, to, text)
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
	letter, err := s.reminderLetter(ctx, tx, act, to, "")
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

// reminderLetter returns the letter without its sender, with the typed text if there is one.
func (s *Acts) reminderLetter(ctx context.Context, tx store.Tx, act acts.Act, to, text string) (store.Letter, error) {
	zone, err := s.calendar.Zone(ctx, tx.Scope)
	if err != nil {
		return store.Letter{}, err
	}
	paragraphs, err := letters.ParseTyped(text, letters.Reminder(act, zone))
	return store.Letter{Purpose: store.LetterReminder, Address: to, Subject: "Ждёт подписи: " + letters.TitleInSentence(letters.SanitizeBB(act.Title())), Body: letters.Body(paragraphs)}, err
}
