package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// asking returns a site whose portal has a mailbox and whose first deal has a counterparty with an address.
func asking(t *testing.T) (*site, int64) {
	t.Helper()
	s := start(t, 1)
	s.portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "ООО «Исполнитель» <office@example.ru>" })
	deal := s.deal(1)
	s.addressed(deal, "buh@client.ru")
	return s, deal
}

// addressed gives the company of a deal an e-mail address and a telephone.
func (s *site) addressed(deal int64, email string) {
	s.t.Helper()
	company := int64(s.portal.Item(bitrix24test.Deal, deal)["companyId"].(float64))
	fm := fields{"n0": fields{"typeId": "EMAIL", "valueType": "WORK", "value": email}, "n1": fields{"typeId": "PHONE", "valueType": "WORK", "value": "+7 495 123-45-67"}}
	if err := s.portal.Change(s.portal.Admin(), bitrix24test.Company, company, fields{"fm": fm}); err != nil {
		s.t.Fatal(err)
	}
}

// approve moves a deal to the stage at which its counterparty is asked.
func (s *site) approve(deal int64) {
	s.t.Helper()
	if err := s.portal.Move(s.portal.Manager(), bitrix24test.Deal, deal, "ACTS_2"); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) tab1(deal int64) string {
	p, err := s.manager.OpenDeal(deal)
	return testid(s.page(p, err, http.StatusOK), "exchange").Text()
}

func TestQuestionGoesWhenBothAreThere(t *testing.T) {
	for name, draftFirst := range map[string]bool{"the draft, then the stage": true, "the stage, then the draft": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, deal := asking(t)
			steps := []func(){func() { s.formPaper(deal, "company") }, func() { s.approve(deal) }}
			if !draftFirst {
				p, err := s.manager.OpenDeal(deal) // makes the deal known
				s.page(p, err, http.StatusOK)
				steps[0], steps[1] = steps[1], func() {
					s.await("notified that there is no act", func() bool { return s.notified("сделка одобрена, а акта ещё нет") == 1 })
					s.formPaper(deal, "company")
				}
			}
			for _, step := range steps {
				step()
			}
			s.await("the letter", func() bool { return len(s.portal.Letters()) == 1 })
			letter := s.portal.Letters()[0]
			if letter.To[0] != "buh@client.ru" || !strings.Contains(letter.Body, s.AppURL+"/f/") {
				t.Errorf("letter to %v: %s", letter.To, letter.Body)
			}
			s.await("the message on the tab", func() bool { return strings.Contains(s.tab1(deal), "отправлено") })
			if err := s.portal.Move(s.portal.Manager(), bitrix24test.Deal, deal, "EXECUTING"); err != nil {
				t.Fatal(err)
			}
			s.approve(deal)
			s.quietFor(3 * time.Second)
			if n := len(s.portal.Letters()); n != 1 {
				t.Errorf("%d letters after the stage was entered again", n)
			}
		})
	}
}

func TestSilenceIsToldOnce(t *testing.T) {
	t.Parallel()
	s, deal := asking(t)
	s.formPaper(deal, "company")
	s.approve(deal)
	s.await("the letter", func() bool { return strings.Contains(s.tab1(deal), "отправлено") })
	told := func() int { return s.notified("Свяжитесь с контрагентом") }
	s.pass(time.Now().AddDate(0, 0, 3).Add(-time.Hour))
	s.quietFor(2 * time.Second)
	if told() != 0 {
		t.Fatal("notified too early")
	}
	s.pass(time.Now().AddDate(0, 0, 3).Add(time.Minute))
	s.await("told", func() bool { return told() == 1 && s.notified("+7 495 123-45-67") == 1 })
	s.pass(time.Now().AddDate(0, 0, 9))
	s.quietFor(2 * time.Second)
	if n := told(); n != 1 {
		t.Errorf("notified %d times", n)
	}
}

