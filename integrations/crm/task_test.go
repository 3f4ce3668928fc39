package crm

import (
	"fmt"
	"testing"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/workflow"
)

// A task is bound to its deal and to the item of its act.
func TestNewTask(t *testing.T) {
	b := newBench(t)
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	item := b.AddItem(int(b.kept.EntityTypeID), fields{"title": "Акт"})
	deadline := time.Date(2026, 11, 9, 18, 0, 0, 0, time.FixedZone("MSK", 3*3600))
	r := b.deliver(workflow.Effect{Task: &workflow.TaskChange{Key: "acts24-7", Title: "Указать статус акта", Text: "Акт № 5", Responsible: 2, Deadline: deadline,
		Deal: acts.DealID(deal), Item: acts.ItemID(item)}})
	tasks := b.Tasks()
	if r[0].Err != nil || len(tasks) != 1 || fmt.Sprint(r[0].Task) != tasks[0]["id"] {
		t.Fatalf("%+v, %v", r[0], tasks)
	}
	bindings := fmt.Sprint(tasks[0]["ufCrmTask"])
	if want := fmt.Sprintf("[D_%d T%x_%d]", deal, b.kept.EntityTypeID, item); bindings != want || tasks[0]["xmlId"] != "acts24-7" || tasks[0]["responsibleId"] != "2" {
		t.Errorf("task %v, want the bindings %s", tasks[0], want)
	}
}

// A task is read before it is written: its state in the CRM decides what is done.
func TestTaskThatExists(t *testing.T) {
	for name, tt := range map[string]struct {
		prepare     func(b *bench, task int64)
		change      workflow.TaskChange
		status      string // of the task in the end, "" when it does not exist
		responsible string
	}{
		"it gets another responsible": {func(*bench, int64) {}, workflow.TaskChange{Responsible: 3}, "2", "3"},
		"its responsible stays":       {func(*bench, int64) {}, workflow.TaskChange{Responsible: 2}, "2", "2"},
		"it is completed":             {func(*bench, int64) {}, workflow.TaskChange{Responsible: 2, Ended: true}, "5", "2"},
		"a completed one stays as it is": {func(b *bench, task int64) { b.CompleteTask(2, task, true) },
			workflow.TaskChange{Responsible: 3}, "5", "2"},
		"a completed one is completed again": {func(b *bench, task int64) { b.CompleteTask(2, task, true) },
			workflow.TaskChange{Responsible: 2, Ended: true}, "5", "2"},
		"a deleted one needs no responsible": {func(b *bench, task int64) { b.DeleteTask(2, task) }, workflow.TaskChange{Responsible: 3}, "", ""},
		"a deleted one is not completed":     {func(b *bench, task int64) { b.DeleteTask(2, task) }, workflow.TaskChange{Ended: true}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			task := b.AddTask(1, fields{"title": "Задача", "responsibleId": "2"})
			tt.prepare(b, task)
			tt.change.ID = task
			r := b.deliver(workflow.Effect{Task: &tt.change})[0]
			if r.Err != nil || r.Task != task {
				t.Fatalf("%+v", r)
			}
			list := b.Tasks()
			switch {
			case tt.status == "" && len(list) == 0:
			case len(list) != 1 || list[0]["status"] != tt.status || list[0]["responsibleId"] != tt.responsible:
				t.Errorf("tasks %v", list)
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
		"it was not created":             {[]string{"another"}, false, true, 0},
		"it was created":                 {[]string{"acts24-7"}, false, false, 1},
		"it is the oldest of many":       {append([]string{"acts24-7"}, make([]string, 60)...), false, false, 1},
		"it was not created and is over": {nil, true, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
			for _, key := range tt.keys {
				b.AddTask(1, fields{"title": "Задача", "xmlId": key, "responsibleId": "2", "ufCrmTask": []any{fmt.Sprintf("D_%d", deal)}})
			}
			before := len(b.Tasks())
			r := b.deliver(workflow.Effect{Unclear: true, Task: &workflow.TaskChange{Key: "acts24-7", Title: "Указать статус", Responsible: 2, Deal: acts.DealID(deal), Ended: tt.ended}})[0]
			if r.Err != nil || (len(b.Tasks()) > before) != tt.created || !tt.created && r.Task != tt.found {
				t.Errorf("%+v, %d tasks after %d", r, len(b.Tasks()), before)
			}
		})
	}
}
