package list

import (
	"context"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
	"acts24/store/people"
	"acts24/store/storetest"
)

// Every page of the registry counts what waits for its visitor. One index answers the whole condition: with two of them PostgreSQL would read
// all acts of a visitor with many acts instead of combining the indexes.
func TestMineAwaitUsIsCountedByItsIndex(t *testing.T) {
	ctx := context.Background()
	db := storetest.Open(t)
	p := storetest.AddPortal(t, db, "a")
	d := storetest.Deal(1)
	storetest.InTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
	a := storetest.Draft(d, "1")
	a.Responsible = 7
	storetest.AddAct(t, db, p, a)
	storetest.AsPortal(t, db, p, `INSERT INTO acts (portal_id, form_key, deal_id, own_company_id, company_id, medium, party_kind, channel, function, status, act_date,
			net, tax, gross, seller, buyer, basis, signer, responsible_id, created_by, created_at)
		SELECT portal_id, gen_random_uuid(), deal_id, own_company_id, company_id, medium, party_kind, channel, function, 'signed', act_date,
			net, tax, gross, seller, buyer, basis, signer, responsible_id, created_by, created_at
		FROM acts, generate_series(1, 3000) WHERE portal_id = $1`, p)
	storetest.AsOwner(t, db, `ANALYZE`)
	var lines []string
	values := pg.Args{"me": acts.UserID(7), "today": time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), "visibility": people.Visibility(nil).Arg(),
		"responsible": 0, "own": 0, "stage": "", "company": 0, "contact": 0}
	err := pg.Select(ctx, db.Scope(p), &lines, "EXPLAIN "+overviewCounts(people.Visibility(nil)), values)
	if plan := strings.Join(lines, "\n"); err != nil || !strings.Contains(plan, "acts_our_move") || strings.Contains(plan, "BitmapOr") {
		t.Errorf("the plan does not use acts_our_move alone, %v:\n%s", err, plan)
	}
}
