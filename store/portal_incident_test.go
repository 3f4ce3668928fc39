package store_test

import (
	"testing"

	"acts24/store"
)

// One incident of the CRM or an account is open at a time, and another portal does not see it.
func TestIncidents(t *testing.T) {
	db := open(t)
	p, neighbour := portal(t, db, "a"), portal(t, db, "b")
	inTx(t, db, p, func(tx store.Tx) error {
		first, ok, err := tx.Portals().OpenIncident(ctx, 3, "СБИС не отвечает.")
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if _, ok, _ := tx.Portals().OpenIncident(ctx, 3, "СБИС не отвечает."); ok {
			t.Error("a second incident of the same account")
		}
		if closed, ok, _ := tx.Portals().CloseIncident(ctx, 3); !ok || closed != first {
			t.Errorf("closed %d, %v", closed, ok)
		}
		_, ok, err = tx.Portals().CloseIncident(ctx, 3)
		if ok {
			t.Error("closed twice")
		}
		return err
	})
	if list, err := db.Scope(p).Portals().Incidents(ctx); err != nil || len(list) != 1 || list[0].Closed == nil {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := db.Scope(neighbour).Portals().Incidents(ctx); err != nil || len(list) != 0 {
		t.Errorf("another portal sees %+v, %v", list, err)
	}
}
