package crm_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// timelineComments returns the number of different comments on the timelines, and how often the most frequent one was written. It fails when a
// comment shows one of our internal marks to its readers.
func timelineComments(s *apptest.Site) (different, most int) {
	s.T.Helper()
	seen := map[string]int{}
	for _, c := range s.Portal.Timeline() {
		if strings.Contains(c.Text, "запись") {
			s.T.Fatalf("the comment %q shows an internal mark", c.Text)
		}
		seen[c.Text]++
		most = max(most, seen[c.Text])
	}
	return len(seen), most
}

// A comment whose response was lost is found again, although the act has got its number meanwhile.
func TestUnclearCommentIsWrittenOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	_, action, f := s.DealTab(s.Deal(1))
	if err := s.Portal.Fault(bitrix24test.Fault{Method: "crm.timeline.comment.add", Kind: bitrix24test.FaultReset, Count: 1}); err != nil {
		t.Fatal(err)
	}
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	s.Await("the comment about the new act", func() bool { n, _ := timelineComments(s); return n == 1 })
	tab := strings.TrimSuffix(action, "/acts")
	p, err = s.Manager.Get(tab)
	send, _ := s.Page(p, err, http.StatusOK).Find("#acts form").First().Attr("action")
	p, err = s.Manager.Post(send, nil)
	s.Page(p, err, http.StatusOK)
	s.Await("the comments about the handover", func() bool { n, _ := timelineComments(s); return n >= 3 })
	s.Await("the search for the first comment", func() bool { return s.Portal.Trace().Count("crm.timeline.comment.list") > 0 })
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	if _, most := timelineComments(s); most != 1 {
		t.Errorf("a comment was written %d times, want once", most)
	}
}

// The response to our writing is lost, and the document is signed before the retry: it is not written again,
// and no other document replaces it.
func TestDocumentSignedBeforeTheRetry(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for _, f := range []sbistest.Fault{
		{Method: "СБИС.СписокИзменений", Kind: sbistest.FaultUnavailable}, // otherwise the list of changes reports it first
		{Method: "СБИС.ЗаписатьДокумент", Kind: sbistest.FaultReset, Count: 1},
	} {
		if err := s.SBIS.Fault(f); err != nil {
			t.Fatal(err)
		}
	}
	tab := s.HandOver(s.Deal(1))
	s.Await("the document in SBIS", func() bool { return len(s.Documents()) == 1 })
	document := s.LastDocument().ID
	s.MoveDocument(document, sbistest.MoveSignByUs)
	s.MoveDocument(document, sbistest.MoveSignByCounterparty)
	s.Await("the document is read", func() bool { return s.SBIS.Trace().Count("СБИС.ПрочитатьДокумент") > 0 })
	s.SBIS.ClearFaults()
	s.AwaitTab(tab, "Акт получен и подписан", "Обмен завершён")
	if n := s.SBIS.Trace().Count("СБИС.ЗаписатьДокумент"); n != 1 {
		t.Errorf("the document was written %d times, want once", n)
	}
}

// The portal is so slow that the lease of our tasks ends between the check and the write: a late worker does
// not write, or holds the tasks until the write is done.
func TestSlowPortalGetsEachCommentOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	s.Await("the comments about the handover", func() bool { n, _ := timelineComments(s); return n == 3 })
	for _, method := range []string{"crm.item.get", "crm.timeline.comment.add"} {
		if err := s.Portal.Fault(bitrix24test.Fault{Method: method, Kind: bitrix24test.FaultLatency, Count: 1, Delay: 1100 * time.Millisecond}); err != nil {
			t.Fatal(err)
		}
	}
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	s.Await("the deal moved", func() bool { return s.DealStage(s.Deal(1)) == "Акт направлен заявителю" })
	s.Await("the comments about the sending", func() bool { n, _ := timelineComments(s); return n == 5 })
	s.Await("the slow write", func() bool {
		return slices.ContainsFunc(s.Portal.Trace().Lines(), func(l bitrix24test.Line) bool {
			return l.Method == "crm.timeline.comment.add" && l.Fault != ""
		})
	})
	if _, most := timelineComments(s); most != 1 {
		t.Errorf("a comment was written %d times, want once", most)
	}
}

// The item is created and its rows are not: they are written by the next attempt, and no second item is created.
func TestItemWithoutRowsIsCompleted(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	if err := s.Portal.Fault(bitrix24test.Fault{Method: "crm.item.productrow.set", Kind: bitrix24test.FaultRefuse, Count: 1, Code: "ERROR_CORE", Text: "Ошибка базы данных"}); err != nil {
		t.Fatal(err)
	}
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	s.Await("the item with its rows", func() bool { return len(itemRows(s)) == 3 })
	if n := len(s.Portal.Items(s.ItemType())); n != 1 {
		t.Errorf("%d items, want 1", n)
	}
}
