package workflow

import (
	"context"
	"errors"
	"fmt"
	"html"
	"strings"
	"time"

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
	paragraphs, err := letters.ParseTyped(text, ActLetter(act))
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
	letter := store.Letter{Purpose: "act", Address: to, Subject: letters.SanitizeBB(act.Title()), Body: letterBody(paragraphs), User: v.User, UserName: v.UserName}
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

// letterBody returns paragraphs as the HTML of a letter.
func letterBody(paragraphs []string) string {
	lines := make([]string, len(paragraphs))
	for i, text := range paragraphs {
		var part []string
		for _, line := range strings.Split(text, "\n") {
			part = append(part, html.EscapeString(letters.SanitizeBB(line)))
		}
		lines[i] = "<p>" + strings.Join(part, "<br>") + "</p>"
	}
	return strings.Join(lines, "\n")
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

// ActLetter returns the paragraphs of a letter with an act.
func ActLetter(a acts.Act) []string {
	what := fmt.Sprintf("Направляем %s%s на сумму %s ₽", titleInSentence(a.Title()), byBasis(a.Basis), a.Totals.Gross.Label())
	return []string{"Здравствуйте!", what + ". Экземпляр с нашей подписью во вложении.",
		"Подпишите его, пожалуйста, и пришлите скан в ответ на это письмо. Если есть замечания, напишите о них.",
		"С уважением, " + a.Seller.FullName()}
}

// dative holds the dative of the usual names of a basis, by their lower case.
var dative = map[string]string{"договор": "договору", "государственный контракт": "государственному контракту", "контракт": "контракту", "заказ": "заказу", "счёт": "счёту", "счет": "счету",
	"соглашение": "соглашению", "дополнительное соглашение": "дополнительному соглашению", "заявка": "заявке"}

// byBasis returns « по договору № 12 от 01.02.2026», or the basis in brackets if the dative of its name is not known, or "".
func byBasis(b acts.Basis) string {
	label := b.Label()
	if label == "" {
		return ""
	}
	if name, ok := dative[strings.ToLower(b.Name)]; ok {
		return " по " + name + strings.TrimPrefix(label, b.Name)
	}
	return " (" + label + ")"
}

// titleInSentence returns the title of an act as it is written inside a sentence: «акт № 3 от …».
func titleInSentence(text string) string { return strings.Replace(text, "Акт", "акт", 1) }

// RemindCounterparty sends the counterparty a letter about an act that it has not signed. An empty text is that of ReminderText.
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
	paragraphs, err := letters.ParseTyped(text, ReminderText(act, zone))
	return store.Letter{Purpose: store.LetterReminder, Address: to, Subject: "Ждёт подписи: " + titleInSentence(letters.SanitizeBB(act.Title())), Body: letterBody(paragraphs)}, err
}

// ReminderText returns the paragraphs of a letter about an act that the counterparty has not signed: which act waits for the signature, since
// which day of the portal's zone, and where. If both use SBIS, LinkMark stands for the link to the document, which is read when the letter is sent.
func ReminderText(a acts.Act, zone *time.Location) []string {
	what := fmt.Sprintf("%s мы направили вам %s%s на сумму %s ₽", a.SentAt.In(zone).Format("02.01.2006"), titleInSentence(a.Title()), byBasis(a.Basis), a.Totals.Gross.Label())
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
	if a.BothAtSBIS() {
		where += "\nОткрыть документ: " + letters.LinkMark
	}
	return []string{"Здравствуйте!", what + ".", where, "Если есть замечания, напишите о них в ответ.", "С уважением, " + a.Seller.FullName()}
}
