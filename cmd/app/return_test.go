package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/integrations/sbis/sbistest"
)

// lastDocument returns the newest document in SBIS.
func (s *site) lastDocument() sbistest.DocumentView {
	s.t.Helper()
	all := s.documents()
	if len(all) == 0 {
		s.t.Fatal("there is no document in SBIS")
	}
	return all[len(all)-1]
}

func (s *site) do(document string, move sbistest.Move) {
	s.t.Helper()
	if err := s.SBIS.Act(document, sbistest.Do{Move: move}); err != nil {
		s.t.Fatal(err)
	}
}

// tabShows waits until the newest act of a deal tab has the status and the delivery.
func (s *site) tabShows(tab, status, delivery string) {
	s.t.Helper()
	s.await(status+", "+delivery, func() bool {
		p, err := s.manager.Get(tab)
		doc := s.page(p, err, http.StatusOK)
		return strings.TrimSpace(testid(doc, "act-status").First().Text()) == status &&
			strings.TrimSpace(testid(doc, "act-delivery").First().Text()) == delivery
	})
}

const (
	draftLabel   = "Подготовка акта"
	waitingLabel = "Ждёт нашей подписи в СБИС"
)

// Whatever happens to a document before the countersignature, the act is returned with a reason and can be
// handed over again with a new document, while the old one cannot be signed any more.
func TestComesBackAndGoesAgain(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	for n, tt := range []struct {
		name     string
		moves    []sbistest.Move
		delivery string
		reason   string
	}{
		{"our signer refuses", []sbistest.Move{sbistest.RefuseByUs}, "Не передан", "Подписант отказался подписывать"},
		{"the document is returned for changes", []sbistest.Move{sbistest.Return}, "Не передан", "Возвращён на доработку"},
		{"the document is deleted in SBIS", []sbistest.Move{sbistest.Delete}, "Не передан", "Документ удалён в СБИС"},
		{"the delivery fails", []sbistest.Move{sbistest.SignByUs, sbistest.DeliveryError}, "Ошибка отправки", "роуминга"},
		{"we recall it", []sbistest.Move{sbistest.SignByUs, sbistest.Recall}, "Не передан", "отозван"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			tab := s.send(s.deal(n + 1))
			s.tabShows(tab, draftLabel, waitingLabel)
			first := s.lastDocument()
			for _, move := range tt.moves {
				s.do(first.ID, move)
			}
			s.tabShows(tab, draftLabel, tt.delivery)
			p, err := s.manager.Get(tab)
			doc := s.page(p, err, http.StatusOK)
			if row := testid(doc, "acts-section").Text() + doc.Find("#acts").Text(); !strings.Contains(row, tt.reason) {
				t.Errorf("the reason %q is not shown:\n%s", tt.reason, row)
			}
			send, _ := doc.Find("#acts form").First().Attr("action")
			p, err = s.manager.Post(send, nil)
			s.page(p, err, http.StatusOK)
			s.tabShows(tab, draftLabel, waitingLabel)
			if second := s.lastDocument(); second.ID == first.ID {
				t.Error("the second attempt reused the finished document")
			}
			s.await("one live document", func() bool { return s.liveOf(first.ID) == 0 })
		})
	}
}

// liveOf returns the number of documents with this id that can still be signed.
func (s *site) liveOf(document string) int {
	n := 0
	for _, d := range s.documents() {
		if d.ID == document && !d.Deleted && (d.State == 0 || d.State == 10 || d.State == 23) {
			n++
		}
	}
	return n
}

// A person withdraws the document, and may annul the act then.
func TestTakeBack(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	tab := s.send(s.deal(1))
	s.tabShows(tab, draftLabel, waitingLabel)
	document := s.lastDocument()
	p, err := s.manager.Get(tab)
	act, _ := s.page(p, err, http.StatusOK).Find("#acts tbody a").First().Attr("href")
	p, err = s.manager.Post(act+"/take-back", nil)
	s.page(p, err, http.StatusOK)
	s.tabShows(tab, draftLabel, "Не передан")
	if s.liveOf(document.ID) != 0 {
		t.Error("the document is still in SBIS")
	}
	p, err = s.manager.Post(act+"/mark", form("event", "annulment", "reason", ""))
	s.page(p, err, http.StatusUnprocessableEntity)
	p, err = s.manager.Post(act+"/mark", form("event", "annulment", "reason", "Ошибка в сделке"))
	s.page(p, err, http.StatusOK)
	s.tabShows(tab, "Аннулирован", "Не передан")
}

