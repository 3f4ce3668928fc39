package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

var scanned = apptest.UploadFile{Name: "Скан акта.pdf", Body: []byte("%PDF-1.4 наш экземпляр")}

// formPaper forms a paper act of the whole deal and returns the path of its page.
func (s *site) formPaper(deal int64, kind string) string {
	s.t.Helper()
	opened, err := s.manager.OpenDeal(deal)
	action, form := formOf(s.page(opened, err, http.StatusOK))
	form.Set("type", "paper-"+kind)
	formed, err := s.manager.Post(action, form)
	doc := s.page(formed, err, http.StatusOK)
	href, ok := doc.Find(`section#acts a[href*="/acts/"]`).First().Attr("href")
	if !ok {
		s.t.Fatalf("no act on the tab:\n%s", formed.Body)
	}
	return href
}

// act returns the page of an act.
func (s *site) act(path string) *goquery.Document {
	s.t.Helper()
	p, err := s.manager.Get(path)
	return s.page(p, err, http.StatusOK)
}

func status(doc *goquery.Document) string {
	return strings.TrimSpace(testid(doc, "act-status").First().Text())
}

// does posts an action of the page and expects the status afterwards.
func (s *site) does(path string, form url.Values, want string) *goquery.Document {
	s.t.Helper()
	p, err := s.manager.Post(path, form)
	doc := s.page(p, err, http.StatusOK)
	if got := status(doc); got != want {
		s.t.Fatalf("%s: the act is «%s», want «%s»", path, got, want)
	}
	return doc
}

func TestPaperActByPost(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	act := s.formPaper(deal, "company")
	pdf, err := s.manager.Get(act + "/print")
	if err != nil || pdf.Status != http.StatusOK || !strings.HasPrefix(pdf.Body, "%PDF-") {
		t.Fatalf("print form: %d %v", pdf.Status, err)
	}
	doc := s.does(act+"/number", nil, "Подготовка акта")
	if title := doc.Find("h1").Text(); !strings.HasPrefix(title, "Акт № 1 от ") {
		t.Errorf("title %q", title)
	}
	p, err := s.manager.Upload(act+"/files/ours", nil, scanned)
	if got := status(s.page(p, err, http.StatusOK)); got != "Подписан с нашей стороны" {
		t.Fatalf("after our scan the act is «%s»", got)
	}
	s.does(act+"/paper", url.Values{"channel": {"post"}, "track": {"80090912345678"}}, "Акт направлен заявителю")
	s.await("the deal sent", func() bool { return s.stage(deal) == "Акт направлен заявителю" })
	p, err = s.manager.Upload(act+"/files/theirs", nil, apptest.UploadFile{Name: "их скан.jpg", Body: []byte("\xff\xd8\xff\xe0 jpeg")})
	if got := status(s.page(p, err, http.StatusOK)); got != "Акт получен и подписан" {
		t.Fatalf("after their scan the act is «%s»", got)
	}
	s.await("the deal done", func() bool { return s.stage(deal) == "Услуга оказана" })
	s.await("both copies in the card", func() bool {
		items := s.portal.Items(s.itemType())
		return len(items) == 1 && len(filesOf(items[0], "Ours")) == 1 && len(filesOf(items[0], "Theirs")) == 1
	})
}

func filesOf(item bitrix24test.Fields, side string) []any {
	for name, value := range item {
		if strings.HasSuffix(strings.ToLower(name), "file"+strings.ToLower(side)) || strings.HasSuffix(strings.ToLower(name), "file_"+strings.ToLower(side)) {
			list, _ := value.([]any)
			return list
		}
	}
	return nil
}

