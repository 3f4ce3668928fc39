package usecases_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/acts/letters"
	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// remindCounterparty has the portal write to counterparties on the given working days.
func remindCounterparty(s *apptest.Site, days string) {
	s.T.Helper()
	admin := s.AdminAtMenu()
	p, err := admin.Get("/p/1/settings/days")
	doc := s.Page(p, err, http.StatusOK)
	f := apptest.Form("letters", days)
	for _, name := range []string{"unsigned", "our-signature", "invitation", "again", "accepted", "annulment"} {
		f.Set(name, doc.Find(`[name="`+name+`"]`).AttrOr("value", ""))
	}
	p, err = admin.Post("/p/1/settings/days", f)
	s.Page(p, err, http.StatusOK)
}

// The counterparty gets a letter on each chosen working day, not a minute earlier, and none after an answer.
func TestCounterpartyIsReminded(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	remindCounterparty(s, "2, 4, 6")
	s.SetClientContacts(s.Deal(1), "buh@zakazchik.example")
	act := s.SendPaperAct(s.Deal(1))
	s.Await("the address in our copy", func() bool { return s.Count("deals WHERE email = 'buh@zakazchik.example'") > 0 })
	first, second := s.ReminderDue(2), s.ReminderDue(4)
	s.AdvanceTo(first.Add(-time.Minute))
	s.AwaitQuiet()
	if n := len(s.Portal.Letters()); n != 0 {
		t.Fatalf("%d letters a minute early", n)
	}
	s.AdvanceTo(first.Add(time.Minute))
	s.Await("the first letter", func() bool { return len(s.Portal.Letters()) == 1 })
	letter := s.Portal.Letters()[0]
	if letter.To[0] != "buh@zakazchik.example" || len(letter.Files) != 1 || !strings.Contains(letter.Subject, "Ждёт подписи: акт № 1 от ") {
		t.Errorf("the letter «%s» to %v has %d files", letter.Subject, letter.To, len(letter.Files))
	}
	s.Await("the letter in the history", func() bool {
		return strings.Contains(apptest.TestID(s.ActPage(act), "history").Text(), "Напоминание контрагенту ушло на buh@zakazchik.example")
	})
	s.AdvanceTo(second.Add(time.Minute))
	s.Await("the second letter", func() bool { return len(s.Portal.Letters()) == 2 })
	p, err := s.Manager.Upload(act+"/files/theirs", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.AdvanceTo(s.ReminderDue(10).Add(time.Minute))
	s.AwaitQuiet()
	if n := len(s.Portal.Letters()); n != 2 {
		t.Errorf("%d letters after the answer", n)
	}
	if n := s.Count("reminders WHERE kind = 'counterparty' AND closed_at IS NULL"); n != 0 {
		t.Errorf("%d open reminders after the answer", n)
	}
}

// Without an address the responsible is notified, once for each letter that could not be sent; without the setting no letters are sent.
func TestCounterpartyWithoutAnAddress(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SendPaperAct(s.Deal(2))
	remindCounterparty(s, "1")
	s.Exec(`UPDATE deals SET email = ''; UPDATE acts SET buyer = buyer - 'email'`)
	act := s.SendPaperAct(s.Deal(1))
	s.Exec(`UPDATE deals SET email = ''; UPDATE acts SET buyer = buyer - 'email'`)
	s.AdvanceTo(s.ReminderDue(1).Add(time.Minute))
	s.Await("the history", func() bool {
		return strings.Contains(apptest.TestID(s.ActPage(act), "history").Text(), "Контрагенту не напомнили: в карточке клиента нет e-mail")
	})
	s.Await("the notification", func() bool { return s.Notifications("Контрагенту не напомнили") == 1 })
	s.AwaitQuiet()
	if n := len(s.Portal.Letters()); n != 0 {
		t.Errorf("%d letters", n)
	}
}

// A person reminds of an electronic act: the letter names where the document waits and has the print form; for a signed act no letter is
// sent.
func TestPersonRemindsTheCounterparty(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	tab := s.HandOver(s.Deal(1))
	s.Await("the document", func() bool { return s.WaitsForOurSignature(tab) })
	act, document := "/p/1/acts/1", s.LastDocument()
	if p, err := s.Manager.Post(act+"/remind-counterparty", apptest.Form("address", "buh@zakazchik.example")); err != nil || p.Status != http.StatusConflict {
		t.Errorf("an act that was not sent: %d %v", p.Status, err)
	}
	s.MoveDocument(document.ID, sbistest.MoveSignByUs)
	s.Await("the act sent", func() bool {
		return apptest.ActStatus(s.ActPage(act)) == "Акт направлен заявителю"
	})
	preview := apptest.TestID(s.ActPage(act), "letter-preview").Text()
	if !strings.Contains(preview, "Документ ждёт вашей подписи в системе «СБИС") || !strings.Contains(preview, "идентификатор участника 2BE") {
		t.Errorf("the preview reads %s", preview)
	}
	p, err := s.Manager.Post(act+"/remind-counterparty", apptest.Form("address", "не адрес"))
	s.Page(p, err, http.StatusUnprocessableEntity)
	for _, text := range []string{" ", "Подпишите акт\x07"} {
		p, err = s.Manager.Post(act+"/remind-counterparty", apptest.Form("address", "buh@zakazchik.example", "text", text))
		if fault := apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "fault-text").Text(); fault == "" || len(s.Portal.Letters()) != 0 {
			t.Errorf("a letter with the text %q is sent or has no message at its field: %s", text, fault)
		}
	}
	p, err = s.Manager.Post(act+"/remind-counterparty", apptest.Form("address", "buh@zakazchik.example"))
	s.Page(p, err, http.StatusOK)
	s.Await("the letter", func() bool { return len(s.Portal.Letters()) == 1 })
	if letter := s.Portal.Letters()[0]; len(letter.Files) != 1 || letter.To[0] != "buh@zakazchik.example" {
		t.Errorf("the letter to %v has %d files", letter.To, len(letter.Files))
	}
	s.MoveDocument(document.ID, sbistest.MoveSignByCounterparty)
	s.Await("the act signed", func() bool { return apptest.ActStatus(s.ActPage(act)) == "Акт получен и подписан" })
	if apptest.TestID(s.ActPage(act), "remind-counterparty").Length() != 0 {
		t.Error("a signed act offers a reminder")
	}
}