// When the counterparty refuses, the deal moves to «есть замечания» and the reason is shown.
func TestCounterpartyRefuses(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	tab := s.send(deal)
	s.tabShows(tab, draftLabel, waitingLabel)
	document := s.lastDocument().ID
	s.do(document, sbistest.SignByUs)
	s.await("sent", func() bool { return s.stage(deal) == "Акт направлен заявителю" })
	s.do(document, sbistest.Reject)
	s.await("the deal with remarks", func() bool { return s.stage(deal) == "Услуга оказана, есть замечания" })
	s.tabShows(tab, "Отказ от подписания", "Обмен завершён")
	s.await("a notification to the responsible", func() bool {
		for _, n := range s.portal.Notifications() {
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
	s := start(t, 1)
	tab := s.send(s.deal(1))
	s.tabShows(tab, draftLabel, waitingLabel)
	document := s.lastDocument().ID
	s.do(document, sbistest.SignByUs)
	if err := s.SBIS.Act(document, sbistest.Do{Move: sbistest.SignByCounterparty, Outcome: "3"}); err != nil {
		t.Fatal(err)
	}
	s.tabShows(tab, "Отказ от подписания", "Обмен завершён")
}

// The list of changes repeats entries and is out of order; the act passes each status once.
func TestFeedRepeatsItself(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	for _, kind := range []string{sbistest.RepeatPage, sbistest.Shuffle} {
		if err := s.SBIS.Fault(sbistest.Fault{Method: "СБИС.СписокИзменений", Kind: kind, Probability: 0.6}); err != nil {
			t.Fatal(err)
		}
	}
	deal := s.deal(1)
	tab := s.send(deal)
	s.tabShows(tab, draftLabel, waitingLabel)
	document := s.lastDocument().ID
	s.do(document, sbistest.SignByUs)
	s.do(document, sbistest.SignByCounterparty)
	s.tabShows(tab, "Акт получен и подписан", "Обмен завершён")
	s.await("the deal done", func() bool { return s.stage(deal) == "Услуга оказана" })
	polls := s.SBIS.Trace().Count("СБИС.СписокИзменений")
	s.await("more polls", func() bool { return s.SBIS.Trace().Count("СБИС.СписокИзменений") >= polls+4 })
	p, err := s.manager.Get(tab)
	act, _ := s.page(p, err, http.StatusOK).Find("#acts tbody a").First().Attr("href")
	p, err = s.manager.Get(act)
	doc := s.page(p, err, http.StatusOK)
	said := map[string]int{}
	doc.Find("#history li").Each(func(_ int, li *goquery.Selection) { said[strings.TrimSpace(li.Find("span").First().Text())]++ })
	for text, n := range said {
		if n > 1 {
			t.Errorf("the history contains it %d times: %s", n, text)
		}
	}
}

// An earlier document that was signed after another had replaced it is shown with a link.
func TestAnEarlierDocumentThatStandsIsShown(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	tab := s.send(s.deal(1))
	s.tabShows(tab, draftLabel, waitingLabel)
	first := s.lastDocument().ID
	s.do(first, sbistest.RefuseByUs)
	s.tabShows(tab, draftLabel, "Не передан")
	p, err := s.manager.Post("/p/1/acts/1/send", nil)
	s.page(p, err, http.StatusOK)
	s.tabShows(tab, draftLabel, waitingLabel)
	if doc := s.act("/p/1/acts/1"); testid(doc, "standing-document").Length() != 0 {
		t.Error("a document that was deleted is shown")
	}
	s.sql(`UPDATE edo_documents SET gone = false, dispatched = true, state_code = 4, state_name = 'Доставлен' WHERE attempt = 1`)
	doc := s.act("/p/1/acts/1")
	link, _ := testid(doc, "standing-document").Find("a").Attr("href")
	if text := testid(doc, "standing-document").Text(); !strings.Contains(text, "«Доставлен»") || !strings.HasSuffix(link, first) {
		t.Errorf("shown: «%s», link %q", text, link)
	}
}
