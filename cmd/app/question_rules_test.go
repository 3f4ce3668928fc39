package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/workflow"
)

// rules saves the settings of the question through the administrator's form.
func (s *site) rules(change url.Values) {
	s.t.Helper()
	admin := apptest.NewVisitor(s.portal, s.portal.Admin(), s.AppURL)
	opened, err := admin.OpenDeal(s.deal(1))
	s.page(opened, err, http.StatusOK)
	f := form("automatic", "1", "days", "3", "valid", "30", "subject", workflow.DefaultSubject, "body", workflow.DefaultBody)
	for name, values := range change {
		f[name] = values
	}
	p, err := admin.Post("/p/1/settings/question", f)
	s.page(p, err, http.StatusOK)
}

// sameBuyer adds another deal with the counterparty of a deal.
func (s *site) sameBuyer(deal int64) int64 {
	s.t.Helper()
	made, err := s.portal.Create(s.portal.Manager(), bitrix24test.Deal, fields{"title": "Ещё одна сделка", "companyId": s.portal.Item(bitrix24test.Deal, deal)["companyId"],
		"categoryId": 0, "stageId": "EXECUTING", "assignedById": s.portal.Manager(), "currencyId": "RUB", "opportunity": 500})
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

func TestCompanyIsAskedOnce(t *testing.T) {
	t.Parallel()
	s, first := asking(t)
	s.rules(form("once", "1"))
	s.formPaper(first, "company")
	s.approve(first)
	s.await("the letter", func() bool { return len(s.portal.Letters()) == 1 })
	p, err := s.manager.Post(fmt.Sprintf("/p/1/deals/%d/answer", first), form("channel", "email", "email", "acts@client.ru"))
	s.page(p, err, http.StatusOK)

	next := s.sameBuyer(first)
	opened, err := s.manager.OpenDeal(next)
	doc := s.page(opened, err, http.StatusOK)
	if text := testid(doc, "exchange").Text(); !strings.Contains(text, "В прошлой сделке контрагент выбрал: На бумаге по e-mail") {
		t.Errorf("the stored answer is not shown: %s", text)
	}
	action, f := formOf(doc)
	if f.Get("type") != "paper-company" || f.Get("channel") != "email" {
		t.Errorf("the form proposes %s by %s", f.Get("type"), f.Get("channel"))
	}
	formed, err := s.manager.Post(action, f)
	s.page(formed, err, http.StatusOK)
	s.approve(next)
	s.quietFor(3 * time.Second)
	if n := len(s.portal.Letters()); n != 1 {
		t.Errorf("%d letters to a company that has answered", n)
	}
	p, err = s.manager.Post(fmt.Sprintf("/p/1/deals/%d/question", next), form("address", "buh@client.ru"))
	s.page(p, err, http.StatusOK)
	s.await("asked again manually", func() bool { return len(s.portal.Letters()) == 2 })
}

func TestEveryDealIsAskedUnlessSetOtherwise(t *testing.T) {
	t.Parallel()
	s, first := asking(t)
	next := s.sameBuyer(first)
	for n, deal := range []int64{first, next} {
		s.formPaper(deal, "company")
		s.approve(deal)
		s.await("a letter for each deal", func() bool { return len(s.portal.Letters()) == n+1 })
	}
	s.rules(url.Values{"automatic": nil})
	third := s.sameBuyer(first)
	s.formPaper(third, "company")
	s.approve(third)
	s.quietFor(3 * time.Second)
	if n := len(s.portal.Letters()); n != 2 {
		t.Errorf("%d letters although letters are off", n)
	}
}

func TestAnswerHandsTheActOver(t *testing.T) {
	t.Parallel()
	s, deal := asking(t)
	s.rules(form("hand-over", "1"))
	act := s.formPaper(deal, "company")
	s.approve(deal)
	s.await("the letter", func() bool { return len(s.portal.Letters()) == 1 })
	link := linkInLetter.FindStringSubmatch(s.portal.Letters()[0].Body)[1]
	if len(s.documents()) != 0 {
		t.Fatal("handed over before the answer")
	}
	p, err := s.counterparty().Post(link, form("channel", "edo", "kind", "company", "participant", apptest.BoxOf(1)))
	s.page(p, err, http.StatusOK)
	s.await("at SBIS", func() bool { return len(s.documents()) == 1 })
	if facts := s.act(act).Find(".facts").Text(); !strings.Contains(facts, "Электронный") {
		t.Errorf("the act: %s", facts)
	}
}

// An answer that contradicts an act already at SBIS changes nothing there: the manager sees the difference and what he can
// do.
func TestAnswerAgainstAnActUnderWay(t *testing.T) {
	t.Parallel()
	s, deal := asking(t)
	s.send(deal)
	s.await("at SBIS", func() bool { return len(s.documents()) == 1 })
	p, err := s.manager.Post("/p/1/deals/1/question/link", nil)
	link, _ := testid(s.page(p, err, http.StatusOK), "question-link-value").Attr("value")
	p, err = s.counterparty().Post(strings.TrimPrefix(link, s.AppURL), form("channel", "post", "kind", "company", "address", "190000, Санкт-Петербург, а/я 1"))
	s.page(p, err, http.StatusOK)
	s.await("the manager knows", func() bool { return s.notified("Сам акт не изменён") == 1 })
	if n := len(s.documents()); n != 1 {
		t.Errorf("%d documents", n)
	}
}

func TestNativeFormInsteadOfOurs(t *testing.T) {
	t.Parallel()
	s, deal := asking(t)
	s.rules(form("native", "https://portal.example/pub/form/7", "field-participant", "COMMENTS"))
	act := s.formPaper(deal, "company")
	s.approve(deal)
	s.await("the letter", func() bool { return len(s.portal.Letters()) == 1 })
	if body := s.portal.Letters()[0].Body; !strings.Contains(body, "https://portal.example/pub/form/7") || strings.Contains(body, "/f/") {
		t.Errorf("the letter: %s", body)
	}
	if err := s.portal.Change(s.portal.Manager(), bitrix24test.Deal, deal, fields{"comments": apptest.BoxOf(5)}); err != nil {
		t.Fatal(err)
	}
	s.await("the draft has it", func() bool { return strings.Contains(s.act(act).Find(".facts").Text(), apptest.BoxOf(5)) })
}

// A counterparty that chose EDO and is unknown to SBIS is invited once; two reminders follow while it does not connect.
func TestUnknownCounterpartyIsInvited(t *testing.T) {
	t.Parallel()
	s, deal := asking(t)
	known := apptest.CounterpartyOf(1)
	known.Connected, known.BoxID, known.Boxes = false, "", nil
	s.SBIS.AddCounterparty(known)
	s.formPaper(deal, "company")
	answer := form("channel", "edo", "participant", "2BM-7802000015-780201001-201501010101")
	for range 2 {
		p, err := s.manager.Post("/p/1/deals/1/answer", answer)
		s.page(p, err, http.StatusOK)
		s.await("invited", func() bool {
			return strings.Contains(s.tab1(deal), "Приглашение в СБИС отправлено")
		})
	}
	if n := s.SBIS.Invitations(); n != 1 {
		t.Errorf("%d invitations", n)
	}
	told := func() int { return s.notified("не принял приглашение") }
	for n, days := range []int{9, 20} { // three and seven working days have passed
		s.pass(time.Now().AddDate(0, 0, days))
		s.await("told", func() bool { return told() == n+1 })
	}
	s.pass(time.Now().AddDate(0, 0, 40))
	s.quietFor(2 * time.Second)
	if n := told(); n != 2 {
		t.Errorf("notified %d times", n)
	}
}

func TestInvitationThatIsAccepted(t *testing.T) {
	t.Parallel()
	s, deal := asking(t)
	known := apptest.CounterpartyOf(1)
	unknown := known
	unknown.Connected, unknown.BoxID, unknown.Boxes = false, "", nil
	s.SBIS.AddCounterparty(unknown)
	s.formPaper(deal, "company")
	p, err := s.manager.Post("/p/1/deals/1/answer", form("channel", "edo", "participant", apptest.BoxOf(1)))
	s.page(p, err, http.StatusOK)
	s.await("invited", func() bool {
		return strings.Contains(s.tab1(deal), "Приглашение в СБИС отправлено")
	})
	s.SBIS.AddCounterparty(known)
	s.pass(time.Now().AddDate(0, 0, 9))
	s.await("told", func() bool { return s.notified("принял приглашение и подключился") == 1 })
}

// Texts typed by people are escaped everywhere.
func TestTextsOfPeopleInTheLetter(t *testing.T) {
	t.Parallel()
	s, deal := asking(t)
	title := "Выставка <b>жирная</b>\r\nBcc: all@client.ru [url=https://evil.example]сюда[/url] {ссылка}"
	if err := s.portal.Change(s.portal.Manager(), bitrix24test.Deal, deal, fields{"title": title}); err != nil {
		t.Fatal(err)
	}
	s.rules(form("subject", "Акты: {сделка}", "body", "Здравствуйте, {контрагент}!\n\n<script>alert(1)</script> {сделка}\n\n{ссылка}"))
	s.formPaper(deal, "company")
	s.approve(deal)
	s.await("the letter", func() bool { return len(s.portal.Letters()) == 1 })
	l := s.portal.Letters()[0]
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
