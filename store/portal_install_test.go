package store_test

import (
	"errors"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/queue"
)

// An installation that is running when the app is removed does not make the portal active: it stays removed.
func TestRemovalEndsAnInstallation(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return queue.AddInstall(ctx, tx, true) })
	turn, ok, err := queue.LeaseInstall(ctx, db, time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Portals().Freeze(ctx, time.Now()) })
	if err := db.InTx(ctx, p, func(tx store.Tx) error { return queue.EndInstall(ctx, tx, turn) }); !errors.Is(err, acts.Conflict) {
		t.Errorf("the end of the lease returns %v", err)
	}
	if err := db.InTx(ctx, p, func(tx store.Tx) error { return tx.Portals().SaveNames(ctx, store.Portal{Zone: "Europe/Moscow"}) }); !errors.Is(err, acts.NotFound) {
		t.Errorf("saving the names returns %v", err)
	}
	if now, err := db.Scope(p).Portals().Get(ctx); err != nil || now.State != acts.PortalFrozen {
		t.Errorf("the portal is %s, %v", now.State, err)
	}
}

// A login to SBIS that is running then stores no session: the secrets of a removed portal stay destroyed.
func TestRemovalEndsALogin(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	var account int64
	inTx(t, db, p, func(tx store.Tx) (err error) {
		account, err = tx.Accounts().Save(ctx, accounts.Account{Name: "Основной", Login: accounts.Login{Login: "robot", Password: "x"}})
		return err
	})
	fence, ok, err := db.Scope(p).Accounts().LeaseLogin(ctx, account, time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Portals().Freeze(ctx, time.Now()) })
	if err := db.InTx(ctx, p, func(tx store.Tx) error { return tx.Accounts().EndLogin(ctx, account, fence, "session", "") }); !errors.Is(err, acts.Conflict) {
		t.Errorf("the end of the login returns %v", err)
	}
	if session, err := db.Scope(p).Accounts().Session(ctx, account); err != nil || session != "" {
		t.Errorf("a session is stored: %q, %v", session, err)
	}
}
