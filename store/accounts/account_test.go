package accounts_test

import (
	"testing"
	"time"

	"acts24/acts"
	"acts24/store/storetest"
)

// Accounts of all portals share the logins that SBIS lets in; an account whose login is leased takes none of them.
func TestLoginsAreLimited(t *testing.T) {
	db := open(t)
	a, b := portal(t, db, "a"), portal(t, db, "b")
	first, second := addAccount(t, db, a, "AA"), addAccount(t, db, b, "BB")
	lease := func(p acts.PortalID, id int64) bool {
		t.Helper()
		_, ok, err := db.Scope(p).Accounts().LeaseLogin(ctx, id, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	storetest.AsOwner(t, db, `UPDATE logins SET level = 50, at = clock_timestamp() + interval '1 minute'`)
	if lease(a, first) {
		t.Error("an account logs in while the logins of the last minute are used up")
	}
	storetest.AsOwner(t, db, `UPDATE logins SET level = 49, at = clock_timestamp()`)
	if !lease(a, first) || lease(a, first) {
		t.Error("want one login of the first account")
	}
	storetest.AsOwner(t, db, `UPDATE logins SET level = 50, at = clock_timestamp() - interval '1 minute'`)
	if !lease(b, second) {
		t.Error("the second account may not log in a minute later")
	}
}
