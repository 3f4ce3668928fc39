package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
)

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
		t.Error("letters are sent without a mailbox")
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
			t.Errorf("after %s=%s the page does not show %s", tt.key, tt.value, tt.want)
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
