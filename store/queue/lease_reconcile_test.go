package queue_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
)

// reconciled adds a portal whose changes are read.
func reconciled(t *testing.T, db *store.DB, member string) acts.PortalID {
	t.Helper()
	p := portal(t, db, member)
	inTx(t, db, p, func(tx store.Tx) error { return queue.AddReconcile(ctx, tx) })
	return p
}

func leaseReconcile(t *testing.T, db *store.DB, term time.Duration) (queue.Reconcile, bool) {
	t.Helper()
	s, ok, err := queue.LeaseReconcile(ctx, db, term)
	if err != nil {
		t.Fatal(err)
	}
	return s, ok
}

// Two replicas share the portals: neither reads a portal that the other is reading.
func TestReconcileIsLeasedOnce(t *testing.T) {
	db := open(t)
	pools := []*store.DB{db, twin(t, db)}
	reconciled(t, db, "a")
	reconciled(t, db, "b")
	var taken sync.Map
	var leases atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			s, ok, err := queue.LeaseReconcile(ctx, pools[i%2], time.Minute)
			if err != nil {
				t.Error(err)
			}
			if !ok {
				return
			}
			leases.Add(1)
			if _, double := taken.LoadOrStore(s.Portal, true); double {
				t.Errorf("portal %d is read twice at once", s.Portal)
			}
		})
	}
	wg.Wait()
	if _, ok := leaseReconcile(t, db, time.Minute); leases.Load() < 1 || ok && leases.Load() > 1 {
		t.Errorf("%d leases of two portals, one more: %v", leases.Load(), ok)
	}
}

// A process whose lease has expired stores nothing: the position is that of the next process.
func TestReconcileHasAFence(t *testing.T) {
	db := open(t)
	p, other := reconciled(t, db, "a"), portal(t, db, "b")
	late, ok := leaseReconcile(t, db, 0) // its term expires at once
	if !ok {
		t.Fatal("a new portal is not due")
	}
	next, ok := leaseReconcile(t, db, time.Minute)
	if !ok || next.Fence == late.Fence {
		t.Fatalf("after the term: %+v, %v", next, ok)
	}
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	advance := func(s queue.Reconcile, as acts.PortalID, to time.Time) error {
		s.Items, s.Deals = to, to.Add(time.Minute)
		return db.InTx(ctx, as, func(tx store.Tx) error { return queue.AdvanceReconcile(ctx, tx, s) })
	}
	if err := advance(next, p, at); err != nil {
		t.Fatal(err)
	}
	wantConflict(t, "a late reader moves the position", advance(late, p, at.AddDate(0, 0, -1)))
	wantConflict(t, "another portal moves the position", advance(next, other, at))
	if err := queue.EndReconcile(ctx, db, late, 0, ""); err != nil {
		t.Fatal(err)
	}
	if _, ok := leaseReconcile(t, db, time.Minute); ok {
		t.Error("a late reader ended the lease of another process")
	}
	if err := queue.EndReconcile(ctx, db, next, 0, ""); err != nil {
		t.Fatal(err)
	}
	again, ok := leaseReconcile(t, db, time.Minute)
	if !ok || !again.Items.Equal(at) || !again.Deals.Equal(at.Add(time.Minute)) {
		t.Errorf("the next reading starts at %+v, %v", again, ok)
	}
}

func TestWhenReconcileIsDue(t *testing.T) {
	db := open(t)
	p := reconciled(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return queue.AddReconcile(ctx, tx) }) // the second install keeps the position
	s, _ := leaseReconcile(t, db, time.Minute)
	if err := queue.EndReconcile(ctx, db, s, time.Hour, "Портал не отвечает."); err != nil {
		t.Fatal(err)
	}
	if _, ok := leaseReconcile(t, db, time.Minute); ok {
		t.Error("due again too early")
	}
	asOwner(t, db, "UPDATE reconciliations SET next_at = next_at - interval '1 hour'")
	if s, ok := leaseReconcile(t, db, 0); !ok || s.Portal != p {
		t.Error("an hour later it is not due")
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Portals().Freeze(ctx, time.Now()) })
	if _, ok := leaseReconcile(t, db, time.Minute); ok {
		t.Error("the changes of a portal that removed the app are read")
	}
}
