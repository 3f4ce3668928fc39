package bitrix24test

import (
	"slices"
	"strconv"
	"strings"
)

// Letter is an e-mail that left the portal.
type Letter struct {
	ID       int64    `json:"id"`
	Activity int64    `json:"activity"`
	From     string   `json:"from"`
	To       []string `json:"to"`
	Subject  string   `json:"subject"`
	Body     string   `json:"body"`
	HTML     bool     `json:"html"`
	Owner    string   `json:"owner"` // "2:15"
	Time     string   `json:"time"`

	Files []Attachment `json:"files,omitempty"`
}

// activityAdd writes an activity; an outgoing completed letter is sent. When sending fails the activity stays.
func activityAdd(c *call) (any, error) {
	f := fields(c.p["fields"])
	owner, ownerID := int(integer(f["OWNER_TYPE_ID"])), integer(f["OWNER_ID"])
	if !c.st.knowsType(owner) || c.st.records(owner).get(ownerID) == nil {
		return nil, bad("", "Не указан владелец дела.")
	}
	if !c.st.maySee(c.user, owner, ownerID) {
		return nil, bad("", "Access denied.")
	}
	if strings.TrimSpace(text(f["SUBJECT"])) == "" || integer(f["RESPONSIBLE_ID"]) == 0 {
		return nil, bad("", "Не заполнены обязательные поля.")
	}
	a := c.newActivity(f)
	id := integer(a["ID"])
	c.emit("ONCRMACTIVITYADD", Fields{"FIELDS": Fields{"ID": text(a["ID"])}}, c.user)
	if integer(f["TYPE_ID"]) == 4 && integer(f["DIRECTION"]) == 2 && truth(f["COMPLETED"]) {
		if err := c.send(id, f, a); err != nil {
			return nil, err
		}
	}
	return id, nil
}

func (c *call) newActivity(f Fields) Fields {
	a := Fields{
		"ID": strconv.FormatInt(c.st.next("activity"), 10), "DESCRIPTION": "", "DESCRIPTION_TYPE": "1", "DIRECTION": "0",
		"COMPLETED": "N", "STATUS": "1", "PRIORITY": "2", "CREATED": c.nowText(), "LAST_UPDATED": c.nowText(),
		"AUTHOR_ID": strconv.FormatInt(c.user.ID, 10), "PROVIDER_ID": "CRM_EMAIL", "PROVIDER_TYPE_ID": "EMAIL",
		"ORIGIN_ID": nil, "ORIGINATOR_ID": nil, "SETTINGS": Fields{}, "COMMUNICATIONS": []any{},
		"FILES": []any{},
	}
	for k, v := range f {
		if _, known := Contract["crm.activity.add"].Fields[k]; !known && k != "COMPLETED" {
			c.ignore(k)
			continue
		}
		switch k {
		case "COMMUNICATIONS":
			a[k] = c.communications(v)
		case "SETTINGS", "PROVIDER_PARAMS":
			a[k] = fields(v)
		case "COMPLETED":
			a[k] = yesNo(truth(v))
		case "FILES":
			a[k] = c.attach(v)
		default:
			a[k] = text(v)
		}
	}
	c.st.Activities = append(c.st.Activities, a)
	return a
}

func (c *call) communications(v any) []any {
	out := []any{}
	for _, raw := range list(v) {
		m := fields(raw)
		out = append(out, Fields{
			"ID": strconv.FormatInt(c.st.next("communication"), 10), "TYPE": text(m["TYPE"]), "VALUE": text(m["VALUE"]),
			"ENTITY_ID": text(m["ENTITY_ID"]), "ENTITY_TYPE_ID": text(m["ENTITY_TYPE_ID"]),
		})
	}
	return out
}

// send puts the letter into the outgoing mail.
func (c *call) send(activity int64, f, a Fields) error {
	if c.st.NoMail {
		return errNoSender()
	}
	from := text(fields(f["SETTINGS"])["MESSAGE_FROM"])
	if u := c.st.hasUser(integer(f["RESPONSIBLE_ID"])); from == "" && u != nil {
		from = u.Mailbox
	}
	if from == "" {
		from = c.cfg.Mailbox
	}
	if !strings.Contains(from, "@") {
		return errNoSender()
	}
	var to []string
	for _, raw := range list(f["COMMUNICATIONS"]) {
		if m := fields(raw); strings.EqualFold(text(m["TYPE"]), "EMAIL") && strings.Contains(text(m["VALUE"]), "@") {
			to = append(to, strings.TrimSpace(text(m["VALUE"])))
		}
	}
	if len(to) == 0 {
		return bad("", `Email send error. "To" is not found`)
	}
	c.st.Letters = append(c.st.Letters, &Letter{
		ID: c.st.next("letter"), Activity: activity, From: from, To: to, Subject: text(f["SUBJECT"]),
		Body: text(f["DESCRIPTION"]), HTML: integer(f["DESCRIPTION_TYPE"]) == 3, Time: c.nowText(),
		Owner: key(int(integer(f["OWNER_TYPE_ID"])), integer(f["OWNER_ID"])), Files: c.attachments(a),
	})
	return nil
}

// activityList leaves out communications and files unless they are selected by name.
func activityList(c *call) (any, error) {
	rows := rowsOrEmpty(c.oldList(c.st.Activities))
	for i, r := range rows {
		rows[i] = plain(r)
		for _, name := range []string{"COMMUNICATIONS", "FILES"} {
			if !slices.Contains(list(c.p["select"]), any(name)) {
				delete(rows[i], name)
			}
		}
	}
	return rows, nil
}

func activityDelete(c *call) (any, error) {
	before := len(c.st.Activities)
	c.st.Activities = slices.DeleteFunc(c.st.Activities, func(a Fields) bool {
		return integer(a["ID"]) == integer(c.p["id"])
	})
	if len(c.st.Activities) == before {
		return nil, bad("", "Activity is not found.")
	}
	return true, nil
}

// Letters lists the e-mails that left the portal.
func (p *Portal) Letters() []Letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]Letter, 0, len(p.st.Letters))
	for _, l := range p.st.Letters {
		out = append(out, *l)
	}
	return out
}

// Activities copies all activities.
func (p *Portal) Activities() []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return plain(p.st.Activities)
}
