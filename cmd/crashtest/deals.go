package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
)

// maxBackfillCalls is the largest number of calls for the first copy of a hundred thousand deals. Each kill may cost one more.
const maxBackfillCalls = 45

// backfillPoints match the points at which a backfill of deals can be interrupted.
var backfillPoints = regexp.MustCompile(`backfills|INSERT deals|crm\.item\.list`)

// runDeals lets the program copy all deals of a portal while replicas are killed, and compares the copies with the portal.
func runDeals(ctx context.Context, p plan) (clean bool, err error) {
	fmt.Printf("crashtest: %d deals of one portal, %d kills, seed %d\n", p.copiedDeals, p.kills, p.seed)
	p.portals, p.acts, p.killPoints = 1, 1, backfillPoints
	h, err := openHarness(ctx, p)
	if err != nil {
		return false, err
	}
	defer func() { h.close(clean) }()
	if err := h.awaitBackfill(ctx); err != nil { // the few deals of a new portal
		return false, err
	}
	portal := h.world.Portals[0]
	for n := range p.copiedDeals - len(portal.Items(bitrix24test.Deal)) {
		portal.AddItem(bitrix24test.Deal, bitrix24test.Fields{"title": fmt.Sprintf("Заказ %d", n), "categoryId": 0, "stageId": robotStage,
			"assignedById": portal.Manager(), "currencyId": "RUB", "opportunity": 100 + n})
	}
	before := len(portal.Trace().Lines())
	for _, query := range []string{`DELETE FROM deal_rows`, `DELETE FROM deals`,
		`UPDATE backfills SET after_id = 0, seen = 0, total = 0, done = false, next_at = clock_timestamp()`} {
		if _, err := h.db.ExecContext(ctx, query); err != nil {
			return false, err
		}
	}
	started := time.Now()
	h.nemesis.allowKills(p.kills)
	if err := h.awaitBackfill(ctx); err != nil {
		return false, err
	}
	found := backfillResult{took: time.Since(started)}
	found.kills, _ = h.nemesis.progress()
	h.stopReplicas()
	found.calls = countBackfillCalls(portal.Trace().Lines()[before:])
	if err := h.compareDeals(ctx, portal, &found); err != nil {
		return false, err
	}
	fmt.Println("crashtest:", found.describe(p))
	return found.clean(p), nil
}

// awaitBackfill waits until the deals of all portals are copied.
func (h *harness) awaitBackfill(ctx context.Context) error {
	for until := time.Now().Add(h.plan.settleTimeout); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		var left int
		if err := h.db.QueryRowContext(ctx, `SELECT count(*) FROM backfills WHERE NOT done`).Scan(&left); err != nil || left == 0 {
			return err
		}
	}
	return fmt.Errorf("the deals were not copied in %v", h.plan.settleTimeout)
}

// countBackfillCalls counts the HTTP calls of the backfill; reconciliation filters by time of change, events by ids.
func countBackfillCalls(lines []bitrix24test.Line) int {
	calls := map[int64]bool{}
	for _, l := range lines {
		params := fmt.Sprint(l.Params)
		if l.Method == "crm.item.list" && strings.Contains(params, "movedTime") && !strings.Contains(params, ">=updatedTime") && !strings.Contains(params, "@id") {
			calls[l.HTTP] = true
		}
	}
	return len(calls)
}

// backfillResult is what a backfill of deals has cost, and how the copies differ from the deals of the portal.
type backfillResult struct {
	took          time.Duration
	calls, kills  int
	deals, copies int
	lost          int // deals without a copy
	wrong         int // copies with another title, stage or amount
	duplicated    int // deals with several copies
}

// compareDeals compares the deals of a portal with their copies in the database, and adds the differences to found.
func (h *harness) compareDeals(ctx context.Context, portal *bitrix24test.Portal, found *backfillResult) error {
	rows, err := h.db.QueryContext(ctx, `SELECT id, title || '|' || stage_id || '|' || amount / 100 FROM deals WHERE NOT deleted`)
	if err != nil {
		return err
	}
	defer rows.Close()
	copies := map[string]string{}
	for rows.Next() {
		var id, fields string
		if err := rows.Scan(&id, &fields); err != nil {
			return err
		}
		if _, twice := copies[id]; twice {
			found.duplicated++
		}
		copies[id] = fields
	}
	deals := portal.Items(bitrix24test.Deal)
	found.deals, found.copies = len(deals), len(copies)
	for _, d := range deals {
		switch fields, ok := copies[fmt.Sprint(d["id"])]; {
		case !ok:
			found.lost++
		case fields != fmt.Sprintf("%v|%v|%v", d["title"], d["stageId"], d["opportunity"]):
			found.wrong++
		}
	}
	return rows.Err()
}

// clean reports whether the copies are those of the deals, and the backfill was killed as planned and did not begin again.
func (r backfillResult) clean(p plan) bool {
	return r.lost+r.wrong+r.duplicated == 0 && r.copies == r.deals && r.kills == p.kills && r.calls <= maxBackfillCalls+r.kills
}

// describe returns the result with what clean requires.
func (r backfillResult) describe(p plan) string {
	return fmt.Sprintf("%d deals in the portal, %d copied, %d lost, %d wrong, %d duplicated; %d calls of at most %d, %d kills of %d; copied in %v",
		r.deals, r.copies, r.lost, r.wrong, r.duplicated, r.calls, maxBackfillCalls+r.kills, r.kills, p.kills, r.took.Round(time.Millisecond))
}
