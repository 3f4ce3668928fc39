package roles

import (
	"reflect"
	"testing"

	"acts24/acts"
)

func TestRoleMay(t *testing.T) {
	for role, may := range map[Role]map[Right]bool{
		"":                   {},
		"unknown":            {},
		RoleOwnViewer:        {RightView: true},
		RoleDepartmentViewer: {RightView: true},
		RoleViewer:           {RightView: true},
		RoleWorker:           {RightView: true, RightWork: true},
		RoleAdministrator:    {RightView: true, RightWork: true, RightAdminister: true},
	} {
		for _, right := range []Right{RightView, RightWork, RightAdminister, "unknown"} {
			if role.May(right) != may[right] {
				t.Errorf("%q may %q: %v", role, right, role.May(right))
			}
		}
	}
}

// company is the central department (head 1) with a sales department (head 5, employee 2, dismissed employee
// 3), a tenders department below sales (employee 6), and an accounting department (employee 4).
var company = Structure{
	Employees:   []Employee{{1, true, []int64{1}}, {2, true, []int64{2}}, {3, false, []int64{2}}, {4, true, []int64{3}}, {5, true, []int64{2}}, {6, true, []int64{7}}},
	Departments: []Department{{ID: 1, Head: 1}, {ID: 2, Parent: 1, Head: 5}, {ID: 3, Parent: 1, Head: 4}, {ID: 7, Parent: 2}},
	WorkGroups:  map[int64][]acts.UserID{9: {2, 4}},
}

func TestAccess(t *testing.T) {
	for name, tt := range map[string]struct {
		members []Member
		want    map[acts.UserID]Access
	}{
		"an empty group gives nobody access": {nil, map[acts.UserID]Access{}},
		"an employee sees his own acts":      {[]Member{{MemberUser, 2, RoleOwnViewer}}, map[acts.UserID]Access{2: {RoleOwnViewer, []acts.UserID{2}}}},
		"a department includes all departments below it": {[]Member{{MemberDepartment, 2, RoleWorker}},
			map[acts.UserID]Access{2: {Role: RoleWorker}, 5: {Role: RoleWorker}, 6: {Role: RoleWorker}}},
		"an employee sees his department, including the dismissed": {[]Member{{MemberUser, 2, RoleDepartmentViewer}}, map[acts.UserID]Access{2: {RoleDepartmentViewer, []acts.UserID{2, 3, 5}}}},
		"its head sees the departments below it":                   {[]Member{{MemberUser, 5, RoleDepartmentViewer}}, map[acts.UserID]Access{5: {RoleDepartmentViewer, []acts.UserID{2, 3, 5, 6}}}},
		"the head of the root department sees all departments":     {[]Member{{MemberUser, 1, RoleDepartmentViewer}}, map[acts.UserID]Access{1: {RoleDepartmentViewer, []acts.UserID{1, 2, 3, 4, 5, 6}}}},
		"of several roles the one with most rights applies": {[]Member{{MemberUser, 2, RoleWorker}, {MemberDepartment, 2, RoleOwnViewer}, {MemberWorkGroup, 9, RoleViewer}},
			map[acts.UserID]Access{2: {Role: RoleWorker}, 5: {RoleOwnViewer, []acts.UserID{5}}, 6: {RoleOwnViewer, []acts.UserID{6}}, 4: {Role: RoleViewer}}},
		"a dismissed employee has no role":                   {[]Member{{MemberUser, 3, RoleAdministrator}}, map[acts.UserID]Access{}},
		"an unknown employee has no role":                    {[]Member{{MemberUser, 77, RoleWorker}, {MemberDepartment, 77, RoleWorker}, {MemberWorkGroup, 77, RoleWorker}}, map[acts.UserID]Access{}},
		"an unknown role gives nothing":                      {[]Member{{MemberUser, 2, "king"}}, map[acts.UserID]Access{}},
		"an employee without a department sees his own acts": {[]Member{{MemberUser, 8, RoleDepartmentViewer}}, map[acts.UserID]Access{8: {RoleDepartmentViewer, []acts.UserID{8}}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := company
			s.Employees = append(s.Employees[:len(s.Employees):len(s.Employees)], Employee{ID: 8, Active: true})
			if got := s.Access(tt.members); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

// A head who is not listed among the employees of his department belongs to it, and a cycle of departments does not loop.
func TestAccessOfOddStructures(t *testing.T) {
	s := Structure{Employees: []Employee{{ID: 1, Active: true}, {2, true, []int64{4}}},
		Departments: []Department{{ID: 4, Parent: 5, Head: 1}, {ID: 5, Parent: 4}}}
	got := s.Access([]Member{{MemberDepartment, 5, RoleDepartmentViewer}})
	want := map[acts.UserID]Access{1: {RoleDepartmentViewer, []acts.UserID{1, 2}}, 2: {RoleDepartmentViewer, []acts.UserID{1, 2}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
