package store_test

import (
	"fmt"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

// A frozen portal is erased when its term has passed, batch by batch, continuing where the last call stopped; no row of it
// stays in any table, and other portals, frozen or not, lose nothing.
func TestErasePortal(t *testing.T) {
	db := open(t)
	gone, later, active := portal(t, db, "a"), portal(t, db, "b"), portal(t, db, "c")
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	for _, p := range []acts.PortalID{gone, later, active} {
		addRowsToTables(t, db, p)
	}
	inTx(t, db, later, func(tx store.Tx) error { return tx.Portals().Freeze(ctx, now.AddDate(0, 0, 1)) })
	inTx(t, db, gone, func(tx store.Tx) error { return tx.Portals().Freeze(ctx, now) })
	inTx(t, db, gone, func(tx store.Tx) error { return tx.Portals().Freeze(ctx, now.AddDate(0, 1, 0)) }) // the term counts from the first removal
	for _, p := range []acts.PortalID{gone, later} {
		inTx(t, db, p, func(tx store.Tx) error { return tx.Portals().SaveRetention(ctx, store.Retention{Days: 30}) })
	}
	if p, err := db.EraseExpired(ctx, now.AddDate(0, 0, 30).Add(-time.Second), 5); p != 0 || err != nil {
		t.Errorf("portal %d is erased too early, %v", p, err)
	}
	kept := map[string]int{}
	for _, table := range portalTables(t, db) {
		kept[table] = rowsOf(t, db, table, later, active)
	}
	steps := 0
	for ; steps < 1000; steps++ {
		p, err := db.EraseExpired(ctx, now.AddDate(0, 0, 30), 5)
		if err != nil {
			t.Fatal(err)
		}
		if p == 0 {
			break
		}
		if p != gone {
			t.Fatalf("portal %d is erased", p)
		}
	}
	if steps < 3 {
		t.Errorf("everything was deleted in %d batches", steps)
	}
	for _, table := range portalTables(t, db) {
		if n := rowsOf(t, db, table, gone); n != 0 {
			t.Errorf("%s: %d rows are left", table, n)
		}
		if n := rowsOf(t, db, table, later, active); n != kept[table] {
			t.Errorf("%s: other portals have %d rows, they had %d", table, n, kept[table])
		}
	}
	if _, err := db.PortalByMember(ctx, "a"); acts.KindOf(err) != acts.NotFound {
		t.Errorf("the portal itself: %v", err)
	}
}

// portalTables are all tables with rows of portals.
func portalTables(t *testing.T, db *store.DB) (names []string) {
	t.Helper()
	rows, err := asApp(t, db).QueryContext(ctx, `SELECT a.attrelid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE a.attname = 'portal_id' AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if len(names) < 30 || rows.Err() != nil {
		t.Fatalf("%d tables, %v", len(names), rows.Err())
	}
	return names
}

// rowsOf counts the rows of portals in a table, each as its own connection sees them.
func rowsOf(t *testing.T, db *store.DB, table string, portals ...acts.PortalID) (n int) {
	t.Helper()
	conn, err := asApp(t, db).Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, p := range portals {
		n += seen(t, conn, table, p, p)
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("SELECT set_config('acts.portal', '%d', false)", 0)); err != nil {
		t.Fatal(err)
	}
	return n
}

// Everything that is kept for a shorter time than its portal is erased after its term, and not before; what is still needed stays.
func TestEraseOutdated(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	addRowsToTables(t, db, p)
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	kinds := []struct {
		what, add, left string // how the row is added with its moment, and the condition that it is not erased
		days            int
	}{
		{"an event of the portal", `INSERT INTO portal_events (portal_id, event, object_id, received_at) VALUES ($1, 'RAW', 1, clock_timestamp() - (CAST('2026-11-27 12:00Z' AS timestamptz) - $2))`, `portal_events WHERE event = 'RAW'`, 30},
		{"a message", `INSERT INTO messages (portal_id, deal_id, text, created_at) SELECT $1, id, 'OLD', $2 FROM deals WHERE portal_id = $1 LIMIT 1`, `messages WHERE text = 'OLD'`, 90},
		{"the address of an unanswered question", `INSERT INTO questions (portal_id, deal_id, automatic, state, address, created_at, expires_at) SELECT $1, id, false, 'sent', 'OLD', $2, $2 FROM deals WHERE portal_id = $1 LIMIT 1`, `questions WHERE address = 'OLD'`, 90},
		{"the link of a question", `INSERT INTO question_links (portal_id, hash, question_id) SELECT $1, 'OLD', id FROM questions WHERE portal_id = $1 AND expires_at = $2`, `question_links WHERE hash = 'OLD'`, 90},
		{"a replaced answer", `INSERT INTO answers (portal_id, deal_id, source, channel, party_kind, phone, at) SELECT $1, d.id, 'form', 'post', 'company', p.phone, p.at
			FROM (SELECT id FROM deals WHERE portal_id = $1 LIMIT 1) d, (VALUES ('OLD', CAST($2 AS timestamptz)), ('NEW', CAST($2 AS timestamptz))) p (phone, at)`, `answers WHERE phone = 'OLD'`, 90},
		{"the text of a letter", `INSERT INTO letters (portal_id, deal_id, purpose, address, subject, body, state, created_at) SELECT $1, id, 'act', 'a@b.ru', 's', 'OLD', 'sent', $2 FROM deals WHERE portal_id = $1 LIMIT 1`, `letters WHERE body = 'OLD'`, 365},
		{"a bulk", `INSERT INTO bulks (portal_id, form_key, action, target_name, state, user_id, user_name, created_at) VALUES ($1, gen_random_uuid(), 'table', 'OLD', 'done', 1, 'Анна', $2)`, `bulks WHERE target_name = 'OLD'`, 365},
		{"who sent a letter", `INSERT INTO letters (portal_id, deal_id, purpose, address, subject, body, state, user_name, created_at) SELECT $1, id, 'act', 'a@b.ru', 's', '', 'sent', 'OLD', $2 FROM deals WHERE portal_id = $1 LIMIT 1`, `letters WHERE user_name = 'OLD'`, 1096},
		{"who asked a question", `INSERT INTO questions (portal_id, deal_id, automatic, state, user_name, created_at, expires_at) SELECT $1, id, false, 'sent', 'OLD', $2, $2 FROM deals WHERE portal_id = $1 LIMIT 1`, `questions WHERE user_name = 'OLD'`, 1096},
		{"who installed the app", `INSERT INTO installs (portal_id, state, user_name, looked_at) VALUES ($1, 'done', 'OLD', $2)
			ON CONFLICT (portal_id) DO UPDATE SET state = 'done', user_name = 'OLD', looked_at = EXCLUDED.looked_at`, `installs WHERE user_name = 'OLD'`, 1096},
		{"a change of the group", `INSERT INTO group_changes (portal_id, at, user_name, text) VALUES ($1, $2, 'Анна', 'OLD')`, `group_changes WHERE text = 'OLD'`, 1096},
		{"an attempt in a closed period", `INSERT INTO closed_tries (portal_id, own_company_id, at, user_id, user_name, text) SELECT $1, id, $2, 1, 'Анна', 'OLD' FROM own_companies WHERE portal_id = $1 LIMIT 1`, `closed_tries WHERE text = 'OLD'`, 1096},
	}
	left := func(where string) int64 { return asOwner(t, db, `SELECT FROM `+where) }
	for _, r := range kinds {
		if asOwner(t, db, r.add, int64(p), now.AddDate(0, 0, -r.days)); left(r.left) == 0 {
			t.Fatalf("%s: there is none, the test proves nothing", r.what)
		}
	}
	asOwner(t, db, `INSERT INTO portal_events (portal_id, event, object_id) VALUES ($1, 'NEW', 1)`, int64(p))
	erase := func(at time.Time, most int) {
		for n := 1; n > 0; {
			var err error
			if n, err = db.EraseOutdated(ctx, at, most); err != nil {
				t.Fatal(err)
			}
		}
	}
	erase(now.AddDate(0, 0, -2), 100)
	for _, r := range kinds {
		if r.days != 30 && left(r.left) == 0 { // events are counted by machine time
			t.Errorf("%s is erased too early", r.what)
		}
	}
	erase(now.AddDate(0, 0, 2), 1)
	for _, r := range kinds {
		if n := left(r.left); n != 0 {
			t.Errorf("%s: %d are left", r.what, n)
		}
	}
	for _, kept := range []string{`answers WHERE phone = 'NEW'`, `portal_events WHERE event = 'NEW'`, `acts`, `act_events`} {
		if left(kept) == 0 {
			t.Errorf("%s: erased", kept)
		}
	}
}
