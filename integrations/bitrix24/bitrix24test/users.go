package bitrix24test

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/match"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// User is an employee of the portal.
type User struct {
	ID          int64   `json:"id"`
	Name        string  `json:"name"`
	SecondName  string  `json:"secondName"`
	LastName    string  `json:"lastName"`
	Email       string  `json:"email"`
	Position    string  `json:"position"`
	Mailbox     string  `json:"mailbox"` // connected to the CRM for e-mails
	TimeZone    string  `json:"timeZone"`
	Departments []int64 `json:"departments"`
	Admin       bool    `json:"admin"`
	Active      bool    `json:"active"`
	NoApp       bool    `json:"noApp"` // the access settings of the app exclude the user
}

// FullName returns the name in the portal's format.
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
	Hidden  bool             `json:"hidden"` // from employees who are not members
	Members map[int64]string `json:"members"`
}

// AddUser adds an employee; with ID 0 the portal chooses the id.
func (p *people) AddUser(u User) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	u.ID = p.assignID("user", u.ID)
	u.Active = true
	p.st.Users = append(p.st.Users, &u)
	p.changed()
	return u.ID
}

// assignID returns the given id, or the next one of the kind.
func (p *core) assignID(kind string, id int64) int64 {
	if id == 0 {
		return p.st.next(kind)
	}
	return p.st.reserve(kind, id)
}

// AddDepartment adds a unit of the company.
func (p *people) AddDepartment(d Department) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	d.ID = p.assignID("department", d.ID)
	if d.Sort == 0 {
		d.Sort = 500
	}
	p.st.Departments = append(p.st.Departments, &d)
	p.changed()
	return d.ID
}

// AddGroup adds a work group.
func (p *people) AddGroup(g Group) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	g.ID = p.assignID("group", g.ID)
	p.st.Groups = append(p.st.Groups, &g)
	p.changed()
	return g.ID
}

// Groups lists the work groups.
func (p *people) Groups() (list []Group) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.st.Groups {
		list = append(list, Group{ID: g.ID, Name: g.Name, Members: maps.Clone(g.Members)})
	}
	return list
}

// ChangeGroup edits a work group, such as its members.
func (p *people) ChangeGroup(id int64, change func(*Group)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.st.Groups {
		if g.ID == id {
			change(g)
			p.changed()
		}
	}
}

// ChangeUser edits an employee: dismisses him or makes him an administrator.
func (p *people) ChangeUser(id int64, change func(*User)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if u := p.user(id); u != nil {
		change(u)
		p.changed()
	}
}

// User finds an employee.
func (p *people) User(id int64) (User, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if u := p.user(id); u != nil {
		return *u, true
	}
	return User{}, false
}

// Users lists the employees.
func (p *people) Users() []User {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]User, 0, len(p.st.Users))
	for _, u := range p.st.Users {
		out = append(out, *u)
	}
	return out
}

// Admin is the first administrator, 0 when there is none.
func (p *people) Admin() int64 { return p.firstUser(true) }

// Manager is the first employee who is no administrator, 0 when there is none.
func (p *people) Manager() int64 { return p.firstUser(false) }

func (p *people) firstUser(admin bool) int64 {
	for _, u := range p.Users() {
		if u.Admin == admin && u.Active {
			return u.ID
		}
	}
	return 0
}

func (p *core) user(id int64) *User { return p.st.user(id) }

