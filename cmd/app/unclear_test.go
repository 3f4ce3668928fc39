package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// said returns the number of timeline entries that end with our mark, and the largest number with the same mark.
func (s *site) said() (lines, most int) {
	seen := map[string]int{}
	for _, c := range s.portal.Timeline() {
		at := strings.LastIndex(c.Text, "запись ")
		if at < 0 {
			s.t.Fatalf("a line without a mark: %q", c.Text)
		}
		seen[c.Text[at:]]++
		most = max(most, seen[c.Text[at:]])
	}
	return len(seen), most
}

// An entry whose response was lost is found again, although the act has got its number meanwhile.
func TestAnUnclearLineIsToldOnce(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	_, action, f := s.tab(s.deal(1))
	if err := s.portal.Fault(bitrix24test.Fault{Method: "crm.timeline.comment.add", Kind: bitrix24test.Reset, Count: 1}); err != nil {
		t.Fatal(err)
	}
	p, err := s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	s.await("the line about the new act", func() bool { n, _ := s.said(); return n == 1 })
	tab := strings.TrimSuffix(action, "/acts")
	p, err = s.manager.Get(tab)
	send, _ := s.page(p, err, http.StatusOK).Find("#acts form").First().Attr("action")
	p, err = s.manager.Post(send, nil)
	s.page(p, err, http.StatusOK)
	s.await("the lines about the handing over", func() bool { n, _ := s.said(); return n >= 3 })
	s.await("the second look at the first line", func() bool { return s.portal.Trace().Count("crm.timeline.comment.list") > 0 })
	s.tabShows(tab, draftLabel, waitingLabel)
	if _, most := s.said(); most != 1 {
		t.Errorf("one entry was written %d times", most)
	}
}

// The response to our writing is lost, and the document is signed before the retry: it is not written again,
// and no other document replaces it.
func TestSignedBeforeWeAskAgain(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	for _, f := range []sbistest.Fault{
		{Method: "СБИС.СписокИзменений", Kind: sbistest.Unavailable}, // otherwise the list of changes reports it first
		{Method: "СБИС.ЗаписатьДокумент", Kind: sbistest.Reset, Count: 1},
	} {
		if err := s.SBIS.Fault(f); err != nil {
			t.Fatal(err)
		}
	}
	tab := s.send(s.deal(1))
	s.await("the document in SBIS", func() bool { return len(s.documents()) == 1 })
	document := s.lastDocument().ID
	s.do(document, sbistest.SignByUs)
	s.do(document, sbistest.SignByCounterparty)
	s.await("the reading", func() bool { return s.SBIS.Trace().Count("СБИС.ПрочитатьДокумент") > 0 })
	s.SBIS.ClearFaults()
	s.tabShows(tab, "Акт получен и подписан", "Обмен завершён")
	if n := s.SBIS.Trace().Count("СБИС.ЗаписатьДокумент"); n != 1 {
		t.Errorf("the document was written %d times", n)
	}
}

// The portal is so slow that the lease of our tasks ends between the check and the write: a late worker does
// not write, or holds the tasks until the write is done.
func TestASlowPortalIsToldOnce(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	tab := s.send(s.deal(1))
	s.tabShows(tab, draftLabel, waitingLabel)
	s.await("the lines so far", func() bool { n, _ := s.said(); return n == 3 })
	for _, method := range []string{"crm.item.get", "crm.timeline.comment.add"} {
		if err := s.portal.Fault(bitrix24test.Fault{Method: method, Kind: bitrix24test.Latency, Count: 1, Delay: 1100 * time.Millisecond}); err != nil {
			t.Fatal(err)
		}
	}
	s.do(s.lastDocument().ID, sbistest.SignByUs)
	s.await("the deal moved", func() bool { return s.stage(s.deal(1)) == "Акт направлен заявителю" })
	s.await("the lines about the sending", func() bool { n, _ := s.said(); return n == 5 })
	s.await("the slow write", func() bool {
		return slices.ContainsFunc(s.portal.Trace().Lines(), func(l bitrix24test.Line) bool {
			return l.Method == "crm.timeline.comment.add" && l.Fault != ""
		})
	})
	if _, most := s.said(); most != 1 {
		t.Errorf("one entry was written %d times", most)
	}
}

// The item is created and its rows are not: they are written by the next attempt, and no second item is created.
func TestAnItemWithoutItsRowsIsCompleted(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	if err := s.portal.Fault(bitrix24test.Fault{Method: "crm.item.productrow.set", Kind: bitrix24test.Refuse, Count: 1, Code: "ERROR_CORE", Text: "Ошибка базы данных"}); err != nil {
		t.Fatal(err)
	}
	tab := s.send(s.deal(1))
	s.tabShows(tab, draftLabel, waitingLabel)
	types := s.portal.Types()
	itemType := int(types[0].EntityTypeID)
	s.await("the item with its rows", func() bool {
		items := s.portal.Items(itemType)
		return len(items) > 0 && len(s.portal.Rows(itemType, int64(items[0]["id"].(float64)))) == 3
	})
	if n := len(s.portal.Items(itemType)); n != 1 {
		t.Errorf("%d items, want 1", n)
	}
}
