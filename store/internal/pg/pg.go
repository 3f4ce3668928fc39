// Package pg runs SQL for store and its sub-packages, and for nothing above them. DB is a pool of connections, Scope the data of one
// portal, read outside or inside a transaction. Statements are whole texts with named values; :portal is filled in for a Scope.
package pg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
	"acts24/store/internal/seal"
)

// DB is one pool of connections under the app role.
type DB struct {
	pool   *sqlx.DB
	leases *sqlx.DB     // one connection that renews leases
	slots  *portalSlots // nil: a portal may use every connection
	keys   *seal.Keys
}

// Open makes a pool of at most so many connections, of which one portal uses at most ofPortal at a time; 0 is no limit. Nothing is
// connected until the first query. A statement that takes longer than timeout is cancelled; 0 is no limit. Secrets are sealed with the
// keys.
func Open(dsn string, keys *seal.Keys, connections, ofPortal int, timeout time.Duration) (*DB, error) {
	config, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	config.BinaryParameters = true // a statement and its values go in one message
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	pool := func(connections int) *sqlx.DB {
		p := sqlx.NewDb(sql.OpenDB(&boundConnector{Connector: connector, timeout: timeout}), "postgres")
		p.SetMaxOpenConns(connections)
		p.SetMaxIdleConns(connections)
		p.SetConnMaxIdleTime(5 * time.Minute)
		return p
	}
	return &DB{pool: pool(connections), leases: pool(1), slots: newPortalSlots(ofPortal), keys: keys}, nil
}

// Close closes all connections. One that the server has cut, for example because it was restarted, cannot take leave of it: that is no error.
func (db *DB) Close() error { return errors.Join(closePool(db.pool), closePool(db.leases)) }

func closePool(p *sqlx.DB) error {
	err := p.Close()
	if cut := (*net.OpError)(nil); errors.As(err, &cut) || errors.Is(err, driver.ErrBadConn) {
		return nil
	}
	return err
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.pool.PingContext(ctx) }

// Stats returns the state of the pool.
func (db *DB) Stats() sql.DBStats { return db.pool.Stats() }

// scope returns the data of one portal.
func (db *DB) scope(portal acts.PortalID, tx *sqlx.Tx) Scope {
	return Scope{db: db, portal: portal, tx: tx}
}

// ScopeOf returns the data of one portal, read outside a transaction.
func ScopeOf(db *DB, portal acts.PortalID) Scope { return db.scope(portal, nil) }

// AllPortals reads and leases what is due over all portals.
func AllPortals(db *DB) Writer { return everyPortal{db, db.pool} }

// LeaseConnection is AllPortals on a connection beside the pool: renewals of leases do not wait for the work that they protect.
func LeaseConnection(db *DB) Writer { return everyPortal{db, db.leases} }

// Autocommit executes single statements of a portal outside a transaction.
func Autocommit(db *DB, portal acts.PortalID) Writer {
	return struct {
		Scope
		Writing
	}{Scope: ScopeOf(db, portal)}
}

// Scope reads the rows of one portal. Its queries find the portal as :portal.
type Scope struct {
	db     *DB
	portal acts.PortalID
	tx     *sqlx.Tx // nil outside a transaction
}

// Portal returns the id of the portal.
func (s Scope) Portal() acts.PortalID { return s.portal }

// Keys returns the keys that seal the secrets of the portal.
func (s Scope) Keys() *seal.Keys { return s.db.keys }

// Reader runs queries: a DB, a Scope or what embeds one of them.
type Reader interface {
	run(ctx context.Context, f func(runner) error) error
	fill(a Args) Args
}

// Writer also executes statements: a DB or the Scope of a transaction.
type Writer interface {
	Reader
	mayWrite()
}

// Writing is embedded by what may execute statements in the transaction of its Scope.
type Writing struct{}

func (Writing) mayWrite() {}

var _ interface{ mayWrite() } = Writing{}

// runner is a connection, a pool or a transaction.
type runner interface {
	QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func (db *DB) run(_ context.Context, f func(runner) error) error { return f(db.pool) }
func (db *DB) fill(a Args) Args                                  { return a }
func (db *DB) mayWrite()                                         {}

// everyPortal is bound to no portal: row-level security lets it see only what is due.
type everyPortal struct {
	*DB
	pool *sqlx.DB
}

func (e everyPortal) run(ctx context.Context, f func(runner) error) error {
	return bound(ctx, e.pool, allPortals, f)
}

// bound calls f with a connection of the pool that is bound to the portal.
func bound(ctx context.Context, pool *sqlx.DB, portal acts.PortalID, f func(runner) error) error {
	conn, err := pool.Connx(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := bindPortal(ctx, conn, portal); err != nil {
		return err
	}
	return f(conn)
}

// run calls f with the transaction, or with a connection that is bound to the portal.
func (s Scope) run(ctx context.Context, f func(runner) error) error {
	if s.tx != nil {
		return f(s.tx)
	}
	leave, err := s.db.slots.enter(ctx, s.portal)
	if err != nil {
		return err
	}
	defer leave()
	return overloaded(ctx, bound(ctx, s.db.pool, s.portal, f))
}

func (s Scope) fill(a Args) Args {
	if a == nil {
		a = Args{}
	}
	a["portal"] = s.portal
	return a
}

// connected is a Reader on one connection.
type connected struct {
	Reader
	on runner
}

func (c connected) run(_ context.Context, f func(runner) error) error { return f(c.on) }

// OnOneConnection calls f with a Reader whose queries all use the same connection.
func OnOneConnection(ctx context.Context, r Reader, f func(Reader) error) error {
	return r.run(ctx, func(on runner) error { return f(connected{Reader: r, on: on}) })
}

// InTx runs f in one transaction of the portal and commits unless f fails. No remote call may be made inside f. When PostgreSQL aborts the
// transaction with a deadlock, f runs again.
func InTx(ctx context.Context, db *DB, portal acts.PortalID, f func(Scope) error) error {
	leave, err := db.slots.enter(ctx, portal)
	if err != nil {
		return err
	}
	defer leave()
	return overloaded(ctx, retryDeadlock(ctx, func() error { return db.inTx(ctx, portal, f) }))
}

func (db *DB) inTx(ctx context.Context, portal acts.PortalID, f func(Scope) error) error {
	tx, err := db.pool.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `SELECT set_config('acts.portal', $1, true)`, fmt.Sprint(int64(portal))); err != nil {
		return fmt.Errorf("bind portal: %w", err)
	}
	if err := f(db.scope(portal, tx)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// maxDeadlocks is how often a transaction may be aborted with a deadlock in a row.
const maxDeadlocks = 10

// retryDeadlock runs f up to ten times while PostgreSQL aborts it with a deadlock. It waits a random, growing time in between: two
// transactions that restart at once would collide again.
func retryDeadlock(ctx context.Context, f func() error) (err error) {
	for tries := range maxDeadlocks {
		if err = f(); pq.As(err, pqerror.TRDeadlockDetected) == nil || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(rand.Int64N(int64(10*time.Millisecond) << min(tries, 5)))):
		}
	}
	return err
}

var errOverloaded = acts.Errorf(acts.Unavailable, "Сервис сейчас перегружен. Повторите через минуту.")

// overloaded turns a statement time-out or a deadlock into Unavailable: nothing was done, and the user may try again.
func overloaded(ctx context.Context, err error) error {
	if ctx.Err() != nil || pq.As(err, pqerror.QueryCanceled) == nil && pq.As(err, pqerror.TRDeadlockDetected) == nil {
		return err
	}
	return fmt.Errorf("%w (%w)", errOverloaded, err)
}
