package people_test

import (
	"testing"

	"acts24/acts"
	"acts24/store"
	"acts24/store/people"
)

// A copy of an employee is valid for a day; then he is fetched again.
func TestUsersAreKeptForADay(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	save := func(u people.User) {
		inTx(t, db, p, func(tx store.Tx) error { return tx.People().SaveUser(ctx, u) })
	}
	read := func(as acts.PortalID) map[acts.UserID]people.User {
		t.Helper()
		users, err := db.Scope(as).People().Users(ctx, []acts.UserID{2, 3, 4})
		if err != nil {
			t.Fatal(err)
		}
		return users
	}
	save(people.User{ID: 2, Name: "Анна", Active: true, Head: 3})
	save(people.User{ID: 3, Name: "Борис", Active: true})
	dismissed := people.User{ID: 2, Name: "Анна Петрова", Head: 3}
	save(dismissed)
	if users := read(p); len(users) != 2 || users[2] != dismissed || users[3].Name != "Борис" {
		t.Errorf("stored %+v", users)
	}
	if users := read(other); len(users) != 0 {
		t.Errorf("another portal reads %+v", users)
	}
	asOwner(t, db, "UPDATE users SET read_at = read_at - interval '25 hours' WHERE id = 3")
	if users := read(p); len(users) != 1 || users[2] != dismissed {
		t.Errorf("a day later: %+v", users)
	}
	save(people.User{ID: 3, Name: "Борис", Active: true})
	if users := read(p); len(users) != 2 {
		t.Errorf("after another save: %+v", users)
	}
}
