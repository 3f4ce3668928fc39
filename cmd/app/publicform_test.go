package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

var linkInLetter = regexp.MustCompile(`href="[^"]*(/f/[A-Za-z0-9_-]{43})"`)

// question approves the deal with a draft act and returns the path of the link in the letter that was sent.
func (s *site) question(deal int64) string {
	s.t.Helper()
	s.portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "acts@portal.example" })
	before := len(s.portal.Letters())
	item := s.portal.Item(bitrix24test.Deal, deal)
	company := int64(item["companyId"].(float64))
	mail := fields{"fm": []any{fields{"typeId": "EMAIL", "valueType": "WORK", "value": "buh@romashka.example"}}}
	if err := s.portal.Change(s.portal.Manager(), bitrix24test.Company, company, mail); err != nil {
		s.t.Fatal(err)
	}
	_, action, f := s.tab(deal)
	p, err := s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	if err := s.portal.Move(s.portal.Manager(), bitrix24test.Deal, deal, "ACTS_2"); err != nil {
		s.t.Fatal(err)
	}
	s.await("the letter", func() bool { return len(s.portal.Letters()) == before+1 })
	found := linkInLetter.FindStringSubmatch(s.portal.Letters()[before].Body)
	if found == nil {
		s.t.Fatalf("no link in %s", s.portal.Letters()[before].Body)
	}
	return found[1]
}

// counterparty returns a browser that is not logged in to the portal.
func (s *site) counterparty() *apptest.Visitor { return apptest.NewVisitor(s.portal, 0, s.AppURL) }

// edoAnswer returns the form of an answer through EDO.
func edoAnswer(id string, more ...string) url.Values {
	f := form("channel", "edo", "kind", "company", "participant", id)
	for i := 0; i+1 < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return f
}

// cardField returns a field of ours on the card of a deal or a company.
func (s *site) cardField(entityType int, id int64, name string) string {
	kind := map[int]string{bitrix24test.Deal: "Deal", bitrix24test.Company: "Company", bitrix24test.Contact: "Contact"}[entityType]
	text, _ := s.portal.Item(entityType, id)["ufCrm"+kind+"Acts"+name].(string)
	return text
}

// The answer is written to the draft act, the cards of the deal and the company, the timeline, and a
// notification of the responsible.
func TestAnswerReachesEverything(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	company := int64(s.portal.Item(bitrix24test.Deal, deal)["companyId"].(float64))
	path, who := s.question(deal), s.counterparty()
	p, err := who.Get(path)
	doc := s.page(p, err, http.StatusOK)
	if about := testid(doc, "about").Text(); !strings.Contains(about, "ООО «Исполнитель»") || !strings.Contains(about, "Участие в выставке") ||
		!strings.Contains(about, "ООО «Ко***»") || !strings.Contains(about, "7802****15") || strings.Contains(p.Body, "7802000015") || strings.Contains(p.Body, "Контрагент 1") {
		t.Errorf("the question: %s", about)
	}
	id := "2BM-7802000015-780201001-201501010101"
	p, err = who.Post(path, edoAnswer(" "+id+"\u200b ", "operator", "контур", "contact", "Анна", "phone", "+7 900 000-00-00",
		"comment", "Звоните [b]утром[/b]", "consent", acts.ConsentVersion))
	doc = s.page(p, err, http.StatusOK)
	if p.Path != path+"?ok=1" || !strings.Contains(testid(doc, "done").Text(), id) || strings.Contains(p.Body, "Анна") {
		t.Errorf("thanks at %s: %s", p.Path, testid(doc, "done").Text())
	}
	s.await("the deal's fields", func() bool {
		return s.cardField(bitrix24test.Deal, deal, "Participant") == id && s.cardField(bitrix24test.Deal, deal, "Operator") == "Диадок (Контур)" &&
			s.cardField(bitrix24test.Deal, deal, "Exchange") == "ЭДО: Диадок (Контур), "+id
	})
	s.await("the company's fields", func() bool { return s.cardField(bitrix24test.Company, company, "Participant") == id })
	s.await("the item of the act", func() bool {
		return s.item()[s.fieldNamed("Идентификатор ЭДО")] == id
	})
	s.await("the notification", func() bool {
		return s.notified("Контрагент ответил. ЭДО: Диадок (Контур), "+id) == 1
	})
	s.await("the line of the timeline", func() bool { return s.timeline("Контрагент ответил") == 1 })
	if s.timeline("[b]") != 0 || s.timeline("Анна, +7 900 000-00-00") != 1 {
		t.Errorf("the timeline: %v", s.portal.Timeline())
	}
}

