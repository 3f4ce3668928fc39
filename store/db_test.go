package store_test

import (
	"testing"
	"time"

	"acts24/store"
	"acts24/store/storetest"
)

// A program whose database was restarted ends without an error: its idle connections were cut.
func TestCloseAfterTheServerHasCutTheConnections(t *testing.T) {
	t.Parallel()
	dsn, owner := storetest.DSN(t)
	keys, err := store.ParseKeys("t:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(dsn, keys, store.Options{Connections: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.MachineTime(t.Context()); err != nil {
		t.Fatal(err)
	}
	var name string
	if err := storetest.Connect(t, owner).QueryRow(`SELECT current_database()`).Scan(&name); err != nil {
		t.Fatal(err)
	}
	super := storetest.Connect(t, storetest.Superuser(t))
	const others = ` FROM pg_stat_activity WHERE datname = $1 AND usename = 'acts_app'`
	if _, err := super.Exec(`SELECT pg_terminate_backend(pid)`+others, name); err != nil {
		t.Fatal(err)
	}
	for left := 1; left > 0; time.Sleep(time.Millisecond) {
		if err := super.QueryRow(`SELECT count(*)`+others, name).Scan(&left); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}
