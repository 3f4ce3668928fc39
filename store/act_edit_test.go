package store_test

import (
	"errors"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

// An edit replaces the content with its lines; number, status and history stay.
func TestEditAct(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	id := paperAct(t, db, p, acts.StatusDraft)
	a := readAct(t, db, p, id)
	a.Number = "5"
	inTx(t, db, p, func(tx store.Tx) error { return tx.Acts().Finalize(ctx, a, a.Delivery) })

	edited := draft(deal(7), "2.5")
	edited.ID, edited.Number, edited.Comment, edited.VATGround, edited.Delivery = id, "6", "по договору", "УСН", acts.DeliveryNone
	edited.Lines = append(edited.Lines, edited.Lines[0])
	edited.Lines[1].N, edited.Lines[1].Row = 2, 12
	inTx(t, db, p, func(tx store.Tx) error { return tx.Acts().Edit(ctx, edited, time.Now()) })
	got := readAct(t, db, p, id)
	if got.Number != "5" || got.Medium != acts.MediumElectronic || got.Comment != "по договору" || got.VATGround != "УСН" {
		t.Errorf("edited to %+v", got)
	}
	if len(got.Lines) != 2 || !got.Lines[0].Quantity.Equal(dec("2.5")) || got.Lines[1].Row != 12 || got.Totals != edited.Totals {
		t.Errorf("its lines are %+v", got.Lines)
	}
	edit := func(tx store.Tx) error { return tx.Acts().Edit(ctx, edited, time.Now()) }
	wantConflict(t, "another portal edits our act", db.InTx(ctx, other, edit))
	move(t, db, p, id, acts.StatusDraft, acts.StatusSignedByUs, time.Now())
	wantConflict(t, "an act that we signed is edited", db.InTx(ctx, p, edit))
	if got := readAct(t, db, p, id); len(got.Lines) != 2 {
		t.Errorf("an edit that failed left %d lines", len(got.Lines))
	}
}

// An act whose date moves to another year may meet its number there.
func TestEditMeetsATakenNumber(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	first := paperAct(t, db, p, acts.StatusDraft)
	old := draft(deal(7), "1")
	old.Date = old.Date.AddDate(-1, 0, 0)
	second := addAct(t, db, p, old)
	for _, id := range []acts.ActID{first, second} {
		a := readAct(t, db, p, id)
		a.Number = "5"
		inTx(t, db, p, func(tx store.Tx) error { return tx.Acts().Finalize(ctx, a, a.Delivery) })
	}
	a := readAct(t, db, p, second)
	a.Date = a.Date.AddDate(1, 0, 0)
	err := db.InTx(ctx, p, func(tx store.Tx) error { return tx.Acts().Edit(ctx, a, time.Now()) })
	wantConflict(t, "two acts № 5 in one year", err)
}

func TestSetExchange(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	id := paperAct(t, db, p, acts.StatusDraft)
	a := readAct(t, db, p, id)
	a.Medium, a.Channel, a.Operator, a.Buyer.Participant = acts.MediumElectronic, acts.ChannelEDO, "2BM", "2BM-7802020205-780201001-2015"
	set := func(tx store.Tx) error { return tx.Acts().SetExchange(ctx, a, time.Now()) }
	inTx(t, db, p, set)
	got := readAct(t, db, p, id)
	if got.Medium != acts.MediumElectronic || got.Channel != acts.ChannelEDO || got.Operator != "2BM" || got.Buyer != a.Buyer || got.Buyer.INN != "7802020205" {
		t.Errorf("exchanged by %s, %s, %s with %+v", got.Medium, got.Channel, got.Operator, got.Buyer)
	}
	wantConflict(t, "another portal changes our exchange", db.InTx(ctx, other, set))
	move(t, db, p, id, acts.StatusDraft, acts.StatusSignedByUs, time.Now())
	wantConflict(t, "an act that we signed changes its exchange", db.InTx(ctx, p, set))
}

// An act of the wrong deal moves to another one and covers the rows there.
func TestMoveToDeal(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	id := paperAct(t, db, p, acts.StatusDraft)
	right := deal(8)
	right.Company, right.Contact, right.Rows[0].CRM, right.Rows[1].CRM = 6, 9, 21, 22
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, right) })
	a := readAct(t, db, p, id)
	a.Deal, a.Company, a.Contact, a.Lines[0].Row = 8, 6, 9, 21
	inTx(t, db, p, func(tx store.Tx) error { return tx.Acts().MoveToDeal(ctx, a) })
	if got := readAct(t, db, p, id); got.Deal != 8 || got.Company != 6 || got.Contact != 9 || got.Lines[0].Row != 21 || got.DealTitle != "Сделка" {
		t.Errorf("moved: %+v", got)
	}
	for deal, left := range map[acts.DealID]string{7: "4", 8: "3"} {
		d, err := db.Scope(p).Deals().Get(ctx, deal)
		if err != nil {
			t.Fatal(err)
		}
		if !d.Rows[0].Remainder().Equal(dec(left)) {
			t.Errorf("deal %d has %s left; want %s", deal, d.Rows[0].Remainder(), left)
		}
	}
	a.Deal = 9
	if err := db.InTx(ctx, p, func(tx store.Tx) error { return tx.Acts().MoveToDeal(ctx, a) }); err == nil || errors.Is(err, acts.Conflict) {
		t.Errorf("moved to a deal that we do not know: %v", err)
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
				t.Errorf("another portal gave our act to company %d", got)
			}
			inTx(t, db, p, func(tx store.Tx) error { return tx.Acts().FollowParties(ctx, d) })
			if got := readAct(t, db, p, id).Company; got != tt.company {
				t.Errorf("the act is of company %d, want %d", got, tt.company)
			}
		})
	}
}
