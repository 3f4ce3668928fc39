package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"acts24/migrations"
)

// Migrate brings the schema up to the version of this program. It needs the owner's connection, direct
// and not through a pooler of transactions; of several at once one works and the others wait, for a
// minute at most.
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
	p, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS, goose.WithSessionLocker(session))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

const schemaVersion = `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`

// CheckVersion returns an error when the schema is older than this program needs. A newer one is fine:
// migrations keep yesterday's program working.
func CheckVersion(ctx context.Context, db *sql.DB) error {
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
