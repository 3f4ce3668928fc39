package bitrix24test

import (
	"encoding/base64"
	"net/mail"
	"slices"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// Letter is an e-mail sent by the portal.
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

// activityAdd creates an activity; an outgoing completed e-mail is sent. When sending fails, the activity stays.
func activityAdd(c *call) (any, error) {
	f := php.Map(c.p["fields"])
	owner, ownerID := int(php.Integer(f["OWNER_TYPE_ID"])), php.Integer(f["OWNER_ID"])
	if !c.st.hasType(owner) || c.st.records(owner).get(ownerID) == nil {
		return nil, contract.Refuse("", "Не указан владелец дела.")
	}
	if !c.st.maySee(c.user, owner, ownerID) {
		return nil, contract.Refuse("", "Access denied.")
	}
	if strings.TrimSpace(php.Text(f["SUBJECT"])) == "" || php.Integer(f["RESPONSIBLE_ID"]) == 0 {
		return nil, contract.Refuse("", "Не заполнены обязательные поля.")
	}
	a := c.newActivity(f)
	id := php.Integer(a["ID"])
	c.emit("ONCRMACTIVITYADD", Fields{"FIELDS": Fields{"ID": php.Text(a["ID"])}}, c.user)
	if php.Integer(f["TYPE_ID"]) == 4 && php.Integer(f["DIRECTION"]) == 2 && php.Truth(f["COMPLETED"]) {
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
		if _, known := contract.Methods["crm.activity.add"].Fields[k]; !known && k != "COMPLETED" {
			c.recordIgnoredName(k)
			continue
		}
		switch k {
		case "COMMUNICATIONS":
			a[k] = c.communications(v)
		case "SETTINGS", "PROVIDER_PARAMS":
			a[k] = php.Map(v)
		case "COMPLETED":
			a[k] = php.YesNo(php.Truth(v))
		case "FILES":
			a[k] = c.attach(v)
		default:
			a[k] = php.Text(v)
		}
	}
	c.st.Activities = append(c.st.Activities, a)
	return a
}

func (c *call) communications(v any) []any {
	out := []any{}
	for _, raw := range php.List(v) {
		m := php.Map(raw)
		out = append(out, Fields{
			"ID": strconv.FormatInt(c.st.next("communication"), 10), "TYPE": php.Text(m["TYPE"]), "VALUE": php.Text(m["VALUE"]),
			"ENTITY_ID": php.Text(m["ENTITY_ID"]), "ENTITY_TYPE_ID": php.Text(m["ENTITY_TYPE_ID"]),
		})
	}
	return out
}

// send adds the e-mail to the sent letters.
func (c *call) send(activity int64, f, a Fields) error {
	from, err := c.sender(f)
	if err != nil {
		return err
	}
	var to []string
	for _, raw := range php.List(f["COMMUNICATIONS"]) {
		if m := php.Map(raw); strings.EqualFold(php.Text(m["TYPE"]), "EMAIL") && strings.Contains(php.Text(m["VALUE"]), "@") {
			to = append(to, strings.TrimSpace(php.Text(m["VALUE"])))
		}
	}
	if len(to) == 0 {
		return contract.Refuse("", `Email send error. "To" is not found`)
	}
	c.st.Letters = append(c.st.Letters, &Letter{
		ID: c.st.next("letter"), Activity: activity, From: from, To: to, Subject: php.Text(f["SUBJECT"]),
		Body: php.Text(f["DESCRIPTION"]), HTML: php.Integer(f["DESCRIPTION_TYPE"]) == 3, Time: c.nowText(),
		Owner: itemKey(int(php.Integer(f["OWNER_TYPE_ID"])), php.Integer(f["OWNER_ID"])), Files: c.attachments(a),
	})
	return nil
}

// sender returns the sender of an e-mail: the address in angle brackets that it names, which needs no mailbox, else the connected mailbox of
// the responsible, else the common one (apidocs.bitrix24.ru/tutorials/crm/how-to-add-crm-objects/how-to-send-email.html).
func (c *call) sender(f Fields) (string, error) {
	if named := php.Text(php.Map(f["SETTINGS"])["MESSAGE_FROM"]); named != "" {
		_, rest, open := strings.Cut(named, "<")
		address, _, closed := strings.Cut(rest, ">")
		if _, err := mail.ParseAddress(address); !open || !closed || err != nil {
			return "", errNoSender()
		}
		return named, nil
	}
	from := ""
	if u := c.st.user(php.Integer(f["RESPONSIBLE_ID"])); u != nil {
		from = u.Mailbox
	}
	if from == "" {
		from = c.cfg.Mailbox
	}
	if c.st.NoMail || !strings.Contains(from, "@") {
		return "", errNoSender()
	}
	return from, nil
}

// activityList omits communications and files unless they are selected by name.
func activityList(c *call) (any, error) {
	rows := rowsOrEmpty(c.upperCaseList(c.st.Activities))
	for i, r := range rows {
		rows[i] = php.Copy(r)
		for _, name := range []string{"COMMUNICATIONS", "FILES"} {
			if !slices.Contains(php.List(c.p["select"]), any(name)) {
				delete(rows[i], name)
			}
		}
	}
	return rows, nil
}

func activityDelete(c *call) (any, error) {
	before := len(c.st.Activities)
	c.st.Activities = slices.DeleteFunc(c.st.Activities, func(a Fields) bool {
		return php.Integer(a["ID"]) == php.Integer(c.p["id"])
	})
	if len(c.st.Activities) == before {
		return nil, contract.Refuse("", "Activity is not found.")
	}
	return true, nil
}

// Letters returns the sent e-mails.
func (p *messages) Letters() []Letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]Letter, 0, len(p.st.Letters))
	for _, l := range p.st.Letters {
		out = append(out, *l)
	}
	return out
}

// Activities copies all activities.
func (p *messages) Activities() []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return php.Copy(p.st.Activities)
}

// Attachment is a file of a letter; Portal.File returns its content.
type Attachment struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Size int    `json:"size"`
}

// attach stores the files of an activity, each {"fileData": ["name", "base64"]}. Another format is ignored without an error, as by the real
// portal, and recorded in the trace.
func (c *call) attach(v any) []any {
	out := []any{}
	for _, raw := range php.List(v) {
		pair := php.List(php.Map(raw)["fileData"])
		if len(pair) != 2 {
			c.recordIgnoredName("FILES")
			continue
		}
		data, err := base64.StdEncoding.DecodeString(php.Text(pair[1]))
		if err != nil {
			c.recordIgnoredName("FILES")
			continue
		}
		id := c.addFile(php.Text(pair[0]), data)
		out = append(out, Fields{"id": float64(id), "url": c.url + "/bitrix/tools/crm_show_file.php?fileId=" + php.Text(float64(id))})
	}
	return out
}

// attachments returns the files of an activity for its letter.
func (c *call) attachments(activity Fields) []Attachment {
	var out []Attachment
	for _, raw := range php.List(activity["FILES"]) {
		if f := c.st.Files[php.Integer(php.Map(raw)["id"])]; f != nil {
			out = append(out, Attachment{ID: f.ID, Name: f.Name, Size: len(f.Data)})
		}
	}
	return out
}

// ConnectMail connects or disconnects the portal's mailboxes. Without them only e-mails that name their sender are sent; the activity of
// others stays.
func (p *messages) ConnectMail(connected bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.NoMail = !connected
	p.changed()
}

// MailConnected reports whether mailboxes are connected.
func (p *messages) MailConnected() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.st.NoMail
}

func errNoSender() *contract.Error {
	return contract.Refuse("", `Email send error. "From" is not found`)
}
