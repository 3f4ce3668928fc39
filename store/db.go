// Package store keeps the data in PostgreSQL, one group of files per aggregate. Scope reads the rows of one portal, Tx writes them in one
// transaction. Its sub-packages: task makes the tasks of the outbox, queue keeps them with leases, breakers and budgets, list reads
// lists of acts and deals.
package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// DB is one pool of connections under the app role.
type DB struct {
	*pg.DB
	keys *Keys
}

// Options of a pool. Pages have a short statement time-out and few connections, jobs have none.
type Options struct {
	Connections      int           // at most
	StatementTimeout time.Duration // 0 for none
}

// Open makes a pool for the app role; nothing is connected until the first query.
func Open(dsn string, keys *Keys, o Options) (*DB, error) {
	db, err := pg.Open(dsn, o.Connections, o.StatementTimeout)
	if err != nil {
		return nil, err
	}
	return &DB{DB: db, keys: keys}, nil
}

// Scope binds reads to a portal.
func (db *DB) Scope(portal acts.PortalID) Scope {
	return Scope{reads{Scope: pg.ScopeOf(db.DB, portal), keys: db.keys}}
}

// InTx runs f in one transaction of the portal. No remote call may be made inside f. When PostgreSQL aborts the transaction with a
// deadlock, f runs again.
func (db *DB) InTx(ctx context.Context, portal acts.PortalID, f func(Tx) error) error {
	return pg.InTx(ctx, db.DB, portal, func(s pg.Scope) error {
		tx := Tx{Scope: Scope{reads{Scope: s, keys: db.keys}}, writes: writes{uncounted: map[acts.DealID]bool{}}}
		if err := f(tx); err != nil {
			return err
		}
		return tx.Deals().countCoverage(ctx)
	})
}

// MachineTime is the time that all processes share: the database's.
func (db *DB) MachineTime(ctx context.Context) (at time.Time, err error) {
	if err := pg.Get(ctx, db, &at, `SELECT clock_timestamp()`, nil); err != nil {
		return at, fmt.Errorf("machine time: %w", err)
	}
	return at, nil
}

// Scope reads what belongs to one portal. Its reads stand on the aggregates: Acts, Deals and so on.
type Scope struct{ reads }

// Tx reads and writes what belongs to one portal in one transaction. Only InTx makes one.
type Tx struct {
	Scope
	writes
}

// reads is what the reading half of every aggregate has.
type reads struct {
	pg.Scope
	keys *Keys
}

// writes is what the writing half of every aggregate has besides.
type writes struct {
	pg.Writing
	uncounted map[acts.DealID]bool // deals of which acts cover something else now
}
