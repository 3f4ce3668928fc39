package bitrix24test

import (
	"fmt"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestTaskChangesSendEvents(t *testing.T) {
	p, box := startWithInbox(t, "ONTASKADD", "ONTASKUPDATE", "ONTASKDELETE")
	p.mustCall(t, 1, "tasks.task.add", Fields{"fields": Fields{"TITLE": "A", "RESPONSIBLE_ID": 2}})
	for _, done := range []bool{true, true, false} { // the second completion changes nothing and sends no event
		if !p.CompleteTask(2, 1, done) {
			t.Fatalf("CompleteTask to %v finds no task", done)
		}
	}
	if !p.DeleteTask(2, 1) || p.DeleteTask(2, 1) {
		t.Error("DeleteTask must find the task once")
	}
	var events []string
	for _, e := range box.takeEvents(p) {
		data := php.Map(e["data"])
		events = append(events, fmt.Sprint(e["event"], " ", taskPart(data["FIELDS_BEFORE"]), " ", taskPart(data["FIELDS_AFTER"])))
	}
	want := "ONTASKADD undefined 1, ONTASKUPDATE 1 1, ONTASKUPDATE 1 1, ONTASKDELETE 1 undefined"
	if got := strings.Join(events, ", "); got != want {
		t.Errorf("events %s, want %s", got, want)
	}
}

// taskPart returns the id in FIELDS_BEFORE or FIELDS_AFTER of a task event, or the word undefined.
func taskPart(v any) any {
	if m := php.Map(v); m["ID"] != nil {
		return m["ID"]
	}
	return v
}

func TestTaskFilters(t *testing.T) {
	p := Start(t, unlimited)
	for i := range 3 {
		p.mustCall(t, 1, "tasks.task.add", Fields{"fields": Fields{"TITLE": "A", "RESPONSIBLE_ID": 2, "XML_ID": fmt.Sprint("act-", i), "UF_CRM_TASK": []any{fmt.Sprint("D_", i)}}})
	}
	for name, tt := range map[string]struct {
		filter Fields
		found  int
	}{
		"by ids": {Fields{"ID": []any{1, 3, 9}}, 2}, "by a binding": {Fields{"UF_CRM_TASK": "D_2"}, 1}, "by XML_ID, which is ignored": {Fields{"XML_ID": "act-2"}, 3},
		"by the prefix @, which is ignored": {Fields{"@ID": []any{1}}, 3},
	} {
		if got := php.List(p.mustCall(t, 1, "tasks.task.list", Fields{"filter": tt.filter}).Map()["tasks"]); len(got) != tt.found {
			t.Errorf("%s: %v, want %d tasks", name, got, tt.found)
		}
	}
}

// A dismissed user gets notifications and is listed, but gets no tasks.
func TestDismissedUsers(t *testing.T) {
	p := Start(t, unlimited)
	p.ChangeUser(3, func(u *User) { u.Active = false })
	for _, user := range []int64{3, 99} {
		r := p.refusedCall(t, 1, "tasks.task.add", Fields{"fields": Fields{"TITLE": "A", "RESPONSIBLE_ID": user}})
		if r.Status != 400 || r.Error() != "ERROR_CORE" || r.Body["error_description"] != "Пользователь указанный в поле \"Исполнитель\" не найден<br>" {
			t.Errorf("a task of user %d: %v, want ERROR_CORE with the text of the vendor", user, r.Body)
		}
	}
	p.mustCall(t, 1, "im.notify.system.add", Fields{"USER_ID": 3, "MESSAGE": "никто не прочтёт"})
	if got := p.Notifications(); len(got) != 1 || got[0].User != 3 {
		t.Errorf("notifications = %v, want one of user 3", got)
	}
	if got := php.List(p.mustCall(t, 1, "user.get", Fields{"FILTER": Fields{"@ID": []any{2, 3, 99}}}).Result()); len(got) != 2 || php.Map(got[1])["ACTIVE"] != false {
		t.Errorf("users = %v, want 2 and 3, the latter not active", got)
	}
}

func TestTasks(t *testing.T) {
	p := Start(t, unlimited)
	task := php.Map(p.mustCall(t, 1, "tasks.task.add", Fields{"fields": Fields{
		"TITLE": "Указать статус акта", "RESPONSIBLE_ID": 2, "DEADLINE": "2026-11-09T19:00:00+03:00", "XML_ID": "act-1",
		"UF_CRM_TASK": []any{"D_10", "T406_17"},
	}}).Map()["task"])
	if task["id"] != "1" || task["responsibleId"] != "2" || task["status"] != "2" || task["ufCrmTask"] != nil {
		t.Errorf("added task = %v, want id 1 of user 2, status 2, without the bindings", task)
	}
	found := p.mustCall(t, 1, "tasks.task.list", Fields{"filter": Fields{"UF_CRM_TASK": "D_10", "!STATUS": 5}, "select": []any{"ID", "UF_CRM_TASK"}})
	row := php.Map(php.List(found.Map()["tasks"])[0])
	if len(php.List(row["ufCrmTask"])) != 2 || row["title"] != nil || found.Body["total"] != 1.0 {
		t.Errorf("open tasks of D_10 = %v, want one with the selected fields", found.Body)
	}
	if got := php.Map(p.mustCall(t, 2, "tasks.task.complete", Fields{"taskId": 1}).Map()["task"]); got["status"] != "5" || got["closedBy"] != "2" {
		t.Errorf("completed task = %v, want status 5 by user 2", got)
	}
	if got := php.List(p.mustCall(t, 1, "tasks.task.list", Fields{"filter": Fields{"UF_CRM_TASK": "D_10", "!STATUS": 5}}).Map()["tasks"]); len(got) != 0 {
		t.Errorf("open tasks after the completion = %v, want none", got)
	}
	p.mustCall(t, 1, "tasks.task.update", Fields{"taskId": 1, "fields": Fields{"DESCRIPTION": "пояснение"}})
	if got := php.Map(p.mustCall(t, 1, "tasks.task.get", Fields{"taskId": 1}).Map()["task"]); got["description"] != "пояснение" {
		t.Errorf("updated task = %v, want its new description", got)
	}
	for text, in := range map[string]Fields{
		"Не указано название задачи<br>":                              {"RESPONSIBLE_ID": 2},
		"Пользователь указанный в поле \"Исполнитель\" не найден<br>": {"TITLE": "x", "RESPONSIBLE_ID": 99},
		"Элемент CRM 10 не найден<br>":                                {"TITLE": "x", "UF_CRM_TASK": []any{"10"}},
	} {
		p.refusedWith(t, 1, "tasks.task.add", Fields{"fields": in}, "ERROR_CORE", text)
	}
	p.mustCall(t, 1, "tasks.task.delete", Fields{"taskId": 1})
	for _, method := range []string{"tasks.task.get", "tasks.task.complete"} {
		p.refusedWith(t, 1, method, Fields{"taskId": 1}, "1048582", "Задача не найдена или недоступна")
	}
}
