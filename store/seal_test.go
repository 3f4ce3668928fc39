package store_test

import (
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/people"
)

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
