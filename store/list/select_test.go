package list_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"acts24/acts"
	"acts24/store/list"
)

// SelectAll returns the same acts as the pages of the filter in order.
func TestSelectAllEqualsThePages(t *testing.T) {
	db := open(t)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	p := portal(t, db, "a")
	addRandomActs(t, db, p, r, 200)
	addRandomActs(t, db, portal(t, db, "b"), r, 30)
	for range 120 {
		f := anyFilter(r)
		chosen, err := list.SelectAll(ctx, db.Scope(p), f, today)
		if err != nil {
			t.Fatal(err)
		}
		var ids []acts.ActID
		for _, c := range chosen {
			ids = append(ids, c.ID)
		}
		if want := walk(t, db, p, f); !slices.Equal(ids, want) {
			t.Errorf("seed %d, %+v: %d acts, want %d", seed, f, len(ids), len(want))
		}
		some, err := list.Select(ctx, db.Scope(p), f.Visibility, ids)
		if err != nil || !slices.Equal(some, chosen) {
			t.Errorf("seed %d, %+v: by their ids %d acts, want %d, %v", seed, f, len(some), len(chosen), err)
		}
	}
}
