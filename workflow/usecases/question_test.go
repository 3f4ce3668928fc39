package usecases_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/acts/letters"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

func TestQuestionGoesWhenBothAreThere(t *testing.T) {
	for name, draftFirst := range map[string]bool{"the draft, then the stage": true, "the stage, then the draft": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, deal := apptest.StartAsking(t)
			steps := []func(){func() { s.FormPaperAct(deal, "company") }, func() { s.ApproveDeal(deal) }}
			if !draftFirst {
				p, err := s.Manager.OpenDeal(deal) // makes the deal known
				s.Page(p, err, http.StatusOK)
				steps[0], steps[1] = steps[1], func() {
					s.Await("notified that there is no act", func() bool { return s.Notifications("сделка одобрена, а акта ещё нет") == 1 })
					s.FormPaperAct(deal, "company")
				}
			}
			for _, step := range steps {
				step()
			}
			s.Await("the letter", func() bool { return len(s.Portal.Letters()) == 1 })
			letter := s.Portal.Letters()[0]
			if letter.To[0] != "buh@client.ru" || !strings.Contains(letter.Body, s.AppURL+"/f/") {
				t.Errorf("letter to %v: %s", letter.To, letter.Body)
			}
			s.Await("the message on the tab", func() bool { return strings.Contains(s.ExchangeText(deal), "отправлено") })
			if err := s.Portal.Move(s.Portal.Manager(), bitrix24test.Deal, deal, "EXECUTING"); err != nil {
				t.Fatal(err)
			}
			s.ApproveDeal(deal)
			s.AwaitQuiet()
			if n := len(s.Portal.Letters()); n != 1 {
				t.Errorf("%d letters after the stage was entered again", n)
			}
		})
	}
}

func TestUnansweredQuestionIsNotifiedOnce(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	s.FormPaperAct(deal, "company")
	s.ApproveDeal(deal)
	s.Await("the letter", func() bool { return strings.Contains(s.ExchangeText(deal), "отправлено") })
	notified := func() int { return s.Notifications("Свяжитесь с контрагентом") }
	s.AdvanceTo(time.Now().AddDate(0, 0, 3).Add(-time.Hour))
	s.AwaitQuiet()
	if notified() != 0 {
		t.Fatal("notified too early")
	}
	s.AdvanceTo(time.Now().AddDate(0, 0, 3).Add(time.Minute))
	s.Await("the notification", func() bool { return notified() == 1 && s.Notifications("+7 495 123-45-67") == 1 })
	s.AdvanceTo(time.Now().AddDate(0, 0, 9))
	s.AwaitQuiet()
	if n := notified(); n != 1 {
		t.Errorf("notified %d times", n)
	}
}

func TestAnswerOfTheManagerDropsTheDeadline(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	act := s.FormPaperAct(deal, "company")
	s.ApproveDeal(deal)
	s.Await("the letter", func() bool { return strings.Contains(s.ExchangeText(deal), "отправлено") })
	box := apptest.BoxOf(1)
	answer := url.Values{"channel": {"edo"}, "participant": {" " + box + "\u200b "}}
	p, err := s.Manager.Post("/p/1/deals/1/answer", answer)
	s.Page(p, err, http.StatusOK)
	if facts := s.ActPage(act).Find(".facts").Text(); !strings.Contains(facts, box) || !strings.Contains(facts, "Электронный") {
		t.Errorf("the draft has not taken the answer: %s", facts)
	}
	s.Await("the deal and the company show it", func() bool {
		company := int64(s.Portal.Item(bitrix24test.Deal, deal)["companyId"].(float64))
		return s.CardField(bitrix24test.Deal, deal, "Participant") == box && strings.Contains(s.CardField(bitrix24test.Company, company, "Exchange"), "ЭДО")
	})
	s.AdvanceTo(time.Now().AddDate(0, 0, 5))
	s.AwaitQuiet()
	if n := s.Notifications("Свяжитесь с контрагентом"); n != 0 {
		t.Errorf("notified %d times although it was answered", n)
	}
}

// A person's edit of the deal's fields is an answer; native CRM forms fill the same fields.
func TestFieldsOfTheDealAreAnAnswer(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	act := s.FormPaperAct(deal, "company")
	s.ApproveDeal(deal)
	s.Await("the letter", func() bool { return strings.Contains(s.ExchangeText(deal), "отправлено") })
	box := apptest.BoxOf(7)
	if err := s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, deal, fields{"ufCrmDealActsParticipant": box}); err != nil {
		t.Fatal(err)
	}
	s.Await("the draft has it", func() bool { return strings.Contains(s.ActPage(act).Find(".facts").Text(), box) })
	if text := s.ExchangeText(deal); !strings.Contains(text, "получен ответ") || !strings.Contains(text, "из полей сделки") {
		t.Errorf("the tab: %s", text)
	}
}

func TestNowhereToSendTheQuestion(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "office@example.ru" })
	deal := s.Deal(1)
	s.FormPaperAct(deal, "company")
	s.ApproveDeal(deal)
	s.Await("the notification", func() bool {
		return s.Notifications("некуда отправить вопрос") == 1 && strings.Contains(s.ExchangeText(deal), "некуда отправить")
	})
	s.SetClientContacts(deal, "late@client.ru")
	s.Await("the letter by itself", func() bool { return len(s.Portal.Letters()) == 1 })
}

