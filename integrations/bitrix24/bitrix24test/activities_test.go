package bitrix24test

import (
	"maps"
	"slices"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestLetters(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	id := p.mustCall(t, 2, "crm.activity.add", letterOf(deal, nil)).Result()
	if got := p.Letters(); len(got) != 1 || got[0].To[0] != "client@example.ru" || !got[0].HTML || got[0].Owner != "2:1" {
		t.Fatalf("letters = %v, want one in HTML of deal 1 to client@example.ru", got)
	}
	for _, change := range []Fields{{"COMPLETED": "N"}, {"DIRECTION": 1}, {"TYPE_ID": 2}} { // activities that are not sent as letters
		p.mustCall(t, 2, "crm.activity.add", letterOf(deal, change))
	}
	for text, change := range map[string]Fields{
		`Email send error. "From" is not found`: {"SETTINGS": Fields{}}, `Email send error. "To" is not found`: {"COMMUNICATIONS": []any{}},
	} {
		p.refusedWith(t, 2, "crm.activity.add", letterOf(deal, change), "", text)
	}
	if len(p.Letters()) != 1 || len(p.Activities()) != 6 {
		t.Errorf("%d letters, %d activities; want 1 and 6: a refused letter leaves its activity", len(p.Letters()), len(p.Activities()))
	}
	listed := php.List(p.mustCall(t, 2, "crm.activity.list", Fields{"filter": Fields{"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "ID": id}, "select": []any{"*", "COMMUNICATIONS"}}).Result())
	if got := php.Map(listed[0]); got["TYPE_ID"] != "4" || php.Map(php.List(got["COMMUNICATIONS"])[0])["VALUE"] != "client@example.ru" {
		t.Errorf("activity = %v, want TYPE_ID and the recipient as texts", got)
	}
	p.mustCall(t, 2, "crm.activity.delete", Fields{"id": id})
	p.refusedWith(t, 2, "crm.activity.delete", Fields{"id": id}, "", "Activity is not found.")
}

// letterOf returns the parameters of crm.activity.add for a letter of a deal, with the changed fields.
func letterOf(deal int64, change Fields) Fields {
	f := Fields{
		"OWNER_TYPE_ID": Deal, "OWNER_ID": deal, "TYPE_ID": 4, "DIRECTION": 2, "COMPLETED": "Y", "SUBJECT": "Акты",
		"DESCRIPTION": "<p>Текст</p>", "DESCRIPTION_TYPE": 3, "RESPONSIBLE_ID": 2, "COMMUNICATIONS": []any{Fields{"TYPE": "EMAIL", "VALUE": "client@example.ru", "ENTITY_ID": 1, "ENTITY_TYPE_ID": Company}},
		"SETTINGS": Fields{"MESSAGE_FROM": "Михаил <m@portal.example>"}, "ORIGINATOR_ID": "acts", "ORIGIN_ID": "letter-1",
	}
	maps.Copy(f, change)
	return Fields{"fields": f}
}

func TestFilesOfLetters(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	id := p.mustCall(t, 2, "crm.activity.add", letterOf(deal, Fields{"FILES": []any{
		Fields{"fileData": upload("акт.pdf", "%PDF")}, upload("пара.pdf", "%PDF"), Fields{"fileData": []any{"битый.pdf", "***"}},
	}})).Result()
	letter := p.Letters()[0]
	if len(letter.Files) != 1 || letter.Files[0].Name != "акт.pdf" || letter.Files[0].Size != 4 {
		t.Fatalf("attachments = %v, want акт.pdf of 4 bytes", letter.Files)
	}
	if f, ok := p.File(letter.Files[0].ID); !ok || string(f.Data) != "%PDF" {
		t.Errorf("the stored file is %q, found %v; want %%PDF", f.Data, ok)
	}
	if lines := p.Trace().Lines(); !slices.Contains(lines[len(lines)-1].Ignored, "FILES") {
		t.Errorf("ignored %v, want FILES for the entries in another format", lines[len(lines)-1].Ignored)
	}
	filter := Fields{"ORIGINATOR_ID": "acts", "ORIGIN_ID": "letter-1"}
	rows := php.List(p.mustCall(t, 2, "crm.activity.list", Fields{"filter": filter, "select": []any{"ID", "ORIGIN_ID", "FILES"}}).Result())
	if len(rows) != 1 || php.Map(rows[0])["ID"] != php.Text(id) || len(php.List(php.Map(rows[0])["FILES"])) != 1 {
		t.Errorf("activities of letter-1 = %v, want %v with its file", rows, id)
	}
	filter["ORIGIN_ID"] = "letter-2"
	if rows := php.List(p.mustCall(t, 2, "crm.activity.list", Fields{"filter": filter}).Result()); len(rows) != 0 {
		t.Errorf("activities of letter-2 = %v, want none", rows)
	}
}

// A letter needs a mailbox or names its sender, with a valid address in angle brackets.
func TestLettersNeedAMailboxOrASender(t *testing.T) {
	p := Start(t, unlimited, func(c *Config) { c.Mailbox = "crm@portal.example" })
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.ConnectMail(false)
	for i, from := range []string{"", "Михаил", "m@portal.example", "Михаил <портал>"} {
		settings := Fields{"SETTINGS": Fields{"MESSAGE_FROM": from}}
		p.refusedWith(t, 2, "crm.activity.add", letterOf(deal, settings), "", `Email send error. "From" is not found`)
		if len(p.Activities()) != i+1 || len(p.Letters()) != 0 || p.MailConnected() {
			t.Errorf("from %q: %d activities, %d letters, mailbox connected %v; want %d, 0, false", from, len(p.Activities()), len(p.Letters()), p.MailConnected(), i+1)
		}
	}
	p.mustCall(t, 2, "crm.activity.add", letterOf(deal, nil))
	p.ConnectMail(true)
	p.mustCall(t, 2, "crm.activity.add", letterOf(deal, Fields{"SETTINGS": Fields{}}))
	if got := p.Letters(); len(got) != 2 || got[0].From != "Михаил <m@portal.example>" || got[1].From != "crm@portal.example" {
		t.Errorf("letters %v, want one of the named sender and one of the mailbox", got)
	}
}
