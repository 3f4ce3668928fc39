package crm

import (
	"acts24/integrations/bitrix24"
	"acts24/workflow"
)

// sawTasks finds the task of an unclear creation; a task that is to be ended and was never created needs nothing.
func (d *dispatch) sawTasks(res *bitrix24.BatchResult, i int, wish *workflow.TaskWish) {
	var got bitrix24.TasksResult
	if err := res.Get(key("look", i), &got); err != nil {
		d.settle(i, workflow.Result{Err: reading(err)})
		return
	}
	for _, t := range got.Tasks {
		if string(t.XMLID) != wish.Key {
			continue
		}
		wish.ID = int64(t.ID)
		if !wish.Ended || t.Done() {
			d.settle(i, workflow.Result{Task: wish.ID})
		}
		return
	}
	if wish.Ended {
		d.settle(i, workflow.Result{})
	}
}

// taskCommand creates the task, or ends it.
func (d *dispatch) taskCommand(w *workflow.TaskWish) bitrix24.Command {
	if w.Ended {
		return bitrix24.CompleteTask(bitrix24.ID(w.ID))
	}
	draft := bitrix24.TaskDraft{Title: w.Title, Description: w.Text, XMLID: w.Key, ResponsibleID: bitrix24.ID(w.Responsible), Deadline: w.Deadline,
		CRMItems: []string{bitrix24.CRMItem(bitrix24.DealType, bitrix24.ID(w.Deal))}}
	if w.Item != 0 {
		draft.CRMItems = append(draft.CRMItems, bitrix24.CRMItem(d.itemType(), bitrix24.ID(w.Item)))
	}
	return bitrix24.AddTask(draft)
}

// wroteTask keeps the task's id. A task that the portal will not end is ended or deleted already.
func (d *dispatch) wroteTask(res *bitrix24.BatchResult, i int, w *workflow.TaskWish) workflow.Result {
	if w.Ended {
		if err := res.Err(key("do", i)); err != nil && !bitrix24.Refused(err) && !bitrix24.IsNotFound(err) {
			return workflow.Result{Err: writing(err)}
		}
		return workflow.Result{Task: w.ID}
	}
	if w.ID != 0 { // it was found
		return workflow.Result{Task: w.ID}
	}
	var got bitrix24.TaskResult
	if err := res.Get(key("do", i), &got); err != nil {
		return workflow.Result{Err: writing(err)}
	}
	return workflow.Result{Task: int64(got.Task.ID)}
}
