package acts

import (
	"maps"
	"slices"
)

// MemberKind is what a member of the group «Работа с актами» is in the portal.
type MemberKind string

// The kinds of members.
const (
	OneUser       MemberKind = "user"
	OneDepartment MemberKind = "department"
	OneWorkGroup  MemberKind = "workgroup"
)

// Member has a role in the group, or gives it to everybody who is in it.
type Member struct {
	Kind MemberKind
	ID   int64 // in the portal
	Role Role
}

// Employee is a person of the portal with his departments.
type Employee struct {
	ID          UserID
	Active      bool
	Departments []int64
}

// Department is a part of the company.
type Department struct {
	ID, Parent int64
	Head       UserID
}

// Structure is what roles are given by: the people of a portal, its departments, and who is in its work groups.
type Structure struct {
	Employees   []Employee
	Departments []Department
	WorkGroups  map[int64][]UserID
}

// Access is what follows for one employee: his role, and whose acts he sees, nil for everybody's.
type Access struct {
	Role Role
	Sees []UserID
}

// Access says what follows from the members for every employee. The largest of his roles holds. Who is dismissed has none,
// but his acts are seen by those who saw them before.
func (s Structure) Access(members []Member) map[UserID]Access {
	roles := map[UserID]Role{}
	for _, m := range members {
		for _, id := range s.peopleOf(m) {
			roles[id] = roles[id].Larger(m.Role)
		}
	}
	found := map[UserID]Access{}
	for _, e := range s.Employees {
		role := roles[e.ID]
		if !e.Active || !role.May(See) {
			continue
		}
		a := Access{Role: role}
		switch role {
		case OwnViewer:
			a.Sees = []UserID{e.ID}
		case DepartmentViewer:
			a.Sees = s.colleagues(e)
		}
		found[e.ID] = a
	}
	return found
}

// peopleOf are the employees whom a member stands for.
func (s Structure) peopleOf(m Member) []UserID {
	switch m.Kind {
	case OneUser:
		return []UserID{UserID(m.ID)}
	case OneWorkGroup:
		return s.WorkGroups[m.ID]
	}
	return s.in(s.below(m.ID))
}

// colleagues are those of the employee's own departments, and of everything below the departments that he heads.
func (s Structure) colleagues(e Employee) []UserID {
	within := map[int64]bool{}
	for _, id := range e.Departments {
		within[id] = true
	}
	for _, d := range s.Departments {
		if d.Head == e.ID {
			maps.Copy(within, s.below(d.ID))
		}
	}
	people := append(s.in(within), e.ID)
	slices.Sort(people)
	return slices.Compact(people)
}

// below is a department with all under it; a ring of departments is walked once.
func (s Structure) below(id int64) map[int64]bool {
	found := map[int64]bool{id: true}
	for grown := true; grown; {
		grown = false
		for _, d := range s.Departments {
			if found[d.Parent] && !found[d.ID] {
				found[d.ID], grown = true, true
			}
		}
	}
	return found
}

// in are the employees and heads of departments.
func (s Structure) in(departments map[int64]bool) (people []UserID) {
	for _, e := range s.Employees {
		if slices.ContainsFunc(e.Departments, func(id int64) bool { return departments[id] }) {
			people = append(people, e.ID)
		}
	}
	for _, d := range s.Departments {
		if departments[d.ID] && d.Head != 0 {
			people = append(people, d.Head)
		}
	}
	return people
}
