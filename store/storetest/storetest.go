// Package storetest gives each test a migrated, empty database of its own.
package storetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"

	"acts24/migrations"
	"acts24/store/localdb"
	"acts24/store/schema"
)

// DSN makes a database for the test and returns its addresses for the app and for the owner of the
// schema. It is dropped when the test ends. The server is the one of TEST_DATABASE_URL, a superuser's
// address where local users are trusted, else the one that all tests of this machine share. A test that
// finds no PostgreSQL fails.
func DSN(t testing.TB) (app, owner string) {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	name := "t_" + strings.ToLower(rand.Text())
	if err := s.clone(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.drop(context.Background(), name); err != nil {
			t.Error(err)
		}
	})
	return s.dsn(t, schema.AppRole, name), s.dsn(t, schema.OwnerRole, name)
}

// NumberedKeys makes the key of a new portal its number, so that tests can write addresses: /p/1/acts. Test databases have it.
const NumberedKeys = `ALTER TABLE portals ALTER COLUMN key SET DEFAULT CAST(currval('portals_id_seq') AS text)`

// RandomKeys makes the key of a new portal random again, as the migrations do.
const RandomKeys = `ALTER TABLE portals ALTER COLUMN key SET DEFAULT replace(CAST(gen_random_uuid() AS text), '-', '')`

// Superuser is the address of the server itself, for tests of what a superuser prepares.
func Superuser(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s.superuser
}

// server is where test databases are made.
type server struct {
	superuser string // its address
	admin     *sql.DB
	template  string
}

// shared opens the server once per test binary.
var shared = sync.OnceValues(func() (*server, error) {
	ctx := context.Background()
	superuser, err := address(ctx)
	if err != nil {
		return nil, err
	}
	admin, err := sql.Open("postgres", superuser)
	if err != nil {
		return nil, fmt.Errorf("open the test server: %w", err)
	}
	s := &server{superuser: superuser, admin: admin}
	if s.template, err = templateName(migrations.FS); err != nil {
		return nil, err
	}
	return s, s.makeTemplate(ctx)
})

func address(ctx context.Context) (string, error) {
	if dsn := os.Getenv("TEST_DATABASE_URL"); dsn != "" {
		return dsn, nil
	}
	s, err := localdb.Shared(ctx)
	if err != nil {
		return "", err
	}
	return s.DSN(localdb.Superuser, localdb.Superuser), nil
}

func (s *server) dsn(t testing.TB, user, database string) string {
	t.Helper()
	dsn, err := schema.DSN(s.superuser, user, database)
	if err != nil {
		t.Fatal(err)
	}
	return dsn
}

// clone copies the template.
func (s *server) clone(ctx context.Context, name string) error {
	_, err := s.admin.ExecContext(ctx, fmt.Sprintf(
		`CREATE DATABASE %s OWNER %s TEMPLATE %s STRATEGY file_copy`, name, schema.OwnerRole, s.template))
	if err != nil {
		return fmt.Errorf("make a test database: %w", err)
	}
	// A copy has the default privileges of a new database.
	if _, err := s.admin.ExecContext(ctx, `REVOKE TEMPORARY ON DATABASE `+name+` FROM PUBLIC`); err != nil {
		return fmt.Errorf("make a test database: %w", err)
	}
	return nil
}

// drop removes a database and whoever is still connected to it.
func (s *server) drop(ctx context.Context, name string) error {
	if _, err := s.admin.ExecContext(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
		return fmt.Errorf("drop a test database: %w", err)
	}
	return nil
}

// templateName changes with every change of a migration.
func templateName(files fs.FS) (string, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return "", fmt.Errorf("list migrations: %w", err)
	}
	sum := sha256.New()
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return "", fmt.Errorf("read migration: %w", err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	sum.Write([]byte(NumberedKeys))
	return "template_" + hex.EncodeToString(sum.Sum(nil))[:16], nil
}
