package queue_test

import (
	"errors"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/storetest"
	"acts24/store/task"
)

func TestBudgetLeaks(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	taken := 0
	for range 60 {
		ok, err := queue.TakeBudget(ctx, db, p, 0.001, 50)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			taken++
		}
	}
	if taken != 50 {
		t.Errorf("%d requests taken of a bucket of 50", taken)
	}
	if ok, err := queue.TakeBudget(ctx, db, p, 100000, 50); err != nil || !ok {
		t.Errorf("a leaked bucket is still full: %v", err)
	}
	if err := queue.PauseMethod(ctx, db, p, "crm.item.add", time.Minute); err != nil {
		t.Fatal(err)
	}
	if paused, err := queue.PausedMethods(ctx, db, p, false); err != nil || paused["crm.item.add"] < 50*time.Second {
		t.Errorf("paused %v, %v", paused, err)
	}
}

// Tasks of a portal whose bucket is full are not leased before it has room again; those of another portal, and those for SBIS, are.
func TestTasksWaitForTheBucket(t *testing.T) {
	db := open(t)
	full, other := portal(t, db, "a"), portal(t, db, "b")
	for _, p := range []acts.PortalID{full, other} {
		storetest.InTx(t, db, p, func(tx store.Tx) error {
			return errors.Join(queue.Enqueue(ctx, tx, task.MoveDeal(1)), queue.Enqueue(ctx, tx, task.PutDocument(1)))
		})
	}
	for range 2 {
		if _, err := queue.TakeBudget(ctx, db, full, 0.01, 2); err != nil {
			t.Fatal(err)
		}
	}
	wait, err := queue.MarkBudgetSpent(ctx, db, full, 0.01, 2)
	if err != nil || wait < 90*time.Second || wait > 100*time.Second {
		t.Fatalf("the next request fits in %v, %v; want a little less than 100 s", wait, err)
	}
	leased := map[acts.PortalID]int{}
	for {
		tasks, err := queue.Lease(ctx, db, []string{task.KindMoveDeal, task.KindPutDocument}, 50, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if len(tasks) == 0 {
			break
		}
		leased[tasks[0].Portal] += len(tasks)
	}
	if leased[full] != 1 || leased[other] != 2 {
		t.Errorf("%d tasks of the portal were leased and %d of the other, want 1 and 2", leased[full], leased[other])
	}
	for _, tt := range []struct {
		limit  float64
		leased int
	}{
		{3, 0}, // work that has begun goes on, new work does not begin
		{7, 1},
	} {
		if wait, err := queue.MarkBudgetSpent(ctx, db, full, 0.01, tt.limit); err != nil || wait > 0 {
			t.Errorf("a bucket of %v has room in %v, %v", tt.limit, wait, err)
		}
		if tasks, err := queue.Lease(ctx, db, []string{task.KindMoveDeal}, 50, time.Minute); err != nil || len(tasks) != tt.leased {
			t.Errorf("a bucket of %v: %d tasks are leased, want %d, %v", tt.limit, len(tasks), tt.leased, err)
		}
	}
}
