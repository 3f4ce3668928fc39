package main

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
)

// acts makes the smart process «Акты» under deals with a field of several files.
func (v *visitor) acts(t *testing.T) bitrix24test.Type {
	t.Helper()
	r, err := v.portal.Call(seedAdmin, "crm.type.add", bitrix24test.Fields{"fields": bitrix24test.Fields{
		"title": "Акты", "isStagesEnabled": "Y", "isClientEnabled": "Y",
		"relations": bitrix24test.Fields{"parent": []any{bitrix24test.Fields{"entityTypeId": 2, "isChildrenListEnabled": "true"}}},
	}})
	if err != nil || r.Failed() {
		t.Fatal(r.Body, err)
	}
	kind := v.portal.Types()[0]
	v.portal.AddUserField(bitrix24test.UserField{
		EntityID: fmt.Sprintf("CRM_%d", kind.ID), Name: fmt.Sprintf("UF_CRM_%d_SCANS", kind.ID), Kind: "file", Multiple: true, Label: "Сканы",
	})
	return kind
}

// upload sends the form of a card with files.
func (v *visitor) upload(t *testing.T, values url.Values, field string, names ...string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, list := range values {
		for _, value := range list {
			_ = form.WriteField(name, value)
		}
	}
	for _, name := range names {
		part, err := form.CreateFormFile(field, name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte("%PDF " + name))
	}
	_ = form.Close()
	resp, err := v.Post(v.portal.URL()+"/_portal/edit", form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

func TestItemsAreMadeAndFilesPutIntoThem(t *testing.T) {
	v := newVisitor(t)
	kind := v.acts(t)
	if _, page := v.see(t, "/crm/deal/details/1/?tab=related"); !strings.Contains(page, fmt.Sprintf(`data-testid="add-%d"`, kind.EntityTypeID)) {
		t.Error("the card of a deal makes no items")
	}
	plus := url.Values{"type": {fmt.Sprint(kind.EntityTypeID)}, "deal": {"1"}}
	if page := v.send(t, "/crm/deal/details/1/?tab=related", "/_portal/create", plus); !strings.Contains(page, "Деловая миссия: ООО «Московские сыры»") {
		t.Error("the new item hangs on no deal")
	}
	item := v.portal.Items(kind.EntityTypeID)[0]
	id, field := idOf(item, "id"), fmt.Sprintf("ufCrm%dScans", kind.ID)
	if idOf(item, "companyId") != 3 || idOf(item, "parentId2") != 1 {
		t.Errorf("the new item is %v", item)
	}
	form := url.Values{"type": {fmt.Sprint(kind.EntityTypeID)}, "id": {fmt.Sprint(id)}, "title": {"Акт № 7"}}
	v.upload(t, form, field, "1.pdf", "2.pdf")
	card := fmt.Sprintf("/crm/type/%d/details/%d/", kind.EntityTypeID, id)
	_, page := v.see(t, card+"?edit=1")
	if !strings.Contains(page, "Акт № 7") || !strings.Contains(page, "2.pdf") || !strings.Contains(page, `type="file" name="`+field+`" multiple`) {
		t.Errorf("the form shows no files")
	}
	files, _ := v.portal.Item(kind.EntityTypeID, id)[field].([]any)
	first := textOf(files[0].(map[string]any), "id")
	form.Set(field+removeSuffix, first)
	v.upload(t, form, field, "3.pdf")
	if _, page := v.see(t, card); strings.Contains(page, "1.pdf") || !strings.Contains(page, "2.pdf") || !strings.Contains(page, "3.pdf") {
		t.Error("one file must go, one stay and one come")
	}
	v.upload(t, url.Values{"type": form["type"], "id": form["id"], "title": {"Акт № 8"}}, field)
	if files, _ := v.portal.Item(kind.EntityTypeID, id)[field].([]any); len(files) != 2 {
		t.Errorf("a form without files leaves %v", files)
	}
}

func TestDealsChangeTheirCompanyGoAndComeBack(t *testing.T) {
	v := newVisitor(t)
	v.upload(t, url.Values{"type": {"2"}, "id": {"2"}, "companyId": {"5"}}, "")
	if got := idOf(v.portal.Item(bitrix24test.Deal, 2), "companyId"); got != 5 {
		t.Errorf("the deal has company %d", got)
	}
	if _, page := v.see(t, "/crm/deal/details/2/"); !strings.Contains(page, `data-testid="card-delete"`) {
		t.Error("the card cannot be deleted")
	}
	page := v.send(t, "/crm/deal/details/2/", "/_portal/delete", url.Values{"type": {"2"}, "id": {"2"}})
	if !strings.Contains(page, `id="kanban"`) || v.portal.Item(bitrix24test.Deal, 2) != nil {
		t.Error("the deal is still there")
	}
	if _, page := v.see(t, "/crm/bin/"); !strings.Contains(page, `data-testid="bin-2-2"`) {
		t.Error("the bin is empty")
	}
	title := v.portal.Bin()[0].Title
	if page := v.send(t, "/crm/bin/", "/_portal/restore", url.Values{"type": {"2"}, "id": {"2"}}); !strings.Contains(page, title) || !strings.Contains(page, "№ ") {
		t.Error("the card of the restored deal is not shown")
	}
	if page := v.send(t, "/crm/bin/", "/_portal/restore", url.Values{"type": {"2"}, "id": {"2"}}); !strings.Contains(page, `data-testid="problem"`) {
		t.Error("a second restoration is silent")
	}
}

func TestTasksAreDoneInTheList(t *testing.T) {
	v := newVisitor(t)
	v.install(t)
	open := fmt.Sprintf("/marketplace/view/%s/?params[actId]=7", v.portal.Cloud().App().Code)
	if r, err := v.portal.Call(seedAdmin, "tasks.task.add", bitrix24test.Fields{"fields": bitrix24test.Fields{
		"TITLE": "Отправить акт", "RESPONSIBLE_ID": seedManager, "DEADLINE": "2026-12-09T19:00:00+03:00", "UF_CRM_TASK": []any{"D_1"},
		"DESCRIPTION": "[URL=" + open + "]Открыть акт[/URL]",
	}}); err != nil || r.Failed() {
		t.Fatal(r.Body, err)
	}
	list := fmt.Sprintf("/company/personal/user/%d/tasks/", seedManager)
	_, page := v.see(t, list)
	for _, words := range []string{"09.12.2026 19:00", `href="/crm/deal/details/1/"`, `<a href="` + open + `">Открыть акт</a>`, "task-complete"} {
		if !strings.Contains(page, words) {
			t.Errorf("no %s in the list", words)
		}
	}
	if status, page := v.see(t, open); status != http.StatusOK || !strings.Contains(page, "https://app.example/placement/link") {
		t.Errorf("the link does not open the app: %d", status)
	}
	if page := v.send(t, list, "/_portal/task", url.Values{"id": {"1"}, "done": {"1"}}); !strings.Contains(page, "task-renew") {
		t.Error("the task is not done")
	}
	if page := v.send(t, list, "/_portal/task", url.Values{"id": {"1"}, "done": {"0"}}); !strings.Contains(page, "task-complete") {
		t.Error("the task is not open again")
	}
	if page := v.send(t, list, "/_portal/task/delete", url.Values{"id": {"1"}}); !strings.Contains(page, "Задач нет") {
		t.Error("the task is not deleted")
	}
}

func TestLettersHaveAttachments(t *testing.T) {
	v := newVisitor(t)
	letter := func() bool {
		r, err := v.portal.Call(seedManager, "crm.activity.add", bitrix24test.Fields{"fields": bitrix24test.Fields{
			"OWNER_TYPE_ID": 2, "OWNER_ID": 1, "TYPE_ID": 4, "DIRECTION": 2, "COMPLETED": "Y", "SUBJECT": "Акт № 7", "RESPONSIBLE_ID": seedManager,
			"COMMUNICATIONS": []any{bitrix24test.Fields{"TYPE": "EMAIL", "VALUE": "client@example.ru"}},
			"SETTINGS":       bitrix24test.Fields{"MESSAGE_FROM": "М <m@portal.example>"},
			"FILES":          []any{bitrix24test.Fields{"fileData": []any{"Акт.pdf", "JVBERg=="}}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		return !r.Failed()
	}
	if !letter() {
		t.Fatal("the letter did not go")
	}
	_, page := v.see(t, "/mail/1/")
	path := fmt.Sprintf("/mail/1/files/%d/", v.portal.Letters()[0].Files[0].ID)
	if !strings.Contains(page, path) || !strings.Contains(page, "Акт.pdf, 4\u00a0Б") {
		t.Error("the letter shows no attachment")
	}
	if status, content := v.see(t, path); status != http.StatusOK || content != "%PDF" {
		t.Errorf("the attachment is %d %q", status, content)
	}
	if status, _ := v.see(t, "/mail/2/files/1/"); status != http.StatusNotFound {
		t.Errorf("a file of no letter: %d", status)
	}
	if page := v.send(t, "/mail/", "/_portal/switch", url.Values{"what": {"mail"}, "on": {"0"}}); !strings.Contains(page, `data-testid="lamp-mail"`) || letter() {
		t.Error("letters go without a mailbox")
	}
	if page := v.send(t, "/mail/", "/_portal/switch", url.Values{"what": {"mail"}, "on": {"1"}}); strings.Contains(page, `data-testid="lamp-mail"`) || !letter() {
		t.Error("the mailbox is not connected again")
	}
}

func TestClockAndEventsAreTurned(t *testing.T) {
	v := newVisitor(t)
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	v.portal.Configure(func(c *bitrix24test.Config) {
		c.Now = func() time.Time { return now }
		c.OnClock = func(d time.Duration) error { now = now.Add(d); return nil }
	})
	for _, tt := range []struct{ key, value, want string }{
		{"advance", "24h", "03.11.2026 13:00"}, {"advance", "168h", "10.11.2026 13:00"}, {"date", "2026-12-31", "31.12.2026 13:00"},
		{"date", "2026-12-31", "Часы портала идут только вперёд"}, {"date", "2026-12-01", "31.12.2026 13:00"}, {"date", "завтра", "31.12.2026 13:00"},
	} {
		if page := v.send(t, "/mail/", "/_portal/clock", url.Values{tt.key: {tt.value}}); !strings.Contains(page, tt.want) {
			t.Errorf("after %s=%s the page does not say %s", tt.key, tt.value, tt.want)
		}
	}
	if page := v.send(t, "/sandbox/", "/_portal/switch", url.Values{"what": {"events"}, "on": {"0"}}); !strings.Contains(page, `data-testid="lamp-events"`) || !v.portal.EventsDropped() {
		t.Error("events are still delivered")
	}
	v.send(t, "/sandbox/", "/_portal/switch", url.Values{"what": {"events"}, "on": {"1"}})
	if v.portal.EventsDropped() {
		t.Error("events are still lost")
	}
}

func TestCardsCanBeMovedByMouseAndKeyboard(t *testing.T) {
	v := newVisitor(t)
	kind := v.acts(t)
	if _, err := v.portal.Create(seedManager, kind.EntityTypeID, bitrix24test.Fields{"title": "Акт"}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/crm/deal/kanban/", fmt.Sprintf("/crm/type/%d/kanban/", kind.EntityTypeID)} {
		_, page := v.see(t, path)
		for _, words := range []string{`draggable="true"`, `action="/_portal/move"`, `data-stage="`, "Перенести"} {
			if !strings.Contains(page, words) {
				t.Errorf("%s: no %s", path, words)
			}
		}
	}
}
