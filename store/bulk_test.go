package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
)

// A bulk whose action needs no check is ready at once, without a worker, which may run another version that does not have the action.
func TestBulkWithNothingToCheck(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := paperAct(t, db, p, acts.StatusDraft)
	var bulk int64
	inTx(t, db, p, func(tx store.Tx) (err error) {
		bulk, _, err = tx.Bulks().Add(ctx, uuid.NewString(), store.Bulk{Action: store.BulkTable, State: store.BulkChecked, CreatedAt: time.Now()}, []store.SelectedAct{{ID: act, Deal: 7}}, "")
		return err
	})
	if b, err := db.Scope(p).Bulks().Get(ctx, bulk); err != nil || b.Waiting != 1 || b.New != 0 || b.State != store.BulkChecked {
		t.Errorf("%+v, %v", b, err)
	}
	if _, ok, err := queue.LeaseBulk(ctx, db, time.Minute); ok || err != nil {
		t.Errorf("the bulk is leased: %t, %v", ok, err)
	}
}
