package store_test

import (
	"errors"
	"testing"
	"time"

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

func TestRenewalIsALease(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	fence, ok, err := db.Scope(p).Portals().LeaseRenewal(ctx, time.Minute)
	if err != nil || !ok {
		t.Fatalf("no lease of the renewal: %v", err)
	}
	if _, ok, err := db.Scope(p).Portals().LeaseRenewal(ctx, time.Minute); ok || err != nil {
		t.Errorf("a second lease is %t, %v; want none", ok, err)
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Portals().SaveRenewedTokens(ctx, fence, "new", "newer") })
	if err := db.InTx(ctx, p, func(tx store.Tx) error { return tx.Portals().SaveRenewedTokens(ctx, fence-1, "late", "late") }); !errors.Is(err, acts.Conflict) {
		t.Errorf("a late writer stored its pair: %v", err)
	}
	if got, err := db.Scope(p).Portals().Tokens(ctx); err != nil || got.Access != "new" || got.Refresh != "newer" {
		t.Errorf("kept %+v, %v", got, err)
	}
}
