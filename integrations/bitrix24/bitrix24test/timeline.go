package bitrix24test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// timelineOwner returns the entity type of 'deal', 'company', 'contact' or 'dynamic_1030'.
func timelineOwner(name string) int {
	switch name {
	case "deal":
		return Deal
	case "contact":
		return Contact
	case "company":
		return Company
	}
	if n, ok := strings.CutPrefix(name, "dynamic_"); ok {
		return int(php.Integer(n))
	}
	return 0
}

// commentAdd writes a comment; files are pairs of name and base64.
func commentAdd(c *call) (any, error) {
	f := php.Map(c.p["fields"])
	entityType, id := timelineOwner(strings.ToLower(php.Text(f["ENTITY_TYPE"]))), php.Integer(f["ENTITY_ID"])
	switch {
	case php.Text(f["COMMENT"]) == "" && f["FILES"] == nil:
		return nil, contract.Refuse("", "Empty comment message")
	case !c.st.hasType(entityType) || c.st.records(entityType).get(id) == nil:
		return nil, contract.Refuse("", "Empty entity")
	case !c.st.maySee(c.user, entityType, id):
		return nil, contract.Refuse("", "Access denied.")
	}
	c.recordIgnored("crm.timeline.comment.add", f)
	files := Fields{}
	for _, pair := range php.List(f["FILES"]) {
		n, err := c.storeFile(field{title: "FILES"}, pair)
		if err != nil {
			return nil, err
		}
		stored := c.st.Files[php.Integer(n)]
		files[strconv.FormatInt(stored.ID, 10)] = Fields{"id": n, "name": stored.Name, "size": len(stored.Data), "type": "file"}
	}
	r := Fields{
		"ID": strconv.FormatInt(c.st.next("comment"), 10), "ENTITY_ID": strconv.FormatInt(id, 10),
		"ENTITY_TYPE": strings.ToLower(php.Text(f["ENTITY_TYPE"])), "CREATED": c.nowText(), "COMMENT": php.Text(f["COMMENT"]),
		"AUTHOR_ID": strconv.FormatInt(c.user.ID, 10), "FILES": files,
	}
	c.st.Comments = append(c.st.Comments, r)
	c.emit("ONCRMTIMELINECOMMENTADD", Fields{"FIELDS": Fields{"ID": r["ID"]}}, c.user)
	return php.Integer(r["ID"]), nil
}

// commentList returns comments as HTML: the form in which a text comes back is not documented.
func commentList(c *call) (any, error) {
	return rowsOrEmpty(php.AsHTML(c.upperCaseList(c.st.Comments), "COMMENT")), nil
}

func logAdd(c *call) (any, error) {
	f := php.Map(c.p["fields"])
	entityType, id := int(php.Integer(f["entityTypeId"])), php.Integer(f["entityId"])
	for _, name := range []string{"entityTypeId", "entityId", "title", "text", "iconCode"} {
		if php.Text(f[name]) == "" {
			return nil, contract.Refuse("100", "Could not find value for parameter {%s}", name)
		}
	}
	if _, err := c.readable(entityType, id); err != nil {
		return nil, err
	}
	c.recordIgnored("crm.timeline.logmessage.add", f)
	r := Fields{
		"id": float64(c.st.next("log")), "created": c.nowText(), "authorId": float64(c.user.ID), "title": php.Text(f["title"]),
		"text": php.Text(f["text"]), "iconCode": php.Text(f["iconCode"]), "owner": itemKey(entityType, id),
	}
	c.st.LogMessages = append(c.st.LogMessages, r)
	return Fields{"logMessage": withoutOwner(r)}, nil
}

func withoutOwner(r Fields) Fields {
	out := php.Copy(r)
	delete(out, "owner")
	return out
}

func logList(c *call) (any, error) {
	owner := itemKey(int(php.Integer(c.p["entityTypeId"])), php.Integer(c.p["entityId"]))
	var rows []Fields
	for _, r := range c.st.LogMessages {
		if r["owner"] == owner {
			rows = append(rows, withoutOwner(r))
		}
	}
	keys := c.orderKeys()
	if len(keys) == 0 {
		keys = []sortKey{{"id", true}}
	}
	sortRows(rows, keys)
	return rowsOrEmpty(c.page(rows)), nil
}

// Comment is an entry of a card's timeline.
type Comment struct {
	ID     int64  `json:"id"`
	Owner  string `json:"owner"` // "2:15"
	Title  string `json:"title,omitempty"`
	Text   string `json:"text"`
	Author int64  `json:"author"`
	Time   string `json:"time"`
	Kind   string `json:"kind"` // comment or log
}

// Timeline returns the comments and log messages of all cards, oldest first within each kind.
func (p *messages) Timeline() []Comment {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Comment{}
	for _, r := range p.st.Comments {
		out = append(out, Comment{
			ID: php.Integer(r["ID"]), Owner: itemKey(timelineOwner(php.Text(r["ENTITY_TYPE"])), php.Integer(r["ENTITY_ID"])), Text: php.Text(r["COMMENT"]),
			Author: php.Integer(r["AUTHOR_ID"]), Time: php.Text(r["CREATED"]), Kind: "comment",
		})
	}
	for _, r := range p.st.LogMessages {
		out = append(out, Comment{
			ID: php.Integer(r["id"]), Owner: fmt.Sprint(r["owner"]), Title: php.Text(r["title"]), Text: php.Text(r["text"]), Author: php.Integer(r["authorId"]),
			Time: php.Text(r["created"]), Kind: "log",
		})
	}
	return out
}

// Notification is a notification of a user.
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

// notify adds a notification and removes earlier ones of any user with the same TAG, which is unique in the app. Dismissed users get it
// too, because no page documents an error.
func (c *call) notify(from int64) (any, error) {
	user := php.Integer(c.p["USER_ID"])
	switch {
	case user == 0:
		return nil, contract.Refuse("USER_ID_EMPTY", "User ID can't be empty")
	case php.Text(c.p["MESSAGE"]) == "":
		return nil, contract.Refuse("MESSAGE_EMPTY", "Message can't be empty")
	case c.st.user(user) == nil:
		return nil, contract.Refuse("USER_ID_EMPTY", "User ID can't be empty")
	}
	tag := php.Text(c.p["TAG"])
	if tag != "" {
		c.st.Notifications = slices.DeleteFunc(c.st.Notifications, func(n *Notification) bool {
			return n.Tag == tag
		})
	}
	n := &Notification{
		ID: c.st.next("notification"), User: user, From: from, Message: php.Text(c.p["MESSAGE"]), Tag: tag,
		Out: php.Text(c.p["MESSAGE_OUT"]), SubTag: php.Text(c.p["SUB_TAG"]), Time: c.nowText(),
	}
	c.st.Notifications = append(c.st.Notifications, n)
	return n.ID, nil
}

// isActive reports whether an employee exists and is not dismissed.
func (s *state) isActive(id int64) bool {
	u := s.user(id)
	return u != nil && u.Active
}

// Notifications returns the notifications of all users, oldest first.
func (p *messages) Notifications() []Notification {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]Notification, 0, len(p.st.Notifications))
	for _, n := range p.st.Notifications {
		out = append(out, *n)
	}
	return out
}

// ReadNotifications marks the notifications of a user as read.
func (p *messages) ReadNotifications(user int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.st.Notifications {
		if n.User == user {
			n.Read = true
		}
	}
	p.changed()
}