func TestQuestionByHand(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	p, err := s.Manager.OpenDeal(deal)
	s.Page(p, err, http.StatusOK)
	bad, err := s.Manager.Post("/p/1/deals/1/question", url.Values{"address": {"не адрес"}})
	if text := apptest.TestID(s.Page(bad, err, http.StatusUnprocessableEntity), "fault-address").Text(); text == "" {
		t.Error("no fault at the address")
	}
	s.RemoveEmail(s.Portal.Manager())
	p, err = s.Manager.Post("/p/1/deals/1/question", url.Values{"address": {"a@client.ru"}})
	s.Page(p, err, http.StatusOK)
	s.Await("the message about the missing mailbox", func() bool { return strings.Contains(s.ExchangeText(deal), "не подключена почта") })
	s.Portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "office@example.ru" })
	p, err = s.Manager.Post("/p/1/deals/1/question", url.Values{"address": {"a@client.ru"}})
	s.Page(p, err, http.StatusOK)
	s.Await("the letter", func() bool { return len(s.Portal.Letters()) == 1 })
	p, err = s.Manager.Post("/p/1/deals/1/question/link", nil)
	link, _ := apptest.TestID(s.Page(p, err, http.StatusOK), "question-link-value").Attr("value")
	if !strings.HasPrefix(link, s.AppURL+"/f/") {
		t.Errorf("link %q", link)
	}
	p, err = s.Manager.Post("/p/1/deals/1/question/withdraw", nil)
	if text := apptest.TestID(s.Page(p, err, http.StatusOK), "exchange").Text(); !strings.Contains(text, "запрос отменён") {
		t.Errorf("the tab: %s", text)
	}
}

// No reminder is sent for a question whose acts were completed meanwhile.
func TestSettledQuestionRemindsNobody(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	act := s.FormPaperAct(deal, "company")
	s.ApproveDeal(deal)
	s.Await("the letter", func() bool { return strings.Contains(s.ExchangeText(deal), "отправлено") })
	p, err := s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.PostAction(act+"/paper", url.Values{"channel": {"post"}}, "Акт направлен заявителю")
	s.AdvanceTo(time.Now().AddDate(0, 0, 3).Add(time.Minute))
	s.Await("the term is over", func() bool { return s.Count("answer_deadlines") == 0 })
	s.AwaitQuiet()
	if n := s.Notifications("Свяжитесь с контрагентом"); n != 0 {
		t.Errorf("notified %d times", n)
	}
}

// The letter of a question is shown before it is sent, may be changed, and is sent as it was typed. A mistake is shown at its field, and
// nothing typed is lost.
func TestQuestionAsTyped(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "office@example.ru" })
	deal := s.Deal(1)
	title, _ := s.Portal.Item(bitrix24test.Deal, deal)["title"].(string)
	p, err := s.Manager.OpenDeal(deal)
	tab := s.Page(p, err, http.StatusOK)
	subject, _ := apptest.TestID(tab, "ask-subject").Attr("value")
	text := apptest.TestID(tab, "ask-letter").Text()
	if !strings.Contains(text, letters.LinkMark) || !strings.Contains(text, "ООО «Исполнитель»") || subject == "" || title == "" || strings.Contains(text+subject, title) {
		t.Fatalf("the letter about %q is shown as %q: %q", title, subject, text)
	}
	form := func(subject, text string) url.Values {
		return url.Values{"address": {"buh@client.ru"}, "subject": {subject}, "text": {text}}
	}
	for field, f := range map[string]url.Values{"text": form("Акты за ноябрь", "Без ссылки"), "subject": form("", "Ответьте: {ссылка}")} {
		p, err = s.Manager.Post("/p/1/deals/1/question", f)
		page := s.Page(p, err, http.StatusUnprocessableEntity)
		typed, _ := apptest.TestID(page, "ask-subject").Attr("value")
		address, _ := apptest.TestID(page, "ask-address").Attr("value")
		_, open := apptest.TestID(page, "open-ask").Attr("open")
		if apptest.TestID(page, "fault-"+field).Text() == "" || typed != f.Get("subject") || apptest.TestID(page, "ask-letter").Text() != f.Get("text") || address != "buh@client.ru" || !open {
			t.Errorf("a mistake in the %s is shown as %s", field, apptest.TestID(page, "exchange").Text())
		}
	}
	p, err = s.Manager.Post("/p/1/deals/1/question", form("Акты за ноябрь", "Добрый день!\r\n\r\nОтветьте, <пожалуйста>: {ссылка}"))
	s.Page(p, err, http.StatusOK)
	s.Await("the letter", func() bool { return len(s.Portal.Letters()) == 1 })
	sent := s.Portal.Letters()[0]
	if sent.Subject != "Акты за ноябрь" || !strings.Contains(sent.Body, "<p>Добрый день!</p>") || !strings.Contains(sent.Body, "&lt;пожалуйста&gt;") ||
		!strings.Contains(sent.Body, `href="`+s.AppURL+"/f/") || strings.Contains(sent.Body, letters.LinkMark) {
		t.Errorf("%q is sent: %s", sent.Subject, sent.Body)
	}
}
