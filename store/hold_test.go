package store_test

import (
	"errors"
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
	first := lease(0) // its term is over at once
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
		t.Errorf("after a lease that nobody ended: %+v; want a first attempt whose start is unclear", got)
	}
	if err := queue.Hold(ctx, db, first, time.Minute); !errors.Is(err, acts.Conflict) {
		t.Errorf("a late worker holds what another has leased: %v", err)
	}
}

func TestOnlyFailuresBringATaskToAPerson(t *testing.T) {
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
