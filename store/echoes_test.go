package store_test

import (
	"testing"

	"acts24/acts"
	"acts24/store"
)

// Our writes raise events that tell nothing; one more hint among them is a person's, and leaves no echo behind to hide the next.
func TestEchoesHideNoPerson(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	d := deal(5)
	inTx(t, db, p, func(tx store.Tx) error { return tx.SaveDeal(ctx, d) })
	act, item := addAct(t, db, p, draft(d, "1")), acts.ItemID(70)
	inTx(t, db, p, func(tx store.Tx) error { return tx.SetItem(ctx, act, item, map[string]string{"title": "Акт"}) })
	wrote := func(events int) {
		inTx(t, db, p, func(tx store.Tx) error { return tx.ItemWrote(ctx, act, events) })
	}
	for _, step := range []struct {
		what   string
		events int // of a write of ours before
		hints  int
		echo   bool
	}{
		{"our creation", 2, 1, true},
		{"the rest of it", 0, 1, true},
		{"a person", 0, 1, false},
		{"ours with a person's among them", 2, 3, false},
		{"the next person, right after our putting back", 1, 2, false},
		{"a person with nothing of ours", 0, 1, false},
	} {
		if step.events > 0 {
			wrote(step.events)
		}
		inTx(t, db, p, func(tx store.Tx) error {
			echo, err := tx.ItemEcho(ctx, item, step.hints)
			if echo != step.echo {
				t.Errorf("%s: echo %t, want %t", step.what, echo, step.echo)
			}
			return err
		})
	}
}
