package acts

import (
	"reflect"
	"testing"
)

func TestRoleMay(t *testing.T) {
	for role, may := range map[Role]map[Right]bool{
		"":               {},
		"unknown":        {},
		OwnViewer:        {See: true},
		DepartmentViewer: {See: true},
		Viewer:           {See: true},
		Worker:           {See: true, Work: true},
		Administrator:    {See: true, Work: true, Administer: true},
	} {
		for _, right := range []Right{See, Work, Administer, "unknown"} {
			if role.May(right) != may[right] {
				t.Errorf("%q may %q: %v", role, right, role.May(right))
			}
		}
	}
}

// The centre (head 1) has a department of sales (head 5, employees 2 and 3, who was dismissed) with one for tenders (employee 6),
// and one of accounts (employee 4).
var company = Structure{
	Employees:   []Employee{{1, true, []int64{1}}, {2, true, []int64{2}}, {3, false, []int64{2}}, {4, true, []int64{3}}, {5, true, []int64{2}}, {6, true, []int64{7}}},
	Departments: []Department{{ID: 1, Head: 1}, {ID: 2, Parent: 1, Head: 5}, {ID: 3, Parent: 1, Head: 4}, {ID: 7, Parent: 2}},
	WorkGroups:  map[int64][]UserID{9: {2, 4}},
}

func TestAccess(t *testing.T) {
	for name, tt := range map[string]struct {
		members []Member
		want    map[UserID]Access
	}{
		"nobody is in an empty group": {nil, map[UserID]Access{}},
		"one sees his own":            {[]Member{{OneUser, 2, OwnViewer}}, map[UserID]Access{2: {OwnViewer, []UserID{2}}}},
		"a department with all below it": {[]Member{{OneDepartment, 2, Worker}},
			map[UserID]Access{2: {Role: Worker}, 5: {Role: Worker}, 6: {Role: Worker}}},
		"an employee sees his department, also the dismissed": {[]Member{{OneUser, 2, DepartmentViewer}}, map[UserID]Access{2: {DepartmentViewer, []UserID{2, 3, 5}}}},
		"its head sees the departments below it":              {[]Member{{OneUser, 5, DepartmentViewer}}, map[UserID]Access{5: {DepartmentViewer, []UserID{2, 3, 5, 6}}}},
		"the head of all sees all of them":                    {[]Member{{OneUser, 1, DepartmentViewer}}, map[UserID]Access{1: {DepartmentViewer, []UserID{1, 2, 3, 4, 5, 6}}}},
		"the largest role holds": {[]Member{{OneUser, 2, Worker}, {OneDepartment, 2, OwnViewer}, {OneWorkGroup, 9, Viewer}},
			map[UserID]Access{2: {Role: Worker}, 5: {OwnViewer, []UserID{5}}, 6: {OwnViewer, []UserID{6}}, 4: {Role: Viewer}}},
		"who is dismissed has no role":       {[]Member{{OneUser, 3, Administrator}}, map[UserID]Access{}},
		"who is unknown has no role":         {[]Member{{OneUser, 77, Worker}, {OneDepartment, 77, Worker}, {OneWorkGroup, 77, Worker}}, map[UserID]Access{}},
		"an unknown role gives nothing":      {[]Member{{OneUser, 2, "king"}}, map[UserID]Access{}},
		"who has no department sees his own": {[]Member{{OneUser, 8, DepartmentViewer}}, map[UserID]Access{8: {DepartmentViewer, []UserID{8}}}},
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

// A head who does not stand among the employees of his department belongs to it, and a ring of departments ends.
func TestAccessOfOddStructures(t *testing.T) {
	s := Structure{Employees: []Employee{{ID: 1, Active: true}, {2, true, []int64{4}}},
		Departments: []Department{{ID: 4, Parent: 5, Head: 1}, {ID: 5, Parent: 4}}}
	got := s.Access([]Member{{OneDepartment, 5, DepartmentViewer}})
	want := map[UserID]Access{1: {DepartmentViewer, []UserID{1, 2}}, 2: {DepartmentViewer, []UserID{1, 2}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
