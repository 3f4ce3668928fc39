package reseal_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/audit"
	"acts24/store/people"
	"acts24/store/reseal"
	"acts24/store/storetest"
)

const (
	oldKey = "a:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=" // the key of storetest
	newKey = "b:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
)

// fill stores one secret of each kind and so many visits in a portal, and returns the ids of the visits.
func fill(t *testing.T, db *store.DB, member string, visits int) (portal acts.PortalID, account int64, ids []string) {
	t.Helper()
	portal = storetest.AddPortal(t, db, member)
	err := db.InTx(t.Context(), portal, func(tx store.Tx) (err error) {
		if account, err = tx.Accounts().Save(t.Context(), accounts.Account{Name: "Основной", Login: accounts.Login{Login: "robot", Password: "пароль"}}); err != nil {
			return err
		}
		fence, _, err := tx.Scope.Accounts().LeaseLogin(t.Context(), account, time.Minute)
		if err != nil {
			return err
		}
		if err := tx.Accounts().EndLogin(t.Context(), account, fence, "session", ""); err != nil {
			return err
		}
		for i := range visits {
			id, err := tx.Visits().Add(t.Context(), people.NewVisit{User: acts.UserID(i%9 + 1), Token: "token", TokenFor: time.Hour, VisitFor: time.Hour})
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return portal, account, ids
}

// opens reads every kind of secret of a portal.
func opens(ctx context.Context, db *store.DB, portal acts.PortalID, account int64, visit string) error {
	scope := db.Scope(portal)
	tokens, err := scope.Portals().Tokens(ctx)
	if err != nil {
		return err
	}
	a, err := scope.Accounts().Get(ctx, account)
	if err != nil {
		return err
	}
	session, err := scope.Accounts().Session(ctx, account)
	if err != nil {
		return err
	}
	v, err := scope.Visits().Get(ctx, visit)
	if err != nil {
		return err
	}
	token, err := v.Token()
	if err != nil {
		return err
	}
	if tokens.Access == "" || tokens.Refresh == "" || a.Login.Password != "пароль" || session != "session" || token != "token" {
		return errors.New("a secret has changed")
	}
	ok, err := scope.Portals().HasApplicationToken(ctx, "application-of-"+strings.TrimPrefix(tokens.Access, "access-of-"))
	if err == nil && !ok {
		err = errors.New("the application token has changed")
	}
	return err
}

func TestAll(t *testing.T) {
	db := storetest.Open(t)
	portal, account, visits := fill(t, db, "a", 2000)
	other, otherAccount, otherVisits := fill(t, db, "b", 3)
	both := storetest.SecondPoolWithKeys(t, db, newKey+","+oldKey)

	reading, stop := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() { // the program serves requests with both keys meanwhile
		for i := 0; ; i++ {
			err := opens(reading, both, portal, account, visits[i%len(visits)])
			if reading.Err() != nil {
				err = nil
			}
			if err != nil || reading.Err() != nil {
				failed <- err
				return
			}
		}
	}()
	n, err := reseal.All(t.Context(), both)
	stop()
	if err := errors.Join(err, <-failed); err != nil {
		t.Fatal(err)
	}
	if want := 2*5 + len(visits) + len(otherVisits); n != want {
		t.Errorf("%d values sealed again, want %d", n, want)
	}
	if used, err := reseal.KeysInUse(t.Context(), both); err != nil || !slices.Equal(used, []string{"b"}) {
		t.Errorf("keys in use: %q, %v", used, err)
	}
	if n, err := reseal.All(t.Context(), both); err != nil || n != 0 {
		t.Errorf("a second run sealed %d values, %v", n, err)
	}
	records, err := audit.List(t.Context(), both, portal)
	if err != nil || len(records) != 1 || records[0].Action != audit.Reseal || records[0].Object != fmt.Sprintf("%d values", 5+len(visits)) {
		t.Errorf("audit log: %v, %v", records, err)
	}
	alone := storetest.SecondPoolWithKeys(t, db, newKey)
	if err := errors.Join(opens(t.Context(), alone, portal, account, visits[7]), opens(t.Context(), alone, other, otherAccount, otherVisits[0])); err != nil {
		t.Errorf("without the old key: %v", err)
	}
}

// A value under a key that is not configured stops the work; the key is named.
func TestUnknownKey(t *testing.T) {
	db := storetest.Open(t)
	fill(t, db, "a", 1)
	alone := storetest.SecondPoolWithKeys(t, db, newKey)
	keys, err := store.ParseKeys(newKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := reseal.CheckKeys(t.Context(), alone, keys); err == nil || !strings.Contains(err.Error(), `["a"]`) {
		t.Errorf("CheckKeys = %v, want the key a", err)
	}
	if _, err := reseal.All(t.Context(), alone); err == nil || !strings.Contains(err.Error(), `no key "a"`) {
		t.Errorf("All = %v, want the key a", err)
	}
	if err := reseal.CheckKeys(t.Context(), db, func() *store.Keys { k, _ := store.ParseKeys(newKey + "," + oldKey); return k }()); err != nil {
		t.Errorf("with the key: %v", err)
	}
}
