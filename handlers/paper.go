package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/printform"
	"acts24/store"
	"acts24/views"
)

// printForm leads to the print form of an act.
func printForm(v Visit, a acts.Act) views.PrintForm {
	p := views.PrintForm{Next: a.Status == acts.Draft && a.Medium == acts.Paper, PDF: base(v) + "/acts/" + id(a.ID) + "/print", Name: printform.FileName(a)}
	if a.Number == "" && a.Status == acts.Draft {
		p.Number, p.First = base(v)+"/acts/"+id(a.ID)+"/number", a.Medium == acts.Paper
	}
	return p
}

// paperFacts are how a paper act is exchanged.
func paperFacts(v Visit, a acts.Act) []views.Fact {
	facts := []views.Fact{{Name: "Способ отправки", Value: a.Channel.Label()}}
	if a.SentChannel != "" && !a.SentAt.IsZero() {
		sent := views.Date(a.SentAt.In(zoneOf(v))) + ", " + strings.ToLower(a.SentChannel.Label())
		if a.Track != "" {
			sent += ", отправление " + a.Track
		}
		facts = append(facts, views.Fact{Name: "Направлен", Value: sent})
	}
	for _, f := range []struct {
		name string
		on   time.Time
	}{{"Скан получен", a.ScanOn}, {"Оригинал получен", a.OriginalOn}} {
		if !f.on.IsZero() {
			facts = append(facts, views.Fact{Name: f.name, Value: views.Date(f.on)})
		}
	}
	return facts
}

// paperSide draws what only a paper act has: signed copies and how it leaves.
func (s *Server) paperSide(m *views.ActPage, v Visit, sheet store.ActSheet) {
	a := sheet.Act
	m.Copies = []views.CopySide{copySide(v, sheet, acts.Ours, m.Faults), copySide(v, sheet, acts.Theirs, m.Faults)}
	if m.Copies[1].First {
		slices.Reverse(m.Copies)
	}
	if a.MaySend() != nil {
		return
	}
	today := views.InputDate(s.now().In(zoneOf(v)))
	f := &views.SendForm{Action: base(v) + "/acts/" + id(a.ID) + "/paper", Label: a.SendEvent().Label(), First: a.Status == acts.SignedByUs, Email: a.Channel == acts.ByEmail,
		Seen: a.Seen(), Address: a.Buyer.Email, On: today, Today: today, AddressFault: m.Faults["address"], DateFault: m.Faults["on"]}
	if !hasCopy(sheet, acts.Ours) {
		f.Email, f.CannotEmail = false, "Чтобы отправить письмом, загрузите акт, подписанный нами."
	}
	if l := sheet.Letter; l != nil {
		f.Address = l.Address
	}
	m.Send = f
}

func hasCopy(sheet store.ActSheet, side acts.Side) bool {
	return slices.ContainsFunc(sheet.Files, func(f store.ActFile) bool { return f.Side == side && f.Current })
}

func copySide(v Visit, sheet store.ActSheet, side acts.Side, faults map[string]string) views.CopySide {
	a := sheet.Act
	c := views.CopySide{Side: string(side), Label: side.Label(), Fault: faults[string(side)]}
	if a.MayUpload(side) == nil && !a.Replaced() {
		c.Upload = base(v) + "/acts/" + id(a.ID) + "/files/" + string(side)
	}
	c.First = awaited(a) == side
	c.Hint = "Файлов ещё нет."
	switch {
	case c.Upload != "" && side == acts.Ours:
		c.Hint = "Распечатайте акт, подпишите и загрузите скан: статус станет «" + acts.SignedByUs.Label() + "»."
	case c.Upload != "":
		c.Hint = "Когда заявитель вернёт подписанный экземпляр, загрузите скан: статус станет «" + acts.Signed.Label() + "»."
	}
	for _, f := range sheet.Files {
		if f.Side != side {
			continue
		}
		file := views.CopyFile{Name: f.Name, Href: base(v) + "/acts/" + id(a.ID) + "/files/" + id(f.ID), Size: sizeWords(f.Size),
			When: views.Moment(f.AddedAt, zoneOf(v)) + " " + f.AddedBy, TestID: "copy-" + id(f.ID)}
		if f.Current {
			c.Files = append(c.Files, file)
		} else {
			c.Old = append(c.Old, file)
		}
	}
	return c
}

