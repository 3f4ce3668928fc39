package pg_test

import (
	"context"
	"testing"

	"acts24/store/internal/pg"
	"acts24/store/storetest"
)

// A query with a fixed text is prepared once per connection and takes the values of each call; any other is not prepared.
func TestGetFixed(t *testing.T) {
	dsn, _ := storetest.DSN(t)
	db, err := pg.Open(dsn, nil, 1, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	for _, want := range []int{7, 8, 9} {
		if err := pg.GetFixed(context.Background(), db, &n, `SELECT CAST(:n AS int)`, pg.Args{"n": want}); err != nil || n != want {
			t.Fatalf("GetFixed = %d, %v; want %d", n, err, want)
		}
	}
	if err := pg.GetFixed(context.Background(), db, &n, `SELECT no_such_column`, nil); err == nil {
		t.Error("a wrong query has no error")
	}
	if err := pg.Get(context.Background(), db, &n, `SELECT count(*) FROM pg_prepared_statements`, nil); err != nil || n != 1 {
		t.Errorf("%d prepared statements, %v; want 1", n, err)
	}
}
