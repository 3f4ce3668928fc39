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

// Each action of a manager makes as few calls to the portal as possible; pages of our own data make none.
func TestCallsPerAction(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	// An event that overtakes the answer of its call is read: one more call.
	s.Portal.Configure(func(c *bitrix24test.Config) { c.EventDelay = 2 * time.Second })
	var action string
	var form map[string][]string
	if n, methods := s.CountCalls(func() { _, action, form = s.DealTab(s.Deal(1)) }); n != 1 {
		t.Errorf("opening the deal tab: %d calls, want 1: %v", n, methods)
	}
	if n, methods := s.CountCalls(func() {
		p, err := s.Manager.Get(strings.TrimSuffix(action, "/acts"))
		s.Page(p, err, http.StatusOK)
	}); n != 0 {
		t.Errorf("reloading the deal tab: %d calls, want 0: %v", n, methods)
	}
	if n, methods := s.CountCalls(func() {
		p, err := s.Manager.Post(action, form)
		s.Page(p, err, http.StatusOK)
	}); n != 1 || !slices.Contains(methods, "crm.item.add") || !slices.Contains(methods, "crm.timeline.comment.add") {
		t.Errorf("forming an act: %d calls, want 1 after the answer with the item and the timeline: %v", n, methods)
	}
	for _, path := range []string{"/p/1/acts", "/p/1/companies/2", "/p/1/acts/1"} {
		if n, methods := s.CountCalls(func() {
			p, err := s.Manager.Get(path)
			s.Page(p, err, http.StatusOK)
		}); n != 0 {
			t.Errorf("%s: %d calls, want 0: %v", path, n, methods)
		}
	}
	if n, methods := s.CountCalls(func() {
		p, err := s.Manager.Post("/p/1/acts/1/send", nil)
		s.Page(p, err, http.StatusOK)
		s.AwaitTab("/p/1/deals/1", apptest.DraftLabel, apptest.WaitingLabel)
	}); n > 3 {
		t.Errorf("handing over: %d calls, want at most 3, which read the deal and write what changed: %v", n, methods)
	}
	for _, l := range s.Cloud.Trace().Lines() {
		if l.Status >= 400 && l.Error != "expired_token" {
			t.Errorf("the portal refused %s: %d %s", l.Method, l.Status, l.Error)
		}
	}
}

// A poll takes one call per organisation and page, whatever the number of acts.
func TestPollsDoNotGrowWithActs(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	callsBesidePolls := func() int {
		s.SBIS.Trace().Reset()
		polls := func() int { return s.SBIS.Trace().Count("СБИС.СписокИзменений") }
		s.Await("three polls", func() bool { return polls() >= 3 })
		n := 0
		for _, l := range s.SBIS.Trace().Lines() {
			if l.Method != "СБИС.СписокИзменений" {
				n++
			}
		}
		return n
	}
	for n := 1; n <= 6; n++ {
		tab := s.HandOver(s.Deal(n))
		s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	}
	for _, d := range s.Documents()[:3] {
		s.MoveDocument(d.ID, sbistest.MoveSignByUs)
	}
	s.Await("sent", func() bool { return s.DealStage(s.Deal(3)) == "Акт направлен заявителю" })
	if n := callsBesidePolls(); n != 0 {
		t.Errorf("three polls made %d calls of other methods, want none", n)
	}
}

// An expired token is renewed once for all concurrent calls, and users do not notice it.
func TestExpiredTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	before := s.Cloud.Trace().Count("oauth.token")
	s.Portal.ExpireTokens()
	for n := 1; n <= 5; n++ {
		s.HandOver(s.Deal(n))
	}
	s.Await("items in the CRM", func() bool { return len(s.Portal.Items(s.ItemType())) == 5 })
	if n := s.Cloud.Trace().Count("oauth.token") - before; n != 1 {
		t.Errorf("%d renewals, want one", n)
	}
}

// The CRM item follows the act: stage, number, sums; there is exactly one.
func TestItemFollowsTheAct(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	document := s.LastDocument()
	itemStage := func() string {
		items := s.Portal.Items(s.ItemType())
		if len(items) != 1 {
			return ""
		}
		return s.Portal.StageName(s.ItemType(), items[0]["stageId"].(string))
	}
	s.Await("the item in preparation", func() bool { return itemStage() == apptest.DraftLabel })
	s.MoveDocument(document.ID, sbistest.MoveSignByUs)
	s.Await("the item sent", func() bool { return itemStage() == "Акт направлен заявителю" })
	s.MoveDocument(document.ID, sbistest.MoveSignByCounterparty)
	s.Await("the item signed", func() bool { return itemStage() == "Акт получен и подписан" })
	item := s.Portal.Items(s.ItemType())[0]
	if sum := item["opportunity"]; sum != 17800.0 {
		t.Errorf("the item's sum is %v, want 17800", sum)
	}
	if number := item[s.ItemField("Номер акта")]; number != "1" {
		t.Errorf("the item's number is %v, want 1", number)
	}
	for _, field := range s.Portal.ItemFields(s.ItemType()) {
		if value := item[field.Name]; field.Kind == "enumeration" && (value == nil || value == "" || value == 0.0) {
			t.Errorf("«%s» of the item is empty", field.Title)
		}
	}
	if got := len(s.Portal.Rows(s.ItemType(), int64(item["id"].(float64)))); got != 3 {
		t.Errorf("%d product rows on the item, want 3", got)
	}
}

// A deal that a person has moved to a failed stage is not moved by a later signature; its tab shows where it should be.
func TestDealThatAPersonMovedStays(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	tab := s.HandOver(deal)
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	s.Await("sent", func() bool { return s.DealStage(deal) == "Акт направлен заявителю" })
	if err := s.Portal.Move(s.Portal.Manager(), bitrix24test.Deal, deal, "LOSE"); err != nil {
		t.Fatal(err)
	}
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByCounterparty)
	s.AwaitTab(tab, "Акт получен и подписан", "Обмен завершён")
	s.Await("the tab shows where the deal should be", func() bool {
		p, err := s.Manager.Get(tab)
		return strings.Contains(s.Page(p, err, 200).Find("#place").Text(), "Услуга оказана")
	})
	if got := s.DealStage(deal); got != "Сделка провалена" {
		t.Errorf("the deal is at %q, want «Сделка провалена», where the person moved it", got)
	}
}