func TestAnswerOfTheManagerEndsTheSilence(t *testing.T) {
	t.Parallel()
	s, deal := asking(t)
	act := s.formPaper(deal, "company")
	s.approve(deal)
	s.await("the letter", func() bool { return strings.Contains(s.tab1(deal), "отправлено") })
	box := apptest.BoxOf(1)
	answer := url.Values{"channel": {"edo"}, "participant": {" " + box + "\u200b "}}
	p, err := s.manager.Post("/p/1/deals/1/answer", answer)
	s.page(p, err, http.StatusOK)
	if facts := s.act(act).Find(".facts").Text(); !strings.Contains(facts, box) || !strings.Contains(facts, "Электронный") {
		t.Errorf("the draft has not taken the answer: %s", facts)
	}
	s.await("the deal and the company show it", func() bool {
		company := int64(s.portal.Item(bitrix24test.Deal, deal)["companyId"].(float64))
		return s.cardField(bitrix24test.Deal, deal, "Participant") == box && strings.Contains(s.cardField(bitrix24test.Company, company, "Exchange"), "ЭДО")
	})
	s.pass(time.Now().AddDate(0, 0, 5))
	s.quietFor(2 * time.Second)
	if n := s.notified("Свяжитесь с контрагентом"); n != 0 {
		t.Errorf("notified %d times although it was answered", n)
	}
}

// A person's edit of the deal's fields is an answer; native CRM forms fill the same fields.
func TestFieldsOfTheDealAreAnAnswer(t *testing.T) {
	t.Parallel()
	s, deal := asking(t)
	act := s.formPaper(deal, "company")
	s.approve(deal)
	s.await("the letter", func() bool { return strings.Contains(s.tab1(deal), "отправлено") })
	box := apptest.BoxOf(7)
	if err := s.portal.Change(s.portal.Manager(), bitrix24test.Deal, deal, fields{"ufCrmDealActsParticipant": box}); err != nil {
		t.Fatal(err)
	}
	s.await("the draft has it", func() bool { return strings.Contains(s.act(act).Find(".facts").Text(), box) })
	if text := s.tab1(deal); !strings.Contains(text, "получен ответ") || !strings.Contains(text, "из полей сделки") {
		t.Errorf("the tab: %s", text)
	}
}

func TestNowhereToSendTheQuestion(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "office@example.ru" })
	deal := s.deal(1)
	s.formPaper(deal, "company")
	s.approve(deal)
	s.await("told", func() bool {
		return s.notified("некуда отправить вопрос") == 1 && strings.Contains(s.tab1(deal), "некуда отправить")
	})
	s.addressed(deal, "late@client.ru")
	s.await("the letter by itself", func() bool { return len(s.portal.Letters()) == 1 })
}

func TestQuestionByHand(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	p, err := s.manager.OpenDeal(deal)
	s.page(p, err, http.StatusOK)
	bad, err := s.manager.Post("/p/1/deals/1/question", url.Values{"address": {"не адрес"}})
	if text := testid(s.page(bad, err, http.StatusUnprocessableEntity), "fault-address").Text(); text == "" {
		t.Error("no fault at the address")
	}
	s.withoutEmail(s.portal.Manager())
	p, err = s.manager.Post("/p/1/deals/1/question", url.Values{"address": {"a@client.ru"}})
	s.page(p, err, http.StatusOK)
	s.await("the message about the missing mailbox", func() bool { return strings.Contains(s.tab1(deal), "не подключена почта") })
	s.portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "office@example.ru" })
	p, err = s.manager.Post("/p/1/deals/1/question", url.Values{"address": {"a@client.ru"}})
	s.page(p, err, http.StatusOK)
	s.await("the letter", func() bool { return len(s.portal.Letters()) == 1 })
	p, err = s.manager.Post("/p/1/deals/1/question/link", nil)
	link, _ := testid(s.page(p, err, http.StatusOK), "question-link-value").Attr("value")
	if !strings.HasPrefix(link, s.AppURL+"/f/") {
		t.Errorf("link %q", link)
	}
	p, err = s.manager.Post("/p/1/deals/1/question/withdraw", nil)
	if text := testid(s.page(p, err, http.StatusOK), "exchange").Text(); !strings.Contains(text, "отозвано") {
		t.Errorf("the tab: %s", text)
	}
}

// No reminder is sent for a question whose acts were completed meanwhile.
func TestSettledQuestionRemindsNobody(t *testing.T) {
	t.Parallel()
	s, deal := asking(t)
	act := s.formPaper(deal, "company")
	s.approve(deal)
	s.await("the letter", func() bool { return strings.Contains(s.tab1(deal), "отправлено") })
	p, err := s.manager.Upload(act+"/files/ours", nil, scanned)
	s.page(p, err, http.StatusOK)
	s.does(act+"/paper", url.Values{"channel": {"post"}}, "Акт направлен заявителю")
	s.pass(time.Now().AddDate(0, 0, 3).Add(time.Minute))
	s.await("the term is over", func() bool { return s.count("silences") == 0 })
	s.quiet()
	if n := s.notified("Свяжитесь с контрагентом"); n != 0 {
		t.Errorf("notified %d times", n)
	}
}
