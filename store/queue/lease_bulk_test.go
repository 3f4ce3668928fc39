package queue_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
)

// A process whose lease was taken over can change nothing, and no process takes a row of a cancelled bulk.
func TestBulkLease(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := paperAct(t, db, p, acts.StatusDraft)
	var bulk int64
	inTx(t, db, p, func(tx store.Tx) (err error) {
		bulk, _, err = tx.Bulks().Add(ctx, uuid.NewString(), store.Bulk{Action: store.BulkSend, State: store.BulkChecking, CreatedAt: time.Now()}, []store.SelectedAct{{ID: act, Deal: 7}}, "")
		return errors.Join(err, queue.AddBulk(ctx, tx, bulk), queue.AddBulk(ctx, tx, bulk))
	})
	late, ok, err := queue.LeaseBulk(ctx, db, 0)
	if err != nil || !ok {
		t.Fatalf("no lease: %v", err)
	}
	now, ok, err := queue.LeaseBulk(ctx, db, time.Minute)
	if err != nil || !ok {
		t.Fatalf("the lease does not end: %v", err)
	}
	if _, ok, err := queue.LeaseBulk(ctx, db, time.Minute); ok || err != nil {
		t.Errorf("two processes have leased one bulk, %v", err)
	}
	inTx(t, db, p, func(tx store.Tx) error {
		if ok, err := queue.HoldBulk(ctx, tx, late, time.Minute); ok || err != nil {
			t.Errorf("the process that lost the lease renews it, %v", err)
		}
		if ok, err := queue.HoldBulk(ctx, tx, now, time.Minute); !ok || err != nil {
			t.Errorf("the process with the lease cannot renew it, %v", err)
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
			t.Errorf("checked twice: %v", err)
		}
		if _, ok, err := tx.Bulks().NextRow(ctx, bulk); ok || err != nil {
			t.Errorf("done before it runs, %v", err)
		}
		return tx.Bulks().Move(ctx, bulk, store.BulkMove{From: []store.BulkState{store.BulkChecking}, To: store.BulkRunning, At: time.Now()})
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