func TestPaperActByEmail(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.formPaper(s.deal(2), "person")
	p, err := s.manager.Upload(act+"/files/ours", nil, scanned)
	s.page(p, err, http.StatusOK)
	s.withoutEmail(s.portal.Manager())
	letter := url.Values{"channel": {"email"}, "address": {"buh@romashka.ru"}}
	s.does(act+"/paper", letter, "Подписан с нашей стороны")
	s.await("a message about the missing mailbox", func() bool {
		return strings.Contains(testid(s.act(act), "letter-failed").Text(), "не подключена почта")
	})
	if left := s.portal.Activities(); len(left) != 0 {
		t.Errorf("%d activities of a letter that did not go", len(left))
	}
	s.portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "ООО «Исполнитель» <office@example.ru>" })
	p, err = s.manager.Post(act+"/paper", letter) // the letter may be sent before its page is read
	s.page(p, err, http.StatusOK)
	s.await("the letter", func() bool { return len(s.portal.Letters()) == 1 })
	s.await("the act sent", func() bool { return status(s.act(act)) == "Акт направлен заявителю" })
	if sent := s.portal.Letters()[0]; sent.To[0] != "buh@romashka.ru" || len(sent.Files) != 1 || sent.From != "ООО «Исполнитель» <office@example.ru>" {
		t.Errorf("letter from %s to %v with %d files", sent.From, sent.To, len(sent.Files))
	}
}

// withoutEmail removes the e-mail address from an employee's profile.
func (s *site) withoutEmail(user int64) {
	s.portal.ChangeUser(user, func(u *bitrix24test.User) { u.Email = "" })
}

// A portal without a mailbox sends letters on behalf of the employee, once, also when the response is lost.
func TestLettersOfAPortalWithoutAMailbox(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.portal.ConnectMail(false)
	s.portal.ChangeUser(s.portal.Manager(), func(u *bitrix24test.User) { u.LastName = "Менеджеров <старший>" })
	act := s.formPaper(s.deal(1), "company")
	p, err := s.manager.Upload(act+"/files/ours", nil, scanned)
	s.page(p, err, http.StatusOK)
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "crm.activity.add", Kind: bitrix24test.Reset, Count: 1}))
	s.does(act+"/paper", url.Values{"channel": {"email"}, "address": {"buh@romashka.ru"}}, "Подписан с нашей стороны")
	s.await("the act sent", func() bool { return status(s.act(act)) == "Акт направлен заявителю" })
	if sent := s.portal.Letters(); len(sent) != 1 || sent[0].From != "Михаил Менеджеров старший <manager@portal.example>" {
		t.Errorf("letters %+v", sent)
	}
}

func TestMarksAndWaysBack(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.formPaper(s.deal(1), "company")
	p, err := s.manager.Upload(act+"/files/ours", nil, scanned)
	s.page(p, err, http.StatusOK)
	reason := url.Values{"reason": {"проверка"}}
	mark := func(event string) url.Values { return url.Values{"event": {event}, "reason": {"проверка"}} }
	s.does(act+"/mark", mark("return_to_draft"), "Подготовка акта")
	p, err = s.manager.Upload(act+"/files/ours", nil, scanned)
	s.page(p, err, http.StatusOK)
	s.does(act+"/paper", url.Values{"channel": {"post"}}, "Акт направлен заявителю")
	s.does(act+"/mark", mark("accept_unsigned"), "Акт принят, но не подписан заявителем")
	s.does(act+"/undo", reason, "Акт направлен заявителю")
	s.does(act+"/mark", mark("refusal"), "Отказ от подписания")
	corrected := s.does(act+"/correct", url.Values{"key": {"7b1e7a52-9c1c-4a67-8f7e-0d1f54d3c111"}}, "Подготовка акта")
	if testid(corrected, "corrects").Length() != 1 {
		t.Error("the corrected act does not show what it corrects")
	}
	s.does("/p/1/acts/2/mark", mark("annulment"), "Аннулирован")
	s.does(act+"/correct", url.Values{"key": {"7b1e7a52-9c1c-4a67-8f7e-0d1f54d3c112"}}, "Подготовка акта") // the refused act is not replaced any more

	other := s.formPaper(s.deal(3), "company")
	s.does(other+"/mark", mark("annulment"), "Аннулирован")
	copied := s.does(other+"/copy", url.Values{"key": {"7b1e7a52-9c1c-4a67-8f7e-0d1f54d3c113"}}, "Подготовка акта")
	if lines := copied.Find("table.lines tbody tr").Length(); lines != 3 {
		t.Errorf("the copy has %d lines", lines)
	}
}
