package crm_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// forgetDeals deletes our copies of deals and starts the backfill again, as for a newly installed portal.
func forgetDeals(s *apptest.Site) {
	s.Exec(`DELETE FROM deal_rows`)
	s.Exec(`DELETE FROM deals`)
	s.Exec(`UPDATE backfills SET after_id = 0, seen = 0, total = 0, done = false, next_at = clock_timestamp()`)
}

// addBareDeals adds deals without rows and parties.
func addBareDeals(s *apptest.Site, n int) {
	for i := range n {
		s.Portal.AddItem(bitrix24test.Deal, fields{"title": fmt.Sprintf("Заказ %d", i), "categoryId": 0, "stageId": "ACTS_1", "assignedById": s.Portal.Manager(),
			"currencyId": "RUB", "opportunity": 100 + i})
	}
}

// copiesOfDeals returns title, stage and amount of our copies of deals by their ids.
func copiesOfDeals(s *apptest.Site) map[string]string {
	s.T.Helper()
	list := map[string]string{}
	rows, err := s.Owner().Query(`SELECT id, title || '|' || stage_id || '|' || amount / 100 FROM deals WHERE NOT deleted`)
	s.Must(err)
	defer rows.Close()
	for rows.Next() {
		var id, text string
		s.Must(rows.Scan(&id, &text))
		list[id] = text
	}
	s.Must(rows.Err())
	return list
}

// portalDeals returns title, stage and amount of the deals of the portal by their ids.
func portalDeals(s *apptest.Site) map[string]string {
	list := map[string]string{}
	for _, d := range s.Portal.Items(bitrix24test.Deal) {
		list[fmt.Sprint(d["id"])] = fmt.Sprintf("%v|%v|%v", d["title"], d["stageId"], d["opportunity"])
	}
	return list
}

// awaitDealCopies waits until our copies of deals are equal to the deals of the portal.
func awaitDealCopies(s *apptest.Site, when string) {
	s.T.Helper()
	s.Await(when+": equal copies of the portal's deals", func() bool { return maps.Equal(copiesOfDeals(s), portalDeals(s)) })
}

// productionTimeouts sets the timeouts of production, because the fake portal takes long for thousands of deals beside other tests.
func productionTimeouts(cfg *app.Config) {
	cfg.CallTimeout, cfg.Window, cfg.Lease = time.Minute, 75*time.Second, 90*time.Second
}

// All deals of a portal are copied, fifty pages per call; what events and reconciliation missed is found by the next
// backfill.
func TestAllDealsAreCopied(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, productionTimeouts)
	s.RemoveLimits()
	addBareDeals(s, 3_000)
	n, methods := s.CountCalls(func() {
		forgetDeals(s)
		s.Await("the backfill", func() bool { return s.Count(`backfills WHERE done`) == 1 })
	})
	batches := 0
	for _, m := range methods {
		if m == "batch" {
			batches++
		}
	}
	if batches > 3 || n > 6 { // the first page, two batches of pages; the reconciliation
		t.Errorf("%d calls, %d of them batches, for 3020 deals, want at most 6 and 3: %v", n, batches, slices.Compact(methods))
	}
	awaitDealCopies(s, "after the backfill")

	s.Portal.DropEvents(true)
	s.Must(s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, s.Deal(3), fields{"title": "Переименована", "opportunity": 5}))
	s.Must(s.Portal.Delete(s.Portal.Manager(), bitrix24test.Deal, s.Deal(4)))
	s.Exec(`UPDATE backfills SET next_at = clock_timestamp()`)
	s.App.Wake()
	awaitDealCopies(s, "after the second backfill")
}

// A change whose event was lost is found by the reconciliation, also for new deals and deals that nobody has opened.
func TestLostEventsOfDeals(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastReconcile)
	s.Await("the backfill", func() bool { return s.Count(`backfills WHERE done`) == 1 })
	s.Portal.DropEvents(true)
	s.Must(s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, s.Deal(2), fields{"stageId": "ACTS_1", "opportunity": 777}))
	if _, err := s.Portal.Create(s.Portal.Manager(), bitrix24test.Deal, fields{"title": "Новая", "categoryId": 0, "stageId": "ACTS_1", "opportunity": 9}); err != nil {
		t.Fatal(err)
	}
	awaitDealCopies(s, "after the reconciliation")
}

// A deal that nobody has opened here and that is approved without an act causes a notification.
func TestApprovedDealThatNobodyOpened(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Await("the backfill", func() bool { return s.Count(`backfills WHERE done`) == 1 })
	s.Must(s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, s.Deal(5), fields{"stageId": "ACTS_2"}))
	s.Await("the warning", func() bool { return s.Notifications("акта ещё нет") == 1 })
	if n := s.Count(`answers`); n > 0 {
		t.Errorf("%d answers, want none: fields that were set before are no answer", n)
	}
}

// A deal that we have moved is not read again as a whole, neither after the event of the move nor by the reconciliation; one that a person has
// changed as well is.
func TestOwnMovesAreNotRead(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastReconcile)
	wholeReads := func() (n int) {
		for _, l := range s.Cloud.Trace().Lines() {
			if l.Method == "crm.item.productrow.list" && l.User != s.Portal.Manager() {
				n++
			}
		}
		return n
	}
	deal := s.Deal(1)
	act := s.FormPaperAct(deal, "company")
	s.AwaitQuiet()
	s.AwaitReconciliations(1)
	before, stage := wholeReads(), s.DealStage(deal)
	sent, err := s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	s.Page(sent, err, http.StatusOK)
	s.PostAction(act+"/paper", url.Values{"channel": {"post"}}, "Акт направлен заявителю")
	s.Await("the move of the deal", func() bool { return s.DealStage(deal) != stage })
	s.AwaitQuiet()
	s.AwaitReconciliations(2)
	if n := wholeReads() - before; n != 0 {
		t.Errorf("the moved deal was read %d times", n)
	}
	awaitDealCopies(s, "after the move")

	s.Portal.DropEvents(true)
	s.Must(s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, deal, fields{"title": "Переименована"}))
	s.Await("the reading of the renamed deal", func() bool { return wholeReads() > before })
	awaitDealCopies(s, "after the change")
}