// awaited is the side whose copy is the next step of the act's life.
func awaited(a acts.Act) acts.Side {
	switch {
	case a.Status == acts.Draft && a.Number != "":
		return acts.Ours
	case a.Status == acts.Sent || a.Status == acts.AcceptedUnsigned:
		return acts.Theirs
	}
	return ""
}

// sizeWords is «1,2 МБ» or «340 КБ».
func sizeWords(size int64) string {
	if size >= 1<<20 {
		return strings.Replace(fmt.Sprintf("%.1f МБ", float64(size)/(1<<20)), ".", ",", 1)
	}
	return fmt.Sprintf("%d КБ", (size+1023)/1024)
}

// actNews says what happened around an act that its status does not tell.
func actNews(v Visit, sheet store.ActSheet) []views.News {
	a := sheet.Act
	at := base(v) + "/acts/"
	var list []views.News
	if a.ReplacedBy != 0 {
		list = append(list, views.News{Tone: "neutral", TestID: "replaced", Text: "Вместо этого акта сформирован исправленный. Если заявитель всё же подписал или принял этот, сначала аннулируйте исправленный. ",
			Link: views.Link{Text: "Открыть исправленный акт", Href: at + id(a.ReplacedBy)}})
	}
	if a.Corrects != 0 {
		text := "Исправленный акт вместо отклонённого. "
		if a.Status == acts.Annulled {
			text = "Это был исправленный акт. Новый исправленный формируют на странице отклонённого. "
		}
		list = append(list, views.News{Tone: "neutral", TestID: "corrects", Text: text,
			Link: views.Link{Text: "Открыть отклонённый акт", Href: at + id(a.Corrects)}})
	}
	if a.AnnulAfter != "" {
		list = append(list, views.News{Tone: "attention", TestID: "annul-after", Text: "Документ отзывается из СБИС, затем акт будет аннулирован: " + a.AnnulAfter})
	}
	if sheet.DealGone {
		list = append(list, views.News{Tone: "attention", TestID: "deal-gone", Text: "Сделка этого акта удалена в Битрикс24. Акт и документы сохранены, напоминания приостановлены."})
	}
	if sheet.DealINN != "" && sheet.DealINN != a.Buyer.INN && a.Counts() && !sheet.DealGone {
		list = append(list, views.News{Tone: "attention", TestID: "other-buyer", Text: "В сделке теперь другой контрагент (ИНН " + sheet.DealINN + "), в акте прежний. Аннулируйте акт или верните контрагента в сделку."})
	}
	if a.ItemGone {
		list = append(list, views.News{Tone: "attention", TestID: "item-gone", Text: "Карточка этого акта удалена в CRM. Акт и документы сохранены. ",
			Href: at + id(a.ID) + "/item", Label: "Создать карточку заново"})
	}
	return append(list, letterNews(sheet)...)
}

func letterNews(sheet store.ActSheet) []views.News {
	l := sheet.Letter
	switch {
	case l == nil:
	case l.State == store.LetterQueued:
		return []views.News{{Tone: "neutral", TestID: "letter-queued", Text: "Письмо на " + l.Address + " отправляется."}}
	case l.State == store.LetterFailed && sheet.Act.MaySend() == nil && !sheet.Act.SentAt.After(l.CreatedAt): // not sent in another way since
		return []views.News{{Tone: "problem", TestID: "letter-failed", Text: "Письмо на " + l.Address + " не ушло: " + l.Problem}}
	}
	return nil
}
