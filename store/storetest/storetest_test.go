package storetest

import (
	"context"
	"database/sql"
	"sync"
	"testing"
	"testing/fstest"

	"acts24/store/schema"
)

func TestEveryTestHasItsOwnDatabase(t *testing.T) {
	var name string
	t.Run("first", func(t *testing.T) {
		_, owner := DSN(t)
		db := open(t, owner)
		name = value(t, db, `SELECT current_database()`)
		if _, err := db.ExecContext(t.Context(), `CREATE TABLE mine (n int)`); err != nil {
			t.Error(err)
		}
	})
	_, owner := DSN(t)
	db := open(t, owner)
	if got := value(t, db, `SELECT coalesce(CAST(to_regclass('mine') AS text), 'no table')`); got != "no table" {
		t.Errorf("the second database has the first one's %s", got)
	}
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	if got := value(t, s.admin, `SELECT count(*) FROM pg_database WHERE datname = '`+name+`'`); got != "0" {
		t.Errorf("%s databases are left of the first test; want 0", got)
	}
}

func TestAppMayNotChangeTheSchema(t *testing.T) {
	app, _ := DSN(t)
	db := open(t, app)
	if err := schema.CheckVersion(t.Context(), app); err != nil {
		t.Errorf("the app cannot check the version: %v", err)
	}
	for _, statement := range []string{
		`CREATE TABLE mine (n int)`,
		`DELETE FROM goose_db_version`,
		`CREATE ROLE somebody`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("the app was allowed to %s", statement)
		}
	}
}

func TestTemplateIsMadeOnce(t *testing.T) {
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	fresh := &server{superuser: s.superuser, admin: s.admin, template: "template_made_once"}
	drop := func() {
		if err := fresh.drop(context.Background(), fresh.template); err != nil {
			t.Error(err)
		}
	}
	drop()
	t.Cleanup(drop)
	var together sync.WaitGroup
	for range 4 {
		together.Go(func() {
			if err := fresh.makeTemplate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
}

func TestTemplateNameFollowsTheFiles(t *testing.T) {
	name := func(text string) string {
		n, err := templateName(fstest.MapFS{"00001_a.sql": {Data: []byte(text)}})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	first, again, other := name("SELECT 1"), name("SELECT 1"), name("SELECT 2")
	if first != again || first == other {
		t.Errorf("two equal schemas are %s and %s, a third one %s", first, again, other)
	}
}

func open(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func value(t *testing.T, db *sql.DB, query string) (v string) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}
