package pg_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"acts24/store/internal/pg"
	"acts24/store/storetest"
)

// However many transactions of one portal hang, another portal finds a free connection.
func TestOnePortalLeavesConnections(t *testing.T) {
	t.Parallel()
	dsn, _ := storetest.DSN(t)
	ctx := context.Background()
	db, err := pg.Open(dsn, nil, 4, 3, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	started, release := make(chan struct{}, 16), make(chan struct{})
	var hanging sync.WaitGroup
	for range 16 {
		hanging.Go(func() {
			err := pg.InTx(ctx, db, 1, func(pg.Scope) error {
				started <- struct{}{}
				<-release
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	for range 3 {
		<-started
	}
	patient, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	var n int
	if err := pg.Get(patient, pg.ScopeOf(db, 2), &n, `SELECT 1`, nil); err != nil {
		t.Errorf("the neighbour reads: %v", err)
	}
	if err := pg.InTx(patient, db, 2, func(pg.Scope) error { return nil }); err != nil {
		t.Errorf("the neighbour writes: %v", err)
	}
	if n := len(started); n > 0 {
		t.Errorf("the busy portal has %d connections; want 3", 3+n)
	}
	close(release)
	hanging.Wait()
}
