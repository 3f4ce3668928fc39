package roles

import (
	"maps"
	"slices"

	"acts24/acts"
)

// Right is a permission that an operation of the app requires.
type Right string

// The rights.
const (
	RightView       Right = "see"        // open pages and export documents
	RightWork       Right = "work"       // form and change acts, mark their status
	RightAdminister Right = "administer" // change settings and members
)

// Role is the role of an employee in the group «Работа с актами»; "" is no role. Every role includes the
// rights of those before it in Roles.
type Role string

// The roles, ordered from the fewest rights to the most.
const (
	RoleOwnViewer        Role = "own"
	RoleDepartmentViewer Role = "department"
	RoleViewer           Role = "all"
	RoleWorker           Role = "work"
	RoleAdministrator    Role = "admin"
)

// Roles lists all roles, ordered from the fewest rights to the most.
var Roles = []Role{RoleOwnViewer, RoleDepartmentViewer, RoleViewer, RoleWorker, RoleAdministrator}

var roleLabels = map[Role]string{RoleOwnViewer: "Смотрит свои акты", RoleDepartmentViewer: "Смотрит акты отдела", RoleViewer: "Смотрит все акты",
	RoleWorker: "Работает с актами", RoleAdministrator: "Управляет приложением"}

// Label returns the role as users read it.
func (r Role) Label() string { return roleLabels[r] }

// Known reports whether r is one of Roles.
func (r Role) Known() bool { return roleLabels[r] != "" }

// rank returns the position of the role in Roles counted from 1, or 0 for an unknown role.
func (r Role) rank() int {
	for i, known := range Roles {
		if r == known {
			return i + 1
		}
	}
	return 0
}

// needs maps a right to the lowest role that has it.
var needs = map[Right]Role{RightView: RoleOwnViewer, RightWork: RoleWorker, RightAdminister: RoleAdministrator}

// May reports whether the role includes the right.
func (r Role) May(right Right) bool {
	least, known := needs[right]
	return known && r.rank() >= least.rank()
}

// Larger returns the role with more rights.
func (r Role) Larger(other Role) Role {
	if other.rank() > r.rank() {
		return other
	}
	return r
}

// MemberKind is the kind of a member of the group «Работа с актами».
type MemberKind string

// The kinds of members.
const (
	MemberUser       MemberKind = "user"
	MemberDepartment MemberKind = "department"
	MemberWorkGroup  MemberKind = "workgroup"
)

// Member assigns a role to one employee, or to every employee of a department or a work group.
type Member struct {
	Kind MemberKind
	ID   int64 // id in the portal
	Role Role
}

// Employee is a user of the portal with the ids of his departments.
type Employee struct {
	ID          acts.UserID
	Active      bool
	Departments []int64
}

// Department is a department of the portal's company.
type Department struct {
	ID, Parent int64
	Head       acts.UserID
}

// Structure is the portal data from which roles are derived: employees, departments and members of work groups.
type Structure struct {
	Employees   []Employee
	Departments []Department
	WorkGroups  map[int64][]acts.UserID
}

// Access is the resulting access of one employee: his role and the employees whose acts he sees. A nil Visibility means all acts.
type Access struct {
	Role       Role
	Visibility []acts.UserID
}

// Access returns the access of every active employee who has at least one role. Of several roles the one with most
// rights applies. A dismissed employee gets no access, but his acts stay visible to those who could see them before.
func (s Structure) Access(members []Member) map[acts.UserID]Access {
	roles := map[acts.UserID]Role{}
	for _, m := range members {
		for _, id := range s.peopleOf(m) {
			roles[id] = roles[id].Larger(m.Role)
		}
	}
	found := map[acts.UserID]Access{}
	for _, e := range s.Employees {
		role := roles[e.ID]
		if !e.Active || !role.May(RightView) {
			continue
		}
		a := Access{Role: role}
		switch role {
		case RoleOwnViewer:
			a.Visibility = []acts.UserID{e.ID}
		case RoleDepartmentViewer:
			a.Visibility = s.colleagues(e)
		}
		found[e.ID] = a
	}
	return found
}

// peopleOf returns the employees whom a member covers.
func (s Structure) peopleOf(m Member) []acts.UserID {
	switch m.Kind {
	case MemberUser:
		return []acts.UserID{acts.UserID(m.ID)}
	case MemberWorkGroup:
		return s.WorkGroups[m.ID]
	}
	return s.in(s.below(m.ID))
}

// colleagues returns the employees of e's own departments and of all departments below those that e heads,
// including e, sorted and without duplicates.
func (s Structure) colleagues(e Employee) []acts.UserID {
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

// below returns the ids of a department and of all its descendants. A cycle of departments causes no endless loop.
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

// in returns the employees and the heads of the departments.
func (s Structure) in(departments map[int64]bool) (people []acts.UserID) {
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
