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
		furnish(t, db, p)
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
