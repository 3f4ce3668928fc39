package handlers_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The answer is written to the draft act, the cards of the deal and the company, the timeline, and a
// notification of the responsible.
func TestAnswerReachesEverything(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	company := int64(s.Portal.Item(bitrix24test.Deal, deal)["companyId"].(float64))
	path, who := s.AskQuestion(deal), s.Counterparty()
	p, err := who.Get(path)
	doc := s.Page(p, err, http.StatusOK)
	if about := apptest.TestID(doc, "about").Text(); !strings.Contains(about, "ООО «Исполнитель»") || !strings.Contains(about, "Участие в выставке") ||
		!strings.Contains(about, "ООО «Ко***»") || !strings.Contains(about, "7802****15") || strings.Contains(p.Body, "7802000015") || strings.Contains(p.Body, "Контрагент 1") {
		t.Errorf("the question: %s", about)
	}
	id := "2BM-7802000015-780201001-201501010101"
	p, err = who.Post(path, apptest.EDOAnswer(" "+id+"\u200b ", "operator", "контур", "contact", "Анна", "phone", "+7 900 000-00-00",
		"comment", "Звоните [b]утром[/b]", "consent", acts.ConsentVersion))
	doc = s.Page(p, err, http.StatusOK)
	if p.Path != path+"?ok=1" || !strings.Contains(apptest.TestID(doc, "done").Text(), id) || strings.Contains(p.Body, "Анна") {
		t.Errorf("thanks at %s: %s", p.Path, apptest.TestID(doc, "done").Text())
	}
	s.Await("the deal's fields", func() bool {
		return s.CardField(bitrix24test.Deal, deal, "Participant") == id && s.CardField(bitrix24test.Deal, deal, "Operator") == "Диадок (Контур)" &&
			s.CardField(bitrix24test.Deal, deal, "Exchange") == "ЭДО: Диадок (Контур), "+id
	})
	s.Await("the company's fields", func() bool { return s.CardField(bitrix24test.Company, company, "Participant") == id })
	s.Await("the item of the act", func() bool {
		return s.Item()[s.ItemField("Идентификатор ЭДО")] == id
	})
	s.Await("the notification", func() bool {
		return s.Notifications("Контрагент ответил. ЭДО: Диадок (Контур), "+id) == 1
	})
	s.Await("the line of the timeline", func() bool { return s.TimelineEntries("Контрагент ответил") == 1 })
	if s.TimelineEntries("[b]") != 0 || s.TimelineEntries("Анна, +7 900 000-00-00") != 1 {
		t.Errorf("the timeline: %v", s.Portal.Timeline())
	}
}

// A second answer replaces the first, the history keeps both, and viewing the form changes nothing.
func TestSecondAnswerReplacesTheFirst(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	path, who := s.AskQuestion(deal), s.Counterparty()
	id := "2BE" + strings.Repeat("a", 32)
	for range 2 { // the form is submitted twice
		p, err := who.Post(path, apptest.EDOAnswer(id))
		s.Page(p, err, http.StatusOK)
	}
	s.Await("the first answer", func() bool { return s.CardField(bitrix24test.Deal, deal, "Participant") == id })
	p, err := who.Get(path)
	if doc := s.Page(p, err, http.StatusOK); !strings.Contains(apptest.TestID(doc, "done").Text(), "можно изменить") {
		t.Errorf("after the answer: %s", apptest.TestID(doc, "done").Text())
	} else if v, _ := doc.Find("#participant").Attr("value"); v != id {
		t.Errorf("to change the answer the id has to be typed again: %q", v)
	}
	p, err = who.Post(path, apptest.Form("channel", "post", "kind", "company", "address", "190000, Санкт-Петербург, Невский пр., д. 1"))
	s.Page(p, err, http.StatusOK)
	s.Await("the second answer", func() bool {
		return strings.HasPrefix(s.CardField(bitrix24test.Deal, deal, "Exchange"), "На бумаге почтой: 190000") && s.CardField(bitrix24test.Deal, deal, "Participant") == ""
	})
	s.Await("both in the timeline", func() bool {
		return s.TimelineEntries("Контрагент ответил. ЭДО") == 1 && s.TimelineEntries("Контрагент ответил. На бумаге почтой") == 1
	})
	if n := s.Count("answers"); n != 2 {
		t.Errorf("%d answers are kept, want 2", n)
	}
	s.AdvanceTo(s.Clock.Now().Add(time.Hour))
	if p, err = who.Get(path); err != nil || strings.Contains(p.Body, id) || strings.Contains(p.Body, "190000") {
		t.Errorf("an hour later the link still shows the answer: %v", err)
	}
}

