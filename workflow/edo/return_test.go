package edo_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// Whatever happens to a document before the countersignature, the act is returned with a reason and can be
// handed over again with a new document, while the old one cannot be signed any more.
func TestComesBackAndGoesAgain(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for n, tt := range []struct {
		name     string
		moves    []sbistest.Move
		delivery string
		reason   string
	}{
		{"our signer refuses", []sbistest.Move{sbistest.MoveRefuseByUs}, "Не передан", "Подписант отказался подписывать"},
		{"the document is returned for changes", []sbistest.Move{sbistest.MoveReturn}, "Не передан", "Возвращён на доработку"},
		{"the document is deleted in SBIS", []sbistest.Move{sbistest.MoveDelete}, "Не передан", "Документ удалён в СБИС"},
		{"the delivery fails", []sbistest.Move{sbistest.MoveSignByUs, sbistest.MoveDeliveryError}, "Ошибка отправки", "роуминга"},
		{"we recall it", []sbistest.Move{sbistest.MoveSignByUs, sbistest.MoveRecall}, "Не передан", "отозван"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.T = t
			tab := s.HandOver(s.Deal(n + 1))
			s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
			first := s.LastDocument()
			for _, move := range tt.moves {
				s.MoveDocument(first.ID, move)
			}
			s.AwaitTab(tab, apptest.DraftLabel, tt.delivery)
			p, err := s.Manager.Get(tab)
			doc := s.Page(p, err, http.StatusOK)
			if row := apptest.TestID(doc, "acts-section").Text() + doc.Find("#acts").Text(); !strings.Contains(row, tt.reason) {
				t.Errorf("the reason %q is not shown:\n%s", tt.reason, row)
			}
			send, _ := doc.Find("#acts form").First().Attr("action")
			p, err = s.Manager.Post(send, nil)
			s.Page(p, err, http.StatusOK)
			s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
			if second := s.LastDocument(); second.ID == first.ID {
				t.Error("the second attempt reused the finished document")
			}
			s.Await("one live document", func() bool { return liveOf(s, first.ID) == 0 })
		})
	}
}

// liveOf returns the number of documents with this id that can still be signed.
func liveOf(s *apptest.Site, document string) int {
	n := 0
	for _, d := range s.Documents() {
		if d.ID == document && !d.Deleted && (d.State == 0 || d.State == 10 || d.State == 23) {
			n++
		}
	}
	return n
}

// A person withdraws the document, and may annul the act then.
func TestTakeBack(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	document := s.LastDocument()
	p, err := s.Manager.Get(tab)
	act, _ := s.Page(p, err, http.StatusOK).Find("#acts tbody a").First().Attr("href")
	p, err = s.Manager.Post(act+"/take-back", nil)
	s.Page(p, err, http.StatusOK)
	s.AwaitTab(tab, apptest.DraftLabel, "Не передан")
	if liveOf(s, document.ID) != 0 {
		t.Error("the document is still in SBIS")
	}
	p, err = s.Manager.Post(act+"/mark", apptest.Form("event", "annulment", "reason", ""))
	s.Page(p, err, http.StatusUnprocessableEntity)
	p, err = s.Manager.Post(act+"/mark", apptest.Form("event", "annulment", "reason", "Ошибка в сделке"))
	s.Page(p, err, http.StatusOK)
	s.AwaitTab(tab, "Аннулирован", "Не передан")
}

// When the counterparty refuses, the deal moves to «есть замечания» and the reason is shown.
func TestCounterpartyRefuses(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	tab := s.HandOver(deal)
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	document := s.LastDocument().ID
	s.MoveDocument(document, sbistest.MoveSignByUs)
	s.Await("sent", func() bool { return s.DealStage(deal) == "Акт направлен заявителю" })
	s.MoveDocument(document, sbistest.MoveReject)
	s.Await("the deal with remarks", func() bool { return s.DealStage(deal) == "Услуга оказана, есть замечания" })
	s.AwaitTab(tab, "Отказ от подписания", "Обмен завершён")
	s.Await("a notification to the responsible", func() bool {
		for _, n := range s.Portal.Notifications() {
			if strings.Contains(n.Message, "Неверная сумма") {
				return true
			}
		}
		return false
	})
}

// A buyer's title with КодИтога 3 is a refusal although it is signed.
func TestSignedTitleMayRefuse(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	document := s.LastDocument().ID
	s.MoveDocument(document, sbistest.MoveSignByUs)
	if err := s.SBIS.PerformMove(document, sbistest.MoveRequest{Move: sbistest.MoveSignByCounterparty, Outcome: "3"}); err != nil {
		t.Fatal(err)
	}
	s.AwaitTab(tab, "Отказ от подписания", "Обмен завершён")
}

// The list of changes repeats entries and is out of order; the act passes each status once.
func TestFeedRepeatsItself(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for _, kind := range []string{sbistest.FaultRepeatPage, sbistest.FaultShuffle} {
		if err := s.SBIS.Fault(sbistest.Fault{Method: "СБИС.СписокИзменений", Kind: kind, Probability: 0.6}); err != nil {
			t.Fatal(err)
		}
	}
	deal := s.Deal(1)
	tab := s.HandOver(deal)
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	document := s.LastDocument().ID
	s.MoveDocument(document, sbistest.MoveSignByUs)
	s.MoveDocument(document, sbistest.MoveSignByCounterparty)
	s.AwaitTab(tab, "Акт получен и подписан", "Обмен завершён")
	s.Await("the deal done", func() bool { return s.DealStage(deal) == "Услуга оказана" })
	polls := s.SBIS.Trace().Count("СБИС.СписокИзменений")
	s.Await("more polls", func() bool { return s.SBIS.Trace().Count("СБИС.СписокИзменений") >= polls+4 })
	p, err := s.Manager.Get(tab)
	act, _ := s.Page(p, err, http.StatusOK).Find("#acts tbody a").First().Attr("href")
	p, err = s.Manager.Get(act)
	doc := s.Page(p, err, http.StatusOK)
	lines := map[string]int{}
	doc.Find("#history .history > li").Each(func(_ int, li *goquery.Selection) { lines[strings.TrimSpace(li.Find("span").First().Text())]++ })
	for text, n := range lines {
		if n > 1 {
			t.Errorf("the history contains it %d times: %s", n, text)
		}
	}
}

// An earlier document that was signed after another had replaced it is shown with a link.
func TestAnEarlierDocumentThatStandsIsShown(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	first := s.LastDocument().ID
	s.MoveDocument(first, sbistest.MoveRefuseByUs)
	s.AwaitTab(tab, apptest.DraftLabel, "Не передан")
	p, err := s.Manager.Post("/p/1/acts/1/send", nil)
	s.Page(p, err, http.StatusOK)
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	if doc := s.ActPage("/p/1/acts/1"); apptest.TestID(doc, "standing-document").Length() != 0 {
		t.Error("a document that was deleted is shown")
	}
	s.Exec(`UPDATE edo_documents SET gone = false, dispatched = true, state_code = 4, state_name = 'Доставлен' WHERE attempt = 1`)
	doc := s.ActPage("/p/1/acts/1")
	link, _ := apptest.TestID(doc, "standing-document").Find("a").Attr("href")
	if text := apptest.TestID(doc, "standing-document").Text(); !strings.Contains(text, "«Доставлен»") || !strings.HasSuffix(link, first) {
		t.Errorf("shown: «%s», link %q", text, link)
	}
}
