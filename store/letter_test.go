package store_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

func letter(act acts.ActID) store.Letter {
	return store.Letter{Deal: 7, Act: act, Purpose: "act", Address: "buh@romashka.example", Subject: "Акт", Body: "<p>Добрый день!</p>",
		User: 2, UserName: "Анна", CreatedAt: time.Now()}
}

func addLetter(t *testing.T, db *store.DB, p acts.PortalID, act acts.ActID) (id int64) {
	t.Helper()
	inTx(t, db, p, func(tx store.Tx) (err error) { id, err = tx.Letters().Add(ctx, letter(act)); return err })
	return id
}

// Of twenty who end a letter one does.
func TestLetterEndsOnce(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	id := addLetter(t, db, p, paperAct(t, db, p, acts.StatusDraft))
	pools := []*store.DB{db, twin(t, db)}
	var ended atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			err := pools[i%2].InTx(ctx, p, func(tx store.Tx) error {
				l, err := tx.Letters().Lock(ctx, id)
				if err != nil {
					return err
				}
				l.State, l.Activity = store.LetterSent, int64(100+i)
				return tx.Letters().End(ctx, l, time.Now())
			})
			switch {
			case err == nil:
				ended.Add(1)
			case !errors.Is(err, acts.Conflict):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if ended.Load() != 1 {
		t.Errorf("the letter was ended %d times", ended.Load())
	}
	l, err := db.Scope(p).Letters().Get(ctx, id)
	if err != nil || l.State != store.LetterSent || l.Activity < 100 || l.Address != "buh@romashka.example" {
		t.Errorf("kept %+v, %v", l, err)
	}
}

func TestLastLetter(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	act := paperAct(t, db, p, acts.StatusDraft)
	if _, ok, err := db.Scope(p).Letters().Last(ctx, act); ok || err != nil {
		t.Errorf("a letter before the first one: %v, %v", ok, err)
	}
	first, last := addLetter(t, db, p, act), addLetter(t, db, p, act)
	addLetter(t, db, p, 0) // about the deal
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.Letters().End(ctx, store.Letter{ID: first, State: store.LetterFailed, Problem: "Адрес не существует."}, time.Now())
	})
	if l, ok, err := db.Scope(p).Letters().Last(ctx, act); !ok || err != nil || l.ID != last || l.State != store.LetterQueued {
		t.Errorf("Last = %+v, %v, %v; want letter %d", l, ok, err, last)
	}
	if l, ok, _ := db.Scope(p).Letters().Last(ctx, 0); ok {
		t.Errorf("a letter about the deal is found as one about an act: %+v", l)
	}
	if _, ok, _ := db.Scope(other).Letters().Last(ctx, act); ok {
		t.Error("another portal reads our letter")
	}
	if _, err := db.Scope(other).Letters().Get(ctx, last); !errors.Is(err, acts.NotFound) {
		t.Errorf("another portal reads our letter by its id: %v", err)
	}
	wantConflict(t, "another portal ends our letter", db.InTx(ctx, other, func(tx store.Tx) error {
		return tx.Letters().End(ctx, store.Letter{ID: last, State: store.LetterSent}, time.Now())
	}))
}
