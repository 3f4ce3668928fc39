package bitrix24test

import "encoding/base64"

// Attachment is a file of a letter; File gives its content.
type Attachment struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Size int    `json:"size"`
}

// attach keeps the files of an activity, each {"fileData": ["name", "base64"]}. Another shape is passed over without
// an error, as PHP does with a key that it does not look for, and written down.
func (c *call) attach(v any) []any {
	out := []any{}
	for _, raw := range list(v) {
		pair := list(fields(raw)["fileData"])
		if len(pair) != 2 {
			c.ignore("FILES")
			continue
		}
		data, err := base64.StdEncoding.DecodeString(text(pair[1]))
		if err != nil {
			c.ignore("FILES")
			continue
		}
		id := c.keepFile(text(pair[0]), data)
		out = append(out, Fields{"id": float64(id), "url": c.url + "/bitrix/tools/crm_show_file.php?fileId=" + text(float64(id))})
	}
	return out
}

// attachments are the files of an activity as they travel with its letter.
func (c *call) attachments(activity Fields) []Attachment {
	var out []Attachment
	for _, raw := range list(activity["FILES"]) {
		if f := c.st.Files[integer(fields(raw)["id"])]; f != nil {
			out = append(out, Attachment{ID: f.ID, Name: f.Name, Size: len(f.Data)})
		}
	}
	return out
}

// ConnectMail connects the portal's mailboxes to the CRM, or takes all of them away: then no letter goes, whoever is
// named as its sender, and its activity stays.
func (p *Portal) ConnectMail(connected bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.NoMail = !connected
	p.changed()
}

// MailConnected tells whether letters can go.
func (p *Portal) MailConnected() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.st.NoMail
}

func errNoSender() *Error { return bad("", `Email send error. "From" is not found`) }
