package queue_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

func TestHeldTasksAreNotLeased(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return queue.Enqueue(ctx, tx, task.Task{Kind: "crm.item", Subject: 7}) })
	lease := func(term time.Duration) []queue.Task {
		t.Helper()
		tasks, err := queue.Lease(ctx, db, []string{"crm.item"}, 50, term)
		if err != nil {
			t.Fatal(err)
		}
		return tasks
	}
	first := lease(0) // its term expires at once
	if err := queue.Hold(ctx, db, first, time.Minute); err != nil || len(first) != 1 {
		t.Fatalf("hold %d tasks: %v", len(first), err)
	}
	if stolen := lease(time.Minute); len(stolen) != 0 {
		t.Errorf("a held task was leased: %+v", stolen)
	}
	if err := queue.Hold(ctx, db, first, 0); err != nil {
		t.Fatal(err)
	}
	second := lease(time.Minute)
	if len(second) != 1 {
		t.Fatalf("%d tasks after the term; want 1", len(second))
	}
	if got := second[0]; got.Attempts != 1 || got.Failures != 0 || !got.Unclear {
		t.Errorf("after an expired lease: %+v; want a first attempt whose start is unclear", got)
	}
	if err := queue.Hold(ctx, db, first, time.Minute); !errors.Is(err, acts.Conflict) {
		t.Errorf("a late worker renews the lease of another: %v", err)
	}
}

func TestPostponedAttemptsAreNoFailures(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return queue.Enqueue(ctx, tx, task.Task{Kind: "crm.item", Subject: 7}) })
	for _, r := range []queue.Retry{{}, {Failure: true}, {}, {Failure: true, Unclear: true}} {
		tasks, err := queue.Lease(ctx, db, []string{"crm.item"}, 1, time.Minute)
		if err != nil || len(tasks) != 1 {
			t.Fatalf("%d tasks, %v", len(tasks), err)
		}
		if err := queue.PutBack(ctx, db, tasks[0], r); err != nil {
			t.Fatal(err)
		}
	}
	if task := lastTask(t, db); task.Attempts != 5 || task.Failures != 2 {
		t.Errorf("attempt %d after %d failures; want the fifth after two", task.Attempts, task.Failures)
	}
}

func lastTask(t *testing.T, db *store.DB) queue.Task {
	t.Helper()
	tasks, err := queue.Lease(ctx, db, []string{"crm.item"}, 1, time.Minute)
	if err != nil || len(tasks) != 1 {
		t.Fatalf("%d tasks, %v", len(tasks), err)
	}
	return tasks[0]
}

// A transaction enqueues tasks in one order while a worker renews their leases: the worker does not wait for one row while it locks
// another.
func TestAHoldKeepsNobodyWaiting(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error {
		return errors.Join(queue.Enqueue(ctx, tx, task.Task{Kind: "x", Subject: 1}), queue.Enqueue(ctx, tx, task.Task{Kind: "x", Subject: 2}))
	})
	tasks, err := queue.Lease(ctx, db, []string{"x"}, 50, time.Minute)
	if err != nil || len(tasks) != 2 {
		t.Fatal(len(tasks), err)
	}
	var wg sync.WaitGroup
	runs := 0
	inTx(t, db, p, func(tx store.Tx) error {
		runs++
		if err := queue.Enqueue(ctx, tx, task.Task{Kind: "x", Subject: 2}); err != nil {
			return err
		}
		if runs == 1 {
			wg.Go(func() {
				if err := queue.Hold(ctx, db, tasks, time.Minute); err != nil {
					t.Error(err)
				}
			})
			awaitLock(t, db)
		}
		return queue.Enqueue(ctx, tx, task.Task{Kind: "x", Subject: 1})
	})
	wg.Wait()
	if runs != 1 {
		t.Errorf("the transaction ran %d times", runs)
	}
}

// A renewal does not change tasks that are no longer leased by it: one that was put back stays due at its time, one that
// another process leased stays with it.
func TestOnlyLeasedTasksAreKept(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error {
		return errors.Join(queue.Enqueue(ctx, tx, task.Task{Kind: "kept", Subject: 1}), queue.Enqueue(ctx, tx, task.Task{Kind: "back", Subject: 1}), queue.Enqueue(ctx, tx, task.Task{Kind: "lost", Subject: 1}))
	})
	lease := func(term time.Duration, kinds ...string) []queue.Task {
		t.Helper()
		tasks, err := queue.Lease(ctx, db, kinds, 50, term)
		if err != nil {
			t.Fatal(err)
		}
		return tasks
	}
	mine := append(lease(300*time.Millisecond, "kept"), append(lease(time.Minute, "back"), lease(0, "lost")...)...)
	if other := lease(time.Hour, "lost"); len(mine) != 3 || len(other) != 1 {
		t.Fatal(len(mine), len(other))
	}
	if err := queue.PutBack(ctx, db, mine[1], queue.Retry{}); err != nil {
		t.Fatal(err)
	}
	if err := queue.Renew(ctx, db, queue.Leases{Tasks: mine}, time.Minute); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if got := lease(time.Minute, "kept", "back", "lost"); len(got) != 1 || got[0].Kind != "back" {
		t.Errorf("leased again: %+v; want the task that was put back", got)
	}
}

func TestTaskIsLeasedOnceAndEnqueuesMerge(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	enqueue := func() {
		inTx(t, db, p, func(tx store.Tx) error { return queue.Enqueue(ctx, tx, task.Task{Kind: "crm.item", Subject: 7}) })
	}
	enqueue()
	enqueue()
	var got atomic.Int32
	var leased queue.Task
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			tasks, err := queue.Lease(ctx, db, []string{"crm.item"}, 50, time.Minute)
			if err != nil {
				t.Error(err)
			}
			if len(tasks) > 0 {
				leased = tasks[0]
				got.Add(int32(len(tasks)))
			}
		})
	}
	wg.Wait()
	if got.Load() != 1 {
		t.Fatalf("leased %d times, want once", got.Load())
	}
	if leased.Unclear {
		t.Error("a first attempt is not unclear")
	}
	enqueue() // while it is being delivered
	inTx(t, db, p, func(tx store.Tx) error { return queue.Done(ctx, tx, leased) })
	again, err := queue.Lease(ctx, db, []string{"crm.item"}, 50, time.Minute)
	if err != nil || len(again) != 1 || again[0].Unclear {
		t.Fatalf("a newer enqueue must be due again and clear: %+v, %v", again, err)
	}
	if err := db.InTx(ctx, p, func(tx store.Tx) error { return queue.Done(ctx, tx, leased) }); !errors.Is(err, acts.Conflict) {
		t.Errorf("a late writer ended the task: %v", err)
	}
	if err := queue.PutBack(ctx, db, again[0], queue.Retry{Unclear: true}); err != nil {
		t.Fatal(err)
	}
	if third, _ := queue.Lease(ctx, db, []string{"crm.item"}, 50, time.Minute); len(third) != 1 || !third[0].Unclear {
		t.Errorf("after an unclear end the next attempt must be unclear: %+v", third)
	}
}
