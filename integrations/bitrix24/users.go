package bitrix24

import (
	"context"
	"fmt"
	"slices"
)

// Profile is the user of the token, readable without any right (docs/contracts/bitrix24.md, "Verifying a request"); ID is 0 for an
// inactive user.
type Profile struct {
	ID       ID   `json:"ID"`
	Admin    Bool `json:"ADMIN"`
	Name     Text `json:"NAME"`
	LastName Text `json:"LAST_NAME"`
	TimeZone Text `json:"TIME_ZONE"`
}

// UnmarshalJSON reads [] and {} of an inactive user as the zero Profile.
func (p *Profile) UnmarshalJSON(data []byte) error {
	type plain Profile
	return withRaw(data, (*plain)(p), &Fields{})
}

// User is an employee; which fields are filled depends on the rights (docs/contracts/bitrix24.md, "People").
type User struct {
	ID           ID       `json:"ID"`
	Active       Bool     `json:"ACTIVE"`
	Name         Text     `json:"NAME"`
	SecondName   Text     `json:"SECOND_NAME"`
	LastName     Text     `json:"LAST_NAME"`
	Email        Text     `json:"EMAIL"`
	WorkPosition Text     `json:"WORK_POSITION"`
	Departments  List[ID] `json:"UF_DEPARTMENT"`
	TimeZone     Text     `json:"TIME_ZONE"`
	UserType     Text     `json:"USER_TYPE"`
}

// Department is a department of the company.
type Department struct {
	ID       ID   `json:"ID"`
	Name     Text `json:"NAME"`
	ParentID ID   `json:"PARENT"`
	HeadID   ID   `json:"UF_HEAD"`
}

// Heads returns the superiors of an employee, the nearest first: the heads of his departments, then those of the parent departments.
// The employee himself and departments without a head are skipped.
func Heads(u User, all []Department) []ID {
	known := make(map[ID]Department, len(all))
	for _, d := range all {
		known[d.ID] = d
	}
	var heads []ID
	seen := map[ID]bool{}
	for level := []ID(u.Departments); len(level) > 0; {
		var above []ID
		for _, id := range level {
			d, found := known[id]
			if !found || seen[id] {
				continue
			}
			seen[id], above = true, append(above, d.ParentID)
			if d.HeadID != 0 && d.HeadID != u.ID && !slices.Contains(heads, d.HeadID) {
				heads = append(heads, d.HeadID)
			}
		}
		level = above
	}
	return heads
}

// GetProfile reads the user of the token; the answer is a Profile. It also checks that a token works.
func GetProfile() Command { return Command{Method: "profile"} }

// GetScope reads the rights of the application; the answer is a List of Text.
func GetScope() Command { return Command{Method: "scope"} }

// ListUsers reads the first 50 employees that match, dismissed ones too unless the filter has ACTIVE; the answer is a
// List of User. Bots, mail users and system users are never returned. Only Profile shows who is an
// administrator, and only about the user of the token.
func ListUsers(filter Params) Command {
	p := Params{"sort": "ID", "order": "ASC"}
	if len(filter) > 0 {
		p["FILTER"] = filter
	}
	return Command{Method: "user.get", Params: p}
}

// ListDepartments reads the first 50 departments; the answer is a List of Department.
func ListDepartments() Command {
	return Command{Method: "department.get", Params: Params{"sort": "ID", "order": "ASC"}}
}

// Users reads all employees that match.
func (c *Client) Users(ctx context.Context, filter Params) ([]User, error) {
	return readAll(ctx, c, ListUsers(filter), "start", listRows[User])
}

// Departments reads all departments.
func (c *Client) Departments(ctx context.Context) ([]Department, error) {
	return readAll(ctx, c, ListDepartments(), "START", listRows[Department])
}

// WorkGroup is a work group or project of the portal (docs/contracts/bitrix24.md, "People").
type WorkGroup struct {
	ID   ID   `json:"ID"`
	Name Text `json:"NAME"`
}