func (s *site) timeline(words string) (n int) {
	for _, c := range s.portal.Timeline() {
		if strings.Contains(c.Text, words) {
			n++
		}
	}
	return n
}

// A second answer replaces the first, the history keeps both, and viewing the form changes nothing.
func TestSecondAnswerReplacesTheFirst(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	path, who := s.question(deal), s.counterparty()
	id := "2BE" + strings.Repeat("a", 32)
	for range 2 { // the form is submitted twice
		p, err := who.Post(path, edoAnswer(id))
		s.page(p, err, http.StatusOK)
	}
	s.await("the first answer", func() bool { return s.cardField(bitrix24test.Deal, deal, "Participant") == id })
	p, err := who.Get(path)
	if doc := s.page(p, err, http.StatusOK); !strings.Contains(testid(doc, "done").Text(), "можно изменить") {
		t.Errorf("after the answer: %s", testid(doc, "done").Text())
	} else if v, _ := doc.Find("#participant").Attr("value"); v != id {
		t.Errorf("to change the answer the id has to be typed again: %q", v)
	}
	p, err = who.Post(path, form("channel", "post", "kind", "company", "address", "190000, Санкт-Петербург, Невский пр., д. 1"))
	s.page(p, err, http.StatusOK)
	s.await("the second answer", func() bool {
		return strings.HasPrefix(s.cardField(bitrix24test.Deal, deal, "Exchange"), "На бумаге почтой: 190000") && s.cardField(bitrix24test.Deal, deal, "Participant") == ""
	})
	s.await("both in the timeline", func() bool {
		return s.timeline("Контрагент ответил. ЭДО") == 1 && s.timeline("Контрагент ответил. На бумаге почтой") == 1
	})
	if n := s.count("answers"); n != 2 {
		t.Errorf("%d answers are kept, want 2", n)
	}
	s.pass(s.clock.now().Add(time.Hour))
	if p, err = who.Get(path); err != nil || strings.Contains(p.Body, id) || strings.Contains(p.Body, "190000") {
		t.Errorf("an hour later the link still tells what was answered: %v", err)
	}
}

// The card is read while it shows the first answer, and the result arrives after the second: this does not
// count as a person's edit.
func TestStaleReadingIsNoAnswer(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	path, who := s.question(deal), s.counterparty()
	id := "2BE" + strings.Repeat("a", 32)
	p, err := who.Post(path, edoAnswer(id))
	s.page(p, err, http.StatusOK)
	s.await("the first answer", func() bool {
		return s.cardField(bitrix24test.Deal, deal, "Participant") == id && s.count("tasks WHERE kind = 'crm.exchange'") == 0
	})
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "batch", Kind: bitrix24test.Late, Delay: 500 * time.Millisecond, Count: 1}))
	opened := make(chan error, 1)
	go func() {
		_, err := s.manager.OpenDeal(deal)
		opened <- err
	}()
	time.Sleep(200 * time.Millisecond) // the card is being read now
	p, err = who.Post(path, form("channel", "post", "kind", "company", "address", "190000, Санкт-Петербург, Невский пр., д. 1"))
	s.page(p, err, http.StatusOK)
	s.must(<-opened)
	s.await("the second answer", func() bool {
		return strings.HasPrefix(s.cardField(bitrix24test.Deal, deal, "Exchange"), "На бумаге почтой") && s.count("tasks") == 0
	})
	if n := s.count("answers"); n != 2 {
		t.Errorf("%d answers are kept, want 2", n)
	}
}

