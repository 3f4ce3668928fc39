package store_test

import (
	"math/rand/v2"
	"testing"

	"github.com/pressly/goose/v3"

	"acts24/acts"
	"acts24/migrations"
	"acts24/store"
)

// actsFromBefore are acts in all statuses, as the release before the daily sums wrote them; some were signed twice.
var actsFromBefore = []string{
	`INSERT INTO portals (member_id, endpoint, origin, app_code, family, state) VALUES ('old', 'https://old/rest/', 'https://old', 'acts', '', 'active')`,
	`INSERT INTO own_companies (portal_id, id, requisite_id, party, signer, function) VALUES (1, 1, 0, '{}', '{}', 'ДОП')`,
	`INSERT INTO deals (portal_id, id, title, category_id, stage_id, company_id, responsible_id) VALUES (1, 7, 'Сделка', 0, 'NEW', 5, 2)`,
	`INSERT INTO acts (portal_id, form_key, deal_id, own_company_id, company_id, medium, party_kind, channel, function, status, act_date, net, tax, gross,
		seller, buyer, basis, signer, responsible_id, created_by, created_at, sent_at, replaced_by)
	SELECT 1, gen_random_uuid(), 7, 1, 5, 'paper', 'company', 'post', 'ДОП',
		(ARRAY['draft', 'signed_by_us', 'sent', 'signed', 'signed', 'accepted_unsigned', 'refused', 'annulled'])[1 + n % 8], '2026-11-23', 100, 22, 100 + n,
		'{}', '{}', '{}', '{}', n % 3, 2, at, at + interval '20 hours', CASE WHEN n % 16 = 6 THEN 1 END
	FROM (SELECT n, timestamptz '2025-11-20 20:30+00' + n * interval '43 hours' AS at FROM generate_series(1, 150) n) q`,
	`INSERT INTO act_events (portal_id, act_id, at, actor, kind, text, from_status, to_status)
	SELECT 1, id, sent_at + again * interval '200 hours', 'person', 'countersignature', '-', 'sent', 'signed'
	FROM acts, generate_series(0, 1) again WHERE status IN ('signed', 'annulled') AND (again = 0 OR id % 2 = 0)`,
}

// Acts that were there before the daily sums are counted in batches, while people go on, and each once.
func TestTrendCountsActsFromBefore(t *testing.T) {
	superuser, name := newDatabase(t)
	if err := store.Provision(ctx, superuser, name); err != nil {
		t.Fatal(err)
	}
	owner := address(t, superuser, store.OwnerRole, name)
	before, err := goose.NewProvider(goose.DialectPostgres, connect(t, owner), migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := before.UpTo(ctx, 9); err != nil {
		t.Fatal(err)
	}
	for _, statement := range actsFromBefore {
		change(t, connect(t, owner), statement)
	}
	if err := store.Migrate(ctx, owner); err != nil {
		t.Fatal(err)
	}
	db, p := openAt(t, [2]string{address(t, superuser, store.AppRole, name), owner}), acts.PortalID(1)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	l := lives{db, p, rand.New(rand.NewPCG(seed, 5))}
	if got, err := db.Scope(p).Trend(ctx, nil, firstMonth, 12); err != nil || got.Counted != 0 || len(got.Months) != 12 || got.Months[5].Formed != 0 {
		t.Errorf("before any counting: %+v, %v", got, err)
	}
	for range 80 {
		l.step(t)
		if l.r.IntN(4) == 0 {
			l.tend(t, "")
		}
	}
	l.settle(t)
	l.check(t, "in the end", "Europe/Moscow")
	if n := len(walk(t, db, p, store.ActFilter{Waiting: acts.AnySpan})); n == 0 {
		t.Error("no act waits, the index is not tried")
	}
}
