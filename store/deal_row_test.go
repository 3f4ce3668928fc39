package store_test

import (
	"testing"

	"acts24/acts"
	"acts24/store"
)

func TestKindsOfRowsAndLinesAreKept(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	d := deal(7)
	d.Rows[0].Kind = acts.KindService
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
	act := draft(d, "1")
	act.Lines[0].Kind = acts.KindWork
	id := addAct(t, db, p, act)
	kept, err := db.Scope(p).Deals().Get(ctx, 7)
	if err != nil || kept.Rows[0].Kind != acts.KindService || kept.Rows[1].Kind != acts.KindUnknown {
		t.Errorf("rows %+v, %v", kept.Rows, err)
	}
	if a, err := db.Scope(p).Acts().Get(ctx, id); err != nil || a.Lines[0].Kind != acts.KindWork {
		t.Errorf("lines %+v, %v", a.Lines, err)
	}
	d.Rows[0].Kind = acts.KindGoods
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
	if kept, err := db.Scope(p).Deals().Get(ctx, 7); err != nil || kept.Rows[0].Kind != acts.KindGoods {
		t.Errorf("a changed row %+v, %v", kept.Rows, err)
	}
}