// A counterparty that is asked again and gives the same answer has answered the new question too.
func TestAskedAnewAnswersTheSame(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	opened, err := s.manager.OpenDeal(s.deal(1))
	s.page(opened, err, http.StatusOK)
	for n := range 2 {
		shown, err := s.manager.Post("/p/1/deals/1/question/link", nil)
		link, _ := testid(s.page(shown, err, http.StatusOK), "question-link-value").Attr("value")
		p, err := s.counterparty().Post(strings.TrimPrefix(link, s.AppURL), edoAnswer(apptest.BoxOf(1)))
		if doc := s.page(p, err, http.StatusOK); testid(doc, "done").Length() != 1 {
			t.Errorf("question %d is not thanked for", n+1)
		}
		if n := s.count("questions WHERE answered_at IS NULL"); n != 0 {
			t.Errorf("%d questions wait for an answer", n)
		}
	}
}

// Viewing changes nothing; the first interaction, or without scripts the first submitted form, is recorded as the opening.
func TestOpeningOfTheForm(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	path, who := s.question(s.deal(1)), s.counterparty()
	opened := func() int { return s.count("questions WHERE opened_at IS NOT NULL") }
	for range 3 {
		p, err := who.Get(path)
		s.page(p, err, http.StatusOK)
	}
	if r, err := http.Head(s.AppURL + path); err != nil || r.StatusCode != http.StatusOK || opened() != 0 {
		t.Errorf("HEAD: %v, %v; opened %d", r.Status, err, opened())
	}
	if p, err := who.Post(path+"/opened", nil); err != nil || p.Status != http.StatusNoContent || opened() != 1 {
		t.Errorf("status %d, %v; opened %d, want 1", p.Status, err, opened())
	}
	second := s.question(s.deal(2))
	p, err := who.Post(second, form("channel", "edo"))
	s.page(p, err, http.StatusUnprocessableEntity)
	if opened() != 2 {
		t.Errorf("a form without scripts is no opening: %d", opened())
	}
}

// SBIS ids are offered as choices; typed values are kept.
func TestFindMyID(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	path, who := s.question(s.deal(1)), s.counterparty()
	p, err := who.Post(path, form("channel", "edo", "kind", "person", "contact", "Анна", "find", "1"))
	doc := s.page(p, err, http.StatusOK)
	box := testid(doc, "found").Find(`input[name="box"][checked]`)
	if v, _ := box.Attr("value"); v != apptest.BoxOf(1) || !strings.Contains(testid(doc, "found").Text(), "СБИС (Тензор)") {
		t.Errorf("found %q", testid(doc, "found").Text())
	}
	if v, _ := doc.Find("#contact").Attr("value"); v != "Анна" || doc.Find(`[name="kind"][value="person"][checked]`).Length() != 1 {
		t.Error("what was typed is lost")
	}
	p, err = who.Post(path, form("channel", "edo", "kind", "company", "box", apptest.BoxOf(1), "contact", "Анна"))
	doc = s.page(p, err, http.StatusUnprocessableEntity)
	if testid(doc, "fault-consent").Length() != 1 || testid(doc, "found").Find("input[checked]").Length() != 1 {
		t.Error("the choice is lost with a mistake elsewhere")
	}
	p, err = who.Post(path, form("channel", "edo", "kind", "company", "box", apptest.BoxOf(1), "participant", "чушь"))
	if doc = s.page(p, err, http.StatusOK); !strings.Contains(testid(doc, "done").Text(), apptest.BoxOf(1)) {
		t.Errorf("the picked id is not kept: %s", testid(doc, "done").Text())
	}
}

