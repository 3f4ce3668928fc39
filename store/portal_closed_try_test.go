package store_test

import (
	"testing"

	"acts24/acts"
	"acts24/store"
)

// The log of a closed period is only added to.
func TestClosedTries(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	for n := range 12 {
		inTx(t, db, p, func(tx store.Tx) error {
			return tx.Portals().AddClosedTry(ctx, store.ClosedTry{Own: 1, Act: acts.ActID(n), At: morning, User: 2, UserName: "Анна", Text: "Отказано: изменить акт"})
		})
	}
	list, err := db.Scope(p).Portals().ClosedTries(ctx)
	if err != nil || len(list) != 10 || list[0].Act != 11 {
		t.Errorf("%d lines, %v", len(list), err)
	}
	if list, err := db.Scope(other).Portals().ClosedTries(ctx); err != nil || len(list) != 0 {
		t.Errorf("the neighbour sees %d lines, %v", len(list), err)
	}
	if _, err := asApp(t, db).ExecContext(ctx, "DELETE FROM closed_tries"); err == nil {
		t.Error("the log may be deleted")
	}
}
