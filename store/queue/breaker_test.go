package queue_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

const maxTries = 5

// fails records n failed calls of an account and returns how often the breaker opened.
func fails(t *testing.T, db *store.DB, p acts.PortalID, account int64, n int, every time.Duration) (opened int) {
	t.Helper()
	for range n {
		inTx(t, db, p, func(tx store.Tx) error {
			row, err := queue.FailBreaker(ctx, tx, account, maxTries, every)
			if row == maxTries {
				opened++
			}
			return err
		})
	}
	return opened
}

func passes(t *testing.T, db *store.DB, p acts.PortalID, account int64, every time.Duration) bool {
	t.Helper()
	_, wait, err := queue.PassBreaker(ctx, db.Scope(p), account, every)
	if err != nil {
		t.Fatal(err)
	}
	return wait == 0
}

// When two replicas fail at once, the breaker opens once; when a probe becomes due in both at once, one of them probes.
func TestBreakerUnderTwoReplicas(t *testing.T) {
	db := open(t)
	other, p, neighbour := twin(t, db), portal(t, db, "a"), portal(t, db, "b")
	if n := fails(t, db, p, queue.PortalItself, maxTries-1, time.Hour); n != 0 || !passes(t, db, p, queue.PortalItself, time.Hour) {
		t.Fatal("opened too early")
	}
	both := func(f func(*store.DB)) {
		var wg sync.WaitGroup
		for _, replica := range []*store.DB{db, other} {
			for range 4 {
				wg.Go(func() { f(replica) })
			}
		}
		wg.Wait()
	}
	var opened, passed atomic.Int32
	both(func(replica *store.DB) { opened.Add(int32(fails(t, replica, p, queue.PortalItself, 1, time.Hour))) })
	if opened.Load() != 1 {
		t.Fatalf("opened %d times, want once", opened.Load())
	}
	if passes(t, db, p, queue.PortalItself, time.Hour) {
		t.Error("a call passed before the first probe was due")
	}
	if !passes(t, db, p, 7, time.Hour) || !passes(t, db, neighbour, queue.PortalItself, time.Hour) {
		t.Error("calls to an account at SBIS or of another portal are refused too")
	}
	inTx(t, db, p, func(tx store.Tx) error { return queue.ProbeNow(ctx, tx, queue.PortalItself) })
	both(func(replica *store.DB) {
		if passes(t, replica, p, queue.PortalItself, time.Hour) {
			passed.Add(1)
		}
	})
	if passed.Load() != 1 {
		t.Errorf("%d probes at once, want one", passed.Load())
	}
	inTx(t, db, p, func(tx store.Tx) error {
		wasOpen, err := queue.CloseBreaker(ctx, tx, queue.PortalItself)
		if !wasOpen {
			t.Error("it was not open")
		}
		return err
	})
	if !passes(t, other, p, queue.PortalItself, time.Hour) || fails(t, db, p, queue.PortalItself, maxTries-1, time.Hour) != 0 {
		t.Error("a success does not reset the number of failures")
	}
}

// For a portal whose breaker is open only tasks for SBIS are leased; its other tasks stay due.
func TestOpenBreakerKeepsWork(t *testing.T) {
	db := open(t)
	p, neighbour := portal(t, db, "a"), portal(t, db, "b")
	kinds := []string{"crm.item", "edo.put"}
	for _, portal := range []acts.PortalID{p, neighbour} {
		inTx(t, db, portal, func(tx store.Tx) error { return queue.Enqueue(ctx, tx, task.Task{Kind: "crm.item", Subject: 7}) })
		inTx(t, db, portal, func(tx store.Tx) error { return queue.AddReconcile(ctx, tx) })
	}
	inTx(t, db, p, func(tx store.Tx) error { return queue.Enqueue(ctx, tx, task.Task{Kind: "edo.put", Subject: 7}) })
	fails(t, db, p, queue.PortalItself, maxTries, time.Hour)
	lease := func(full ...acts.PortalID) (got []queue.Task) {
		got, err := queue.Lease(ctx, db, kinds, 50, time.Minute, full...)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := lease(neighbour); len(got) != 1 || got[0].Portal != p || got[0].Kind != "edo.put" {
		t.Errorf("leased %+v, want the task for SBIS", got)
	}
	if got := lease(); len(got) != 1 || got[0].Portal != neighbour {
		t.Errorf("leased %+v, want another portal's", got)
	}
	for range 2 {
		if lease, ok, err := queue.LeaseReconcile(ctx, db, time.Minute); err != nil || ok && lease.Portal == p {
			t.Errorf("reconciled %+v, %v", lease, err)
		}
	}
	inTx(t, db, p, func(tx store.Tx) error { return queue.ProbeNow(ctx, tx, queue.PortalItself) })
	if got := lease(); len(got) != 1 || got[0].Portal != p || got[0].Kind != "crm.item" {
		t.Errorf("leased %+v, want the waiting tasks", got)
	}
}