// An unusual id must be confirmed and is stored unchanged after the counterparty's confirmation.
func TestUnusualIDsAreAskedAgain(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	path, who := s.question(deal), s.counterparty()
	for typed, says := range map[string]string{"2BM-1": "2BM-ИНН-КПП-цифры", "2BE123": "32 знака", "'; DROP TABLE answers;--": "бывают только латинские", "": "Укажите идентификатор",
		"2ВМ–7802000015-780201001-201501010101": "русская буква «В»", strings.Repeat("2", 1000): "1000 знаков", "2BM\x00-1": "имя файла", "\xff\xfe": "Укажите"} {
		p, err := who.Post(path, edoAnswer(typed, "contact", "<b>Анна</b>", "consent", acts.ConsentVersion))
		doc := s.page(p, err, http.StatusUnprocessableEntity)
		if got := testid(doc, "fault-participant").Text(); !strings.Contains(got, says) || !strings.Contains(testid(doc, "mistakes").Text(), says) {
			t.Errorf("%q: %q; want %q", typed, got, says)
		}
		if v, _ := doc.Find("#contact").Attr("value"); v != "<b>Анна</b>" || doc.Find("#consent[checked]").Length() != 1 || doc.Find(`[value="edo"][checked]`).Length() != 1 {
			t.Error("what was typed is lost")
		}
		if by, _ := doc.Find("#participant").Attr("aria-describedby"); !strings.Contains(by, "fault-participant") {
			t.Error("the mistake does not belong to its field")
		}
	}
	id := "2ZZ-7802000015–1"
	p, err := who.Post(path, edoAnswer(id, "confirm", "2ZZ-7802000015-1"))
	doc := s.page(p, err, http.StatusUnprocessableEntity)
	token, _ := testid(doc, "confirm-participant").Attr("value")
	p, err = who.Post(path, edoAnswer(id, "confirm", token))
	if doc = s.page(p, err, http.StatusOK); !strings.Contains(testid(doc, "done").Text(), id) {
		t.Errorf("the confirmed id is not kept: %s", testid(doc, "done").Text())
	}
	s.await("the act has it", func() bool { return s.item()[s.fieldNamed("Идентификатор ЭДО")] == id })
}

// An id with another party's number must be confirmed, without revealing the counterparty's own number, and
// even then it is written to no act and no card before one of our employees has confirmed it.
func TestAnotherPartysIDIsForOurPeople(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	path, who := s.question(deal), s.counterparty()
	id := "2BE7707083893-770701001-201501010101"
	p, err := who.Post(path, edoAnswer(id))
	doc := s.page(p, err, http.StatusUnprocessableEntity)
	if text := testid(doc, "fault-participant").Text(); !strings.Contains(text, "внутри него ИНН 7707083893") || strings.Contains(p.Body, "7802000015") {
		t.Errorf("asked again: %q", text)
	}
	p, err = who.Post(path, edoAnswer(id, "confirm", id))
	s.page(p, err, http.StatusOK)
	s.await("the responsible is notified", func() bool {
		return s.notified("внутри него ИНН 7707083893, а в реквизитах ИНН 7802000015") == 1
	})
	s.await("the answer is reported", func() bool { return s.count("tasks WHERE kind = 'crm.exchange'") == 0 })
	if s.cardField(bitrix24test.Deal, deal, "Participant") == id || s.count("acts WHERE buyer ->> 'edo' = '"+id+"'") != 0 {
		t.Error("the id of another party was taken")
	}
	p, err = s.manager.Get(fmt.Sprintf("/p/1/deals/%d", deal))
	tab := s.page(p, err, http.StatusOK)
	token, _ := tab.Find(`.answer-form [data-testid="confirm-participant"]`).Attr("value")
	if v, _ := tab.Find(`.answer-form [name="participant"]`).Attr("value"); v != id || token == "" {
		t.Errorf("the tab offers %q without a doubt", v)
	}
	at := fmt.Sprintf("/p/1/deals/%d/answer", deal)
	p, err = s.manager.Post(at, edoAnswer(id))
	if tab = s.page(p, err, http.StatusUnprocessableEntity); !strings.Contains(testid(tab, "fault-participant").Text(), "внутри него ИНН") {
		t.Errorf("accepted without a confirmation: %s", tab.Find(".fault").Text())
	}
	p, err = s.manager.Post(at, edoAnswer(id, "confirm", token))
	s.page(p, err, http.StatusOK)
	s.await("the card shows it", func() bool { return s.cardField(bitrix24test.Deal, deal, "Participant") == id })
	act := s.count("acts WHERE buyer ->> 'edo' = '" + id + "' AND medium = 'electronic'")
	if p, err = s.manager.Post("/p/1/acts/1/send", nil); act != 1 || err != nil || p.Status != http.StatusOK {
		t.Errorf("%d acts have the confirmed id; handed over: %d %v", act, p.Status, err)
	}
}
