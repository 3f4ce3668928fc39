package store_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/storetest"
)

var ctx = context.Background()

const testKeys = "a:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

// addresses are those of the database behind a pool: the app's and the owner's.
var addresses sync.Map

// plainPools are those of asApp, by pool of the store.
var plainPools sync.Map

func open(t *testing.T) *store.DB {
	t.Helper()
	dsn, owner := storetest.DSN(t)
	return openAt(t, [2]string{dsn, owner})
}

// twin opens another pool at the same database, as another replica does.
func twin(t *testing.T, db *store.DB) *store.DB {
	t.Helper()
	at, _ := addresses.Load(db)
	return openAt(t, at.([2]string))
}

func openAt(t *testing.T, at [2]string) *store.DB {
	t.Helper()
	keys, err := store.ParseKeys(testKeys)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(at[0], keys, store.Options{Connections: 6, StatementTimeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	addresses.Store(db, at)
	t.Cleanup(func() { db.Close() })
	return db
}

// asApp connects to the database behind a pool as the program does.
func asApp(t *testing.T, db *store.DB) *sql.DB {
	t.Helper()
	if plain, ok := plainPools.Load(db); ok {
		return plain.(*sql.DB)
	}
	at, _ := addresses.Load(db)
	plain := connect(t, at.([2]string)[0])
	plainPools.Store(db, plain)
	return plain
}

func connect(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// asOwner runs what only the owner of the schema may, and returns how many rows it changed.
func asOwner(t *testing.T, db *store.DB, query string, values ...any) int64 {
	t.Helper()
	at, _ := addresses.Load(db)
	res, err := connect(t, at.([2]string)[1]).ExecContext(ctx, query, values...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	n, _ := res.RowsAffected()
	return n
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
			tx.Portals().SaveTokens(ctx, "access-of-"+member, "refresh-of-"+member, "application-of-"+member),
			queue.AddBudget(ctx, tx),
			tx.Companies().Merge(ctx, store.OwnCompany{ID: 1, Party: acts.Party{Kind: acts.PartyCompany, Name: "Мы", INN: "7701010105"}, Function: acts.FunctionAct}),
			tx.Portals().SaveNames(ctx, p.WithNames(map[string]string{"draft": "DT1_1:NEW"}, nil, nil, nil, nil)))
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
		{ID: 11, CRM: 11, Name: "Работа", Quantity: dec("4"), Price: dec("100.5"), Rate: "22", Unit: acts.Unit{Code: "796", Name: "шт"}, NeedsAct: true},
		{ID: 12, CRM: 12, Name: "Услуга", Quantity: dec("1.5"), Price: dec("10"), Rate: acts.NoVAT, NeedsAct: true}}}
}

func draft(d store.Deal, quantity string) acts.Act {
	row := d.Rows[0]
	line := acts.Line{N: 1, Row: row.ID, Name: row.Name, Unit: row.Unit, Quantity: dec(quantity), Price: row.Price, Rate: row.Rate}
	line.Totals = row.Part(line.Quantity, line.Rate)
	return acts.Act{Deal: d.ID, OwnCompany: 1, Company: d.Company, Medium: acts.MediumElectronic, PartyKind: acts.PartyCompany, Channel: acts.ChannelEDO,
		Function: acts.FunctionAct, Date: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Lines: []acts.Line{line}, Totals: line.Totals,
		Buyer: acts.Party{INN: "7802020205"}, CreatedBy: 2, CreatedAt: time.Now()}
}

func addAct(t *testing.T, db *store.DB, p acts.PortalID, a acts.Act) acts.ActID {
	t.Helper()
	var id acts.ActID
	inTx(t, db, p, func(tx store.Tx) (err error) {
		id, err = tx.Acts().Add(ctx, uuid.NewString(), a)
		return err
	})
	return id
}

// paperAct makes deal 7 and a paper act of it in the status.
func paperAct(t *testing.T, db *store.DB, p acts.PortalID, s acts.Status) acts.ActID {
	t.Helper()
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, deal(7)) })
	a := draft(deal(7), "1")
	a.Medium, a.Channel = acts.MediumPaper, acts.ChannelPost
	id := addAct(t, db, p, a)
	if s != acts.StatusDraft {
		move(t, db, p, id, acts.StatusDraft, s, time.Now())
	}
	return id
}

func move(t *testing.T, db *store.DB, p acts.PortalID, id acts.ActID, from, to acts.Status, at time.Time) {
	t.Helper()
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, id, store.Move{From: from, To: to, Marked: true, At: at})
	})
}

func readAct(t *testing.T, db *store.DB, p acts.PortalID, id acts.ActID) acts.Act {
	t.Helper()
	a, err := db.Scope(p).Acts().Get(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// wantConflict checks that a change came too late.
func wantConflict(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, acts.Conflict) || acts.Message(err) == "" {
		t.Errorf("%s: %v; want a conflict", what, err)
	}
}
