package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
)

// boundConnector makes connections that remember which portal they are bound to,
// so that acts.portal is set only when it changes.
type boundConnector struct {
	driver.Connector
	timeout time.Duration
}

// pqConn is what we use of a lib/pq connection.
type pqConn interface {
	driver.Conn
	driver.QueryerContext
	driver.ExecerContext
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	driver.NamedValueChecker
}

type boundConn struct {
	pqConn
	portal acts.PortalID
	kept   map[string]keptStmt // statements by their text
}

// keptStmt is what we use of a prepared statement of lib/pq.
type keptStmt interface {
	driver.Stmt
	driver.StmtQueryContext
	driver.StmtExecContext
}

// mostKept bounds the statements of a connection; all of ours are constants, far fewer.
const mostKept = 256

// stmt prepares a statement once per connection: without it PostgreSQL would parse and plan every query anew.
func (c *boundConn) stmt(ctx context.Context, query string) (keptStmt, error) {
	if s, ok := c.kept[query]; ok {
		return s, nil
	}
	if len(c.kept) >= mostKept {
		return nil, driver.ErrSkip
	}
	plain, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s, ok := plain.(keptStmt)
	if !ok {
		return nil, errors.Join(driver.ErrSkip, plain.Close())
	}
	c.kept[query] = s
	return s, nil
}

// QueryContext runs a query with values as a kept statement.
func (c *boundConn) QueryContext(ctx context.Context, query string, values []driver.NamedValue) (driver.Rows, error) {
	if len(values) == 0 {
		return c.pqConn.QueryContext(ctx, query, values)
	}
	s, err := c.stmt(ctx, query)
	if errors.Is(err, driver.ErrSkip) {
		return c.pqConn.QueryContext(ctx, query, values)
	}
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, values)
	return rows, c.forget(query, err)
}

// ExecContext runs a command with values as a kept statement.
func (c *boundConn) ExecContext(ctx context.Context, query string, values []driver.NamedValue) (driver.Result, error) {
	if len(values) == 0 {
		return c.pqConn.ExecContext(ctx, query, values)
	}
	s, err := c.stmt(ctx, query)
	if errors.Is(err, driver.ErrSkip) {
		return c.pqConn.ExecContext(ctx, query, values)
	}
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, values)
	return result, c.forget(query, err)
}

// forget drops a statement that a migration made out of date, so that the next try prepares it anew.
func (c *boundConn) forget(query string, err error) error {
	if pq.As(err, pqerror.FeatureNotSupported) != nil || pq.As(err, pqerror.InvalidSQLStatementName) != nil {
		delete(c.kept, query)
	}
	return err
}

// Connect opens a connection and gives it the statement time-out of its pool. A statement is planned once, without its
// values: planning one anew takes longer than running it, and so does compiling it. Every statement is written so that
// this plan is the right one for all values.
func (c *boundConnector) Connect(ctx context.Context) (driver.Conn, error) {
	plain, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := plain.(pqConn)
	if !ok {
		plain.Close()
		return nil, fmt.Errorf("the driver's connection %T lacks an interface", plain)
	}
	set := "SET jit = off; SET plan_cache_mode = force_generic_plan"
	if c.timeout > 0 {
		set += "; SET statement_timeout = " + strconv.FormatInt(c.timeout.Milliseconds(), 10)
	}
	if _, err := conn.ExecContext(ctx, set, nil); err != nil {
		conn.Close()
		return nil, fmt.Errorf("set up the connection: %w", err)
	}
	return &boundConn{pqConn: conn, kept: map[string]keptStmt{}}, nil
}

// bindPortal sets acts.portal on the connection unless it is set already.
func bindPortal(ctx context.Context, conn *sqlx.Conn, portal acts.PortalID) error {
	return conn.Raw(func(dc any) error {
		bound, ok := dc.(*boundConn)
		if !ok {
			return fmt.Errorf("bind portal: unexpected connection %T", dc)
		}
		if bound.portal == portal {
			return nil
		}
		bound.portal = 0
		value := strconv.FormatInt(int64(portal), 10)
		if _, err := bound.ExecContext(ctx, "SET acts.portal = '"+value+"'", nil); err != nil {
			return fmt.Errorf("bind portal: %w", err)
		}
		bound.portal = portal
		return nil
	})
}
