package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
)

// maxCallsPerDeal is the largest number of calls for the first copy of a hundred thousand deals.
const maxCallsPerDeal = 45

// walkPoints match the points at which a backfill of deals can be interrupted.
var walkPoints = regexp.MustCompile(`backfills|INSERT deals|crm\.item\.list`)

// runDeals lets the program copy all deals of a portal while replicas are killed, and compares the copies with the portal.
func runDeals(ctx context.Context, p plan) (clean bool, err error) {
	fmt.Printf("crashtest: %d deals of one portal, %d kills, seed %d\n", p.copiedDeals, p.kills, p.seed)
	p.portals, p.acts, p.killPoints = 1, 1, walkPoints
	h, err := openHarness(ctx, p)
	if err != nil {
		return false, err
	}
	defer func() { h.close(clean) }()
	if err := h.untilLoaded(ctx); err != nil { // the few deals of a new portal
		return false, err
	}
	portal := h.world.Portals[0]
	for n := range p.copiedDeals - len(portal.Items(bitrix24test.Deal)) {
		portal.AddItem(bitrix24test.Deal, bitrix24test.Fields{"title": fmt.Sprintf("Заказ %d", n), "categoryId": 0, "stageId": "ACTS_1",
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
	if err := h.untilLoaded(ctx); err != nil {
		return false, err
	}
	took := time.Since(started)
	kills, _ := h.nemesis.progress()
	h.stopReplicas()
	return h.sameDeals(ctx, portal, walkCalls(portal.Trace().Lines()[before:]), kills, took)
}

func (h *harness) untilLoaded(ctx context.Context) error {
	for until := time.Now().Add(h.plan.settleTimeout); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		var left int
		if err := h.db.QueryRowContext(ctx, `SELECT count(*) FROM backfills WHERE NOT done`).Scan(&left); err != nil || left == 0 {
			return err
		}
	}
	return fmt.Errorf("the deals were not copied in %v", h.plan.settleTimeout)
}

// walkCalls counts the HTTP calls of the backfill; reconciliation filters by time of change, hints by ids.
func walkCalls(lines []bitrix24test.Line) int {
	calls := map[int64]bool{}
	for _, l := range lines {
		params := fmt.Sprint(l.Params)
		if l.Method == "crm.item.list" && strings.Contains(params, "movedTime") && !strings.Contains(params, ">=updatedTime") && !strings.Contains(params, "@id") {
			calls[l.HTTP] = true
		}
	}
	return len(calls)
}

func (h *harness) sameDeals(ctx context.Context, portal *bitrix24test.Portal, calls, kills int, took time.Duration) (clean bool, err error) {
	rows, err := h.db.QueryContext(ctx, `SELECT id, title || '|' || stage_id || '|' || amount / 100 FROM deals WHERE NOT deleted`)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	kept, doubled := map[string]string{}, 0
	for rows.Next() {
		var id, head string
		if err := rows.Scan(&id, &head); err != nil {
			return false, err
		}
		if _, twice := kept[id]; twice {
			doubled++
		}
		kept[id] = head
	}
	lost, wrong := 0, 0
	there := portal.Items(bitrix24test.Deal)
	for _, d := range there {
		switch head, ok := kept[fmt.Sprint(d["id"])]; {
		case !ok:
			lost++
		case head != fmt.Sprintf("%v|%v|%v", d["title"], d["stageId"], d["opportunity"]):
			wrong++
		}
	}
	fmt.Printf("crashtest: %d deals in the portal, %d copied, %d lost, %d wrong, %d duplicated; %d calls, %d kills, %v\n",
		len(there), len(kept), lost, wrong, doubled, calls, kills, took.Round(time.Millisecond))
	return lost+wrong+doubled == 0 && len(kept) == len(there) && kills == h.plan.kills && calls <= maxCallsPerDeal+kills, rows.Err()
}
