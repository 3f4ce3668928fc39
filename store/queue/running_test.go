package queue_test

import (
	"errors"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// An unknown item of a deal may be ours from the beginning of its creation until its id is stored, and forever when the outcome of
// the creation is unknown; a creation that was certainly not executed or is left to a person is not waited for.
func TestItemComing(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	act := paperAct(t, db, p, acts.StatusDraft)
	coming := func(p acts.PortalID, item acts.ItemID, deal acts.DealID) bool {
		t.Helper()
		found, err := queue.ItemComing(ctx, db.Scope(p), item, deal, "crm.item")
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	inTx(t, db, p, func(tx store.Tx) error {
		return queue.Enqueue(ctx, tx, task.Task{Kind: "crm.item", Subject: int64(act)})
	})
	if coming(p, 70, 7) {
		t.Error("a creation that is not begun is waited for")
	}
	tasks, err := queue.Lease(ctx, db, []string{"crm.item"}, 1, time.Minute)
	if err != nil || len(tasks) != 1 {
		t.Fatal(tasks, err)
	}
	if !coming(p, 70, 7) || coming(p, 70, 8) || coming(other, 70, 7) {
		t.Error("while an item of deal 7 is created, items of deal 7 are not waited for, or those of another deal or portal are")
	}
	retry := func(r queue.Retry) {
		t.Helper()
		if err := queue.PutBack(ctx, db, tasks[0], r); err != nil {
			t.Fatal(err)
		}
	}
	if retry(queue.Retry{Unclear: true}); !coming(p, 70, 7) {
		t.Error("a creation with an unknown outcome is not waited for")
	}
	if retry(queue.Retry{Unclear: true, Dead: true}); coming(p, 70, 7) {
		t.Error("a creation that was given up is waited for")
	}
	if retry(queue.Retry{}); coming(p, 70, 7) {
		t.Error("a creation that was refused is waited for")
	}
	inTx(t, db, p, func(tx store.Tx) error {
		return errors.Join(tx.Acts().SetItem(ctx, act, 70, nil), queue.Done(ctx, tx, tasks[0]))
	})
	if !coming(p, 70, 7) || coming(p, 71, 7) {
		t.Error("after its creation item 70 does not count as ours, or item 71 does")
	}
}

// While a write is running, or its outcome is unknown, or it ended after the item was read, the read values prove nothing.
func TestItemBusy(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	act := paperAct(t, db, p, acts.StatusDraft)
	kinds := []string{"crm.item", "crm.files"}
	busy := func(of acts.PortalID, since time.Time) bool {
		t.Helper()
		busy, err := queue.ItemBusy(ctx, db.Scope(of), 70, kinds, since)
		if err != nil {
			t.Fatal(err)
		}
		return busy
	}
	now := func() time.Time {
		at, err := db.MachineTime(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	inTx(t, db, p, func(tx store.Tx) error {
		return errors.Join(tx.Acts().SetItem(ctx, act, 70, nil), queue.Enqueue(ctx, tx, task.Task{Kind: "crm.item", Subject: int64(act)}))
	})
	if busy(p, now()) {
		t.Error("the item is busy before the write has begun")
	}
	before := now()
	tasks, err := queue.Lease(ctx, db, kinds, 1, time.Minute)
	if err != nil || len(tasks) != 1 {
		t.Fatalf("%d tasks, %v", len(tasks), err)
	}
	if !busy(p, now()) || busy(other, now()) {
		t.Error("the item is not busy during the write, or that of another portal is")
	}
	if err := queue.PutBack(ctx, db, tasks[0], queue.Retry{Unclear: true}); err != nil || !busy(p, now()) {
		t.Errorf("the item is not busy after a write with an unknown outcome, or %v", err)
	}
	if tasks, err = queue.Lease(ctx, db, kinds, 1, time.Minute); err != nil || len(tasks) != 1 {
		t.Fatalf("%d tasks, %v", len(tasks), err)
	}
	inTx(t, db, p, func(tx store.Tx) error {
		return errors.Join(tx.Acts().SetItemWritten(ctx, act, 1), queue.Done(ctx, tx, tasks[0]))
	})
	if !busy(p, before) || busy(p, now()) {
		t.Error("after the write the item is not busy for values read before it, or busy for values read after it")
	}
}

// A deal is busy while its move is leased, and no other deal is; a move that waits for its next try does not hold up the reading.
func TestDealBusy(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	busy := func(deal acts.DealID) bool {
		t.Helper()
		is, err := queue.DealBusy(ctx, db.Scope(p), deal, task.KindMoveDeal)
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	inTx(t, db, p, func(tx store.Tx) error { return queue.Enqueue(ctx, tx, task.MoveDeal(7)) })
	if busy(7) {
		t.Error("the deal is busy before the move has begun")
	}
	tasks, err := queue.Lease(ctx, db, []string{task.KindMoveDeal}, 1, time.Minute)
	if err != nil || len(tasks) != 1 || !busy(7) || busy(8) {
		t.Errorf("%v, %v while deal 7 is moved: 7 is busy %t, 8 is busy %t", tasks, err, busy(7), busy(8))
	}
	if err := queue.PutBack(ctx, db, tasks[0], queue.Retry{Unclear: true, Wait: time.Hour}); err != nil || busy(7) {
		t.Errorf("the deal is busy while the move waits for its next attempt, or %v", err)
	}
}