// GroupUser is a member of a work group; Role is A for its owner, E for a moderator, K for a member.
type GroupUser struct {
	UserID ID   `json:"USER_ID"`
	Role   Text `json:"ROLE"`
}

// ListWorkGroups reads the first 50 work groups that are not closed; an administrator's token gets all of them. The answer
// is a List of WorkGroup.
func ListWorkGroups() Command {
	return Command{Method: "sonet_group.get", Params: Params{"ORDER": Params{"NAME": "ASC"}, "FILTER": Params{"CLOSED": "N"}, "IS_ADMIN": "Y"}}
}

// ListGroupUsers reads the members of a work group; the answer is a List of GroupUser.
func ListGroupUsers(group ID) Command {
	return Command{Method: "sonet_group.user.get", Params: Params{"ID": group}}
}

// WorkGroups reads all work groups that are not closed.
func (c *Client) WorkGroups(ctx context.Context) ([]WorkGroup, error) {
	return readAll(ctx, c, ListWorkGroups(), "start", listRows[WorkGroup])
}

// CreateWorkGroup creates a work group that all employees see and join by invitation. The user of the token becomes its owner. A hidden
// group would be visible only to its members and administrators, and the portal's token may belong to neither.
func (c *Client) CreateWorkGroup(ctx context.Context, name string) (group ID, err error) {
	err = c.Call(ctx, "sonet_group.create", Params{"NAME": name, "VISIBLE": "Y", "OPENED": "N"}, &group)
	return group, err
}

// GroupUsers reads the members of work groups, fifty groups in a call. Deleted groups are missing.
func (c *Client) GroupUsers(ctx context.Context, groups []ID) (map[ID][]GroupUser, error) {
	found := map[ID][]GroupUser{}
	_, err := byPages(groups, func(part []ID) ([]GroupUser, error) {
		commands := make([]Command, len(part))
		for i, id := range part {
			commands[i] = ListGroupUsers(id).As(groupKey(id))
		}
		res, err := c.Batch(ctx, commands, false)
		if err != nil {
			return nil, err
		}
		for _, id := range part {
			var users List[GroupUser]
			switch err := res.Get(groupKey(id), &users); {
			case err == nil:
				found[id] = users
			case !IsNotFound(err) && !Refused(err):
				return nil, err
			}
		}
		return nil, nil
	})
	return found, err
}

func groupKey(id ID) string { return fmt.Sprintf("g%d", id) }

// userPages is the number of pages of employees in one call.
const userPages = 10

// AllUsers reads all employees of the portal, dismissed ones too: the first page has their number, the others
// are read several in a call, few enough for a user to wait.
func (c *Client) AllUsers(ctx context.Context) ([]User, error) {
	first, err := c.Batch(ctx, []Command{ListUsers(nil).As("p0")}, false)
	if err != nil {
		return nil, err
	}
	var page List[User]
	if err := first.Get("p0", &page); err != nil {
		return nil, err
	}
	users := []User(page)
	total := min(first.Total("p0"), maxPages*pageSize)
	for at := pageSize; at < total; at += userPages * pageSize {
		more, err := c.usersFrom(ctx, at, min(total, at+userPages*pageSize))
		if err != nil {
			return nil, err
		}
		users = append(users, more...)
	}
	return users, nil
}

func (c *Client) usersFrom(ctx context.Context, from, before int) (users []User, err error) {
	var commands []Command
	for at := from; at < before; at += pageSize {
		commands = append(commands, ListUsers(nil).With(ID(at), "start").As(fmt.Sprintf("p%d", at)))
	}
	res, err := c.Batch(ctx, commands, false)
	if err != nil {
		return nil, err
	}
	for _, cmd := range commands {
		var page List[User]
		if err := res.Get(cmd.Key, &page); err != nil {
			return nil, err
		}
		users = append(users, page...)
	}
	return users, nil
}
