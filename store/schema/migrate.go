// Package schema prepares a database: its roles, its migrations, and the check of its version.
package schema

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"acts24/migrations"
)

// Migrate migrates the schema to the version of this program. It needs a direct connection of the owner, not one
// through a transaction pooler. Of several processes one migrates and the others wait, for a minute at most.
func Migrate(ctx context.Context, ownerDSN string) error {
	db, err := sql.Open("postgres", ownerDSN)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer db.Close()
	session, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := refuseOldSchema(ctx, db); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS, goose.WithSessionLocker(session))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// firstMigration is the lowest number among the files. Databases with lower numbers were never released.
const firstMigration = 100

// ErrOldSchema is returned for a database whose schema was built before the first release; no migration leads from it to the present one.
var ErrOldSchema = errors.New("the database has a schema from before the first release, which cannot be migrated: create a new database")

const hasOldSchema = `SELECT EXISTS (SELECT FROM goose_db_version WHERE version_id BETWEEN 1 AND $1 - 1)`

// refuseOldSchema returns ErrOldSchema when migrations with numbers below firstMigration were applied.
func refuseOldSchema(ctx context.Context, db *sql.DB) error {
	var old bool
	err := db.QueryRowContext(ctx, hasOldSchema, firstMigration).Scan(&old)
	if err != nil && pq.As(err, pqerror.UndefinedTable) == nil {
		return fmt.Errorf("read the version of the schema: %w", err)
	}
	if old {
		return ErrOldSchema
	}
	return nil
}

const schemaVersion = `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`

// CheckVersion returns an error when the schema is older than this program needs. A newer one is accepted:
// the previous release works on the schema of the next one.
func CheckVersion(ctx context.Context, dsn string) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return fmt.Errorf("check the version of the schema: %w", err)
	}
	defer db.Close()
	if err := refuseOldSchema(ctx, db); err != nil {
		return err
	}
	want, err := newestMigration(migrations.FS)
	if err != nil {
		return err
	}
	var have int64
	err = db.QueryRowContext(ctx, schemaVersion).Scan(&have)
	if err != nil && pq.As(err, pqerror.UndefinedTable) == nil {
		return fmt.Errorf("read the version of the schema: %w", err)
	}
	if have < want {
		return fmt.Errorf("the database is at migration %d, this program needs %d: run `actsd migrate` first", have, want)
	}
	return nil
}

// newestMigration is the highest number among the files.
func newestMigration(files fs.FS) (int64, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return 0, fmt.Errorf("list migrations: %w", err)
	}
	var newest int64
	for _, name := range names {
		n, err := goose.NumericComponent(name)
		if err != nil {
			return 0, fmt.Errorf("migration %s: %w", name, err)
		}
		newest = max(newest, n)
	}
	return newest, nil
}
