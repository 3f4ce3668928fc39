package queue_test

import (
	"testing"
	"time"

	"acts24/store/queue"
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
	if paused, err := queue.PausedMethods(ctx, db, p); err != nil || paused["crm.item.add"] < 50*time.Second {
		t.Errorf("paused %v, %v", paused, err)
	}
}
