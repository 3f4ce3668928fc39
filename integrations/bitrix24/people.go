package bitrix24

import (
	"context"
	"slices"
)

// Profile is the token's user as the portal knows him without any scope (section 1.6); ID is 0 when he is inactive.
type Profile struct {
	ID       ID   `json:"ID"`
	Admin    Bool `json:"ADMIN"`
	Name     Text `json:"NAME"`
	LastName Text `json:"LAST_NAME"`
	TimeZone Text `json:"TIME_ZONE"`
}

// UnmarshalJSON reads an inactive user's [] or {} as the zero Profile.
func (p *Profile) UnmarshalJSON(data []byte) error {
	type plain Profile
	return withRaw(data, (*plain)(p), &Fields{})
}

// User is an employee; what is filled depends on the scopes (section 6.5).
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

// Department is a part of the company; HeadID is its head.
type Department struct {
	ID       ID   `json:"ID"`
	Name     Text `json:"NAME"`
	ParentID ID   `json:"PARENT"`
	HeadID   ID   `json:"UF_HEAD"`
}

// Heads are those above the employee, the nearest first: the head of each of his departments, then those of the
// departments above. He himself is left out, and so is a department without a head.
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

// GetProfile asks who the token's user is; the answer is a Profile. Good as a probe of a token.
func GetProfile() Command { return Command{Method: "profile"} }

// GetCurrentUser reads the token's user with his contacts; the answer is a User.
func GetCurrentUser() Command { return Command{Method: "user.current"} }

// ListUsers reads the first 50 employees that match, dismissed ones too unless the filter has ACTIVE; the answer is a
// List of User. Bots, mail users and system users are never returned. Nothing here tells an administrator: only
// Profile does, and only of the token's own user.
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

// Profile asks who the token's user is.
func (c *Client) Profile(ctx context.Context) (Profile, error) {
	return fetch[Profile](ctx, c, GetProfile())
}

// CurrentUser reads the token's user with his contacts.
func (c *Client) CurrentUser(ctx context.Context) (User, error) {
	return fetch[User](ctx, c, GetCurrentUser())
}

// Users reads all employees that match.
func (c *Client) Users(ctx context.Context, filter Params) ([]User, error) {
	return all(ctx, c, ListUsers(filter), "start", plain[User])
}

// Departments reads all departments.
func (c *Client) Departments(ctx context.Context) ([]Department, error) {
	return all(ctx, c, ListDepartments(), "START", plain[Department])
}
