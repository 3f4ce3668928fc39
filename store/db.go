// Package store stores the data in PostgreSQL, one group of files per aggregate. Scope reads the rows of one portal, Tx writes them in
// one transaction. Four aggregates are sub-packages that store imports: people (employees, rights, visits), accounts (at SBIS),
// plans (monthly acts) and robots (calls, triggers, badges); a Scope and a Tx return them like the others.
//
// Other sub-packages import store: list reads lists of acts and deals, queue stores the outbox with leases, breakers and budgets, audit
// stores the audit log, recovery brings a restored database up to date, subject exports and erases the data of a person.
// task constructs the tasks of the outbox, schema prepares a database, storetest creates one for each test.
package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
	"acts24/store/internal/seal"
)

// DB is one pool of connections under the app role.
type DB struct{ *pg.DB }

// Keys seal secrets at rest.
type Keys = seal.Keys

// ParseKeys reads "id:base64,id:base64" with keys of 32 bytes, the newest first.
func ParseKeys(text string) (*Keys, error) { return seal.ParseKeys(text) }

// Options of a pool. Pages have a short statement time-out and few connections, jobs have none.
type Options struct {
	Connections      int           // at most
	OfPortal         int           // connections that one portal uses at a time; 0 for all
	StatementTimeout time.Duration // 0 for none
}

// Open makes a pool for the app role; nothing is connected until the first query.
func Open(dsn string, keys *Keys, o Options) (*DB, error) {
	db, err := pg.Open(dsn, keys, o.Connections, o.OfPortal, o.StatementTimeout)
	if err != nil {
		return nil, err
	}
	return &DB{db}, nil
}

// Scope binds reads to a portal.
func (db *DB) Scope(portal acts.PortalID) Scope {
	return Scope{pg.ScopeOf(db.DB, portal)}
}

// InTx runs f in one transaction of the portal. No remote call may be made inside f. When PostgreSQL aborts the transaction with a
// deadlock, f runs again.
func (db *DB) InTx(ctx context.Context, portal acts.PortalID, f func(Tx) error) error {
	return pg.InTx(ctx, db.DB, portal, func(s pg.Scope) error {
		tx := Tx{Scope: Scope{s}, writes: writes{uncounted: map[acts.DealID]bool{}}}
		if err := f(tx); err != nil {
			return err
		}
		return tx.Deals().countCoverage(ctx)
	})
}

// MachineTime returns the time of the clock that all processes share: the database's.
func (db *DB) MachineTime(ctx context.Context) (at time.Time, err error) {
	if err := pg.Get(ctx, db, &at, `SELECT clock_timestamp()`, nil); err != nil {
		return at, fmt.Errorf("machine time: %w", err)
	}
	return at, nil
}

// Scope reads the data of one portal. Its methods return the aggregates: Acts, Deals and so on.
type Scope struct{ reads }

// Tx reads and writes the data of one portal in one transaction. Only InTx makes one.
type Tx struct {
	Scope
	writes
}

// reads is embedded by every aggregate.
type reads = pg.Scope

// writes is embedded by every aggregate of a transaction.
type writes struct {
	pg.Writing
	uncounted map[acts.DealID]bool // deals whose coverage by acts has to be computed again
}
