package act

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/acts/printform"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// printForm returns the links of the print form and of the УПД of an act; fault is the reason why the УПД cannot be printed.
func printForm(v web.Visit, a acts.Act, own store.OwnCompany, fault string) views.PrintForm {
	at := web.Base(v) + "/acts/" + web.ID(a.ID)
	p := views.PrintForm{Next: a.Status == acts.StatusDraft && a.Medium == acts.MediumPaper, PDF: at + "/print", Name: workflow.PrintFormName(a, own),
		UPD: at + "/upd", UPDName: printform.UPDFileName(a)}
	contents := workflow.PrintFormContents(a, own)
	if contents != acts.PaperFormAct {
		p.Contents = contents.Label()
	}
	if fault != "" {
		p.UPD = ""
		if p.Contents != "" { // the organisation prints a УПД
			p.PDF, p.Fault = "", fault
		}
	}
	if a.Number == "" && a.Status == acts.StatusDraft {
		p.Number, p.First = at+"/number", a.Medium == acts.MediumPaper
	}
	return p
}

// paperFacts returns how a paper act is exchanged.
func paperFacts(v web.Visit, a acts.Act) []views.Fact {
	facts := []views.Fact{{Name: "Способ отправки", Value: a.Channel.Label()}}
	if a.SentChannel != "" && !a.SentAt.IsZero() {
		sent := views.Date(a.SentAt.In(web.Zone(v))) + ", " + strings.ToLower(a.SentChannel.Label())
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

// addPaper adds what only a paper act has: signed copies and the form of sending.
func addPaper(m *views.ActPage, v web.Visit, details store.ActDetails, now time.Time) {
	a := details.Act
	m.Copies = []views.CopySide{copySide(v, details, acts.SideOurs, m.Faults), copySide(v, details, acts.SideTheirs, m.Faults)}
	if m.Copies[1].First {
		slices.Reverse(m.Copies)
	}
	if a.MaySend() != nil {
		return
	}
	today := views.InputDate(now)
	f := &views.SendForm{Action: web.Base(v) + "/acts/" + web.ID(a.ID) + "/paper", Label: a.SendEvent().Label(), First: a.Status == acts.StatusSignedByUs, Email: a.Channel == acts.ChannelEmail,
		Seen: a.SeenToken(), Address: a.Buyer.Email, On: today, Today: today, AddressFault: m.Faults["address"], DateFault: m.Faults["on"],
		Letter: letters.Draft(letters.Act(a)), TextFault: m.Faults["text"]}
	if !hasCopy(details, acts.SideOurs) {
		f.Email, f.CannotEmail = false, "Чтобы отправить письмом, загрузите акт, подписанный нами."
	}
	if l := details.Letter; l != nil {
		f.Address = l.Address
	}
	m.Send = f
}

// hasCopy reports whether there is a current signed copy of a side.
func hasCopy(details store.ActDetails, side acts.Side) bool {
	return slices.ContainsFunc(details.Files, func(f store.ActFile) bool { return f.Side == side && f.Current })
}

// fileKinds are the short names of the types of copies.
var fileKinds = map[string]string{"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}

// maxThumbnail is the size up to which a picture is shown in the list of files.
const maxThumbnail = 2 << 20

// copySide formats the signed copies of a side.
func copySide(v web.Visit, details store.ActDetails, side acts.Side, faults map[string]string) views.CopySide {
	a := details.Act
	c := views.CopySide{Side: string(side), Label: side.Label(), Fault: faults[string(side)]}
	if a.MayUpload(side) == nil && !a.Replaced() {
		c.Upload = web.Base(v) + "/acts/" + web.ID(a.ID) + "/files/" + string(side)
	}
	c.First = awaitedSide(a) == side
	c.Hint = "Файлов ещё нет."
	switch {
	case c.Upload != "" && side == acts.SideOurs:
		c.Hint = "Распечатайте акт, подпишите и загрузите скан: статус станет «" + acts.StatusSignedByUs.Label() + "»."
	case c.Upload != "":
		c.Hint = "Когда заявитель вернёт подписанный экземпляр, загрузите скан: статус станет «" + acts.StatusSigned.Label() + "»."
	}
	for _, f := range details.Files {
		if f.Side != side {
			continue
		}
		file := views.CopyFile{Name: f.Name, Href: web.Base(v) + "/acts/" + web.ID(a.ID) + "/files/" + web.ID(f.ID), Size: sizeWords(f.Size),
			When: views.Moment(f.AddedAt, web.Zone(v)) + " " + f.AddedBy, TestID: "copy-" + web.ID(f.ID), Picture: strings.HasPrefix(f.Type, "image/"), Kind: fileKinds[f.Type]}
		file.Thumbnail = file.Picture && f.Size <= maxThumbnail
		if f.Current {
			c.Files = append(c.Files, file)
		} else {
			c.Old = append(c.Old, file)
		}
	}
	return c
}

// awaitedSide returns the side whose copy is the next step of the lifecycle, "" for none.
func awaitedSide(a acts.Act) acts.Side {
	switch {
	case a.Status == acts.StatusDraft && a.Number != "":
		return acts.SideOurs
	case a.Status == acts.StatusSent || a.Status == acts.StatusAcceptedUnsigned:
		return acts.SideTheirs
	}
	return ""
}

// sizeWords formats a size as «1,2 МБ» or «340 КБ».
func sizeWords(size int64) string {
	if size >= 1<<20 {
		return strings.Replace(fmt.Sprintf("%.1f МБ", float64(size)/(1<<20)), ".", ",", 1)
	}
	return fmt.Sprintf("%d КБ", (size+1023)/1024)
}

// actBanners returns what happened to an act beside its status.
func actBanners(v web.Visit, details store.ActDetails) []views.Banner {
	a := details.Act
	at := web.Base(v) + "/acts/"
	var list []views.Banner
	if a.ReplacedBy != 0 {
		n := views.Banner{Tone: "neutral", TestID: "replaced", Text: "Вместо этого акта сформирован исправленный. Если заявитель всё же подписал или принял этот, сначала аннулируйте исправленный. ",
			Link: views.Link{Text: "Открыть исправленный акт", Href: at + web.ID(a.ReplacedBy)}}
		if a.Status == acts.StatusSigned {
			n.Tone, n.Text = "attention", "Контрагент подписал этот акт, хотя вместо него уже сформирован исправленный: на одни услуги два акта. Оставьте один. "+
				"Если верен этот, аннулируйте исправленный на его странице (отправленный сначала отзовите). Если верен исправленный, предложите контрагенту аннулировать этот. "
		}
		list = append(list, n)
	}
	if a.Corrects != 0 {
		n := views.Banner{Tone: "neutral", TestID: "corrects", Text: "Исправленный акт вместо отклонённого. ", Link: views.Link{Text: "Открыть отклонённый акт", Href: at + web.ID(a.Corrects)}}
		switch {
		case a.Status == acts.StatusAnnulled:
			n.Text = "Это был исправленный акт. Новый исправленный формируют на странице отклонённого. "
		case details.Corrected == acts.StatusSigned:
			n.Tone, n.Link.Text = "attention", "Открыть прежний акт"
			n.Text = "Контрагент всё же подписал прежний акт, вместо которого сформирован этот: на одни услуги два акта. Оставьте один. " + keepOneOfTwo(a)
		}
		list = append(list, n)
	}
	for _, doc := range details.SignedEarlier {
		n := views.Banner{Tone: "attention", TestID: "standing-document", Text: "Прежний документ этого акта, который вернулся без подписи, всё же подписан в СБИС («" + doc.StateName +
			"»). Откройте его в кабинете и отзовите или предложите аннулировать: когда СБИС это подтвердит, запись исчезнет сама. "}
		if workflow.IsOperatorLink(doc.Link) {
			n.Link = views.Link{Text: "Открыть прежний документ в СБИС", Href: doc.Link, Out: true}
		}
		list = append(list, n)
	}
	if a.AnnulAfter != "" {
		list = append(list, views.Banner{Tone: "attention", TestID: "annul-after", Text: "Документ отзывается из СБИС, затем акт будет аннулирован: " + a.AnnulAfter})
	}
	if details.DealGone {
		list = append(list, views.Banner{Tone: "attention", TestID: "deal-gone", Text: "Сделка этого акта удалена в Битрикс24. Акт и документы сохранены, напоминания приостановлены." + leftWithoutDeal(a)})
	}
	if details.DealINN != "" && details.DealINN != a.Buyer.INN && a.CountsTowardDeal() && !details.DealGone {
		list = append(list, views.Banner{Tone: "attention", TestID: "other-buyer", Text: "В сделке теперь другой контрагент (ИНН " + details.DealINN + "), в акте прежний. Аннулируйте акт или верните контрагента в сделку."})
	}
	if a.ItemGone {
		list = append(list, views.Banner{Tone: "attention", TestID: "item-gone", Text: "Карточка этого акта удалена в CRM. Акт и документы сохранены. ",
			Buttons: []views.BannerButton{{Href: at + web.ID(a.ID) + "/item", Label: "Создать карточку заново", TestID: "item-gone-button"}}})
	}
	return append(list, letterBanners(details)...)
}

// keepOneOfTwo returns how a person keeps one of two acts when the counterparty has signed the corrected one after all; a is its correction.
func keepOneOfTwo(a acts.Act) string {
	keep := "Если верен этот, предложите контрагенту аннулировать прежний на его странице. "
	_, err := a.MayAnnul()
	switch {
	case err == nil:
		return "Если верен прежний, аннулируйте этот. " + keep
	case a.MayRecall() == nil:
		return "Если верен прежний, отзовите этот, затем аннулируйте. " + keep
	case a.MayPropose() == nil:
		return "Если верен прежний, предложите контрагенту аннулировать этот. " + keep
	}
	return "Что делать с этим, станет ясно, когда СБИС ответит. " + keep
}

// letterBanners returns the state of the last letter with the act.
func letterBanners(details store.ActDetails) []views.Banner {
	l := details.Letter
	switch {
	case l == nil:
	case l.State == store.LetterQueued:
		return []views.Banner{{Tone: "neutral", TestID: "letter-queued", Text: "Письмо на " + l.Address + " отправляется."}}
	case l.State == store.LetterFailed && details.Act.MaySend() == nil && !details.Act.SentAt.After(l.CreatedAt): // and not sent in another way since then
		return []views.Banner{{Tone: "problem", TestID: "letter-failed", Text: "Письмо на " + l.Address + " не ушло: " + l.Problem}}
	}
	return nil
}

// leftWithoutDeal returns what can still be done with an act whose deal was deleted.
func leftWithoutDeal(a acts.Act) string {
	switch {
	case a.Status == acts.StatusAnnulled, a.Replaced():
		return ""
	case a.Status == acts.StatusSigned:
		return " Акт подписан, больше ничего не нужно. Если сделку восстановили, у неё новый номер: перенесите акт в неё."
	case a.Status == acts.StatusDraft:
		return " Осталось перенести акт в другую сделку этого контрагента или аннулировать его."
	}
	return " Осталось дождаться ответа контрагента: он придёт или отмечается здесь. Акт можно перенести в другую сделку этого контрагента или аннулировать."
}
