// Package store keeps everything that must survive in PostgreSQL: one file per aggregate,
// the outbox, Scope for what one portal may read and Tx for what one change writes.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"golang.org/x/sync/errgroup"

	"acts24/acts"
)

// DB is one pool of connections under the app role.
type DB struct {
	pool *sqlx.DB
	keys *Keys
}

// Options of a pool. Pages have a short statement time-out and few connections, jobs have none.
type Options struct {
	Connections      int           // at most
	StatementTimeout time.Duration // 0 for none
}

// Open makes a pool for the app role; nothing is connected until the first query.
func Open(dsn string, keys *Keys, o Options) (*DB, error) {
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	pool := sqlx.NewDb(sql.OpenDB(&boundConnector{Connector: connector, timeout: o.StatementTimeout}), "postgres")
	pool.SetMaxOpenConns(o.Connections)
	pool.SetMaxIdleConns(o.Connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return &DB{pool: pool, keys: keys}, nil
}

// Close closes all connections.
func (db *DB) Close() error { return db.pool.Close() }

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.pool.PingContext(ctx) }

// SQL is the pool itself, for the check of the schema's version.
func (db *DB) SQL() *sql.DB { return db.pool.DB }

// args are the named values of a query.
type args map[string]any

// runner is a connection or a transaction.
type runner interface {
	GetContext(ctx context.Context, dst any, query string, args ...any) error
	SelectContext(ctx context.Context, dst any, query string, args ...any) error
	QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// boundQuery is a named query as PostgreSQL takes it: a name is one value however often it stands there.
type boundQuery struct {
	text  string
	names []string
}

// boundQueries keeps what was bound once: reading a long query takes as long as running it.
var boundQueries sync.Map

// bind turns a named query into a positional one.
func bind(query string, a args) (string, []any, error) {
	kept, ok := boundQueries.Load(query)
	if !ok {
		b, err := readNames(query, a)
		if err != nil {
			return "", nil, err
		}
		kept, _ = boundQueries.LoadOrStore(query, b)
	}
	b := kept.(boundQuery)
	values := make([]any, len(b.names))
	for i, name := range b.names {
		if values[i], ok = a[name]; !ok {
			return "", nil, fmt.Errorf("bind query: no value for %q", name)
		}
	}
	return b.text, values, nil
}

// readNames has sqlx find the names: it is given every name as its own value.
func readNames(query string, a args) (b boundQuery, err error) {
	own := make(map[string]any, len(a))
	for name := range a {
		own[name] = name
	}
	text, found, err := sqlx.Named(query, own)
	if err != nil {
		return b, fmt.Errorf("bind query: %w", err)
	}
	var out strings.Builder
	parts := strings.Split(text, "?")
	for i, part := range parts {
		out.WriteString(part)
		if i == len(parts)-1 {
			break
		}
		name := found[i].(string)
		at := slices.Index(b.names, name)
		if at < 0 {
			at = len(b.names)
			b.names = append(b.names, name)
		}
		fmt.Fprintf(&out, "$%d", at+1)
	}
	b.text = out.String()
	return b, nil
}

// kept makes a text from another one only once.
func kept(f func(string) string) func(string) string {
	var made sync.Map
	return func(from string) string {
		text, ok := made.Load(from)
		if !ok {
			text, _ = made.LoadOrStore(from, f(from))
		}
		return text.(string)
	}
}

func get(ctx context.Context, r runner, dst any, query string, a args) error {
	q, values, err := bind(query, a)
	if err != nil {
		return err
	}
	return r.GetContext(ctx, dst, q, values...)
}

func list(ctx context.Context, r runner, dst any, query string, a args) error {
	q, values, err := bind(query, a)
	if err != nil {
		return err
	}
	return r.SelectContext(ctx, dst, q, values...)
}

// each hands the rows of a query to f one by one; none are gathered. When f fails, the rest is not read.
func each[T any](ctx context.Context, r runner, query string, a args, f func(T) error) error {
	q, values, err := bind(query, a)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	rows, err := r.QueryxContext(ctx, q, values...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var row T
		if err := rows.StructScan(&row); err != nil {
			return err
		}
		if err := f(row); err != nil {
			stop()
			return err
		}
	}
	return rows.Err()
}

func exec(ctx context.Context, r runner, query string, a args) (int64, error) {
	q, values, err := bind(query, a)
	if err != nil {
		return 0, err
	}
	res, err := r.ExecContext(ctx, q, values...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Scope reads what belongs to one portal.
type Scope struct {
	db     *DB
	portal acts.PortalID
	tx     *sqlx.Tx // nil outside a transaction
}

// Scope binds reads to a portal.
func (db *DB) Scope(portal acts.PortalID) Scope { return Scope{db: db, portal: portal} }

// Portal is the portal of the scope.
func (s Scope) Portal() acts.PortalID { return s.portal }

// run gives f a runner whose connection belongs to the portal.
func (s Scope) run(ctx context.Context, f func(runner) error) error {
	if s.tx != nil {
		return f(s.tx)
	}
	conn, err := s.db.pool.Connx(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := bindPortal(ctx, conn, s.portal); err != nil {
		return err
	}
	return f(conn)
}

// atOnce makes reads that do not need one another beside each other, each over a connection of its own.
func (s Scope) atOnce(ctx context.Context, reads ...func(context.Context, runner) error) error {
	all, ctx := errgroup.WithContext(ctx)
	if s.tx != nil {
		all.SetLimit(1) // its connection answers one question at a time
	}
	for _, read := range reads {
		all.Go(func() error { return s.run(ctx, func(r runner) error { return read(ctx, r) }) })
	}
	return all.Wait()
}

func (s Scope) fill(a args) args {
	if a == nil {
		a = args{}
	}
	a["portal"] = int64(s.portal)
	return a
}

func (s Scope) get(ctx context.Context, dst any, query string, a args) error {
	return s.run(ctx, func(r runner) error { return get(ctx, r, dst, query, s.fill(a)) })
}

func (s Scope) list(ctx context.Context, dst any, query string, a args) error {
	return s.run(ctx, func(r runner) error { return list(ctx, r, dst, query, s.fill(a)) })
}

// Tx writes what belongs to one portal, all or nothing. InTx alone makes one.
type Tx struct{ Scope }

func (tx Tx) exec(ctx context.Context, query string, a args) (int64, error) {
	return exec(ctx, tx.tx, query, tx.fill(a))
}

// one executes a statement that must hit exactly one row; otherwise missing is returned.
func (tx Tx) one(ctx context.Context, what, query string, a args, missing error) error {
	n, err := tx.exec(ctx, query, a)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		return missing
	}
	return nil
}

// InTx runs f in one transaction of the portal. No foreign call may be made inside f. When two transactions lock
// the same rows the other way round, PostgreSQL ends one of them; that one runs f again.
func (db *DB) InTx(ctx context.Context, portal acts.PortalID, f func(Tx) error) error {
	_, err := again(func() (int64, error) { return 0, db.inTx(ctx, portal, f) })
	return err
}

// again runs f anew when it has lost a deadlock, a few times: who comes back at once may lose again.
func again(f func() (int64, error)) (n int64, err error) {
	for range 5 {
		if n, err = f(); pq.As(err, pqerror.TRDeadlockDetected) == nil {
			break
		}
	}
	return n, err
}

func (db *DB) inTx(ctx context.Context, portal acts.PortalID, f func(Tx) error) error {
	tx, err := db.pool.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `SELECT set_config('acts.portal', $1, true)`, fmt.Sprint(int64(portal))); err != nil {
		return fmt.Errorf("bind portal: %w", err)
	}
	if err := f(Tx{Scope{db: db, portal: portal, tx: tx}}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// missing turns "no rows" into NotFound with the sentence, and wraps any other error.
func missing(err error, what, sentence string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return acts.Errorf(acts.NotFound, "%s", sentence)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
