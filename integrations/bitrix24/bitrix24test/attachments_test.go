package bitrix24test

import (
	"slices"
	"testing"
)

// sent is a letter of a deal with the changes given.
func sent(deal int64, change Fields) Fields {
	f := Fields{
		"OWNER_TYPE_ID": Deal, "OWNER_ID": deal, "TYPE_ID": 4, "DIRECTION": 2, "COMPLETED": "Y", "SUBJECT": "Акты",
		"RESPONSIBLE_ID": 2, "COMMUNICATIONS": []any{Fields{"TYPE": "EMAIL", "VALUE": "client@example.ru"}},
		"SETTINGS": Fields{"MESSAGE_FROM": "Михаил <m@portal.example>"}, "ORIGINATOR_ID": "acts", "ORIGIN_ID": "letter-1",
	}
	for k, v := range change {
		f[k] = v
	}
	return Fields{"fields": f}
}

func TestLettersCarryFiles(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	id := p.must(t, 2, "crm.activity.add", sent(deal, Fields{"FILES": []any{
		Fields{"fileData": []any{"акт.pdf", "JVBERg=="}}, []any{"пара.pdf", "JVBERg=="}, Fields{"fileData": []any{"битый.pdf", "***"}},
	}})).Result()
	letter := p.Letters()[0]
	if len(letter.Files) != 1 || letter.Files[0].Name != "акт.pdf" || letter.Files[0].Size != 4 {
		t.Fatalf("attachments = %v", letter.Files)
	}
	if f, ok := p.File(letter.Files[0].ID); !ok || string(f.Data) != "%PDF" {
		t.Errorf("the content is %q", f.Data)
	}
	if lines := p.Trace().Lines(); !slices.Contains(lines[len(lines)-1].Ignored, "FILES") {
		t.Error("files of another shape are not written down")
	}
	filter := Fields{"ORIGINATOR_ID": "acts", "ORIGIN_ID": "letter-1"}
	rows := list(p.must(t, 2, "crm.activity.list", Fields{"filter": filter, "select": []any{"ID", "ORIGIN_ID", "FILES"}}).Result())
	if len(rows) != 1 || fields(rows[0])["ID"] != text(id) || len(list(fields(rows[0])["FILES"])) != 1 {
		t.Errorf("found %v", rows)
	}
	filter["ORIGIN_ID"] = "letter-2"
	if rows := list(p.must(t, 2, "crm.activity.list", Fields{"filter": filter}).Result()); len(rows) != 0 {
		t.Errorf("a foreign key finds %v", rows)
	}
}

func TestLettersNeedAMailbox(t *testing.T) {
	p := Start(t, unlimited, func(c *Config) { c.Mailbox = "crm@portal.example" })
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.ConnectMail(false)
	if r := p.refused(t, 2, "crm.activity.add", sent(deal, nil)); r.Body["error_description"] != `Email send error. "From" is not found` {
		t.Errorf("refusal = %v", r.Body)
	}
	if len(p.Activities()) != 1 || len(p.Letters()) != 0 || p.MailConnected() {
		t.Errorf("%d activities, %d letters", len(p.Activities()), len(p.Letters()))
	}
	p.ConnectMail(true)
	p.must(t, 2, "crm.activity.add", sent(deal, nil))
	if len(p.Letters()) != 1 {
		t.Error("the letter did not go")
	}
}
