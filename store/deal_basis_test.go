package store_test

import (
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

func TestEarlierBases(t *testing.T) {
	db := open(t)
	p, stranger := portal(t, db, "a"), portal(t, db, "b")
	d := deal(7)
	d.Buyer = acts.Party{INN: "7802020205"}
	contract := acts.Basis{Name: "Договор", Number: "1", Date: time.Date(2026, 1, 12, 0, 0, 0, 0, time.UTC)}
	for _, at := range []acts.PortalID{p, stranger} {
		inTx(t, db, at, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
	}
	form := func(at acts.PortalID, month time.Month, change func(*acts.Act)) acts.ActID {
		a := draft(d, "0.1")
		a.Date, a.Basis = time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC), contract
		change(&a)
		return addAct(t, db, at, a)
	}
	older := form(p, 3, func(*acts.Act) {})
	newer := form(p, 5, func(a *acts.Act) { a.Basis.Number = "2" })
	form(p, 6, func(a *acts.Act) { a.Basis = acts.Basis{None: true} })
	form(p, 6, func(a *acts.Act) { a.Buyer.INN = "7701010105" })
	form(p, 6, func(a *acts.Act) { a.Company = 6 })
	annulled := form(p, 6, func(*acts.Act) {})
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, annulled, store.Move{From: acts.StatusDraft, To: acts.StatusAnnulled})
	})
	form(stranger, 7, func(*acts.Act) {})

	details, err := db.Scope(p).Deals().Details(ctx, 7)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := db.Scope(p).Deals().EarlierBases(ctx, 7)
	if err != nil {
		t.Fatal(err)
	}
	for where, got := range map[string][]store.EarlierBasis{"of the tab": details.Bases, "alone": alone} {
		if len(got) != 2 || got[0].Act != newer || got[1].Act != older || got[0].Basis.Number != "2" || got[0].Own != 1 || got[0].Date.Month() != 5 {
			t.Errorf("%s: %+v", where, got)
		}
	}
}
