package storetest

import (
	"context"
	"database/sql"
	"fmt"

	"acts24/store/schema"
)

// templateLock is the advisory lock under which one of all test binaries makes the template.
const templateLock = 0x74657374 // "test"

// makeTemplate makes the migrated database that tests copy, unless it is there. It is built under
// another name, so that a broken attempt is never copied.
func (s *server) makeTemplate(ctx context.Context) error {
	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return fmt.Errorf("reach the test server: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, templateLock); err != nil {
		return fmt.Errorf("wait for the template: %w", err)
	}
	defer conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, templateLock)
	var ready bool
	err = conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, s.template).Scan(&ready)
	if err != nil {
		return fmt.Errorf("look for the template: %w", err)
	}
	if ready {
		return nil
	}
	draft := s.template + "_draft"
	if err := s.remakeMigrated(ctx, draft); err != nil {
		return err
	}
	for _, statement := range []string{
		`ALTER DATABASE ` + draft + ` ALLOW_CONNECTIONS false`,
		`ALTER DATABASE ` + draft + ` RENAME TO ` + s.template,
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("finish the template: %w", err)
		}
	}
	return nil
}

// remakeMigrated makes a database with the present schema and NumberedKeys; what has its name is deleted first.
func (s *server) remakeMigrated(ctx context.Context, name string) error {
	if err := s.drop(ctx, name); err != nil {
		return err
	}
	if err := schema.Provision(ctx, s.superuser, name); err != nil {
		return err
	}
	owner, err := schema.DSN(s.superuser, schema.OwnerRole, name)
	if err != nil {
		return err
	}
	if err := schema.Migrate(ctx, owner); err != nil {
		return err
	}
	db, err := sql.Open("postgres", owner)
	if err != nil {
		return fmt.Errorf("number the keys of portals: %w", err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, NumberedKeys); err != nil {
		return fmt.Errorf("number the keys of portals: %w", err)
	}
	return nil
}