// user finds an employee, also a dismissed one; nil when there is none.
func (s *state) user(id int64) *User {
	for _, u := range s.Users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// userRecord returns the user in the format of user.get.
func (p *people) userRecord(u *User, withContacts bool) Fields {
	out := Fields{
		"ID": strconv.FormatInt(u.ID, 10), "ACTIVE": u.Active, "NAME": u.Name, "LAST_NAME": u.LastName,
		"SECOND_NAME": u.SecondName, "LAST_LOGIN": p.nowText(), "DATE_REGISTER": "2024-07-15T00:00:00+00:00",
		"TIME_ZONE": u.TimeZone, "IS_ONLINE": "Y", "TIMESTAMP_X": Fields{}, "LAST_ACTIVITY_DATE": Fields{},
		"PERSONAL_GENDER": "", "PERSONAL_WWW": "", "PERSONAL_BIRTHDAY": "", "PERSONAL_MOBILE": "", "PERSONAL_CITY": "",
		"WORK_PHONE": "", "WORK_POSITION": u.Position, "UF_EMPLOYMENT_DATE": "", "UF_DEPARTMENT": php.IDs(u.Departments),
		"USER_TYPE": "employee",
	}
	if withContacts {
		out["EMAIL"] = u.Email
	}
	return out
}

func profile(c *call) (any, error) {
	return Fields{
		"ID": strconv.FormatInt(c.user.ID, 10), "ADMIN": c.user.Admin, "NAME": c.user.Name,
		"LAST_NAME": c.user.LastName, "PERSONAL_GENDER": "", "TIME_ZONE": c.user.TimeZone,
	}, nil
}

func userCurrent(c *call) (any, error) {
	out := c.userRecord(c.user, c.seesContacts())
	out["LAST_ACTIVITY_DATE"] = c.Portal.cfg.Now().In(c.cfg.Zone).Format("2006-01-02 15:04:05")
	delete(out, "TIMESTAMP_X")
	return out, nil
}

func userAdmin(c *call) (any, error) { return c.user.Admin, nil }

// seesContacts reports whether the app has the rights user_basic or user and not only user_brief.
func (c *call) seesContacts() bool {
	scope := strings.Split(c.cloud.App().Scope, ",")
	return slices.Contains(scope, "user") || slices.Contains(scope, "user_basic")
}

// userGet filters by FILTER or by single parameters, 50 per page.
func userGet(c *call) (any, error) {
	filter := Fields{}
	for k, v := range c.p {
		if _, known := contract.Methods["user.get"].Params[k]; !known {
			filter[strings.ToUpper(k)] = v
		}
	}
	for k, v := range php.Map(c.p["FILTER"]) {
		filter[strings.ToUpper(k)] = v
	}
	var rows []Fields
	for _, u := range c.st.Users {
		if r := c.userRecord(u, c.seesContacts()); userFits(r, filter) {
			rows = append(rows, r)
		}
	}
	key := strings.ToUpper(php.Text(c.p["sort"]))
	if key == "" {
		key = "ID"
	}
	sortRows(rows, []sortKey{{key, strings.EqualFold(php.Text(c.p["order"]), "desc")}})
	return c.page(rows), nil
}

func userFits(r, filter Fields) bool {
	for key, want := range filter {
		op, name := match.Split(key)
		have := r[name]
		if name == "ACTIVE" {
			have, want = php.Truth(have), php.Truth(want)
		}
		if !match.Any(op, have, want) {
			return false
		}
	}
	return true
}

func departmentGet(c *call) (any, error) {
	var rows []Fields
	for _, d := range c.st.Departments {
		r := Fields{"ID": strconv.FormatInt(d.ID, 10), "NAME": d.Name, "SORT": d.Sort}
		if d.Parent > 0 {
			r["PARENT"] = strconv.FormatInt(d.Parent, 10)
		}
		if d.Head > 0 {
			r["UF_HEAD"] = strconv.FormatInt(d.Head, 10)
		}
		if departmentFits(r, c.p) {
			rows = append(rows, r)
		}
	}
	c.p["start"] = c.p["START"]
	return c.page(rows), nil
}

func departmentFits(r, p Fields) bool {
	for _, key := range []string{"ID", "NAME", "SORT", "PARENT", "UF_HEAD"} {
		if want, ok := p[key]; ok && !match.Any("=", r[key], want) {
			return false
		}
	}
	return true
}

// groupList returns the work groups, none of which is closed: hidden ones only to their members and to an administrator with IS_ADMIN.
func groupList(c *call) (any, error) {
	rows := []Fields{}
	for _, g := range c.st.Groups {
		if _, own := g.Members[c.user.ID]; g.Hidden && !own && !(c.user.Admin && php.Text(c.p["IS_ADMIN"]) == "Y") {
			continue
		}
		if id := php.Integer(c.p["GROUP_ID"]); id != 0 && id != g.ID {
			continue
		}
		rows = append(rows, Fields{"ID": strconv.FormatInt(g.ID, 10), "NAME": g.Name, "ACTIVE": "Y", "VISIBLE": php.YesNo(!g.Hidden), "CLOSED": "N",
			"NUMBER_OF_MEMBERS": strconv.Itoa(len(g.Members))})
	}
	sortRows(rows, []sortKey{{"NAME", false}})
	return c.page(rows), nil
}

// groupCreate creates a work group owned by the caller.
func groupCreate(c *call) (any, error) {
	name := strings.TrimSpace(php.Text(c.p["NAME"]))
	if name == "" {
		return nil, contract.Refuse("ERROR_CORE", "Не указано название группы")
	}
	g := &Group{ID: c.assignID("group", 0), Name: name, Hidden: php.Text(c.p["VISIBLE"]) == "N", Members: map[int64]string{c.user.ID: "A"}}
	c.st.Groups = append(c.st.Groups, g)
	c.changed()
	return g.ID, nil
}

func groupUsers(c *call) (any, error) {
	for _, g := range c.st.Groups {
		if g.ID != php.Integer(c.p["ID"]) {
			continue
		}
		var rows []Fields
		for id, role := range g.Members {
			rows = append(rows, Fields{"USER_ID": strconv.FormatInt(id, 10), "ROLE": role})
		}
		sortRows(rows, []sortKey{{"USER_ID", false}})
		return rows, nil
	}
	return nil, contract.Refuse("ERROR_CORE", "Socialnetwork group not found")
}

// SignedIn returns the user of a request from a browser: of ?as=, else of the cookie portal_user, else the manager.
func (p *Portal) SignedIn(r *http.Request) int64 {
	id := php.Integer(r.URL.Query().Get("as"))
	if c, err := r.Cookie("portal_user"); err == nil && id == 0 {
		id = php.Integer(c.Value)
	}
	if _, ok := p.User(id); ok {
		return id
	}
	if manager := p.Manager(); manager > 0 {
		return manager
	}
	return p.Admin()
}
