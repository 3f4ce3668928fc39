package store_test

import (
	"slices"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

func TestDealHeads(t *testing.T) {
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
		t.Errorf("the neighbour sees %v", heads)
	}
}

// Requisites that changed concern the drafts of their company or contact, and nothing else.
func TestDealsOfParty(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	for id, party := range map[acts.DealID][2]int64{7: {5, 0}, 8: {5, 3}, 9: {0, 3}, 10: {0, 0}, 11: {5, 0}} {
		d := deal(id)
		d.Company, d.Contact = acts.CompanyID(party[0]), acts.ContactID(party[1])
		inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
		a := draft(d, "1")
		a.Contact = d.Contact
		act := addAct(t, db, p, a)
		if id == 11 {
			move(t, db, p, act, acts.StatusDraft, acts.StatusSignedByUs, time.Now())
		}
	}
	for _, tt := range []struct {
		company acts.CompanyID
		contact acts.ContactID
		want    []acts.DealID
	}{
		{5, 0, []acts.DealID{7, 8}},
		{0, 3, []acts.DealID{8, 9}},
		{5, 3, []acts.DealID{7, 8, 9}},
		{0, 0, nil},
		{6, 0, nil},
	} {
		got, err := db.Scope(p).Deals().OfParty(ctx, tt.company, tt.contact)
		slices.Sort(got)
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("deals of company %d, contact %d: %v, %v; want %v", tt.company, tt.contact, got, err, tt.want)
		}
	}
	if got, _ := db.Scope(other).Deals().OfParty(ctx, 5, 3); len(got) != 0 {
		t.Errorf("the neighbour sees %v", got)
	}
}

// The deal has another company now: acts follow when the INN is the same, and only then.
func TestFollowParties(t *testing.T) {
	for name, tt := range map[string]struct {
		was, is string // INN of the act's buyer, INN of the deal's new company
		status  acts.Status
		company acts.CompanyID
	}{
		"the same INN":                 {"7802020205", "7802020205", acts.StatusSent, 6},
		"another INN":                  {"7802020205", "7701010105", acts.StatusSent, 5},
		"an annulled act":              {"7802020205", "7802020205", acts.StatusAnnulled, 5},
		"neither has requisites":       {"", "", acts.StatusDraft, 5},
		"the new one has no requisite": {"7802020205", "", acts.StatusDraft, 5},
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			p, other := portal(t, db, "a"), portal(t, db, "b")
			d := deal(7)
			inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
			a := draft(d, "1")
			a.Buyer.INN = tt.was
			id := addAct(t, db, p, a)
			if tt.status != acts.StatusDraft {
				move(t, db, p, id, acts.StatusDraft, tt.status, time.Now())
			}
			d.Company, d.Buyer.INN = 6, tt.is
			inTx(t, db, other, func(tx store.Tx) error { return tx.Acts().FollowParties(ctx, d) })
			if got := readAct(t, db, p, id).Company; got != 5 {
				t.Errorf("the neighbour gave our act to company %d", got)
			}
			inTx(t, db, p, func(tx store.Tx) error { return tx.Acts().FollowParties(ctx, d) })
			if got := readAct(t, db, p, id).Company; got != tt.company {
				t.Errorf("the act is of company %d, want %d", got, tt.company)
			}
		})
	}
}
