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

// calls counts the HTTP calls to the portal during f and returns the called methods.
func (s *site) calls(f func()) (n int64, methods []string) {
	if s.Cloud.Trace().Calls() != s.calm {
		s.quiet()
	}
	before, lines := s.Cloud.Trace().Calls(), len(s.Cloud.Trace().Lines())
	f()
	s.quiet()
	for _, l := range s.Cloud.Trace().Lines()[lines:] {
		methods = append(methods, l.Method)
	}
	return s.Cloud.Trace().Calls() - before, methods
}

// quiet waits until the portal has not been called for a while, so all jobs are done.
func (s *site) quiet() {
	s.t.Helper()
	last, since := s.Cloud.Trace().Calls(), time.Now()
	s.await("silence on the wire", func() bool {
		if now := s.Cloud.Trace().Calls(); now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > 1200*time.Millisecond // jobs are woken every second
	})
	s.calm = last
}

func TestCallsPerAction(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	var action string
	var form map[string][]string
	if n, methods := s.calls(func() { _, action, form = s.tab(s.deal(1)) }); n != 1 {
		t.Errorf("opening the deal tab: %d calls, want 1: %v", n, methods)
	}
	if n, methods := s.calls(func() {
		p, err := s.manager.Get(strings.TrimSuffix(action, "/acts"))
		s.page(p, err, http.StatusOK)
	}); n != 0 {
		t.Errorf("looking at it again: %d calls, want 0: %v", n, methods)
	}
	if n, methods := s.calls(func() {
		p, err := s.manager.Post(action, form)
		s.page(p, err, http.StatusOK)
	}); n != 1 || !slices.Contains(methods, "crm.item.add") || !slices.Contains(methods, "crm.timeline.comment.add") {
		t.Errorf("forming an act: %d calls, want 1 after the answer with the item and the timeline: %v", n, methods)
	}
	for _, path := range []string{"/p/1/acts", "/p/1/companies/2", "/p/1/acts/1"} {
		if n, methods := s.calls(func() {
			p, err := s.manager.Get(path)
			s.page(p, err, http.StatusOK)
		}); n != 0 {
			t.Errorf("%s: %d calls, want 0: %v", path, n, methods)
		}
	}
	if n, methods := s.calls(func() {
		p, err := s.manager.Post("/p/1/acts/1/send", nil)
		s.page(p, err, http.StatusOK)
		s.tabShows("/p/1/deals/1", draftLabel, waitingLabel)
	}); n > 3 {
		t.Errorf("handing over: %d calls, want the deal read again and what changed written back: %v", n, methods)
	}
	s.t = t
	for _, l := range s.Cloud.Trace().Lines() {
		if l.Status >= 400 && l.Error != "expired_token" {
			t.Errorf("the portal refused %s: %d %s", l.Method, l.Status, l.Error)
		}
	}
}

// A poll takes one call per organisation and page, whatever the number of acts.
func TestPollsDoNotGrowWithActs(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	count := func() int {
		s.SBIS.Trace().Reset()
		polls := func() int { return s.SBIS.Trace().Count("СБИС.СписокИзменений") }
		s.await("three polls", func() bool { return polls() >= 3 })
		n := 0
		for _, l := range s.SBIS.Trace().Lines() {
			if l.Method != "СБИС.СписокИзменений" {
				n++
			}
		}
		return n
	}
	for n := 1; n <= 6; n++ {
		tab := s.send(s.deal(n))
		s.tabShows(tab, draftLabel, waitingLabel)
	}
	for _, d := range s.documents()[:3] {
		s.do(d.ID, sbistest.SignByUs)
	}
	s.await("sent", func() bool { return s.stage(s.deal(3)) == "Акт направлен заявителю" })
	if other := count(); other != 0 {
		t.Errorf("polling asked %d other things", other)
	}
}

// An expired token is renewed once for all concurrent calls, and users do not notice it.
func TestExpiredTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.portal.ExpireTokens()
	for n := 1; n <= 5; n++ {
		s.send(s.deal(n))
	}
	s.await("items in the CRM", func() bool { return len(s.portal.Items(s.itemType())) == 5 })
	renewed := 0
	for _, l := range s.Cloud.Trace().Lines() {
		if strings.Contains(l.Method, "oauth/token") {
			renewed++
		}
	}
	if renewed > 2 { // one of them belongs to the installation
		t.Errorf("%d renewals, want one", renewed)
	}
}

func (s *site) itemType() int {
	for _, t := range s.portal.Types() {
		return t.EntityTypeID
	}
	s.t.Fatal("no smart process")
	return 0
}

// The CRM item follows the act: stage, number, sums; there is exactly one.
func TestItemFollowsTheAct(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	tab := s.send(s.deal(1))
	s.tabShows(tab, draftLabel, waitingLabel)
	document := s.lastDocument()
	stage := func() string {
		items := s.portal.Items(s.itemType())
		if len(items) != 1 {
			return ""
		}
		return s.portal.StageName(s.itemType(), items[0]["stageId"].(string))
	}
	s.await("the item in preparation", func() bool { return stage() == draftLabel })
	s.do(document.ID, sbistest.SignByUs)
	s.await("the item sent", func() bool { return stage() == "Акт направлен заявителю" })
	s.do(document.ID, sbistest.SignByCounterparty)
	s.await("the item signed", func() bool { return stage() == "Акт получен и подписан" })
	item := s.portal.Items(s.itemType())[0]
	if sum := item["opportunity"]; sum != 17800.0 {
		t.Errorf("the item's sum is %v, want 17800", sum)
	}
	for _, field := range s.portal.ItemFields(s.itemType()) {
		if value := item[field.Name]; field.Kind == "enumeration" && (value == nil || value == "" || value == 0.0) {
			t.Errorf("«%s» of the item is empty", field.Title)
		}
	}
	if got := len(s.portal.Rows(s.itemType(), int64(item["id"].(float64)))); got != 3 {
		t.Errorf("%d product rows on the item, want 3", got)
	}
}

func TestPersonMovedTheDealLater(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	tab := s.send(deal)
	s.tabShows(tab, draftLabel, waitingLabel)
	s.do(s.lastDocument().ID, sbistest.SignByUs)
	s.await("sent", func() bool { return s.stage(deal) == "Акт направлен заявителю" })
	if err := s.portal.Move(s.portal.Manager(), bitrix24test.Deal, deal, "LOSE"); err != nil {
		t.Fatal(err)
	}
	s.do(s.lastDocument().ID, sbistest.SignByCounterparty)
	s.tabShows(tab, "Акт получен и подписан", "Обмен завершён")
	s.await("the tab shows where the deal should be", func() bool {
		p, err := s.manager.Get(tab)
		return strings.Contains(s.page(p, err, 200).Find("#place").Text(), "Услуга оказана")
	})
	if got := s.stage(deal); got != "Сделка провалена" {
		t.Errorf("a lost deal was moved to %q", got)
	}
}