// sentElectronicAct hands the act of the first deal over, has us sign it, and returns its page and its document.
func sentElectronicAct(s *apptest.Site) (act, document string) {
	s.T.Helper()
	tab := s.HandOver(s.Deal(1))
	s.Await("the document", func() bool { return s.WaitsForOurSignature(tab) })
	act, document = "/p/1/acts/1", s.LastDocument().ID
	s.MoveDocument(document, sbistest.MoveSignByUs)
	s.Await("the act sent", func() bool {
		return apptest.ActStatus(s.ActPage(act)) == "Акт направлен заявителю"
	})
	return act, document
}

// Where both parties use SBIS, the letter has the link for the counterparty, which is read when the letter is sent and not stored. Without an
// answer of SBIS the letter goes out with the place of the document.
func TestReminderOpensTheDocument(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act, document := sentElectronicAct(s)
	if preview := apptest.TestID(s.ActPage(act), "letter-preview").Text(); !strings.Contains(preview, "Открыть документ: "+letters.LinkMark) {
		t.Errorf("the preview reads %s", preview)
	}
	remind := func(n int) string {
		t.Helper()
		p, err := s.Manager.Post(act+"/remind-counterparty", apptest.Form("address", "buh@zakazchik.example"))
		s.Page(p, err, http.StatusOK)
		s.Await("the letter", func() bool { return len(s.Portal.Letters()) == n })
		s.AwaitQuiet()
		return s.Portal.Letters()[n-1].Body
	}
	if body := remind(1); !strings.Contains(body, "guid="+document+"&amp;side=counterparty\">") || strings.Contains(body, letters.LinkMark) {
		t.Errorf("the letter reads %s", body)
	}
	if n := s.Count("letters WHERE body LIKE '%side=counterparty%'"); n != 0 {
		t.Error("the link of SBIS is stored")
	}
	s.Must(s.SBIS.Fault(sbistest.Fault{Method: "СБИС.ПрочитатьДокумент", Kind: sbistest.FaultUnavailable}))
	if body := remind(2); !strings.Contains(body, "Открыть документ: в вашем кабинете СБИС") || strings.Contains(body, "side=counterparty") {
		t.Errorf("the letter without an answer of SBIS reads %s", body)
	}
}

