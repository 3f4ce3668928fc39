package store_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store"
	"acts24/store/storetest"
)

var ctx = context.Background()

const testKeys = "a:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

// owners remembers the owner's address of the database behind a pool.
var owners sync.Map

func open(t *testing.T) *store.DB {
	t.Helper()
	dsn, owner := storetest.DSN(t)
	keys, err := store.ParseKeys(testKeys)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(dsn, keys, store.Options{Connections: 6, StatementTimeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	owners.Store(db, owner)
	t.Cleanup(func() { db.Close() })
	return db
}

// moveSecret copies the sealed tokens of one portal to another, as only the owner of the schema could.
func moveSecret(t *testing.T, db *store.DB, from, to acts.PortalID) {
	t.Helper()
	owner, _ := owners.Load(db)
	pool, err := sql.Open("postgres", owner.(string))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	res, err := pool.ExecContext(ctx, `UPDATE tokens SET access = s.access FROM tokens s WHERE s.portal_id = $1 AND tokens.portal_id = $2`, from, to)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := res.RowsAffected(); n != 1 {
		t.Fatalf("%d rows moved, want 1", n)
	}
}

// portal makes an active portal with tokens and one company of ours.
func portal(t *testing.T, db *store.DB, member string) acts.PortalID {
	t.Helper()
	p, err := db.SavePortal(ctx, store.Portal{MemberID: member, Endpoint: "https://" + member + ".example/rest/", Origin: "https://" + member + ".example", AppCode: "acts"})
	if err != nil {
		t.Fatal(err)
	}
	inTx(t, db, p.ID, func(tx store.Tx) error {
		return errors.Join(
			tx.SaveTokens(ctx, "access-of-"+member, "refresh-of-"+member, "application-of-"+member),
			tx.AddBudget(ctx),
			tx.MergeOwnCompany(ctx, store.OwnCompany{ID: 1, Party: acts.Party{Kind: acts.Company, Name: "Мы", INN: "7701010105"}, Function: acts.ActOnly}),
			tx.SavePortalNames(ctx, p.WithNames(map[string]string{"draft": "DT1_1:NEW"}, nil, nil, nil)))
	})
	return p.ID
}

func inTx(t *testing.T, db *store.DB, portal acts.PortalID, f func(store.Tx) error) {
	t.Helper()
	if err := db.InTx(ctx, portal, f); err != nil {
		t.Fatal(err)
	}
}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func deal(id acts.DealID) store.Deal {
	return store.Deal{ID: id, Title: "Сделка", StageID: "NEW", Company: 5, Responsible: 2, Currency: "RUB", Rows: []acts.ProductRow{
		{ID: 11, Name: "Работа", Quantity: dec("4"), Price: dec("100.5"), Rate: "22", Unit: acts.Unit{Code: "796", Name: "шт"}, NeedsAct: true},
		{ID: 12, Name: "Услуга", Quantity: dec("1.5"), Price: dec("10"), Rate: acts.NoVAT, NeedsAct: true}}}
}

func draft(d store.Deal, quantity string) acts.Act {
	row := d.Rows[0]
	line := acts.Line{N: 1, Row: row.ID, Name: row.Name, Unit: row.Unit, Quantity: dec(quantity), Price: row.Price, Rate: row.Rate}
	line.Totals = row.Part(line.Quantity, line.Rate)
	return acts.Act{Deal: d.ID, OwnCompany: 1, Company: d.Company, Medium: acts.Electronic, PartyKind: acts.Company, Channel: acts.ByEDO,
		Function: acts.ActOnly, Date: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Lines: []acts.Line{line}, Totals: line.Totals,
		Buyer: acts.Party{INN: "7802020205"}, CreatedBy: 2, CreatedAt: time.Now()}
}

func addAct(t *testing.T, db *store.DB, p acts.PortalID, a acts.Act) acts.ActID {
	t.Helper()
	var id acts.ActID
	inTx(t, db, p, func(tx store.Tx) (err error) {
		id, err = tx.AddAct(ctx, uuid.NewString(), a)
		return err
	})
	return id
}

func TestDealKeepsMarksAndCountsActs(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.SaveDeal(ctx, deal(7)) })
	inTx(t, db, p, func(tx store.Tx) error { return tx.MarkRow(ctx, 7, 12, false) })
	id := addAct(t, db, p, draft(deal(7), "1.5"))

	changed := deal(7)
	changed.Rows[0].Quantity = dec("5")
	inTx(t, db, p, func(tx store.Tx) error { return tx.SaveDeal(ctx, changed) })
	got, err := db.Scope(p).Deal(ctx, 7)
	if err != nil {
		t.Fatal(err)
	}
	if left := got.Rows[0].Remainder(); !left.Equal(dec("3.5")) {
		t.Errorf("remainder %s, want 3.5", left)
	}
	if got.Rows[1].NeedsAct || !got.Rows[1].Covered() {
		t.Error("the mark «не нужен» was lost when the deal was read again")
	}
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.MoveAct(ctx, id, store.Move{From: acts.Draft, To: acts.Annulled, Marked: true, At: time.Now()})
	})
	if got, _ = db.Scope(p).Deal(ctx, 7); !got.Rows[0].Remainder().Equal(dec("5")) {
		t.Errorf("an annulled act still takes the row: remainder %s", got.Rows[0].Remainder())
	}
	act, err := db.Scope(p).Act(ctx, id)
	if err != nil || act.Totals.Gross != 15075 || act.Lines[0].Totals != act.Totals || !act.Lines[0].Quantity.Equal(dec("1.5")) {
		t.Errorf("act read back as %+v, %v", act, err)
	}
}

