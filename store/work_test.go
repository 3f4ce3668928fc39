package store_test

import (
	"bytes"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/people"
	"acts24/store/queue"
	"acts24/store/task"
)

func TestNumbersHaveNoGapAndNoDouble(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	var seen sync.Map
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			err := db.InTx(ctx, p, func(tx store.Tx) error {
				n, err := tx.Acts().NextNumber(ctx, 1, 2026)
				if err != nil {
					return err
				}
				if i%4 == 0 {
					return errors.New("rolled back")
				}
				if _, double := seen.LoadOrStore(n, true); double {
					t.Errorf("number %d twice", n)
				}
				return nil
			})
			if err != nil && err.Error() != "rolled back" {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for n := 1; n <= 30; n++ {
		if _, ok := seen.Load(n); !ok {
			t.Errorf("number %d is missing", n)
		}
	}
}

func TestTaskIsLeasedOnceAndPromisesMerge(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	promise := func() {
		inTx(t, db, p, func(tx store.Tx) error { return queue.Enqueue(ctx, tx, task.Task{Kind: "crm.item", Subject: 7}) })
	}
	promise()
	promise()
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
	promise() // while it is being delivered
	inTx(t, db, p, func(tx store.Tx) error { return queue.Done(ctx, tx, leased) })
	again, err := queue.Lease(ctx, db, []string{"crm.item"}, 50, time.Minute)
	if err != nil || len(again) != 1 || again[0].Unclear {
		t.Fatalf("a newer promise is due again and clear: %+v, %v", again, err)
	}
	if err := db.InTx(ctx, p, func(tx store.Tx) error { return queue.Done(ctx, tx, leased) }); !errors.Is(err, acts.Conflict) {
		t.Errorf("a late writer ended the task: %v", err)
	}
	if err := queue.PutBack(ctx, db, again[0], queue.Retry{Unclear: true}); err != nil {
		t.Fatal(err)
	}
	if third, _ := queue.Lease(ctx, db, []string{"crm.item"}, 50, time.Minute); len(third) != 1 || !third[0].Unclear {
		t.Errorf("after an unclear end the next attempt must know: %+v", third)
	}
}

func TestRenewalIsALease(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	fence, ok, err := db.Scope(p).Portals().LeaseRenewal(ctx, time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if _, ok, _ := db.Scope(p).Portals().LeaseRenewal(ctx, time.Minute); ok {
		t.Error("two replicas renew at once")
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Portals().SaveRenewedTokens(ctx, fence, "new", "newer") })
	if err := db.InTx(ctx, p, func(tx store.Tx) error { return tx.Portals().SaveRenewedTokens(ctx, fence-1, "late", "late") }); !errors.Is(err, acts.Conflict) {
		t.Errorf("a late writer stored its pair: %v", err)
	}
	if got, _ := db.Scope(p).Portals().Tokens(ctx); got.Access != "new" || got.Refresh != "newer" {
		t.Errorf("kept %+v", got)
	}
}

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

func TestFilesComeBackWhole(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	body := bytes.Repeat([]byte("0123456789abcdef"), 80_000) // 1.28 MB, three pieces
	var id int64
	inTx(t, db, p, func(tx store.Tx) (err error) {
		id, err = tx.Files().Add(ctx, "act.xml", "application/xml", bytes.NewReader(body), time.Now())
		return err
	})
	f, err := db.Scope(p).Files().Get(ctx, id)
	if err != nil || f.Size != int64(len(body)) {
		t.Fatalf("File = %+v, %v", f, err)
	}
	var got bytes.Buffer
	if err := db.Scope(p).Files().Copy(ctx, f, &got); err != nil || !bytes.Equal(got.Bytes(), body) {
		t.Errorf("%d bytes came back of %d: %v", got.Len(), len(body), err)
	}
}

func TestVisitEndsAndBelongsToItsPortal(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	var id, over string
	inTx(t, db, p, func(tx store.Tx) (err error) {
		if id, err = tx.Visits().Add(ctx, people.NewVisit{User: 2, UserName: "Анна", Token: "user-token", TokenFor: time.Hour, VisitFor: time.Hour}); err != nil {
			return err
		}
		over, err = tx.Visits().Add(ctx, people.NewVisit{User: 2, Token: "x", VisitFor: -time.Second})
		return err
	})
	v, err := db.Scope(p).Visits().Get(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if token, err := v.Token(); err != nil || token != "user-token" || v.UserName != "Анна" || !v.TokenLives {
		t.Errorf("visit %+v, token %q, %v", v, token, err)
	}
	for name, try := range map[string]func() error{
		"another portal": func() error { _, err := db.Scope(other).Visits().Get(ctx, id); return err },
		"an ended visit": func() error { _, err := db.Scope(p).Visits().Get(ctx, over); return err },
		"a made-up id":   func() error { _, err := db.Scope(p).Visits().Get(ctx, "made-up"); return err },
	} {
		if err := try(); !errors.Is(err, acts.NotFound) {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
}

// Two transactions that lock the same rows the other way round both end well.
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
