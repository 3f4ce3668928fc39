package workflow

import (
	"context"
	"fmt"
	"html"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// maxAttached is the limit of attachments of one letter in bytes: mail servers refuse larger ones.
const maxAttached = 20 << 20

// queueLetter enqueues a letter with our signed copy of the act.
func (s *Acts) queueLetter(ctx context.Context, tx store.Tx, v Visit, act acts.Act, to string) error {
	to, err := Address(to)
	if err != nil {
		return err
	}
	last, ok, err := tx.Letters().Last(ctx, act.ID)
	if err != nil {
		return err
	}
	if ok && last.State == store.LetterQueued {
		return acts.Errorf(acts.Conflict, "Письмо на %s уже отправляется.", last.Address)
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
	id, err := tx.Letters().Add(ctx, store.Letter{Deal: act.Deal, Act: act.ID, Purpose: "act", Address: to, Subject: SanitizeBB(act.Title()), Body: actLetter(act),
		User: v.User, UserName: v.UserName, CreatedAt: s.now()})
	if err != nil {
		return err
	}
	if _, err := tx.Acts().AddEvent(ctx, s.history.Stamp(v.Event(act.ID, "letter", "Письмо с актом отправляется на "+to))); err != nil {
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

// actLetter is the body of a letter with an act.
func actLetter(a acts.Act) string {
	what := fmt.Sprintf("Направляем: %s на сумму %s ₽", lower(a.Title()), a.Totals.Gross.Label())
	if basis := a.Basis.Label(); basis != "" {
		what += ", основание: " + basis
	}
	says := []string{"Здравствуйте!", what + ". Экземпляр с нашей подписью во вложении.",
		"Подпишите его, пожалуйста, и пришлите скан в ответ на это письмо. Если есть замечания, напишите о них.",
		"С уважением, " + a.Seller.FullName()}
	for i, text := range says {
		says[i] = "<p>" + html.EscapeString(SanitizeBB(text)) + "</p>"
	}
	return strings.Join(says, "\n")
}

func lower(text string) string { return strings.Replace(text, "Акт", "акт", 1) }