// The card is read while it shows the first answer, and the result arrives after the second: this does not
// count as a person's edit.
func TestStaleReadingIsNoAnswer(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	path, who := s.AskQuestion(deal), s.Counterparty()
	id := "2BE" + strings.Repeat("a", 32)
	p, err := who.Post(path, apptest.EDOAnswer(id))
	s.Page(p, err, http.StatusOK)
	s.Await("the first answer", func() bool {
		return s.CardField(bitrix24test.Deal, deal, "Participant") == id && s.Count("tasks WHERE kind = 'crm.exchange'") == 0
	})
	s.AwaitQuiet()
	read := make(chan struct{})
	s.Portal.Configure(func(c *bitrix24test.Config) {
		once := sync.OnceFunc(func() { close(read) })
		c.OnCall = func(stage, _ string) {
			if stage == "after" {
				once()
			}
		}
	})
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "batch", Kind: bitrix24test.FaultLate, Delay: time.Second, Count: 1}))
	opened := make(chan error, 1)
	go func() {
		_, err := s.Manager.OpenDeal(deal)
		opened <- err
	}()
	<-read
	p, err = who.Post(path, apptest.Form("channel", "post", "kind", "company", "address", "190000, Санкт-Петербург, Невский пр., д. 1"))
	s.Page(p, err, http.StatusOK)
	s.Must(<-opened)
	s.Await("the second answer", func() bool {
		return strings.HasPrefix(s.CardField(bitrix24test.Deal, deal, "Exchange"), "На бумаге почтой") && s.Count("tasks") == 0
	})
	if n := s.Count("answers"); n != 2 {
		t.Errorf("%d answers are kept, want 2", n)
	}
}

// A counterparty that is asked again and gives the same answer has answered the new question too.
func TestRepeatedRequestGetsTheSameAnswer(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	opened, err := s.Manager.OpenDeal(s.Deal(1))
	s.Page(opened, err, http.StatusOK)
	for n := range 2 {
		shown, err := s.Manager.Post("/p/1/deals/1/question/link", nil)
		link, _ := apptest.TestID(s.Page(shown, err, http.StatusOK), "question-link-value").Attr("value")
		p, err := s.Counterparty().Post(strings.TrimPrefix(link, s.AppURL), apptest.EDOAnswer(apptest.BoxOf(1)))
		if doc := s.Page(p, err, http.StatusOK); apptest.TestID(doc, "done").Length() != 1 {
			t.Errorf("question %d is not thanked for", n+1)
		}
		if n := s.Count("questions WHERE answered_at IS NULL"); n != 0 {
			t.Errorf("%d questions wait for an answer", n)
		}
	}
}

// Viewing changes nothing; the first interaction, or without scripts the first submitted form, is recorded as the opening.
func TestOpeningOfTheForm(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	path, who := s.AskQuestion(s.Deal(1)), s.Counterparty()
	opened := func() int { return s.Count("questions WHERE opened_at IS NOT NULL") }
	for range 3 {
		p, err := who.Get(path)
		s.Page(p, err, http.StatusOK)
	}
	if r, err := http.Head(s.AppURL + path); err != nil || r.StatusCode != http.StatusOK || opened() != 0 {
		t.Errorf("HEAD: %v, %v; opened %d", r.Status, err, opened())
	}
	if p, err := who.Post(path+"/opened", nil); err != nil || p.Status != http.StatusNoContent || opened() != 1 {
		t.Errorf("status %d, %v; opened %d, want 1", p.Status, err, opened())
	}
	second := s.AskQuestion(s.Deal(2))
	p, err := who.Post(second, apptest.Form("channel", "edo"))
	s.Page(p, err, http.StatusUnprocessableEntity)
	if opened() != 2 {
		t.Errorf("a form without scripts is no opening: %d", opened())
	}
}

// SBIS ids are offered as choices; typed values are kept.
func TestFindMyID(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	path, who := s.AskQuestion(s.Deal(1)), s.Counterparty()
	p, err := who.Post(path, apptest.Form("channel", "edo", "kind", "person", "contact", "Анна", "find", "1"))
	doc := s.Page(p, err, http.StatusOK)
	box := apptest.TestID(doc, "found").Find(`input[name="box"][checked]`)
	if v, _ := box.Attr("value"); v != apptest.BoxOf(1) || !strings.Contains(apptest.TestID(doc, "found").Text(), "СБИС (Тензор)") {
		t.Errorf("found %q", apptest.TestID(doc, "found").Text())
	}
	if v, _ := doc.Find("#contact").Attr("value"); v != "Анна" || doc.Find(`[name="kind"][value="person"][checked]`).Length() != 1 {
		t.Error("what was typed is lost")
	}
	p, err = who.Post(path, apptest.Form("channel", "edo", "kind", "company", "box", apptest.BoxOf(1), "contact", "Анна"))
	doc = s.Page(p, err, http.StatusUnprocessableEntity)
	if apptest.TestID(doc, "fault-consent").Length() != 1 || apptest.TestID(doc, "found").Find("input[checked]").Length() != 1 {
		t.Error("the choice is lost with a mistake elsewhere")
	}
	p, err = who.Post(path, apptest.Form("channel", "edo", "kind", "company", "box", apptest.BoxOf(1), "participant", "чушь"))
	if doc = s.Page(p, err, http.StatusOK); !strings.Contains(apptest.TestID(doc, "done").Text(), apptest.BoxOf(1)) {
		t.Errorf("the picked id is not kept: %s", apptest.TestID(doc, "done").Text())
	}
}

