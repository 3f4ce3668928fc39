package robots_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/robots"
	"acts24/store/storetest"
	"acts24/store/task"
)

var ctx = context.Background()

// A call is stored once for a token, has one outcome, and is due until then; another portal does not see it.
func TestCall(t *testing.T) {
	db := storetest.Open(t)
	mine, theirs := storetest.AddPortal(t, db, "a"), storetest.AddPortal(t, db, "b")
	at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	call := robots.Call{Token: "t|1", Robot: automation.RobotForm, Deal: 7, Properties: map[string]string{"act": "5"}, ReceivedAt: at}
	do := func(p acts.PortalID, f func(tx store.Tx) error) error { return db.InTx(ctx, p, f) }
	var id int64
	for i, want := range []bool{true, false} {
		err := do(mine, func(tx store.Tx) error {
			got, added, err := tx.Robots().Add(ctx, call, at.Add(time.Hour))
			if added != want {
				t.Errorf("call %d is added: %t", i, added)
			}
			id = max(id, got)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if got, err := db.Scope(mine).Robots().Get(ctx, id); err != nil || got.Token != call.Token || got.Robot != call.Robot || got.Deal != 7 || got.Properties["act"] != "5" || got.Outcome != robots.OutcomeNone {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := db.Scope(theirs).Robots().Get(ctx, id); !errors.Is(err, acts.NotFound) {
		t.Errorf("another portal: %v", err)
	}
	due := func(now time.Time) int {
		list, err := db.DueRobots(ctx, now, 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if due(at.Add(59*time.Minute)) != 0 || due(at.Add(time.Hour)) != 1 {
		t.Error("the deadline is not after an hour")
	}
	begin := func(tx store.Tx) error { return tx.Robots().Begin(ctx, id, 3, 0) }
	if err := do(mine, begin); err != nil {
		t.Fatal(err)
	}
	if err := do(mine, begin); !errors.Is(err, acts.Conflict) {
		t.Errorf("it began twice: %v", err)
	}
	if err := do(mine, func(tx store.Tx) error { return tx.Robots().Drop(ctx, id) }); !errors.Is(err, acts.Conflict) {
		t.Errorf("an unfinished call was deleted: %v", err)
	}
	finish := func(tx store.Tx) error {
		return tx.Robots().Finish(ctx, id, robots.OutcomeRefused, "Нет.", at.AddDate(0, 1, 0))
	}
	if err := do(mine, finish); err != nil {
		t.Fatal(err)
	}
	if err := do(mine, finish); !errors.Is(err, acts.Conflict) {
		t.Errorf("it finished twice: %v", err)
	}
	if got, err := db.Scope(mine).Robots().Get(ctx, id); err != nil || got.Act != 3 || got.Outcome != robots.OutcomeRefused || got.Reason != "Нет." || due(at.AddDate(0, 0, 29)) != 0 || due(at.AddDate(0, 1, 0)) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if err := do(mine, func(tx store.Tx) error { return tx.Robots().Drop(ctx, id) }); err != nil || due(at.AddDate(1, 0, 0)) != 0 {
		t.Errorf("deleted: %v", err)
	}
}

// Triggers of a deal are executed in the order of its changes, after the one whose call may have been made; one that was executed is gone.
func TestTriggers(t *testing.T) {
	db := storetest.Open(t)
	mine := storetest.AddPortal(t, db, "a")
	var sent, signed int64
	err := db.InTx(ctx, mine, func(tx store.Tx) error {
		if err := tx.Deals().Save(ctx, storetest.Deal(7)); err != nil {
			return err
		}
		var err, err2 error
		sent, err = tx.Robots().AddTrigger(ctx, 7, automation.TriggerSent)
		signed, err2 = tx.Robots().AddTrigger(ctx, 7, automation.TriggerSigned)
		return errors.Join(err, err2, queue.EnqueueTriggers(ctx, tx), queue.EnqueueTriggers(ctx, tx))
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := queue.Find(ctx, db.Scope(mine), task.KindRunTriggers, 7); err != nil || !ok {
		t.Errorf("no task: %v", err)
	}
	first := func() robots.TriggerRun {
		t.Helper()
		waiting, err := db.Scope(mine).Robots().Triggers(ctx, 7)
		if err != nil || len(waiting) != 2 {
			t.Fatalf("%+v, %v", waiting, err)
		}
		return waiting[0]
	}
	if got := first(); got.ID != sent || got.Deal != 7 || got.Code != automation.TriggerSent || got.LastMove != nil {
		t.Errorf("%+v is first", got)
	}
	if err := db.InTx(ctx, mine, func(tx store.Tx) error { return tx.Robots().SetLastMove(ctx, signed, 0) }); err != nil {
		t.Fatal(err)
	}
	if got := first(); got.ID != signed || got.LastMove == nil || *got.LastMove != 0 {
		t.Errorf("%+v is before the one whose call may have been made", got)
	}
	err = db.InTx(ctx, mine, func(tx store.Tx) error {
		return errors.Join(tx.Robots().DropTrigger(ctx, signed), tx.Robots().DropTrigger(ctx, sent))
	})
	if err != nil {
		t.Fatal(err)
	}
	if waiting, err := db.Scope(mine).Robots().Triggers(ctx, 7); err != nil || len(waiting) > 0 {
		t.Errorf("still there: %+v, %v", waiting, err)
	}
}
