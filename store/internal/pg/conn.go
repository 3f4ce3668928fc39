package pg

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"acts24/acts"
)

// boundConnector makes connections that record which portal they are bound to, so that acts.portal is set only when
// it changes.
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
	portal   acts.PortalID
	prepared map[string]driver.Stmt // by its text
}

// fixedText marks the context of a query whose text is always the same.
type fixedText struct{}

// QueryContext prepares a query with a fixed text once per connection: PostgreSQL then reuses its plan.
func (c *boundConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if ctx.Value(fixedText{}) == nil {
		return c.pqConn.QueryContext(ctx, query, args)
	}
	stmt, ok := c.prepared[query].(driver.StmtQueryContext)
	if !ok {
		made, err := c.PrepareContext(ctx, query)
		if err != nil {
			return nil, err
		}
		if stmt, ok = made.(driver.StmtQueryContext); !ok {
			return nil, fmt.Errorf("the driver's statement %T lacks an interface", made)
		}
		c.prepared[query] = made
	}
	return stmt.QueryContext(ctx, args)
}

// Connect opens a connection and gives it the statement time-out of its pool. Statements are planned with their values unless GetFixed
// reads them; compiling one takes longer than running it.
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
	set := "SET jit = off"
	if c.timeout > 0 {
		set += "; SET statement_timeout = " + strconv.FormatInt(c.timeout.Milliseconds(), 10)
	}
	if _, err := conn.ExecContext(ctx, set, nil); err != nil {
		conn.Close()
		return nil, fmt.Errorf("set up the connection: %w", err)
	}
	return &boundConn{pqConn: conn, prepared: map[string]driver.Stmt{}}, nil
}

// allPortals binds a connection to no portal: it reads the tables of what is due over all portals (migrations/00107_work.sql).
const allPortals acts.PortalID = -1

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
		if portal == allPortals {
			value = "*"
		}
		if _, err := bound.ExecContext(ctx, "SET acts.portal = '"+value+"'", nil); err != nil {
			return fmt.Errorf("bind portal: %w", err)
		}
		bound.portal = portal
		return nil
	})
}
