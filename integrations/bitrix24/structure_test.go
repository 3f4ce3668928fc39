package bitrix24_test

import (
	"context"
	"fmt"
	"testing"

	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/bitrix24test"
)

// A portal of many employees is read in few calls, each of them once.
func TestAllUsers(t *testing.T) {
	s := newFakeClient(t)
	for n := len(s.portal.Users()); n < 2620; n++ {
		s.portal.AddUser(bitrix24test.User{Name: fmt.Sprint("Сотрудник ", n), Departments: []int64{1}})
	}
	before := s.portal.Trace().Calls()
	users, err := s.AllUsers(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[bitrix24.ID]bool{}
	for _, u := range users {
		seen[u.ID] = true
	}
	if calls := s.portal.Trace().Calls() - before; len(users) != 2620 || len(seen) != 2620 || calls != 7 {
		t.Errorf("%d employees, %d different, in %d calls", len(users), len(seen), calls)
	}
}

// Work groups are read with an administrator's token, their members in one call; deleted groups are missing.
func TestWorkGroups(t *testing.T) {
	ctx := context.Background()
	s := newFakeClient(t)
	s.signIn(t, s.portal.Admin())
	mine := bitrix24.ID(s.portal.AddGroup(bitrix24test.Group{Name: "Акты", Members: map[int64]string{1: "A", 2: "K"}}))
	other := bitrix24.ID(s.portal.AddGroup(bitrix24test.Group{Name: "Выставки", Members: map[int64]string{2: "A"}}))
	groups, err := s.WorkGroups(ctx)
	if err != nil || len(groups) < 2 {
		t.Fatalf("%v, %v", groups, err)
	}
	users, err := s.GroupUsers(ctx, []bitrix24.ID{mine, other, 777})
	if err != nil || len(users) != 2 || len(users[mine]) != 2 || users[other][0].UserID != 2 {
		t.Errorf("%v, %v", users, err)
	}
}