// The counterparty has signed in SBIS, but the list of changes has not reported it yet: no letter asks for its signature.
func TestReminderIsDropped(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act, document := sentElectronicAct(s)
	s.Must(s.SBIS.Fault(sbistest.Fault{Method: "СБИС.СписокИзменений", Kind: sbistest.FaultRefuse}))
	s.MoveDocument(document, sbistest.MoveSignByCounterparty)
	p, err := s.Manager.Post(act+"/remind-counterparty", apptest.Form("address", "buh@zakazchik.example"))
	s.Page(p, err, http.StatusOK)
	s.Await("the history", func() bool {
		return strings.Contains(apptest.TestID(s.ActPage(act), "history").Text(), "Напоминание на buh@zakazchik.example не отправлено: контрагент уже ответил")
	})
	if n := len(s.Portal.Letters()); n != 0 {
		t.Errorf("%d letters to a counterparty that has signed", n)
	}
	s.SBIS.ClearFaults()
	s.Await("the act signed", func() bool { return apptest.ActStatus(s.ActPage(act)) == "Акт получен и подписан" })
}

// A letter whose moment we missed does not go out at night or on a day off, and none asks to sign what we take back.
func TestReminderWaitsForTheDay(t *testing.T) {
	t.Parallel()
	s := apptest.StartAt(t, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), 1) // Monday, noon in Moscow
	remindCounterparty(s, "2")
	s.SetClientContacts(s.Deal(1), "buh@zakazchik.example")
	act, document := sentElectronicAct(s)
	s.Await("the address in our copy", func() bool { return s.Count("deals WHERE email = 'buh@zakazchik.example'") > 0 })
	s.AwaitQuiet()
	noLetter := func(at time.Time) {
		t.Helper()
		s.AdvanceTo(at)
		s.Await("the reminder postponed", func() bool {
			return s.Count("reminders WHERE kind = 'counterparty' AND sent_at IS NULL AND closed_at IS NULL AND due_at > '"+at.Format(time.RFC3339)+"'") == 1
		})
		s.AwaitQuiet()
		if n := len(s.Portal.Letters()); n != 0 {
			t.Errorf("%d letters at %s", n, at)
		}
	}
	noLetter(time.Date(2026, 11, 27, 20, 30, 0, 0, time.UTC)) // Friday night: it was due on Thursday morning
	noLetter(time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC))   // Saturday noon
	p, err := s.Manager.Post(act+"/annulment", apptest.Form("step", "recall", "reason", "Не тот период"))
	s.Page(p, err, http.StatusOK)
	s.Await("the recall left to a person", func() bool {
		return strings.Contains(apptest.Text(s.ActPage(act), "annulment-state"), "нажмите «Аннулировать»")
	})
	if apptest.TestID(s.ActPage(act), "remind-counterparty").Length() != 0 {
		t.Error("a document that is recalled offers a reminder")
	}
	noLetter(time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)) // Monday
	p, err = s.Manager.Post(act+"/annulment", apptest.Form("step", "forget"))
	s.Page(p, err, http.StatusOK)
	s.AdvanceTo(time.Date(2026, 12, 1, 7, 0, 0, 0, time.UTC))
	s.Await("the letter", func() bool { return len(s.Portal.Letters()) == 1 })
	letter := s.Portal.Letters()[0]
	for _, want := range []string{"в системе «СБИС (Тензор)», идентификатор участника 2BE", "guid=" + document + "&amp;side=counterparty"} {
		if !strings.Contains(letter.Body, want) {
			t.Errorf("the letter lacks %q: %s", want, letter.Body)
		}
	}
	if len(letter.Files) != 1 || !strings.HasSuffix(letter.Files[0].Name, ".pdf") {
		t.Errorf("the letter has the files %+v, want the print form", letter.Files)
	}
}
