package main

import (
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"acts24/store/localdb"
	"acts24/store/schema"
)

// A folder with a database from before the first release is kept under another name.
func TestOldDatabaseIsSetAside(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "acts-aside") // a folder that the user of the server can access
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "d")
	server, err := localdb.Start(t.Context(), localdb.Options{Dir: filepath.Join(data, "postgres")})
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Provision(t.Context(), server.DSN(localdb.Superuser, "postgres"), "acts24"); err != nil {
		t.Fatal(err)
	}
	old, err := sql.Open("postgres", server.DSN(schema.OwnerRole, "acts24"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = old.ExecContext(t.Context(), `CREATE TABLE goose_db_version AS SELECT CAST(62 AS bigint) AS version_id, true AS is_applied`)
	old.Close()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "portal.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}

	s := &sandbox{log: slog.New(slog.DiscardHandler)}
	dsn, err := s.database(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer s.stopDatabase(t.Context())
	if err := schema.CheckVersion(t.Context(), dsn); err != nil {
		t.Errorf("the new database: %v", err)
	}
	if _, err := os.Stat(filepath.Join(data+".old", "portal.json")); err != nil {
		t.Errorf("what the folder kept: %v", err)
	}
	if _, err := os.Stat(filepath.Join(data, "portal.json")); err == nil {
		t.Error("the new folder still has the old portal")
	}
}

// A database that other texts of the same migrations have built is set aside; one that these have built is used again.
func TestChangedMigrations(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "acts-changed")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "d")
	s := &sandbox{log: slog.New(slog.DiscardHandler)}
	start := func(what string, aside bool) {
		t.Helper()
		if _, err := s.database(t.Context(), data); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if err := s.stopDatabase(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(data + ".old"); (err == nil) != aside {
			t.Errorf("%s: set aside: %v, want %t", what, err == nil, aside)
		}
	}
	start("a new folder", false)
	start("the same migrations", false)
	if err := os.WriteFile(filepath.Join(data, migrationsFile), []byte(`{"00107_work.sql": "other"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	start("other migrations", true)
}

func TestSetAsideKeepsWhatWasSetAsideBefore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, server := filepath.Join(dir, "sandbox"), filepath.Join(dir, "elsewhere")
	for _, want := range []string{"sandbox.old", "sandbox.old2"} {
		for _, folder := range []string{data, server} {
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		aside, err := setAside(data, server)
		if err != nil || filepath.Base(aside) != want {
			t.Errorf("setAside = %s, %v; want %s", aside, err, want)
		}
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "*")); len(found) != 4 {
		t.Errorf("the folders are %v; want four with new names", found)
	}
}