// An unusual id must be confirmed and is stored unchanged after the counterparty's confirmation.
func TestUnusualIDsAreAskedAgain(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	path, who := s.AskQuestion(deal), s.Counterparty()
	for typed, message := range map[string]string{"2BM-1": "2BM-ИНН-КПП-цифры", "2BE123": "32 символа", "'; DROP TABLE answers;--": "бывают только латинские", "": "Укажите идентификатор",
		"2ВМ–7802000015-780201001-201501010101": "русская буква «В»", strings.Repeat("2", 1000): "1000 знаков", "2BM\x00-1": "имя файла", "\xff\xfe": "Укажите"} {
		p, err := who.Post(path, apptest.EDOAnswer(typed, "contact", "<b>Анна</b>", "consent", acts.ConsentVersion))
		doc := s.Page(p, err, http.StatusUnprocessableEntity)
		if got := apptest.TestID(doc, "fault-participant").Text(); !strings.Contains(got, message) || !strings.Contains(apptest.TestID(doc, "mistakes").Text(), message) {
			t.Errorf("%q: %q; want %q", typed, got, message)
		}
		if v, _ := doc.Find("#contact").Attr("value"); v != "<b>Анна</b>" || doc.Find("#consent[checked]").Length() != 1 || doc.Find(`[value="edo"][checked]`).Length() != 1 {
			t.Error("what was typed is lost")
		}
		if by, _ := doc.Find("#participant").Attr("aria-describedby"); !strings.Contains(by, "fault-participant") {
			t.Error("the mistake does not belong to its field")
		}
	}
	id := "2ZZ-7802000015–1"
	p, err := who.Post(path, apptest.EDOAnswer(id, "confirm", "2ZZ-7802000015-1"))
	doc := s.Page(p, err, http.StatusUnprocessableEntity)
	token, _ := apptest.TestID(doc, "confirm-participant").Attr("value")
	p, err = who.Post(path, apptest.EDOAnswer(id, "confirm", token))
	if doc = s.Page(p, err, http.StatusOK); !strings.Contains(apptest.TestID(doc, "done").Text(), id) {
		t.Errorf("the confirmed id is not kept: %s", apptest.TestID(doc, "done").Text())
	}
	s.Await("the act has it", func() bool { return s.Item()[s.ItemField("Идентификатор ЭДО")] == id })
}

// An id with another party's number must be confirmed, without revealing the counterparty's own number, and
// even then it is written to no act and no card before one of our employees has confirmed it.
func TestAnotherPartysIDIsForOurPeople(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	path, who := s.AskQuestion(deal), s.Counterparty()
	id := "2BE7707083893-770701001-201501010101"
	p, err := who.Post(path, apptest.EDOAnswer(id))
	doc := s.Page(p, err, http.StatusUnprocessableEntity)
	if text := apptest.TestID(doc, "fault-participant").Text(); !strings.Contains(text, "внутри него ИНН 7707083893") || strings.Contains(p.Body, "7802000015") {
		t.Errorf("asked again: %q", text)
	}
	p, err = who.Post(path, apptest.EDOAnswer(id, "confirm", id))
	s.Page(p, err, http.StatusOK)
	s.Await("the responsible is notified", func() bool {
		return s.Notifications("внутри него ИНН 7707083893, а в реквизитах ИНН 7802000015") == 1
	})
	s.Await("the answer is reported", func() bool { return s.Count("tasks WHERE kind = 'crm.exchange'") == 0 })
	if s.CardField(bitrix24test.Deal, deal, "Participant") == id || s.Count("acts WHERE buyer ->> 'edo' = '"+id+"'") != 0 {
		t.Error("the id of another party was taken")
	}
	p, err = s.Manager.Get(fmt.Sprintf("/p/1/deals/%d", deal))
	tab := s.Page(p, err, http.StatusOK)
	token, _ := tab.Find(`.answer-form [data-testid="confirm-participant"]`).Attr("value")
	if v, _ := tab.Find(`.answer-form [name="participant"]`).Attr("value"); v != id || token == "" {
		t.Errorf("the tab offers %q with the confirmation %q; want the id and a confirmation", v, token)
	}
	at := fmt.Sprintf("/p/1/deals/%d/answer", deal)
	p, err = s.Manager.Post(at, apptest.EDOAnswer(id))
	if tab = s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(tab, "fault-participant").Text(), "внутри него ИНН") {
		t.Errorf("accepted without a confirmation: %s", tab.Find(".fault").Text())
	}
	p, err = s.Manager.Post(at, apptest.EDOAnswer(id, "confirm", token))
	s.Page(p, err, http.StatusOK)
	s.Await("the card shows it", func() bool { return s.CardField(bitrix24test.Deal, deal, "Participant") == id })
	act := s.Count("acts WHERE buyer ->> 'edo' = '" + id + "' AND medium = 'electronic'")
	if p, err = s.Manager.Post("/p/1/acts/1/send", nil); act != 1 || err != nil || p.Status != http.StatusOK {
		t.Errorf("%d acts have the confirmed id; handed over: %d %v", act, p.Status, err)
	}
}
