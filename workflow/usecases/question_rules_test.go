package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/acts/letters"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// saveQuestionRules saves the settings of the question through the administrator's form.
func saveQuestionRules(s *apptest.Site, change url.Values) {
	s.T.Helper()
	admin := apptest.NewVisitor(s.Portal, s.Portal.Admin(), s.AppURL)
	opened, err := admin.OpenDeal(s.Deal(1))
	s.Page(opened, err, http.StatusOK)
	f := apptest.Form("automatic", "1", "days", "3", "valid", "30", "subject", letters.DefaultSubject, "body", letters.DefaultBody)
	for name, values := range change {
		f[name] = values
	}
	p, err := admin.Post("/p/1/settings/question", f)
	s.Page(p, err, http.StatusOK)
}

// sameBuyer adds another deal with the counterparty of a deal.
func sameBuyer(s *apptest.Site, deal int64) int64 {
	s.T.Helper()
	made, err := s.Portal.Create(s.Portal.Manager(), bitrix24test.Deal, fields{"title": "Ещё одна сделка", "companyId": s.Portal.Item(bitrix24test.Deal, deal)["companyId"],
		"categoryId": 0, "stageId": "EXECUTING", "assignedById": s.Portal.Manager(), "currencyId": "RUB", "opportunity": 500})
	if err != nil {
		s.T.Fatal(err)
	}
	return made
}

func TestCompanyIsAskedOnce(t *testing.T) {
	t.Parallel()
	s, first := apptest.StartAsking(t)
	saveQuestionRules(s, apptest.Form("once", "1"))
	s.FormPaperAct(first, "company")
	s.ApproveDeal(first)
	s.Await("the letter", func() bool { return len(s.Portal.Letters()) == 1 })
	p, err := s.Manager.Post(fmt.Sprintf("/p/1/deals/%d/answer", first), apptest.Form("channel", "email", "email", "acts@client.ru"))
	s.Page(p, err, http.StatusOK)

	next := sameBuyer(s, first)
	opened, err := s.Manager.OpenDeal(next)
	doc := s.Page(opened, err, http.StatusOK)
	if text := apptest.TestID(doc, "exchange").Text(); !strings.Contains(text, "В прошлой сделке контрагент выбрал: На бумаге по e-mail") {
		t.Errorf("the stored answer is not shown: %s", text)
	}
	action, f := apptest.ActForm(doc)
	if f.Get("type") != "paper-company" || f.Get("channel") != "email" {
		t.Errorf("the form proposes %s by %s", f.Get("type"), f.Get("channel"))
	}
	formed, err := s.Manager.Post(action, f)
	s.Page(formed, err, http.StatusOK)
	s.ApproveDeal(next)
	s.AwaitQuiet()
	if n := len(s.Portal.Letters()); n != 1 {
		t.Errorf("%d letters to a company that has answered", n)
	}
	p, err = s.Manager.Post(fmt.Sprintf("/p/1/deals/%d/question", next), apptest.Form("address", "buh@client.ru"))
	s.Page(p, err, http.StatusOK)
	s.Await("asked again manually", func() bool { return len(s.Portal.Letters()) == 2 })
}

func TestEveryDealIsAskedUnlessSetOtherwise(t *testing.T) {
	t.Parallel()
	s, first := apptest.StartAsking(t)
	next := sameBuyer(s, first)
	for n, deal := range []int64{first, next} {
		s.FormPaperAct(deal, "company")
		s.ApproveDeal(deal)
		s.Await("a letter for each deal", func() bool { return len(s.Portal.Letters()) == n+1 })
	}
	saveQuestionRules(s, url.Values{"automatic": nil})
	third := sameBuyer(s, first)
	s.FormPaperAct(third, "company")
	s.ApproveDeal(third)
	s.AwaitQuiet()
	if n := len(s.Portal.Letters()); n != 2 {
		t.Errorf("%d letters although letters are off", n)
	}
}

func TestAnswerHandsTheActOver(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	saveQuestionRules(s, apptest.Form("hand-over", "1"))
	act := s.FormPaperAct(deal, "company")
	s.ApproveDeal(deal)
	s.Await("the letter", func() bool { return len(s.Portal.Letters()) == 1 })
	link := apptest.LinkInLetter.FindStringSubmatch(s.Portal.Letters()[0].Body)[1]
	if len(s.Documents()) != 0 {
		t.Fatal("handed over before the answer")
	}
	p, err := s.Counterparty().Post(link, apptest.Form("channel", "edo", "kind", "company", "participant", apptest.BoxOf(1)))
	s.Page(p, err, http.StatusOK)
	s.Await("at SBIS", func() bool { return len(s.Documents()) == 1 })
	if facts := s.ActPage(act).Find(".facts").Text(); !strings.Contains(facts, "Электронный") {
		t.Errorf("the act: %s", facts)
	}
}

