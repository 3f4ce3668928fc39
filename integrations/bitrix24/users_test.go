package bitrix24_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The employees of a large portal are read in few calls, each employee once.
func TestAllUsers(t *testing.T) {
	c := newFakeClient(t)
	for n := len(c.portal.Users()); n < 2620; n++ {
		c.portal.AddUser(bitrix24test.User{Name: fmt.Sprint("Сотрудник ", n), Departments: []int64{1}})
	}
	before := c.portal.Trace().Calls()
	users, err := c.AllUsers(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[bitrix24.ID]bool{}
	for _, u := range users {
		seen[u.ID] = true
	}
	if calls := c.portal.Trace().Calls() - before; len(users) != 2620 || len(seen) != 2620 || calls != 7 {
		t.Errorf("%d employees, %d different, in %d calls; want 2620, 2620, 7", len(users), len(seen), calls)
	}
}

// Work groups are read with an administrator's token, their members in one call; deleted groups are missing.
func TestWorkGroups(t *testing.T) {
	ctx := context.Background()
	c := newFakeClient(t)
	c.signIn(t, c.portal.Admin())
	acts := bitrix24.ID(c.portal.AddGroup(bitrix24test.Group{Name: "Акты", Members: map[int64]string{1: "A", 2: "K"}}))
	exhibitions := bitrix24.ID(c.portal.AddGroup(bitrix24test.Group{Name: "Выставки", Members: map[int64]string{2: "A"}}))
	groups, err := c.WorkGroups(ctx)
	if want := []bitrix24.WorkGroup{{ID: acts, Name: "Акты"}, {ID: exhibitions, Name: "Выставки"}}; err != nil || !slices.Equal(groups, want) {
		t.Fatalf("WorkGroups = %v, %v; want %v", groups, err, want)
	}
	before := c.portal.Trace().Calls()
	users, err := c.GroupUsers(ctx, []bitrix24.ID{acts, exhibitions, 777})
	if err != nil || len(users) != 2 || len(users[acts]) != 2 || len(users[exhibitions]) != 1 || users[exhibitions][0].UserID != 2 {
		t.Errorf("GroupUsers = %v, %v; want two members of one group and the owner of the other", users, err)
	}
	if calls := c.portal.Trace().Calls() - before; calls != 1 {
		t.Errorf("GroupUsers took %d calls, want 1", calls)
	}
}

// Heads are listed from the department of the user upwards, without the user.
func TestHeads(t *testing.T) {
	departments := []bitrix24.Department{{ID: 1, HeadID: 10}, {ID: 2, ParentID: 1, HeadID: 20}, {ID: 3, ParentID: 2}, {ID: 4, ParentID: 5, HeadID: 40}, {ID: 5, ParentID: 4, HeadID: 50}}
	for name, tt := range map[string]struct {
		user bitrix24.User
		want []bitrix24.ID
	}{
		"a department without a head": {bitrix24.User{ID: 7, Departments: []bitrix24.ID{3}}, []bitrix24.ID{20, 10}},
		"the head of the department":  {bitrix24.User{ID: 20, Departments: []bitrix24.ID{2}}, []bitrix24.ID{10}},
		"the head of the root":        {bitrix24.User{ID: 10, Departments: []bitrix24.ID{1}}, nil},
		"two departments":             {bitrix24.User{ID: 7, Departments: []bitrix24.ID{1, 2}}, []bitrix24.ID{10, 20}},
		"departments in a cycle":      {bitrix24.User{ID: 7, Departments: []bitrix24.ID{4}}, []bitrix24.ID{40, 50}},
		"no department":               {bitrix24.User{ID: 7}, nil},
		"an unknown department":       {bitrix24.User{ID: 7, Departments: []bitrix24.ID{9}}, nil},
	} {
		if got := bitrix24.Heads(tt.user, departments); !slices.Equal(got, tt.want) {
			t.Errorf("%s: heads %v, want %v", name, got, tt.want)
		}
	}
}
