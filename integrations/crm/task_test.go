package crm

import (
	"fmt"
	"testing"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/workflow"
)

// A task has its deadline, and is bound to its deal and to the item of its act.
func TestNewTask(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	item := portal.AddItem(int(portal.record.EntityTypeID), fields{"title": "Акт"})
	deadline := time.Date(2026, 11, 9, 18, 0, 0, 0, time.FixedZone("MSK", 3*3600))
	r := portal.deliver(workflow.Effect{Task: &workflow.TaskChange{Key: "acts24-7", Title: "Указать статус акта", Text: "Акт № 5", Responsible: 2, Deadline: deadline,
		Deal: acts.DealID(deal), Item: acts.ItemID(item)}})
	tasks := portal.Tasks()
	if r[0].Err != nil || len(tasks) != 1 || fmt.Sprint(r[0].Task) != tasks[0]["id"] {
		t.Fatalf("the delivery returned %+v, the portal has the tasks %v; want one task with that id", r[0], tasks)
	}
	bindings := fmt.Sprint(tasks[0]["ufCrmTask"])
	if want := fmt.Sprintf("[D_%d T%x_%d]", deal, portal.record.EntityTypeID, item); bindings != want || tasks[0]["xmlId"] != "acts24-7" || tasks[0]["responsibleId"] != "2" {
		t.Errorf("the task is %v, want acts24-7 of user 2 with the bindings %s", tasks[0], want)
	}
	if got, err := time.Parse(time.RFC3339, fmt.Sprint(tasks[0]["deadline"])); err != nil || !got.Equal(deadline) {
		t.Errorf("the deadline is %v, %v; want %v", tasks[0]["deadline"], err, deadline)
	}
}

// A task is read before it is written: its state in the CRM decides what is done.
func TestChangeOfATask(t *testing.T) {
	for name, tt := range map[string]struct {
		prepare     func(portal *testPortal, task int64)
		change      workflow.TaskChange
		status      string // of the task afterwards, "" when it does not exist
		responsible string
	}{
		"it gets another responsible": {func(*testPortal, int64) {}, workflow.TaskChange{Responsible: 3}, "2", "3"},
		"its responsible stays":       {func(*testPortal, int64) {}, workflow.TaskChange{Responsible: 2}, "2", "2"},
		"it is completed":             {func(*testPortal, int64) {}, workflow.TaskChange{Responsible: 2, Ended: true}, "5", "2"},
		"a completed one stays as it is": {func(portal *testPortal, task int64) { portal.CompleteTask(2, task, true) },
			workflow.TaskChange{Responsible: 3}, "5", "2"},
		"a completed one is completed again": {func(portal *testPortal, task int64) { portal.CompleteTask(2, task, true) },
			workflow.TaskChange{Responsible: 2, Ended: true}, "5", "2"},
		"a deleted one needs no responsible": {func(portal *testPortal, task int64) { portal.DeleteTask(2, task) }, workflow.TaskChange{Responsible: 3}, "", ""},
		"a deleted one is not completed":     {func(portal *testPortal, task int64) { portal.DeleteTask(2, task) }, workflow.TaskChange{Ended: true}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			portal := newTestPortal(t)
			task := portal.AddTask(1, fields{"title": "Задача", "responsibleId": "2"})
			tt.prepare(portal, task)
			tt.change.ID = task
			r := portal.deliver(workflow.Effect{Task: &tt.change})[0]
			if r.Err != nil || r.Task != task {
				t.Fatalf("the delivery returned %+v, want task %d", r, task)
			}
			list := portal.Tasks()
			switch {
			case tt.status == "" && len(list) == 0:
			case len(list) != 1 || list[0]["status"] != tt.status || list[0]["responsibleId"] != tt.responsible:
				t.Errorf("the tasks are %v, want status %q of user %q", list, tt.status, tt.responsible)
			}
		})
	}
}

// A task whose creation was unclear is searched among all tasks of its deal by its key, on every page.
func TestUnclearTask(t *testing.T) {
	for name, tt := range map[string]struct {
		keys    []string // of the tasks of the deal
		ended   bool
		created bool
		found   int64
	}{
		"it was not created":               {[]string{"another"}, false, true, 0},
		"it was created":                   {[]string{"acts24-7"}, false, false, 1},
		"it is the oldest of many":         {append([]string{"acts24-7"}, make([]string, 60)...), false, false, 1},
		"it was not created and has ended": {nil, true, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			portal := newTestPortal(t)
			deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
			for _, key := range tt.keys {
				portal.AddTask(1, fields{"title": "Задача", "xmlId": key, "responsibleId": "2", "ufCrmTask": []any{fmt.Sprintf("D_%d", deal)}})
			}
			before := len(portal.Tasks())
			r := portal.deliver(workflow.Effect{Unclear: true, Task: &workflow.TaskChange{Key: "acts24-7", Title: "Указать статус", Responsible: 2, Deal: acts.DealID(deal), Ended: tt.ended}})[0]
			if r.Err != nil || (len(portal.Tasks()) > before) != tt.created || !tt.created && r.Task != tt.found {
				t.Errorf("the delivery returned %+v, %d tasks after %d; want created %t or task %d found", r, len(portal.Tasks()), before, tt.created, tt.found)
			}
		})
	}
}
