package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

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
		t.Errorf("another portal sees %v", got)
	}
}

func TestDealKeepsMarksAndCountsActs(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, deal(7)) })
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().MarkRow(ctx, 7, 12, false) })
	id := addAct(t, db, p, draft(deal(7), "1.5"))

	changed := deal(7)
	changed.Rows[0].Quantity = dec("5")
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, changed) })
	got, err := db.Scope(p).Deals().Get(ctx, 7)
	if err != nil {
		t.Fatal(err)
	}
	if left := got.Rows[0].Remainder(); !left.Equal(dec("3.5")) {
		t.Errorf("remainder %s, want 3.5", left)
	}
	if got.Rows[1].NeedsAct || !got.Rows[1].Covered() {
		t.Error("the mark «не нужен» was lost when the deal was read again")
	}
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, id, store.Move{From: acts.StatusDraft, To: acts.StatusAnnulled, Marked: true, At: time.Now()})
	})
	if got, _ = db.Scope(p).Deals().Get(ctx, 7); !got.Rows[0].Remainder().Equal(dec("5")) {
		t.Errorf("an annulled act still takes the row: remainder %s", got.Rows[0].Remainder())
	}
	act, err := db.Scope(p).Acts().Get(ctx, id)
	if err != nil || act.Totals.Gross != 15075 || act.Lines[0].Totals != act.Totals || !act.Lines[0].Quantity.Equal(dec("1.5")) {
		t.Errorf("act read back as %+v, %v", act, err)
	}
}

func TestKindsOfRowsAndLinesAreKept(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	d := deal(7)
	d.Rows[0].Kind = acts.KindService
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
	act := draft(d, "1")
	act.Lines[0].Kind = acts.KindWork
	id := addAct(t, db, p, act)
	kept, err := db.Scope(p).Deals().Get(ctx, 7)
	if err != nil || kept.Rows[0].Kind != acts.KindService || kept.Rows[1].Kind != acts.KindUnknown {
		t.Errorf("rows %+v, %v", kept.Rows, err)
	}
	if a, err := db.Scope(p).Acts().Get(ctx, id); err != nil || a.Lines[0].Kind != acts.KindWork {
		t.Errorf("lines %+v, %v", a.Lines, err)
	}
	d.Rows[0].Kind = acts.KindGoods
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
	if kept, err := db.Scope(p).Deals().Get(ctx, 7); err != nil || kept.Rows[0].Kind != acts.KindGoods {
		t.Errorf("a changed row %+v, %v", kept.Rows, err)
	}
}

// A row that is split, and rows that are joined, keep their closed remainder in the database, with who closed it and why.
func TestClosedRemainderOfASplitRow(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	d := deal(7)
	d.Rows = d.Rows[:1]
	d.Rows[0].Quantity = dec("10")
	save := func(quantities ...string) store.Deal {
		t.Helper()
		next := d
		next.Rows = nil
		for i, q := range quantities {
			row := d.Rows[0]
			row.ID, row.CRM, row.Quantity = 0, int64(100*len(quantities)+i), dec(q)
			next.Rows = append(next.Rows, row)
		}
		inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, next) })
		got, err := db.Scope(p).Deals().Get(ctx, 7)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	addAct(t, db, p, draft(save("10"), "4"))
	inTx(t, db, p, func(tx store.Tx) error {
		locked, err := tx.Deals().Lock(ctx, 7)
		if err != nil {
			return err
		}
		return tx.Deals().CloseRow(ctx, 7, locked.Rows[0], acts.Closing{Reason: "не нужен", By: "Иванова", At: time.Now()})
	})
	for _, quantities := range [][]string{{"3", "7"}, {"10"}, {"2", "3", "5"}} {
		name, closed, got := strings.Join(quantities, "+"), dec("0"), save(quantities...)
		for _, r := range got.Rows {
			closed = closed.Add(r.Closed)
			if r.Closed.IsPositive() && (r.Closing.Reason != "не нужен" || r.Closing.By != "Иванова" || r.Closing.At.IsZero()) {
				t.Errorf("%s: closed by %+v", name, r.Closing)
			}
			if !r.Covered() {
				t.Errorf("%s: %s of %s are open again", name, r.Remainder(), r.Quantity)
			}
		}
		if !closed.Equal(dec("6")) {
			t.Errorf("%s: %s are closed, want 6", name, closed)
		}
	}
	if got := save("3", "9"); acts.AllCovered(got.Rows) {
		t.Error("what the deal has more needs no act")
	}
}
