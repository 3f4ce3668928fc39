package schema

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Facts are what the program needs to be true of its database, for `actsd check`.
type Facts struct {
	Server  string // version of PostgreSQL
	Role    string // with which the program connects
	Unbound bool   // the role is not bound by row-level security, so one portal could read another's rows
	Similar bool   // the database compares Russian words without regard to case, which search needs
}

const facts = `
	SELECT current_setting('server_version'), current_user, r.rolsuper OR r.rolbypassrls OR pg_has_role(current_user, c.relowner, 'MEMBER'),
		similarity('ромашка', 'РОМАШКА') > 0.9
	FROM pg_roles r, pg_class c WHERE r.rolname = current_user AND c.oid = CAST('acts' AS regclass)`

// ReadFacts reads the facts of a migrated database.
func ReadFacts(ctx context.Context, dsn string) (f Facts, err error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return f, fmt.Errorf("facts of the database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.QueryRowContext(ctx, facts).Scan(&f.Server, &f.Role, &f.Unbound, &f.Similar); err != nil {
		return f, fmt.Errorf("facts of the database: %w", err)
	}
	return f, nil
}
