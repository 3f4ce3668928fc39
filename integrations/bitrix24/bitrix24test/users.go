package bitrix24test

import (
	"maps"
	"strconv"
)

// User is an employee of the portal.
type User struct {
	ID          int64   `json:"id"`
	Name        string  `json:"name"`
	SecondName  string  `json:"secondName"`
	LastName    string  `json:"lastName"`
	Email       string  `json:"email"`
	Position    string  `json:"position"`
	Mailbox     string  `json:"mailbox"` // connected to CRM for sending letters
	TimeZone    string  `json:"timeZone"`
	Departments []int64 `json:"departments"`
	Admin       bool    `json:"admin"`
	Active      bool    `json:"active"`
	NoApp       bool    `json:"noApp"` // the portal's access list of the app leaves the user out
}

// FullName is the name as the portal prints it.
func (u User) FullName() string { return u.Name + " " + u.LastName }

// Department is a unit of the company; Head is a user.
type Department struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Parent int64  `json:"parent"`
	Head   int64  `json:"head"`
	Sort   int    `json:"sort"`
}

// Group is a work group; Members maps users to roles A (owner), E (moderator), K (member).
type Group struct {
	ID      int64            `json:"id"`
	Name    string           `json:"name"`
	Hidden  bool             `json:"hidden"` // from those who are no members
	Members map[int64]string `json:"members"`
}

// AddUser hires an employee; with ID 0 the portal chooses the number.
func (p *Portal) AddUser(u User) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	u.ID = p.numbered("user", u.ID)
	u.Active = true
	p.st.Users = append(p.st.Users, &u)
	p.changed()
	return u.ID
}

// numbered gives the next number of a kind unless one was chosen.
func (p *Portal) numbered(kind string, id int64) int64 {
	if id == 0 {
		return p.st.next(kind)
	}
	return p.st.took(kind, id)
}

// AddDepartment adds a unit of the company.
func (p *Portal) AddDepartment(d Department) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	d.ID = p.numbered("department", d.ID)
	if d.Sort == 0 {
		d.Sort = 500
	}
	p.st.Departments = append(p.st.Departments, &d)
	p.changed()
	return d.ID
}

// AddGroup adds a work group.
func (p *Portal) AddGroup(g Group) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	g.ID = p.numbered("group", g.ID)
	p.st.Groups = append(p.st.Groups, &g)
	p.changed()
	return g.ID
}

// Groups lists the work groups.
func (p *Portal) Groups() (list []Group) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.st.Groups {
		list = append(list, Group{ID: g.ID, Name: g.Name, Members: maps.Clone(g.Members)})
	}
	return list
}

// ChangeGroup edits a work group: who is in it.
func (p *Portal) ChangeGroup(id int64, change func(*Group)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.st.Groups {
		if g.ID == id {
			change(g)
			p.changed()
		}
	}
}

// ChangeUser edits an employee: dismisses him, makes him an administrator.
func (p *Portal) ChangeUser(id int64, change func(*User)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if u := p.user(id); u != nil {
		change(u)
		p.changed()
	}
}

// User finds an employee.
func (p *Portal) User(id int64) (User, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if u := p.user(id); u != nil {
		return *u, true
	}
	return User{}, false
}

// Users lists the employees.
func (p *Portal) Users() []User {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]User, 0, len(p.st.Users))
	for _, u := range p.st.Users {
		out = append(out, *u)
	}
	return out
}

// Admin is the first administrator, 0 when there is none.
func (p *Portal) Admin() int64 { return p.firstUser(true) }

// Manager is the first employee who is no administrator, 0 when there is none.
func (p *Portal) Manager() int64 { return p.firstUser(false) }

func (p *Portal) firstUser(admin bool) int64 {
	for _, u := range p.Users() {
		if u.Admin == admin && u.Active {
			return u.ID
		}
	}
	return 0
}

func (p *Portal) user(id int64) *User {
	for _, u := range p.st.Users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// record is the user in the words of user.get.
func (p *Portal) userRecord(u *User, withContacts bool) Fields {
	out := Fields{
		"ID": strconv.FormatInt(u.ID, 10), "ACTIVE": u.Active, "NAME": u.Name, "LAST_NAME": u.LastName,
		"SECOND_NAME": u.SecondName, "LAST_LOGIN": p.nowText(), "DATE_REGISTER": "2024-07-15T00:00:00+00:00",
		"TIME_ZONE": u.TimeZone, "IS_ONLINE": "Y", "TIMESTAMP_X": Fields{}, "LAST_ACTIVITY_DATE": Fields{},
		"PERSONAL_GENDER": "", "PERSONAL_WWW": "", "PERSONAL_BIRTHDAY": "", "PERSONAL_MOBILE": "", "PERSONAL_CITY": "",
		"WORK_PHONE": "", "WORK_POSITION": u.Position, "UF_EMPLOYMENT_DATE": "", "UF_DEPARTMENT": ids(u.Departments),
		"USER_TYPE": "employee",
	}
	if withContacts {
		out["EMAIL"] = u.Email
	}
	return out
}
