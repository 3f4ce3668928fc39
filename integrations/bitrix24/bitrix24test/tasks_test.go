package bitrix24test

import (
	"fmt"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestTasksOfPersonsAreTold(t *testing.T) {
	box := newInbox(t, 200)
	p := Start(t, unlimited)
	p.FinishInstall(true)
	for _, name := range []string{"ONTASKADD", "ONTASKUPDATE", "ONTASKDELETE"} {
		p.must(t, 1, "event.bind", Fields{"event": name, "handler": box.url})
	}
	p.must(t, 1, "tasks.task.add", Fields{"fields": Fields{"TITLE": "A", "RESPONSIBLE_ID": 2}})
	for _, done := range []bool{true, true, false} { // the second changes nothing
		if !p.CompleteTask(2, 1, done) {
			t.Fatal("no task")
		}
	}
	if !p.DeleteTask(2, 1) || p.DeleteTask(2, 1) {
		t.Error("the task is not deleted once")
	}
	var told []string
	for _, e := range box.got(p) {
		data := php.Map(e["data"])
		told = append(told, fmt.Sprint(e["event"], " ", part(data["FIELDS_BEFORE"]), " ", part(data["FIELDS_AFTER"])))
	}
	if got := strings.Join(told, ", "); got != "ONTASKADD undefined 1, ONTASKUPDATE 1 1, ONTASKUPDATE 1 1, ONTASKDELETE 1 undefined" {
		t.Error(got)
	}
	p.must(t, 1, "tasks.task.add", Fields{"fields": Fields{"TITLE": "A", "RESPONSIBLE_ID": 2}})
	p.must(t, 1, "tasks.task.delete", Fields{"taskId": 2})
	p.refused(t, 1, "tasks.task.complete", Fields{"taskId": 2})
}

// part is the id in one part of a task event, or the word undefined.
func part(v any) any {
	if m := php.Map(v); m["ID"] != nil {
		return m["ID"]
	}
	return v
}

func TestTasksAreFoundByIDs(t *testing.T) {
	p := Start(t, unlimited)
	for i := range 3 {
		p.must(t, 1, "tasks.task.add", Fields{"fields": Fields{"TITLE": "A", "RESPONSIBLE_ID": 2, "XML_ID": fmt.Sprint("act-", i), "UF_CRM_TASK": []any{fmt.Sprint("D_", i)}}})
	}
	for name, tt := range map[string]struct {
		filter Fields
		found  int
	}{
		"by ids": {Fields{"ID": []any{1, 3, 9}}, 2}, "by a binding": {Fields{"UF_CRM_TASK": "D_2"}, 1}, "by a key that is passed over": {Fields{"XML_ID": "act-2"}, 3},
		"by a prefix that is passed over": {Fields{"@ID": []any{1}}, 3},
	} {
		if got := php.List(p.must(t, 1, "tasks.task.list", Fields{"filter": tt.filter}).Map()["tasks"]); len(got) != tt.found {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestTheDismissedGetNoTasks(t *testing.T) {
	p := Start(t, unlimited)
	p.ChangeUser(3, func(u *User) { u.Active = false })
	for _, who := range []int64{3, 99} {
		r := p.refused(t, 1, "tasks.task.add", Fields{"fields": Fields{"TITLE": "A", "RESPONSIBLE_ID": who}})
		if r.Status != 400 || r.Error() != "ERROR_CORE" || r.Body["error_description"] != "Пользователь указанный в поле \"Исполнитель\" не найден<br>" {
			t.Errorf("user %d: %v", who, r.Body)
		}
	}
	p.must(t, 1, "im.notify.system.add", Fields{"USER_ID": 3, "MESSAGE": "никто не прочтёт"})
	if got := p.Notifications(); len(got) != 1 || got[0].User != 3 {
		t.Errorf("notifications = %v", got)
	}
	if got := php.List(p.must(t, 1, "user.get", Fields{"FILTER": Fields{"@ID": []any{2, 3, 99}}}).Result()); len(got) != 2 || php.Map(got[1])["ACTIVE"] != false {
		t.Errorf("users = %v", got)
	}
}
