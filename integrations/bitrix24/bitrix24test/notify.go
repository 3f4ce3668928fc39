package bitrix24test

import (
	"slices"
)

// Notification is an entry of a user's bell.
type Notification struct {
	ID      int64  `json:"id"`
	User    int64  `json:"user"`
	From    int64  `json:"from"` // 0: the system
	Message string `json:"message"`
	Out     string `json:"out"`
	Tag     string `json:"tag"`
	SubTag  string `json:"subTag"`
	Time    string `json:"time"`
	Read    bool   `json:"read"`
}

func notifySystem(c *call) (any, error)   { return c.notify(0) }
func notifyPersonal(c *call) (any, error) { return c.notify(c.user.ID) }

// notify puts an entry into the bell; an earlier one with the same TAG goes away. The bell of a dismissed person takes
// it as well: no page names an error for that, and nobody reads it.
func (c *call) notify(from int64) (any, error) {
	user := integer(c.p["USER_ID"])
	switch {
	case user == 0:
		return nil, bad("USER_ID_EMPTY", "User ID can't be empty")
	case text(c.p["MESSAGE"]) == "":
		return nil, bad("MESSAGE_EMPTY", "Message can't be empty")
	case c.st.hasUser(user) == nil:
		return nil, bad("USER_ID_EMPTY", "User ID can't be empty")
	}
	tag := text(c.p["TAG"])
	if tag != "" {
		c.st.Notifications = slices.DeleteFunc(c.st.Notifications, func(n *Notification) bool {
			return n.Tag == tag && n.User == user
		})
	}
	n := &Notification{
		ID: c.st.next("notification"), User: user, From: from, Message: text(c.p["MESSAGE"]), Tag: tag,
		Out: text(c.p["MESSAGE_OUT"]), SubTag: text(c.p["SUB_TAG"]), Time: c.nowText(),
	}
	c.st.Notifications = append(c.st.Notifications, n)
	return n.ID, nil
}

func (s *state) hasUser(id int64) *User {
	for _, u := range s.Users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// works tells an employee who is there and was not dismissed.
func (s *state) works(id int64) bool {
	u := s.hasUser(id)
	return u != nil && u.Active
}

// Notifications lists the entries of all bells, oldest first.
func (p *Portal) Notifications() []Notification {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]Notification, 0, len(p.st.Notifications))
	for _, n := range p.st.Notifications {
		out = append(out, *n)
	}
	return out
}

// ReadNotifications marks the entries of a user's bell as seen.
func (p *Portal) ReadNotifications(user int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.st.Notifications {
		if n.User == user {
			n.Read = true
		}
	}
	p.changed()
}
