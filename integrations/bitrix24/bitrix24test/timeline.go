package bitrix24test

import (
	"fmt"
	"strconv"
	"strings"
)

// timelineOwner reads 'deal', 'company', 'contact' or 'dynamic_1030'.
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
		return int(integer(n))
	}
	return 0
}

// commentAdd writes a comment; files are pairs of name and base64.
func commentAdd(c *call) (any, error) {
	f := fields(c.p["fields"])
	entityType, id := timelineOwner(strings.ToLower(text(f["ENTITY_TYPE"]))), integer(f["ENTITY_ID"])
	switch {
	case text(f["COMMENT"]) == "" && f["FILES"] == nil:
		return nil, bad("", "Empty comment message")
	case !c.st.knowsType(entityType) || c.st.records(entityType).get(id) == nil:
		return nil, bad("", "Empty entity")
	case !c.st.maySee(c.user, entityType, id):
		return nil, bad("", "Access denied.")
	}
	c.recordIgnored("crm.timeline.comment.add", f)
	files := Fields{}
	for _, pair := range list(f["FILES"]) {
		n, err := c.storeFile(field{title: "FILES"}, pair)
		if err != nil {
			return nil, err
		}
		stored := c.st.Files[integer(n)]
		files[strconv.FormatInt(stored.ID, 10)] = Fields{"id": n, "name": stored.Name, "size": len(stored.Data), "type": "file"}
	}
	r := Fields{
		"ID": strconv.FormatInt(c.st.next("comment"), 10), "ENTITY_ID": strconv.FormatInt(id, 10),
		"ENTITY_TYPE": strings.ToLower(text(f["ENTITY_TYPE"])), "CREATED": c.nowText(), "COMMENT": text(f["COMMENT"]),
		"AUTHOR_ID": strconv.FormatInt(c.user.ID, 10), "FILES": files,
	}
	c.st.Comments = append(c.st.Comments, r)
	c.emit("ONCRMTIMELINECOMMENTADD", Fields{"FIELDS": Fields{"ID": r["ID"]}}, c.user)
	return integer(r["ID"]), nil
}

func commentList(c *call) (any, error) { return rowsOrEmpty(c.oldList(c.st.Comments)), nil }

func logAdd(c *call) (any, error) {
	f := fields(c.p["fields"])
	entityType, id := int(integer(f["entityTypeId"])), integer(f["entityId"])
	for _, name := range []string{"entityTypeId", "entityId", "title", "text", "iconCode"} {
		if text(f[name]) == "" {
			return nil, bad("100", "Could not find value for parameter {%s}", name)
		}
	}
	if _, err := c.readable(entityType, id); err != nil {
		return nil, err
	}
	c.recordIgnored("crm.timeline.logmessage.add", f)
	r := Fields{
		"id": float64(c.st.next("log")), "created": c.nowText(), "authorId": float64(c.user.ID), "title": text(f["title"]),
		"text": text(f["text"]), "iconCode": text(f["iconCode"]), "owner": key(entityType, id),
	}
	c.st.LogMessages = append(c.st.LogMessages, r)
	return Fields{"logMessage": withoutOwner(r)}, nil
}

func withoutOwner(r Fields) Fields {
	out := plain(r)
	delete(out, "owner")
	return out
}

func logList(c *call) (any, error) {
	owner := key(int(integer(c.p["entityTypeId"])), integer(c.p["entityId"]))
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
	Owner  string `json:"owner"` // "2:15"
	Title  string `json:"title,omitempty"`
	Text   string `json:"text"`
	Author int64  `json:"author"`
	Time   string `json:"time"`
	Kind   string `json:"kind"` // comment or log
}

// Timeline lists comments and log messages of all cards, oldest first within each kind.
func (p *Portal) Timeline() []Comment {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Comment{}
	for _, r := range p.st.Comments {
		out = append(out, Comment{
			Owner: key(timelineOwner(text(r["ENTITY_TYPE"])), integer(r["ENTITY_ID"])), Text: text(r["COMMENT"]),
			Author: integer(r["AUTHOR_ID"]), Time: text(r["CREATED"]), Kind: "comment",
		})
	}
	for _, r := range p.st.LogMessages {
		out = append(out, Comment{
			Owner: fmt.Sprint(r["owner"]), Title: text(r["title"]), Text: text(r["text"]), Author: integer(r["authorId"]),
			Time: text(r["created"]), Kind: "log",
		})
	}
	return out
}
