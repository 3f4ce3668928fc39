package app_test

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/integrations/bitrix24/bitrix24test"
)

// forgetDeals deletes our copies of deals and starts the backfill again, as for a newly installed portal.
func (s *site) forgetDeals() {
	s.sql(`DELETE FROM deal_rows`)
	s.sql(`DELETE FROM deals`)
	s.sql(`UPDATE loads SET after_id = 0, seen = 0, total = 0, done = false, next_at = clock_timestamp()`)
}

// bareDeals adds deals without rows and parties.
func (s *site) bareDeals(n int) {
	for i := range n {
		s.portal.AddItem(bitrix24test.Deal, fields{"title": fmt.Sprintf("Заказ %d", i), "categoryId": 0, "stageId": "ACTS_1", "assignedById": s.portal.Manager(),
			"currencyId": "RUB", "opportunity": 100 + i})
	}
}

// kept returns the main fields of deals as stored by us; there returns them as the portal has them.
func (s *site) kept() map[string]string {
	list := map[string]string{}
	s.t.Helper()
	db, err := sql.Open("postgres", s.owner)
	s.must(err)
	defer db.Close()
	rows, err := db.Query(`SELECT id, title || '|' || stage_id || '|' || amount / 100 FROM deals WHERE NOT deleted`)
	s.must(err)
	defer rows.Close()
	for rows.Next() {
		var id, head string
		s.must(rows.Scan(&id, &head))
		list[id] = head
	}
	s.must(rows.Err())
	return list
}

func (s *site) there() map[string]string {
	list := map[string]string{}
	for _, d := range s.portal.Items(bitrix24test.Deal) {
		list[fmt.Sprint(d["id"])] = fmt.Sprintf("%v|%v|%v", d["title"], d["stageId"], d["opportunity"])
	}
	return list
}

func (s *site) sameDeals(when string) {
	s.t.Helper()
	s.await(when+": the portal's deals", func() bool { return maps.Equal(s.kept(), s.there()) })
}

// unhurried sets the production timeout of calls, because the fake portal takes long for thousands of deals beside other
// tests.
func unhurried(cfg *app.Config) {
	cfg.CallBound, cfg.Window, cfg.Lease = time.Minute, 75*time.Second, 90*time.Second
}

// All deals of a portal are copied, fifty pages per call; what events and reconciliation missed is found by the next
// backfill.
func TestAllDealsAreCopied(t *testing.T) {
	t.Parallel()
	s := start(t, 1, unhurried)
	s.boundless()
	s.bareDeals(3_000)
	n, methods := s.calls(func() {
		s.forgetDeals()
		s.await("the backfill", func() bool { return s.count(`loads WHERE done`) == 1 })
	})
	batches := 0
	for _, m := range methods {
		if m == "batch" {
			batches++
		}
	}
	if batches > 3 || n > 6 { // the first page, two batches of pages; the reconciliation
		t.Errorf("%d calls, %d of them batches, for 3020 deals: %v", n, batches, slices.Compact(methods))
	}
	s.sameDeals("after the walk")

	s.portal.DropEvents(true)
	s.must(s.portal.Change(s.portal.Manager(), bitrix24test.Deal, s.deal(3), fields{"title": "Переименована", "opportunity": 5}))
	s.must(s.portal.Delete(s.portal.Manager(), bitrix24test.Deal, s.deal(4)))
	s.sql(`UPDATE loads SET next_at = clock_timestamp()`)
	s.app.Wake()
	s.sameDeals("after the second walk")
}

// A change whose event was lost is found by the reconciliation, also for new deals and deals that nobody has opened.
func TestLostEventsOfDeals(t *testing.T) {
	t.Parallel()
	s := start(t, 1, sweeping)
	s.await("the backfill", func() bool { return s.count(`loads WHERE done`) == 1 })
	s.portal.DropEvents(true)
	s.must(s.portal.Change(s.portal.Manager(), bitrix24test.Deal, s.deal(2), fields{"stageId": "ACTS_1", "opportunity": 777}))
	if _, err := s.portal.Create(s.portal.Manager(), bitrix24test.Deal, fields{"title": "Новая", "categoryId": 0, "stageId": "ACTS_1", "opportunity": 9}); err != nil {
		t.Fatal(err)
	}
	s.sameDeals("after the sweep")
}

// A deal that nobody has opened here and that is approved without an act causes a notification.
func TestApprovedDealThatNobodyOpened(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.await("the backfill", func() bool { return s.count(`loads WHERE done`) == 1 })
	s.must(s.portal.Change(s.portal.Manager(), bitrix24test.Deal, s.deal(5), fields{"stageId": "ACTS_2"}))
	s.await("the warning", func() bool { return s.notified("акта ещё нет") == 1 })
	if n := s.count(`answers`); n > 0 {
		t.Errorf("%d answers: fields that were there before are no answer", n)
	}
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}
