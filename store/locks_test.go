package store_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// untilOneWaits returns when a statement of the database waits for a lock.
func untilOneWaits(t *testing.T, db *store.DB) {
	t.Helper()
	at, _ := addresses.Load(db)
	owner := connect(t, at.([2]string)[1])
	for n := 0; n == 0; {
		err := owner.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.datname = current_database()
			WHERE NOT l.granted AND (l.database = d.oid OR l.locktype = 'transactionid')
				AND l.pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A transaction promises things in one order, while a worker holds their tasks: the worker does not wait for one while it keeps another.
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
			untilOneWaits(t, db)
		}
		return queue.Enqueue(ctx, tx, task.Task{Kind: "x", Subject: 1})
	})
	wg.Wait()
	if runs != 1 {
		t.Errorf("the transaction ran %d times", runs)
	}
}

// Whoever has locked a deal goes on to its acts, and whoever begins with an act changes the deal by what it does: both lock the deal first.
func TestADealIsLockedBeforeItsActs(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, deal(7)) })
	id := addAct(t, db, p, draft(deal(7), "1"))
	var wg sync.WaitGroup
	correcting, annulling := 0, 0
	inTx(t, db, p, func(tx store.Tx) error {
		correcting++
		if _, err := tx.Deals().Lock(ctx, 7); err != nil {
			return err
		}
		if correcting == 1 {
			wg.Go(func() {
				err := db.InTx(ctx, p, func(tx store.Tx) error {
					annulling++
					if _, err := tx.Acts().Lock(ctx, id); err != nil {
						return err
					}
					return tx.Acts().Move(ctx, id, store.Move{From: acts.StatusDraft, To: acts.StatusAnnulled, At: time.Now()})
				})
				if err != nil {
					t.Error(err)
				}
			})
			untilOneWaits(t, db)
		}
		_, err := tx.Acts().Lock(ctx, id)
		return err
	})
	wg.Wait()
	if correcting != 1 || annulling != 1 {
		t.Errorf("the transactions ran %d and %d times", correcting, annulling)
	}
}

// A deadlock is never shown: what loses one again and again could not be done now.
func TestADeadlockIsNeverShown(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	runs := 0
	err := db.InTx(ctx, p, func(store.Tx) error { runs++; return &pq.Error{Code: pqerror.TRDeadlockDetected} })
	if runs != 10 || !errors.Is(err, acts.Unavailable) || acts.Message(err) == "" {
		t.Errorf("%d runs, %v", runs, err)
	}
}

// A renewal leaves alone what is not leased any more: what was put back is due at its moment, what another has leased is his.
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
		t.Errorf("leased again: %+v; want what was put back", got)
	}
}
