package bitrix24test

import (
	"slices"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestNotifications(t *testing.T) {
	p := Start(t, unlimited)
	note := func(text string) Fields { return Fields{"USER_ID": 2, "MESSAGE": text, "TAG": "act-1"} }
	first := p.must(t, 1, "im.notify.system.add", note("раз")).Result()
	second := p.must(t, 1, "im.notify.personal.add", note("два")).Result()
	if got := p.Notifications(); len(got) != 1 || got[0].Message != "два" || got[0].From != 1 || first == second {
		t.Errorf("a repeated TAG replaces: %v", got)
	}
	p.must(t, 1, "im.notify.system.add", Fields{"USER_ID": 3, "MESSAGE": "другому", "TAG": "act-1"})
	if got := p.Notifications(); len(got) != 1 || got[0].User != 3 {
		t.Errorf("a TAG is unique in the app, whoever has the notification: %v", got)
	}
	for code, in := range map[string]Fields{"USER_ID_EMPTY": {"MESSAGE": "x"}, "MESSAGE_EMPTY": {"USER_ID": 2}} {
		if r := p.refused(t, 1, "im.notify.system.add", in); r.Error() != code {
			t.Errorf("%s: %v", code, r.Body)
		}
	}
}

func TestTasks(t *testing.T) {
	p := Start(t, unlimited)
	add := func(f Fields) Fields { return Fields{"fields": f} }
	task := php.Map(p.must(t, 1, "tasks.task.add", add(Fields{
		"TITLE": "Указать статус акта", "RESPONSIBLE_ID": 2, "DEADLINE": "2026-11-09T19:00:00+03:00", "XML_ID": "act-1",
		"UF_CRM_TASK": []any{"D_10", "T406_17"},
	})).Map()["task"])
	if task["id"] != "1" || task["responsibleId"] != "2" || task["status"] != "2" || task["ufCrmTask"] != nil {
		t.Errorf("task = %v", task)
	}
	found := p.must(t, 1, "tasks.task.list", Fields{"filter": Fields{"UF_CRM_TASK": "D_10", "!STATUS": 5}, "select": []any{"ID", "UF_CRM_TASK"}})
	row := php.Map(php.List(found.Map()["tasks"])[0])
	if len(php.List(row["ufCrmTask"])) != 2 || row["title"] != nil || found.Body["total"] != 1.0 {
		t.Errorf("list = %v", found.Body)
	}
	if got := php.Map(p.must(t, 2, "tasks.task.complete", Fields{"taskId": 1}).Map()["task"]); got["status"] != "5" || got["closedBy"] != "2" {
		t.Errorf("completed = %v", got)
	}
	if got := php.List(p.must(t, 1, "tasks.task.list", Fields{"filter": Fields{"UF_CRM_TASK": "D_10", "!STATUS": 5}}).Map()["tasks"]); len(got) != 0 {
		t.Errorf("open ones = %v", got)
	}
	p.must(t, 1, "tasks.task.update", Fields{"taskId": 1, "fields": Fields{"DESCRIPTION": "пояснение"}})
	if got := php.Map(p.must(t, 1, "tasks.task.get", Fields{"taskId": 1}).Map()["task"]); got["description"] != "пояснение" {
		t.Errorf("get = %v", got)
	}
	for name, in := range map[string]Fields{
		"no title": {"RESPONSIBLE_ID": 2}, "no such person": {"TITLE": "x", "RESPONSIBLE_ID": 99}, "odd binding": {"TITLE": "x", "UF_CRM_TASK": []any{"10"}},
	} {
		if r := p.refused(t, 1, "tasks.task.add", add(in)); r.Error() != "ERROR_CORE" {
			t.Errorf("%s: %v", name, r.Body)
		}
	}
	p.refused(t, 1, "tasks.task.get", Fields{"taskId": 9})
}

func TestLetters(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	letter := func(change Fields) Fields {
		f := Fields{
			"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": 4, "DIRECTION": 2, "COMPLETED": "Y", "SUBJECT": "Акты", "DESCRIPTION": "<p>Текст</p>",
			"DESCRIPTION_TYPE": 3, "RESPONSIBLE_ID": 2, "COMMUNICATIONS": []any{Fields{"TYPE": "EMAIL", "VALUE": "client@example.ru", "ENTITY_ID": 1, "ENTITY_TYPE_ID": 4}},
			"SETTINGS": Fields{"MESSAGE_FROM": "Михаил <m@portal.example>"},
		}
		for k, v := range change {
			f[k] = v
		}
		return Fields{"fields": f}
	}
	id := p.must(t, 2, "crm.activity.add", letter(nil)).Result()
	if got := p.Letters(); len(got) != 1 || got[0].To[0] != "client@example.ru" || !got[0].HTML || got[0].Owner != "2:1" {
		t.Fatalf("letters = %v", got)
	}
	for _, change := range []Fields{{"COMPLETED": "N"}, {"DIRECTION": 1}, {"TYPE_ID": 2}} {
		p.must(t, 2, "crm.activity.add", letter(change))
	}
	for want, change := range map[string]Fields{
		`Email send error. "From" is not found`: {"SETTINGS": Fields{}}, `Email send error. "To" is not found`: {"COMMUNICATIONS": []any{}},
	} {
		if r := p.refused(t, 2, "crm.activity.add", letter(change)); r.Error() != "" || r.Body["error_description"] != want {
			t.Errorf("refusal = %v", r.Body)
		}
	}
	if len(p.Letters()) != 1 || len(p.Activities()) != 6 {
		t.Errorf("%d letters, %d activities", len(p.Letters()), len(p.Activities()))
	}
	listed := php.List(p.must(t, 2, "crm.activity.list", Fields{"filter": Fields{"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "ID": id}, "select": []any{"*", "COMMUNICATIONS"}}).Result())
	if got := php.Map(listed[0]); got["TYPE_ID"] != "4" || php.Map(php.List(got["COMMUNICATIONS"])[0])["VALUE"] != "client@example.ru" {
		t.Errorf("activity = %v", got)
	}
	p.must(t, 2, "crm.activity.delete", Fields{"id": id})
	p.refused(t, 2, "crm.activity.delete", Fields{"id": id})
}

func TestTimeline(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.must(t, 2, "crm.timeline.comment.add", Fields{"fields": Fields{"ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": "Акт «А» & \"Б\"\nсформирован", "FILES": []any{[]any{"a.txt", "MQ=="}}}})
	logged := php.Map(p.must(t, 2, "crm.timeline.logmessage.add", Fields{"fields": Fields{"entityTypeId": 2, "entityId": deal, "title": "Акт", "text": "подписан", "iconCode": "info"}}).Map()["logMessage"])
	if logged["id"] != 1.0 || logged["owner"] != nil {
		t.Errorf("log message = %v", logged)
	}
	if got := p.Timeline(); len(got) != 2 || got[0].Owner != "2:1" || got[1].Title != "Акт" {
		t.Errorf("timeline = %v", got)
	}
	comments := php.List(p.must(t, 2, "crm.timeline.comment.list", Fields{"filter": Fields{"ENTITY_ID": deal, "ENTITY_TYPE": "deal"}}).Result())
	if len(comments) != 1 || len(php.Map(php.Map(comments[0])["FILES"])) != 1 {
		t.Errorf("comments = %v", comments)
	}
	if text := php.Map(comments[0])["COMMENT"]; text != "Акт «А» &amp; &#34;Б&#34;<br />\nсформирован" {
		t.Errorf("a comment comes back as %q, want HTML", text)
	}
	p.refused(t, 2, "crm.timeline.comment.add", Fields{"fields": Fields{"ENTITY_ID": 9, "ENTITY_TYPE": "deal", "COMMENT": "x"}})
	if got := php.List(p.must(t, 2, "crm.timeline.logmessage.list", Fields{"entityTypeId": 2, "entityId": deal}).Result()); len(got) != 1 {
		t.Errorf("log list = %v", got)
	}
}

func TestPeople(t *testing.T) {
	p := Start(t, unlimited)
	p.AddGroup(Group{Name: "Работа с актами", Members: map[int64]string{1: "A", 2: "K"}})
	if got := php.List(p.must(t, 1, "user.get", Fields{"FILTER": Fields{"ACTIVE": true, "@ID": []any{1, 3}}, "sort": "ID", "order": "desc"}).Result()); len(got) != 2 || php.Map(got[0])["ID"] != "3" || php.Map(got[0])["EMAIL"] == nil {
		t.Errorf("users = %v", got)
	}
	if got := php.List(p.must(t, 2, "user.get", Fields{"ID": 2}).Result()); len(got) != 1 {
		t.Errorf("one user = %v", got)
	}
	if got := php.List(p.must(t, 2, "department.get", Fields{"ID": 1}).Result()); php.Map(got[0])["UF_HEAD"] != "1" {
		t.Errorf("department = %v", got)
	}
	if got := php.List(p.must(t, 2, "sonet_group.user.get", Fields{"ID": 1}).Result()); len(got) != 2 || php.Map(got[1])["ROLE"] != "K" {
		t.Errorf("group = %v", got)
	}
	p.Cloud().SetApp(func(a *App) { a.Scope = "crm,user_brief" })
	if got := p.must(t, 2, "user.current", nil).Map(); got["EMAIL"] != nil {
		t.Errorf("user_brief contains the e-mail: %v", got)
	}
	if r := p.refused(t, 2, "im.notify.system.add", Fields{"USER_ID": 1, "MESSAGE": "x"}); r.Status != 403 || r.Error() != "insufficient_scope" {
		t.Errorf("scope: %v", r.Body)
	}
}

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
	rows := php.List(p.must(t, 2, "crm.activity.list", Fields{"filter": filter, "select": []any{"ID", "ORIGIN_ID", "FILES"}}).Result())
	if len(rows) != 1 || php.Map(rows[0])["ID"] != php.Text(id) || len(php.List(php.Map(rows[0])["FILES"])) != 1 {
		t.Errorf("found %v", rows)
	}
	filter["ORIGIN_ID"] = "letter-2"
	if rows := php.List(p.must(t, 2, "crm.activity.list", Fields{"filter": filter}).Result()); len(rows) != 0 {
		t.Errorf("a foreign key finds %v", rows)
	}
}

// A letter that names its sender needs no mailbox; the address must be one and stands in angle brackets.
func TestLettersNeedAMailboxOrASender(t *testing.T) {
	p := Start(t, unlimited, func(c *Config) { c.Mailbox = "crm@portal.example" })
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.ConnectMail(false)
	for i, from := range []string{"", "Михаил", "m@portal.example", "Михаил <портал>"} {
		settings := Fields{"SETTINGS": Fields{"MESSAGE_FROM": from}}
		if r := p.refused(t, 2, "crm.activity.add", sent(deal, settings)); r.Body["error_description"] != `Email send error. "From" is not found` {
			t.Errorf("from %q: %v", from, r.Body)
		}
		if len(p.Activities()) != i+1 || len(p.Letters()) != 0 || p.MailConnected() {
			t.Errorf("from %q: %d activities, %d letters", from, len(p.Activities()), len(p.Letters()))
		}
	}
	p.must(t, 2, "crm.activity.add", sent(deal, nil))
	p.ConnectMail(true)
	p.must(t, 2, "crm.activity.add", sent(deal, Fields{"SETTINGS": Fields{}}))
	if got := p.Letters(); len(got) != 2 || got[0].From != "Михаил <m@portal.example>" || got[1].From != "crm@portal.example" {
		t.Errorf("letters %v", got)
	}
}