func TestLostRaceIsConflict(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.SaveDeal(ctx, deal(7)) })
	id := addAct(t, db, p, draft(deal(7), "1"))
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.MoveAct(ctx, id, store.Move{From: acts.Draft, To: acts.SignedByUs, At: time.Now()})
	})
	err := db.InTx(ctx, p, func(tx store.Tx) error {
		return tx.MoveAct(ctx, id, store.Move{From: acts.Draft, To: acts.Annulled, Marked: true, At: time.Now()})
	})
	if !errors.Is(err, acts.Conflict) {
		t.Errorf("moved from a status it no longer has: %v", err)
	}
	act, _ := db.Scope(p).Act(ctx, id)
	err = db.InTx(ctx, p, func(tx store.Tx) error {
		act.Delivery = acts.Queued
		return tx.SetDelivery(ctx, act, acts.NotHanded, "")
	})
	if !errors.Is(err, acts.Conflict) {
		t.Errorf("delivery changed from a place it does not have: %v", err)
	}
}

func TestOneFormOneAct(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.SaveDeal(ctx, deal(7)) })
	form := uuid.NewString()
	add := func(tx store.Tx) error { _, err := tx.AddAct(ctx, form, draft(deal(7), "1")); return err }
	inTx(t, db, p, add)
	if err := db.InTx(ctx, p, add); !errors.Is(err, acts.Conflict) {
		t.Errorf("the same form made a second act: %v", err)
	}
	if id, err := db.Scope(p).ActOfForm(ctx, form); err != nil || id == 0 {
		t.Errorf("ActOfForm = %d, %v", id, err)
	}
}

func TestNeighbourSeesNothing(t *testing.T) {
	db := open(t)
	mine, theirs := portal(t, db, "a"), portal(t, db, "b")
	inTx(t, db, mine, func(tx store.Tx) error { return tx.SaveDeal(ctx, deal(7)) })
	id := addAct(t, db, mine, draft(deal(7), "1"))
	if _, err := db.Scope(theirs).Act(ctx, id); !errors.Is(err, acts.NotFound) {
		t.Errorf("the neighbour reads our act: %v", err)
	}
	if _, err := db.Scope(theirs).Deal(ctx, 7); !errors.Is(err, acts.NotFound) {
		t.Errorf("the neighbour reads our deal: %v", err)
	}
	err := db.InTx(ctx, theirs, func(tx store.Tx) error {
		return tx.MoveAct(ctx, id, store.Move{From: acts.Draft, To: acts.Annulled, Marked: true, At: time.Now()})
	})
	if !errors.Is(err, acts.Conflict) {
		t.Errorf("the neighbour moves our act: %v", err)
	}
}

// The second wall: without a portal on the connection the app role sees no row of the guarded tables.
func TestSecondWall(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.SaveDeal(ctx, deal(7)) })
	addAct(t, db, p, draft(deal(7), "1"))
	conn, err := db.SQL().Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "RESET acts.portal"); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"acts", "act_lines", "act_events", "deals", "deal_rows", "files", "file_chunks", "settings", "tokens",
		"edo_accounts", "own_companies", "edo_documents", "edo_lookups", "number_counters"} {
		var n int
		if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d rows, %v; want none", table, n, err)
		}
	}
	for _, query := range []string{"CREATE TABLE x (a int)", "DELETE FROM act_events", "UPDATE act_events SET text = ''", "COPY acts TO PROGRAM 'cat'",
		"SELECT pg_read_file('/etc/passwd')", "ALTER TABLE acts DISABLE ROW LEVEL SECURITY"} {
		if _, err := conn.ExecContext(ctx, query); pq.As(err, pqerror.InsufficientPrivilege) == nil {
			t.Errorf("%s: %v, want permission denied", query, err)
		}
	}
}

func TestSecretsAreSealed(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	if got, err := db.Scope(p).Tokens(ctx); err != nil || got.Access != "access-of-a" {
		t.Fatalf("Tokens = %+v, %v", got, err)
	}
	if ok, err := db.Scope(p).ApplicationTokenIs(ctx, "application-of-a"); err != nil || !ok {
		t.Errorf("own application token: %v, %v", ok, err)
	}
	for _, wrong := range []string{"", "0", "application-of-b"} {
		if ok, _ := db.Scope(p).ApplicationTokenIs(ctx, wrong); ok {
			t.Errorf("application token %q accepted", wrong)
		}
	}
	moveSecret(t, db, p, other)
	if got, err := db.Scope(other).Tokens(ctx); err == nil {
		t.Errorf("a cipher text moved to another portal opens there as %q", got.Access)
	}
}
