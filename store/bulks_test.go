package store_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
	"acts24/store/list"
	"acts24/store/queue"
)

// All that a filter asks for is what its pages show one after the other.
func TestChooseAllEqualsThePages(t *testing.T) {
	db := open(t)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	p := portal(t, db, "a")
	market(t, db, p, r, 200)
	market(t, db, portal(t, db, "b"), r, 30)
	for range 120 {
		f := anyFilter(r)
		chosen, err := list.SelectAll(ctx, db.Scope(p), f, today)
		if err != nil {
			t.Fatal(err)
		}
		var ids []acts.ActID
		for _, c := range chosen {
			ids = append(ids, c.ID)
		}
		if want := walk(t, db, p, f); !slices.Equal(ids, want) {
			t.Errorf("seed %d, %+v: %d acts, want %d", seed, f, len(ids), len(want))
		}
		some, err := list.Select(ctx, db.Scope(p), f.Sees, ids)
		if err != nil || !slices.Equal(some, chosen) {
			t.Errorf("seed %d, %+v: by their ids %d acts, want %d, %v", seed, f, len(some), len(chosen), err)
		}
	}
}

// A lease that another process took over can do nothing any more, and nobody takes a row of a bulk that was cancelled.
func TestBulkTurn(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := paperAct(t, db, p, acts.StatusDraft)
	var bulk int64
	inTx(t, db, p, func(tx store.Tx) (err error) {
		bulk, _, err = tx.Bulks().Add(ctx, uuid.NewString(), store.Bulk{Action: store.BulkSend, State: store.BulkJudging, CreatedAt: time.Now()}, []store.SelectedAct{{ID: act, Deal: 7}}, "")
		return errors.Join(err, queue.AddBulk(ctx, tx, bulk), queue.AddBulk(ctx, tx, bulk))
	})
	late, ok, err := queue.LeaseBulk(ctx, db, 0)
	if err != nil || !ok {
		t.Fatalf("no turn: %v", err)
	}
	now, ok, err := queue.LeaseBulk(ctx, db, time.Minute)
	if err != nil || !ok {
		t.Fatalf("the lease does not end: %v", err)
	}
	if _, ok, err := queue.LeaseBulk(ctx, db, time.Minute); ok || err != nil {
		t.Errorf("two processes have one bulk, %v", err)
	}
	inTx(t, db, p, func(tx store.Tx) error {
		if ok, err := queue.HoldBulk(ctx, tx, late, time.Minute); ok || err != nil {
			t.Errorf("who came late holds the bulk, %v", err)
		}
		if ok, err := queue.HoldBulk(ctx, tx, now, time.Minute); !ok || err != nil {
			t.Errorf("who has it does not hold it, %v", err)
		}
		return queue.EndBulk(ctx, tx, late)
	})
	inTx(t, db, p, func(tx store.Tx) error {
		rows, err := tx.Bulks().NewRows(ctx, bulk, 10)
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		if err := tx.Bulks().SetRow(ctx, bulk, rows[0], store.RowWaiting, ""); err != nil {
			return err
		}
		if err := tx.Bulks().SetRow(ctx, bulk, rows[0], store.RowRefused, ""); !errors.Is(err, acts.Conflict) {
			t.Errorf("judged twice: %v", err)
		}
		if _, ok, err := tx.Bulks().NextRow(ctx, bulk); ok || err != nil {
			t.Errorf("done before it runs, %v", err)
		}
		return tx.Bulks().Move(ctx, bulk, store.BulkMove{From: []store.BulkState{store.BulkJudging}, To: store.BulkRunning, At: time.Now()})
	})
	inTx(t, db, p, func(tx store.Tx) error {
		if row, ok, err := tx.Bulks().NextRow(ctx, bulk); !ok || err != nil || row.Act != act {
			t.Errorf("the next row is %+v, %v", row, err)
		}
		return tx.Bulks().Move(ctx, bulk, store.BulkMove{From: []store.BulkState{store.BulkRunning}, To: store.BulkCancelled, At: time.Now()})
	})
	inTx(t, db, p, func(tx store.Tx) error {
		if _, ok, err := tx.Bulks().NextRow(ctx, bulk); ok || err != nil {
			t.Errorf("done after it was cancelled, %v", err)
		}
		return queue.EndBulk(ctx, tx, now)
	})
	if b, err := db.Scope(p).Bulks().Get(ctx, bulk); err != nil || b.State != store.BulkCancelled || b.Waiting != 1 || b.Acts() != 1 {
		t.Errorf("%+v, %v", b, err)
	}
}

// What needs no judgement is ready at once: no process of another version has to know the action.
func TestBulkWithNothingToJudge(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := paperAct(t, db, p, acts.StatusDraft)
	var bulk int64
	inTx(t, db, p, func(tx store.Tx) (err error) {
		bulk, _, err = tx.Bulks().Add(ctx, uuid.NewString(), store.Bulk{Action: store.BulkTable, State: store.BulkJudged, CreatedAt: time.Now()}, []store.SelectedAct{{ID: act, Deal: 7}}, "")
		return err
	})
	if b, err := db.Scope(p).Bulks().Get(ctx, bulk); err != nil || b.Waiting != 1 || b.New != 0 || b.State != store.BulkJudged {
		t.Errorf("%+v, %v", b, err)
	}
	if _, ok, err := queue.LeaseBulk(ctx, db, time.Minute); ok || err != nil {
		t.Errorf("somebody has its turn: %t, %v", ok, err)
	}
}
