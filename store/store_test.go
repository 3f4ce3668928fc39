package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/people"
)

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

func TestLostRaceIsConflict(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, deal(7)) })
	id := addAct(t, db, p, draft(deal(7), "1"))
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, id, store.Move{From: acts.StatusDraft, To: acts.StatusSignedByUs, At: time.Now()})
	})
	err := db.InTx(ctx, p, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, id, store.Move{From: acts.StatusDraft, To: acts.StatusAnnulled, Marked: true, At: time.Now()})
	})
	if !errors.Is(err, acts.Conflict) {
		t.Errorf("moved from a status it no longer has: %v", err)
	}
	act, _ := db.Scope(p).Acts().Get(ctx, id)
	err = db.InTx(ctx, p, func(tx store.Tx) error {
		act.Delivery = acts.DeliveryQueued
		return tx.Acts().SetDelivery(ctx, act, acts.DeliveryNone, "")
	})
	if !errors.Is(err, acts.Conflict) {
		t.Errorf("delivery changed from a place it does not have: %v", err)
	}
}

func TestOneFormOneAct(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, deal(7)) })
	form := uuid.NewString()
	add := func(tx store.Tx) error { _, err := tx.Acts().Add(ctx, form, draft(deal(7), "1")); return err }
	inTx(t, db, p, add)
	if err := db.InTx(ctx, p, add); !errors.Is(err, acts.Conflict) {
		t.Errorf("the same form made a second act: %v", err)
	}
	if id, err := db.Scope(p).Acts().OfForm(ctx, form); err != nil || id == 0 {
		t.Errorf("ActOfForm = %d, %v", id, err)
	}
}

func TestNeighbourSeesNothing(t *testing.T) {
	db := open(t)
	mine, theirs := portal(t, db, "a"), portal(t, db, "b")
	inTx(t, db, mine, func(tx store.Tx) error { return tx.Deals().Save(ctx, deal(7)) })
	id := addAct(t, db, mine, draft(deal(7), "1"))
	if _, err := db.Scope(theirs).Acts().Get(ctx, id); !errors.Is(err, acts.NotFound) {
		t.Errorf("the neighbour reads our act: %v", err)
	}
	if _, err := db.Scope(theirs).Deals().Get(ctx, 7); !errors.Is(err, acts.NotFound) {
		t.Errorf("the neighbour reads our deal: %v", err)
	}
	err := db.InTx(ctx, theirs, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, id, store.Move{From: acts.StatusDraft, To: acts.StatusAnnulled, Marked: true, At: time.Now()})
	})
	if !errors.Is(err, acts.Conflict) {
		t.Errorf("the neighbour moves our act: %v", err)
	}
}

// moveSecret copies the sealed tokens of one portal to another, as only the owner of the schema could.
func moveSecret(t *testing.T, db *store.DB, from, to acts.PortalID) {
	t.Helper()
	if n := asOwner(t, db, `UPDATE tokens SET access = s.access FROM tokens s WHERE s.portal_id = $1 AND tokens.portal_id = $2`, from, to); n != 1 {
		t.Fatalf("%d rows moved, want 1", n)
	}
}

func TestSecretsAreSealed(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	if got, err := db.Scope(p).Portals().Tokens(ctx); err != nil || got.Access != "access-of-a" {
		t.Fatalf("Tokens = %+v, %v", got, err)
	}
	if ok, err := db.Scope(p).Portals().HasApplicationToken(ctx, "application-of-a"); err != nil || !ok {
		t.Errorf("own application token: %v, %v", ok, err)
	}
	for _, wrong := range []string{"", "0", "application-of-b"} {
		if ok, _ := db.Scope(p).Portals().HasApplicationToken(ctx, wrong); ok {
			t.Errorf("application token %q accepted", wrong)
		}
	}
	moveSecret(t, db, p, other)
	if got, err := db.Scope(other).Portals().Tokens(ctx); err == nil {
		t.Errorf("a cipher text moved to another portal opens there as %q", got.Access)
	}
}

// A sealed value that is copied to another row of the same portal does not open there.
func TestSecretsBelongToTheirRow(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	var ids [2]int64
	var visits [2]string
	inTx(t, db, p, func(tx store.Tx) (err error) {
		for i := range ids {
			if ids[i], err = tx.Accounts().Save(ctx, accounts.Account{Name: "Аккаунт", Login: accounts.Login{Login: "a", Password: "secret"}}); err != nil {
				return err
			}
			if visits[i], err = tx.Visits().Add(ctx, people.NewVisit{User: acts.UserID(i + 1), Token: "token", TokenFor: time.Hour, VisitFor: time.Hour}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, id := range ids {
		fence, _, err := db.Scope(p).Accounts().LeaseLogin(ctx, id, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		inTx(t, db, p, func(tx store.Tx) error { return tx.Accounts().EndLogin(ctx, id, fence, "session", "") })
	}
	asOwner(t, db, `UPDATE edo_accounts SET login = s.login, session = s.session FROM edo_accounts s WHERE s.id = $1 AND edo_accounts.id = $2`, ids[0], ids[1])
	asOwner(t, db, `UPDATE visits SET token = s.token FROM visits s WHERE s.user_id = 1 AND visits.user_id = 2`)
	for i, opens := range []bool{true, false} {
		if _, err := db.Scope(p).Accounts().Get(ctx, ids[i]); (err == nil) != opens {
			t.Errorf("the login of account %d: %v; want it to open: %t", i+1, err, opens)
		}
		if _, err := db.Scope(p).Accounts().Session(ctx, ids[i]); (err == nil) != opens {
			t.Errorf("the session of account %d: %v; want it to open: %t", i+1, err, opens)
		}
		v, err := db.Scope(p).Visits().Get(ctx, visits[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Token(); (err == nil) != opens {
			t.Errorf("the token of visit %d: %v; want it to open: %t", i+1, err, opens)
		}
	}
}
