package store_test

import (
	"errors"
	"testing"

	"acts24/acts"
	"acts24/store"
)

func TestAdminIsKept(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.Portals().SetAdmin(ctx, 7) })
	if got, err := db.Scope(p).Portals().Get(ctx); err != nil || got.Admin != 7 {
		t.Errorf("the administrator is %d, %v", got.Admin, err)
	}
	err := db.InTx(ctx, p+1, func(tx store.Tx) error { return tx.Portals().SetAdmin(ctx, 7) })
	if !errors.Is(err, acts.NotFound) {
		t.Errorf("an administrator of no portal: %v", err)
	}
}
