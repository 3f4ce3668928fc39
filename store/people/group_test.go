package people_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/people"
)

// enter stores a visit of an employee and reads it as the next request does.
func enter(t *testing.T, db *store.DB, p acts.PortalID, user acts.UserID, admin bool) (id string, v people.Visit) {
	t.Helper()
	inTx(t, db, p, func(tx store.Tx) (err error) {
		id, err = tx.Visits().Add(ctx, people.NewVisit{User: user, UserName: "Анна", Admin: admin, Token: "t", TokenFor: time.Hour, VisitFor: time.Hour})
		return err
	})
	v, err := db.Scope(p).Visits().Get(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return id, v
}

// While the group is empty, everybody works with his own deals and administrators with all; once it has a member, an employee without a role has no access, also in
// background work. An administrator of the portal sees everything whatever his role, and another portal is not affected.
func TestGroupDecidesWhoSees(t *testing.T) {
	db := open(t)
	mine, theirs := portal(t, db, "a"), portal(t, db, "b")
	check := func(when string, p acts.PortalID, user acts.UserID, admin bool, role roles.Role, visibility people.Visibility) {
		t.Helper()
		_, v := enter(t, db, p, user, admin)
		if v.Role != role || !reflect.DeepEqual(v.Visibility, visibility) {
			t.Errorf("%s: a visit is %q with %v, want %q with %v", when, v.Role, v.Visibility, role, visibility)
		}
		st, err := db.Scope(p).People().Permissions(ctx, user)
		if err != nil {
			t.Fatal(err)
		}
		if admin {
			role = roles.RoleAdministrator
		}
		if st.Role != role || !reflect.DeepEqual(st.Visibility, visibility) {
			t.Errorf("%s: his role is %q with %v, want %q with %v", when, st.Role, st.Visibility, role, visibility)
		}
	}
	check("an empty group", mine, 5, false, roles.RoleWorker, people.Visibility{5})
	check("an administrator and an empty group", mine, 8, true, roles.RoleWorker, nil)
	inTx(t, db, mine, func(tx store.Tx) error {
		return errors.Join(tx.People().SetMember(ctx, people.GroupMember{Kind: roles.MemberUser, ID: 5, Role: roles.RoleOwnViewer, Name: "Анна"}),
			tx.People().SaveAccess(ctx, map[acts.UserID]roles.Access{5: {Role: roles.RoleOwnViewer, Visibility: []acts.UserID{5}}, 6: {Role: roles.RoleWorker}}))
	})
	check("who sees his own", mine, 5, false, roles.RoleOwnViewer, people.Visibility{5})
	check("who works", mine, 6, false, roles.RoleWorker, nil)
	check("a stranger", mine, 7, false, "", people.Visibility{})
	check("an administrator without a role", mine, 8, true, "", nil)
	check("an administrator with a small role", mine, 5, true, roles.RoleOwnViewer, nil)
	check("he no longer administers", mine, 5, false, roles.RoleOwnViewer, people.Visibility{5})
	check("another portal", theirs, 7, false, roles.RoleWorker, people.Visibility{7})
	inTx(t, db, mine, func(tx store.Tx) error {
		return errors.Join(tx.People().DropMember(ctx, roles.MemberUser, 5), tx.People().SaveAccess(ctx, nil))
	})
	check("an empty group again", mine, 7, false, roles.RoleWorker, people.Visibility{7})
}

// A structure is replaced as a whole: an employee who is not reported has left, and a dismissed one loses his visits and is no
// administrator any more.
func TestStructure(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	gone, _ := enter(t, db, p, 3, true)
	stays, _ := enter(t, db, p, 2, true)
	neighbour, _ := enter(t, db, other, 3, false)
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.People().SaveUser(ctx, people.User{ID: 9, Name: "Бывший", Active: true})
	})
	want := people.Structure{Departments: true, Employees: []people.Employee{
		{User: people.User{ID: 2, Name: "Анна", Active: true, Head: 3}, Departments: []int64{1, 4}}, {User: people.User{ID: 3, Name: "Борис"}, Departments: []int64{}},
	}, Units: []people.Unit{{Kind: roles.MemberDepartment, ID: 1, Name: "Центр", Head: 3}, {Kind: roles.MemberDepartment, ID: 4, Name: "Отдел", Parent: 1},
		{Kind: roles.MemberWorkGroup, ID: 1, Name: "Акты", People: []acts.UserID{2, 3}}}}
	for range 2 {
		inTx(t, db, p, func(tx store.Tx) error { return tx.People().SaveStructure(ctx, want) })
	}
	got, err := db.Scope(p).People().Structure(ctx)
	if err != nil {
		t.Fatal(err)
	}
	left := slices.IndexFunc(got.Employees, func(e people.Employee) bool { return e.ID == 9 && !e.Active })
	if left < 0 {
		t.Errorf("an employee who was not reported stays: %+v", got.Employees)
	} else {
		got.Employees = slices.Delete(got.Employees, left, left+1)
	}
	for i := range got.Employees {
		got.Employees[i].Departments = append([]int64{}, got.Employees[i].Departments...)
	}
	if !reflect.DeepEqual(got.Employees, want.Employees) || len(got.Units) != 3 || got.Units[2].Name != "Акты" || !slices.Equal(got.Units[2].People, []acts.UserID{2, 3}) ||
		got.Units[1].Parent+got.Units[0].Parent != 1 || !got.Departments || got.WorkGroups {
		t.Errorf("stored %+v, want %+v", got, want)
	}
	if _, err := db.Scope(p).Visits().Get(ctx, gone); !errors.Is(err, acts.NotFound) {
		t.Errorf("the visit of a dismissed employee: %v", err)
	}
	for portal, id := range map[acts.PortalID]string{p: stays, other: neighbour} {
		if _, err := db.Scope(portal).Visits().Get(ctx, id); err != nil {
			t.Errorf("a visit of portal %d: %v", portal, err)
		}
	}
	if names, err := db.Scope(p).People().AdministratorNames(ctx); err != nil || !slices.Equal(names, []string{"Анна"}) {
		t.Errorf("who administers: %v, %v", names, err)
	}
	if fresh, err := db.Scope(other).People().StructureFresh(ctx); err != nil || fresh {
		t.Errorf("another portal's structure is fresh: %v, %v", fresh, err)
	}
	if found, err := db.Scope(p).People().FindNonMembers(ctx, "АНН", 10); err != nil || len(found) != 1 || found[0].ID != 2 {
		t.Errorf("found %v, %v", found, err)
	}
}

// Administrators are notified of problems. Before any of them is stored, the one who opened the app last is used.
func TestAdministrators(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	are := func(want ...acts.UserID) {
		t.Helper()
		if got, err := db.Scope(p).People().Administrators(ctx); err != nil || !slices.Equal(got, want) {
			t.Errorf("administrators %v, %v, want %v", got, err, want)
		}
	}
	asPortal(t, db, p, `UPDATE portals SET admin_id = 0 WHERE id = $1`, p)
	are()
	inTx(t, db, p, func(tx store.Tx) error { return tx.Portals().SetAdmin(ctx, 5) })
	are(5)
	inTx(t, db, p, func(tx store.Tx) error { return tx.People().SetAdministrator(ctx, 7, "Анна", true) })
	are(7)
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.People().SaveAccess(ctx, map[acts.UserID]roles.Access{6: {Role: roles.RoleAdministrator}, 8: {Role: roles.RoleWorker}})
	})
	are(6, 7)
}
