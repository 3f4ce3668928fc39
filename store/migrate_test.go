package store_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"strings"
	"sync"
	"testing"

	"acts24/store"
	"acts24/store/storetest"
)

func TestParallelStartsProvisionAndMigrateOnce(t *testing.T) {
	superuser, name := newDatabase(t)
	owner := address(t, superuser, store.OwnerRole, name)
	var together sync.WaitGroup
	for range 4 {
		together.Go(func() {
			if err := store.Provision(t.Context(), superuser, name); err != nil {
				t.Error(err)
				return
			}
			if err := store.Migrate(t.Context(), owner); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	var twice int
	db := connect(t, owner)
	err := db.QueryRowContext(t.Context(), `SELECT count(*) - count(DISTINCT version_id) FROM goose_db_version`).Scan(&twice)
	if err != nil || twice != 0 {
		t.Errorf("%d migrations ran twice, %v", twice, err)
	}
}

func TestCheckVersion(t *testing.T) {
	superuser, name := newDatabase(t)
	if err := store.Provision(t.Context(), superuser, name); err != nil {
		t.Fatal(err)
	}
	owner := address(t, superuser, store.OwnerRole, name)
	ownerDB := connect(t, owner)
	app := connect(t, address(t, superuser, store.AppRole, name))
	check := func(when string, old bool) {
		t.Helper()
		err := store.CheckVersion(t.Context(), app)
		if old != (err != nil && strings.Contains(err.Error(), "actsd migrate")) {
			t.Errorf("%s: CheckVersion = %v; want an error: %v", when, err, old)
		}
	}
	check("an empty database", true)
	if err := store.Migrate(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	check("a migrated database", false)
	change(t, ownerDB, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)`)
	check("a database of a newer release", false)
	change(t, ownerDB, `DELETE FROM goose_db_version WHERE version_id > 1`)
	check("a database of an older release", true)
}

func TestMigrateWithoutAServer(t *testing.T) {
	err := store.Migrate(t.Context(), "host='/nowhere' dbname='nothing' sslmode='disable'")
	if err == nil || !strings.HasPrefix(err.Error(), "migrate: ") {
		t.Errorf("Migrate without a server = %v", err)
	}
}

func TestDSN(t *testing.T) {
	for name, tt := range map[string]struct{ from, user, database, want string }{
		"words":           {"host='/s' user='root'", "app", "d", "host='/s' user='root' user='app' dbname='d'"},
		"words, same one": {"host='/s' user='root'", "", "d", "host='/s' user='root' dbname='d'"},
		"URL":             {"postgres://root:secret@h:5/x?sslmode=disable", "app", "d", "postgres://app@h:5/d?sslmode=disable"},
		"URL, same one":   {"postgres://root:secret@h/x?dbname=y", "", "d", "postgres://root:secret@h/d"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := store.DSN(tt.from, tt.user, tt.database)
			if err != nil || got != tt.want {
				t.Errorf("DSN = %s, %v; want %s", got, err, tt.want)
			}
		})
	}
	if _, err := store.DSN("postgres://root:secret@h:port/x", "", "d"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("an unreadable address gives %v", err)
	}
}

// newDatabase names a database that is dropped with the test; the test is to make it.
func newDatabase(t *testing.T) (superuser, name string) {
	t.Helper()
	superuser, name = storetest.Superuser(t), "t_"+strings.ToLower(rand.Text())
	db := connect(t, superuser)
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	return superuser, name
}

func address(t *testing.T, dsn, user, database string) string {
	t.Helper()
	dsn, err := store.DSN(dsn, user, database)
	if err != nil {
		t.Fatal(err)
	}
	return dsn
}

func connect(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func change(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
