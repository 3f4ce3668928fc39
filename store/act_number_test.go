package store_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"acts24/store"
)

func TestNumbersHaveNoGapAndNoDouble(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	var seen sync.Map
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			err := db.InTx(ctx, p, func(tx store.Tx) error {
				n, err := tx.Acts().NextNumber(ctx, 1, 2026)
				if err != nil {
					return err
				}
				if i%4 == 0 {
					return errors.New("rolled back")
				}
				if _, double := seen.LoadOrStore(n, true); double {
					t.Errorf("number %d twice", n)
				}
				return nil
			})
			if err != nil && err.Error() != "rolled back" {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for n := 1; n <= 30; n++ {
		if _, ok := seen.Load(n); !ok {
			t.Errorf("number %d is missing", n)
		}
	}
}

func TestLatestNumbered(t *testing.T) {
	t.Parallel()
	db := open(t)
	p := portal(t, db, "m1")
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, deal(1)) })
	for number, on := range map[string]time.Time{"1": time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), "2": time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		"3": time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), "": time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)} {
		a := draft(deal(1), "0.5")
		a.Date, a.Number = on, number
		id := addAct(t, db, p, a)
		asPortal(t, db, p, `UPDATE acts SET number = $1 WHERE id = $2`, number, id)
	}
	for year, want := range map[int]string{2026: "1 2026-11-25", 2025: "3 2025-12-31", 2024: " 0001-01-01"} {
		got, err := db.Scope(p).Acts().LatestNumbered(ctx, 1, year)
		if err != nil || got.Number+" "+got.Date.Format(time.DateOnly) != want {
			t.Errorf("%d: %v, %v; want %s", year, got, err, want)
		}
	}
	if got, err := db.Scope(p).Acts().LatestNumbered(ctx, 2, 2026); err != nil || got.Number != "" {
		t.Errorf("another company: %v, %v", got, err)
	}
}
