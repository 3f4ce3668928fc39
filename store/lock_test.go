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

// One transaction locks a deal and then its acts, another begins with an act and changes the deal: both lock the deal first.
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
			awaitLock(t, db)
		}
		_, err := tx.Acts().Lock(ctx, id)
		return err
	})
	wg.Wait()
	if correcting != 1 || annulling != 1 {
		t.Errorf("the transactions ran %d and %d times", correcting, annulling)
	}
}

// A deadlock is never shown to users: a transaction that is aborted again and again is Unavailable.
func TestADeadlockIsNeverShown(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	runs := 0
	err := db.InTx(ctx, p, func(store.Tx) error { runs++; return &pq.Error{Code: pqerror.TRDeadlockDetected} })
	if runs != 10 || !errors.Is(err, acts.Unavailable) || acts.Message(err) == "" {
		t.Errorf("%d runs, %v", runs, err)
	}
}

// Two transactions that lock the same rows in opposite order both succeed.
func TestDeadlockIsRunAgain(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error {
		return errors.Join(queue.Enqueue(ctx, tx, task.Task{Kind: "x", Subject: 1}), queue.Enqueue(ctx, tx, task.Task{Kind: "x", Subject: 2}))
	})
	first, second := make(chan struct{}), make(chan struct{})
	var once [2]sync.Once
	var wg sync.WaitGroup
	for i, order := range [][2]int64{{1, 2}, {2, 1}} {
		mine, other := first, second
		if i == 1 {
			mine, other = second, first
		}
		wg.Go(func() {
			err := db.InTx(ctx, p, func(tx store.Tx) error {
				if err := queue.Enqueue(ctx, tx, task.Task{Kind: "x", Subject: order[0]}); err != nil {
					return err
				}
				once[i].Do(func() { close(mine); <-other })
				return queue.Enqueue(ctx, tx, task.Task{Kind: "x", Subject: order[1]})
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