// An answer that contradicts an act already at SBIS changes nothing there: the manager sees the difference and what he can
// do.
func TestAnswerAgainstAnActUnderWay(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	s.HandOver(deal)
	s.Await("at SBIS", func() bool { return len(s.Documents()) == 1 })
	p, err := s.Manager.Post("/p/1/deals/1/question/link", nil)
	link, _ := apptest.TestID(s.Page(p, err, http.StatusOK), "question-link-value").Attr("value")
	p, err = s.Counterparty().Post(strings.TrimPrefix(link, s.AppURL), apptest.Form("channel", "post", "kind", "company", "address", "190000, Санкт-Петербург, а/я 1"))
	s.Page(p, err, http.StatusOK)
	s.Await("the notification of the manager", func() bool { return s.Notifications("Сам акт не изменён") == 1 })
	if n := len(s.Documents()); n != 1 {
		t.Errorf("%d documents", n)
	}
}

func TestNativeFormInsteadOfOurs(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	saveQuestionRules(s, apptest.Form("native", "https://portal.example/pub/form/7", "field-participant", "COMMENTS"))
	act := s.FormPaperAct(deal, "company")
	s.ApproveDeal(deal)
	s.Await("the letter", func() bool { return len(s.Portal.Letters()) == 1 })
	if body := s.Portal.Letters()[0].Body; !strings.Contains(body, "https://portal.example/pub/form/7") || strings.Contains(body, "/f/") {
		t.Errorf("the letter: %s", body)
	}
	if err := s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, deal, fields{"comments": apptest.BoxOf(5)}); err != nil {
		t.Fatal(err)
	}
	s.Await("the draft has it", func() bool { return strings.Contains(s.ActPage(act).Find(".facts").Text(), apptest.BoxOf(5)) })
}

// A counterparty that chose EDO and is unknown to SBIS is invited once; two reminders follow while it does not connect.
func TestUnknownCounterpartyIsInvited(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	known := apptest.CounterpartyOf(1)
	known.Connected, known.BoxID, known.Boxes = false, "", nil
	s.SBIS.AddCounterparty(known)
	s.FormPaperAct(deal, "company")
	answer := apptest.Form("channel", "edo", "participant", "2BM-7802000015-780201001-201501010101")
	for range 2 {
		p, err := s.Manager.Post("/p/1/deals/1/answer", answer)
		s.Page(p, err, http.StatusOK)
		s.Await("invited", func() bool {
			return strings.Contains(s.ExchangeText(deal), "Приглашение в СБИС отправлено")
		})
	}
	if n := s.SBIS.Invitations(); n != 1 {
		t.Errorf("%d invitations", n)
	}
	notified := func() int { return s.Notifications("не принял приглашение") }
	for n, days := range []int{9, 20} { // three and seven working days have passed
		s.AdvanceTo(time.Now().AddDate(0, 0, days))
		s.Await("the notification", func() bool { return notified() == n+1 })
	}
	s.AdvanceTo(time.Now().AddDate(0, 0, 40))
	s.AwaitQuiet()
	if n := notified(); n != 2 {
		t.Errorf("notified %d times", n)
	}
}

func TestInvitationThatIsAccepted(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	known := apptest.CounterpartyOf(1)
	unknown := known
	unknown.Connected, unknown.BoxID, unknown.Boxes = false, "", nil
	s.SBIS.AddCounterparty(unknown)
	s.FormPaperAct(deal, "company")
	p, err := s.Manager.Post("/p/1/deals/1/answer", apptest.Form("channel", "edo", "participant", apptest.BoxOf(1)))
	s.Page(p, err, http.StatusOK)
	s.Await("invited", func() bool {
		return strings.Contains(s.ExchangeText(deal), "Приглашение в СБИС отправлено")
	})
	s.SBIS.AddCounterparty(known)
	s.AdvanceTo(time.Now().AddDate(0, 0, 9))
	s.Await("the notification", func() bool {
		return s.Notifications("принял приглашение и подключился") == 1
	})
}

// Texts typed by people are escaped everywhere.
func TestTextsOfPeopleInTheLetter(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	title := "Выставка <b>жирная</b>\r\nBcc: all@client.ru [url=https://evil.example]сюда[/url] {ссылка}"
	if err := s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, deal, fields{"title": title}); err != nil {
		t.Fatal(err)
	}
	saveQuestionRules(s, apptest.Form("subject", "Акты: {сделка}", "body", "Здравствуйте, {контрагент}!\n\n<script>alert(1)</script> {сделка}\n\n{ссылка}"))
	s.FormPaperAct(deal, "company")
	s.ApproveDeal(deal)
	s.Await("the letter", func() bool { return len(s.Portal.Letters()) == 1 })
	l := s.Portal.Letters()[0]
	if strings.ContainsAny(l.Subject, "\r\n") || len(l.To) != 1 {
		t.Errorf("subject %q to %v", l.Subject, l.To)
	}
	for _, bad := range []string{"<b>", "<script>", "<a href=\"https://evil"} {
		if strings.Contains(l.Body, bad) {
			t.Errorf("%s in the letter: %s", bad, l.Body)
		}
	}
	if n := strings.Count(l.Body, "<a href="); n != 1 {
		t.Errorf("%d links; a title with a placeholder is no template: %s", n, l.Body)
	}
}
