package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
)

var ctx = context.Background()

const testKeys = "a:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

// addresses are those of the database behind a pool: the app's and the owner's.
var addresses sync.Map

// plainPools are the plain connections of AsApp, by pool.
var plainPools sync.Map

// Open gives the test a database of its own and returns a pool on it.
func Open(t *testing.T) *store.DB {
	t.Helper()
	dsn, owner := DSN(t)
	return openAt(t, [2]string{dsn, owner})
}

// SecondPool opens another pool on the same database, as another replica does.
func SecondPool(t *testing.T, db *store.DB) *store.DB {
	t.Helper()
	at, _ := addresses.Load(db)
	return openAt(t, at.([2]string))
}

// SecondPoolWithKeys is SecondPool with other keys for sealed secrets.
func SecondPoolWithKeys(t *testing.T, db *store.DB, keys string) *store.DB {
	t.Helper()
	at, _ := addresses.Load(db)
	return openWithKeys(t, at.([2]string), keys)
}

func openAt(t *testing.T, at [2]string) *store.DB {
	t.Helper()
	return openWithKeys(t, at, testKeys)
}

func openWithKeys(t *testing.T, at [2]string, text string) *store.DB {
	t.Helper()
	keys, err := store.ParseKeys(text)
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

// AsApp connects to the database behind a pool as the program does.
func AsApp(t *testing.T, db *store.DB) *sql.DB {
	t.Helper()
	if plain, ok := plainPools.Load(db); ok {
		return plain.(*sql.DB)
	}
	at, _ := addresses.Load(db)
	plain := Connect(t, at.([2]string)[0])
	plainPools.Store(db, plain)
	return plain
}

// Connect opens plain connections to an address; they are closed when the test ends.
func Connect(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// AsOwner runs what only the owner of the schema may, and returns how many rows it changed.
func AsOwner(t *testing.T, db *store.DB, query string, values ...any) int64 {
	t.Helper()
	at, _ := addresses.Load(db)
	res, err := Connect(t, at.([2]string)[1]).ExecContext(ctx, query, values...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	n, _ := res.RowsAffected()
	return n
}

// AddPortal adds an active portal with tokens and one own company.
func AddPortal(t *testing.T, db *store.DB, member string) acts.PortalID {
	t.Helper()
	p, err := db.SavePortal(ctx, store.Portal{MemberID: member, Endpoint: "https://" + member + ".example/rest/", Origin: "https://" + member + ".example", AppCode: "acts"})
	if err != nil {
		t.Fatal(err)
	}
	InTx(t, db, p.ID, func(tx store.Tx) error {
		return errors.Join(
			tx.Portals().SaveTokens(ctx, "access-of-"+member, "refresh-of-"+member, "application-of-"+member),
			queue.AddBudget(ctx, tx),
			tx.Companies().Merge(ctx, store.OwnCompany{ID: 1, Party: acts.Party{Kind: acts.PartyCompany, Name: "Мы", INN: "7701010105"}, Function: acts.FunctionAct}),
			tx.Portals().SaveNames(ctx, p.WithNames(map[string]string{"draft": "DT1_1:NEW"}, nil, nil, nil, nil)))
	})
	return p.ID
}

// InTx runs f in a transaction of the portal, which must succeed.
func InTx(t *testing.T, db *store.DB, portal acts.PortalID, f func(store.Tx) error) {
	t.Helper()
	if err := db.InTx(ctx, portal, f); err != nil {
		t.Fatal(err)
	}
}

// Decimal reads a number.
func Decimal(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// Deal returns a deal of company 5 with two rows that need an act.
func Deal(id acts.DealID) store.Deal {
	return store.Deal{ID: id, Title: "Сделка", StageID: "NEW", Company: 5, Responsible: 2, Currency: "RUB", Rows: []acts.ProductRow{
		{ID: 11, CRM: 11, Name: "Работа", Quantity: Decimal("4"), Price: Decimal("100.5"), Rate: "22", Unit: acts.Unit{Code: "796", Name: "шт"}, NeedsAct: true},
		{ID: 12, CRM: 12, Name: "Услуга", Quantity: Decimal("1.5"), Price: Decimal("10"), Rate: acts.NoVAT, NeedsAct: true}}}
}

// Draft returns an electronic act of the first row of a deal.
func Draft(d store.Deal, quantity string) acts.Act {
	row := d.Rows[0]
	line := acts.Line{N: 1, Row: row.ID, Name: row.Name, Unit: row.Unit, Quantity: Decimal(quantity), Price: row.Price, Rate: row.Rate}
	line.Totals = row.Part(line.Quantity, line.Rate)
	return acts.Act{Deal: d.ID, OwnCompany: 1, Company: d.Company, Medium: acts.MediumElectronic, PartyKind: acts.PartyCompany, Channel: acts.ChannelEDO,
		Function: acts.FunctionAct, Date: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Lines: []acts.Line{line}, Totals: line.Totals,
		Buyer: acts.Party{INN: "7802020205"}, CreatedBy: 2, CreatedAt: time.Now()}
}

// AddAct stores an act as a form does, with a new key.
func AddAct(t *testing.T, db *store.DB, p acts.PortalID, a acts.Act) acts.ActID {
	t.Helper()
	var id acts.ActID
	InTx(t, db, p, func(tx store.Tx) (err error) {
		id, err = tx.Acts().Add(ctx, uuid.NewString(), a)
		return err
	})
	return id
}

// AddPaperAct makes deal 7 and a paper act of it in the status.
func AddPaperAct(t *testing.T, db *store.DB, p acts.PortalID, s acts.Status) acts.ActID {
	t.Helper()
	InTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, Deal(7)) })
	a := Draft(Deal(7), "1")
	a.Medium, a.Channel = acts.MediumPaper, acts.ChannelPost
	id := AddAct(t, db, p, a)
	if s != acts.StatusDraft {
		MoveAct(t, db, p, id, acts.StatusDraft, s, time.Now())
	}
	return id
}

// MoveAct changes the status of an act by a mark of a person.
func MoveAct(t *testing.T, db *store.DB, p acts.PortalID, id acts.ActID, from, to acts.Status, at time.Time) {
	t.Helper()
	InTx(t, db, p, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, id, store.Move{From: from, To: to, Marked: true, At: at})
	})
}

// ReadAct reads an act, which must exist.
func ReadAct(t *testing.T, db *store.DB, p acts.PortalID, id acts.ActID) acts.Act {
	t.Helper()
	a, err := db.Scope(p).Acts().Get(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// WantConflict fails the test unless a change was refused with a Conflict that has a message.
func WantConflict(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, acts.Conflict) || acts.Message(err) == "" {
		t.Errorf("%s: %v; want a conflict", what, err)
	}
}

// AsPortal runs a statement as the app role does for a portal.
func AsPortal(t *testing.T, db *store.DB, p acts.PortalID, query string, values ...any) int64 {
	t.Helper()
	tx, err := AsApp(t, db).BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "SELECT set_config('acts.portal', $1, true)", fmt.Sprint(p)); err != nil {
		t.Fatal(err)
	}
	res, err := tx.ExecContext(ctx, query, values...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	n, _ := res.RowsAffected()
	return n
}

// AwaitLock returns when a statement of the database waits for a lock.
func AwaitLock(t *testing.T, db *store.DB) {
	t.Helper()
	at, _ := addresses.Load(db)
	owner := Connect(t, at.([2]string)[1])
	for n := 0; n == 0; {
		err := owner.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.datname = current_database()
			WHERE NOT l.granted AND (l.database = d.oid OR l.locktype = 'transactionid')
				AND l.pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
	}
}
