package store_test

import (
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

func TestDealSummaries(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	with, without, dropped := deal(7), deal(8), deal(9)
	with.UpdatedAt, without.Amount, without.Semantics = at, 150_000, "F"
	inTx(t, db, p, func(tx store.Tx) error {
		for _, d := range []store.Deal{with, without, dropped} {
			if err := tx.Deals().Save(ctx, d); err != nil {
				return err
			}
		}
		return tx.Deals().SetDeleted(ctx, 8)
	})
	addAct(t, db, p, draft(with, "1"))
	move(t, db, p, addAct(t, db, p, draft(dropped, "1")), acts.StatusDraft, acts.StatusAnnulled, at)
	heads, err := db.Scope(p).Deals().Summaries(ctx, []acts.DealID{7, 8, 9, 10})
	if err != nil || len(heads) != 3 {
		t.Fatalf("%d heads, %v; want 3", len(heads), err)
	}
	if h := heads[7]; !h.HasActs || h.Deleted || h.UpdatedAt == nil || !h.UpdatedAt.Equal(at) || h.Company != 5 {
		t.Errorf("a deal with an act: %+v", h)
	}
	if h := heads[8]; h.HasActs || !h.Deleted || h.UpdatedAt != nil || h.Amount != 150_000 || h.Semantics != "F" {
		t.Errorf("a deleted deal without acts: %+v", h)
	}
	if heads[9].HasActs {
		t.Error("an annulled act still ties its deal")
	}
	if heads, _ := db.Scope(other).Deals().Summaries(ctx, []acts.DealID{7, 8, 9}); len(heads) != 0 {
		t.Errorf("another portal sees %v", heads)
	}
}
