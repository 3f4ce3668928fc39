package acts

// Right is what a person may do in the app.
type Right string

// The rights.
const (
	See        Right = "see"        // open pages and take documents out
	Work       Right = "work"       // form acts, change them, set marks
	Administer Right = "administer" // settings and people
)

// Role is what an employee is in the group «Работа с актами»; "" is nothing. Each has what those before it have.
type Role string

// The roles, the smallest first.
const (
	OwnViewer        Role = "own"
	DepartmentViewer Role = "department"
	Viewer           Role = "all"
	Worker           Role = "work"
	Administrator    Role = "admin"
)

// Roles are all roles, the smallest first.
var Roles = []Role{OwnViewer, DepartmentViewer, Viewer, Worker, Administrator}

var roleLabels = map[Role]string{OwnViewer: "Смотрит свои акты", DepartmentViewer: "Смотрит акты отдела", Viewer: "Смотрит все акты",
	Worker: "Работает с актами", Administrator: "Управляет приложением"}

// Label is the role as users read it.
func (r Role) Label() string { return roleLabels[r] }

// Known reports whether there is such a role.
func (r Role) Known() bool { return roleLabels[r] != "" }

// rank is the place of a role among the others, 0 for none.
func (r Role) rank() int {
	for i, known := range Roles {
		if r == known {
			return i + 1
		}
	}
	return 0
}

// needs is the smallest role that has a right.
var needs = map[Right]Role{See: OwnViewer, Work: Worker, Administer: Administrator}

// May reports whether the role gives the right.
func (r Role) May(right Right) bool {
	least, known := needs[right]
	return known && r.rank() >= least.rank()
}

// Larger is the larger one of two roles.
func (r Role) Larger(other Role) Role {
	if other.rank() > r.rank() {
		return other
	}
	return r
}
