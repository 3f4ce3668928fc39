package plans_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/acts/period"
	"acts24/store"
	"acts24/store/plans"
	"acts24/store/storetest"
)

var ctx = context.Background()

// A month of a deal has one run, its state changes once, and another portal sees neither plan nor run.
func TestPlanAndRuns(t *testing.T) {
	db := storetest.Open(t)
	mine, theirs := storetest.AddPortal(t, db, "a"), storetest.AddPortal(t, db, "b")
	at := time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC)
	month := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	do := func(f func(tx store.Tx) error) {
		t.Helper()
		if err := db.InTx(ctx, mine, f); err != nil {
			t.Fatal(err)
		}
	}
	want := plans.Plan{Deal: 1, Enabled: true, Rule: period.Rule{Day: 3, Covers: period.CoversLastMonth}, Quantities: map[acts.RowID]decimal.Decimal{11: decimal.New(25, -1)},
		Sender: 7, SenderName: "Анна", AllowedAt: at, SetBy: "Анна", SetAt: at, NextMonth: month, CheckAt: at}
	do(func(tx store.Tx) error {
		if err := tx.Deals().Save(ctx, storetest.Deal(1)); err != nil {
			return err
		}
		return tx.Plans().Save(ctx, want)
	})
	got, ok, err := db.Scope(mine).Plans().Get(ctx, 1)
	if err != nil || !ok || got.Rule != want.Rule || !got.Quantities[11].Equal(want.Quantities[11]) || !got.SendsFor(7) || got.SendsFor(8) || !got.NextMonth.Equal(month) || !got.CheckAt.Equal(at) {
		t.Errorf("stored %+v, %t, %v", got, ok, err)
	}
	for i, added := range []bool{true, false} {
		do(func(tx store.Tx) error {
			got, err := tx.Plans().AddRun(ctx, 1, month, at)
			if got != added {
				t.Errorf("run %d was added: %t", i, got)
			}
			return err
		})
	}
	done := plans.Run{Deal: 1, Month: month, State: plans.Formed, Act: 5, At: at}
	do(func(tx store.Tx) error { return tx.Plans().SetRun(ctx, plans.Queued, done) })
	err = db.InTx(ctx, mine, func(tx store.Tx) error { return tx.Plans().SetRun(ctx, plans.Queued, done) })
	if !errors.Is(err, acts.Conflict) {
		t.Errorf("a run is stored twice: %v", err)
	}
	if list, err := db.Scope(mine).Plans().Runs(ctx, 1); err != nil || len(list) != 1 || !list[0].At.Equal(at) || list[0].State != done.State || list[0].Act != 5 {
		t.Errorf("runs %+v, %v", list, err)
	}
	if _, ok, err := db.Scope(theirs).Plans().Get(ctx, 1); ok || err != nil {
		t.Errorf("another portal sees the plan: %v", err)
	}
	if list, err := db.Scope(theirs).Plans().Runs(ctx, 1); err != nil || len(list) > 0 {
		t.Errorf("another portal sees %d runs, %v", len(list), err)
	}
	for when, n := range map[time.Time]int{at.Add(-time.Second): 0, at: 1} {
		if due, err := db.DuePlans(ctx, when, 10); err != nil || len(due) != n {
			t.Errorf("at %s %d plans are due, %v; want %d", when, len(due), err, n)
		}
	}
	want.Enabled = false
	do(func(tx store.Tx) error { return tx.Plans().Save(ctx, want) })
	if due, err := db.DuePlans(ctx, at, 10); err != nil || len(due) != 0 {
		t.Errorf("%d plans that are switched off are due, %v", len(due), err)
	}
}
