package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

func TestPaperActByPost(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	act := s.FormPaperAct(deal, "company")
	pdf, err := s.Manager.Get(act + "/print")
	if err != nil || pdf.Status != http.StatusOK || !strings.HasPrefix(pdf.Body, "%PDF-") {
		t.Fatalf("print form: %d %v", pdf.Status, err)
	}
	doc := s.PostAction(act+"/number", nil, "Подготовка акта")
	if title := doc.Find("h1").Text(); !strings.HasPrefix(title, "Акт № 1 от ") {
		t.Errorf("title %q", title)
	}
	p, err := s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	if got := apptest.ActStatus(s.Page(p, err, http.StatusOK)); got != "Подписан с нашей стороны" {
		t.Fatalf("after our scan the act is «%s»", got)
	}
	s.PostAction(act+"/paper", url.Values{"channel": {"post"}, "track": {"80090912345678"}}, "Акт направлен заявителю")
	s.Await("the deal sent", func() bool { return s.DealStage(deal) == "Акт направлен заявителю" })
	p, err = s.Manager.Upload(act+"/files/theirs", nil, apptest.UploadFile{Name: "их скан.jpg", Body: []byte("\xff\xd8\xff\xe0 jpeg")})
	if got := apptest.ActStatus(s.Page(p, err, http.StatusOK)); got != "Акт получен и подписан" {
		t.Fatalf("after their scan the act is «%s»", got)
	}
	s.Await("the deal done", func() bool { return s.DealStage(deal) == "Услуга оказана" })
	s.Await("both copies in the card", func() bool {
		items := s.Portal.Items(s.ItemType())
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
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(2), "person")
	p, err := s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.RemoveEmail(s.Portal.Manager())
	letter := url.Values{"channel": {"email"}, "address": {"buh@romashka.ru"}}
	s.PostAction(act+"/paper", letter, "Подписан с нашей стороны")
	s.Await("a message about the missing mailbox", func() bool {
		return strings.Contains(apptest.TestID(s.ActPage(act), "letter-failed").Text(), "не подключена почта")
	})
	if left := s.Portal.Activities(); len(left) != 0 {
		t.Errorf("%d activities of a letter that did not go", len(left))
	}
	s.Portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "ООО «Исполнитель» <office@example.ru>" })
	p, err = s.Manager.Post(act+"/paper", letter) // the letter may be sent before its page is read
	s.Page(p, err, http.StatusOK)
	s.Await("the letter", func() bool { return len(s.Portal.Letters()) == 1 })
	s.Await("the act sent", func() bool {
		return apptest.ActStatus(s.ActPage(act)) == "Акт направлен заявителю"
	})
	if sent := s.Portal.Letters()[0]; sent.To[0] != "buh@romashka.ru" || len(sent.Files) != 1 || sent.From != "ООО «Исполнитель» <office@example.ru>" {
		t.Errorf("letter from %s to %v with %d files", sent.From, sent.To, len(sent.Files))
	}
}

// A portal without a mailbox sends letters on behalf of the employee, once, also when the response is lost.
func TestLettersOfAPortalWithoutAMailbox(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Portal.ConnectMail(false)
	s.Portal.ChangeUser(s.Portal.Manager(), func(u *bitrix24test.User) { u.LastName = "Менеджеров <старший>" })
	act := s.FormPaperAct(s.Deal(1), "company")
	p, err := s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "crm.activity.add", Kind: bitrix24test.FaultReset, Count: 1}))
	p, err = s.Manager.Post(act+"/paper", url.Values{"channel": {"email"}, "address": {"buh@romashka.ru"}}) // the letter may be sent before its page is read
	s.Page(p, err, http.StatusOK)
	s.Await("the act sent", func() bool {
		return apptest.ActStatus(s.ActPage(act)) == "Акт направлен заявителю"
	})
	if sent := s.Portal.Letters(); len(sent) != 1 || sent[0].From != "Михаил Менеджеров старший <manager@portal.example>" {
		t.Errorf("letters %+v", sent)
	}
}

func TestMarksAndWaysBack(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(1), "company")
	p, err := s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	reason := url.Values{"reason": {"проверка"}}
	mark := func(event string) url.Values { return url.Values{"event": {event}, "reason": {"проверка"}} }
	s.PostAction(act+"/mark", mark("return_to_draft"), "Подготовка акта")
	p, err = s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.PostAction(act+"/paper", url.Values{"channel": {"post"}}, "Акт направлен заявителю")
	s.PostAction(act+"/mark", mark("accept_unsigned"), "Акт принят, но не подписан заявителем")
	s.PostAction(act+"/undo", reason, "Акт направлен заявителю")
	s.PostAction(act+"/mark", mark("refusal"), "Отказ от подписания")
	corrected := s.PostAction(act+"/correct", url.Values{"key": {"7b1e7a52-9c1c-4a67-8f7e-0d1f54d3c111"}}, "Подготовка акта")
	if apptest.TestID(corrected, "corrects").Length() != 1 {
		t.Error("the corrected act does not show what it corrects")
	}
	s.PostAction("/p/1/acts/2/mark", mark("annulment"), "Аннулирован")
	s.PostAction(act+"/correct", url.Values{"key": {"7b1e7a52-9c1c-4a67-8f7e-0d1f54d3c112"}}, "Подготовка акта") // the refused act is not replaced any more

	other := s.FormPaperAct(s.Deal(3), "company")
	s.PostAction(other+"/mark", mark("annulment"), "Аннулирован")
	copied := s.PostAction(other+"/copy", url.Values{"key": {"7b1e7a52-9c1c-4a67-8f7e-0d1f54d3c113"}}, "Подготовка акта")
	if lines := copied.Find("table.lines tbody tr").Length(); lines != 3 {
		t.Errorf("the copy has %d lines", lines)
	}
}
