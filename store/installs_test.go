package store_test

import (
	"errors"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

// An installation that is under way when the app is removed ends nowhere: the portal stays removed.
func TestRemovalEndsAnInstallation(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.AddInstallTurn(ctx, true) })
	turn, ok, err := db.LeaseInstall(ctx, time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.FreezePortal(ctx, time.Now()) })
	if err := db.InTx(ctx, p, func(tx store.Tx) error { return tx.EndInstallTurn(ctx, turn) }); !errors.Is(err, acts.Conflict) {
		t.Errorf("the turn ends with %v", err)
	}
	if err := db.InTx(ctx, p, func(tx store.Tx) error { return tx.SavePortalNames(ctx, store.Portal{Zone: "Europe/Moscow"}) }); !errors.Is(err, acts.NotFound) {
		t.Errorf("the names are kept with %v", err)
	}
	if now, err := db.Scope(p).PortalInfo(ctx); err != nil || now.State != store.Frozen {
		t.Errorf("the portal is %s, %v", now.State, err)
	}
}
