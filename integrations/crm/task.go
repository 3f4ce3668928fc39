package crm

import (
	"context"
	"slices"

	"acts24/integrations/bitrix24"
	"acts24/workflow"
)

// needsTaskLookup reports whether the task must be read first: to find an unclear creation, or the responsible of an existing task.
func needsTaskLookup(e workflow.Effect) bool {
	if e.Task.ID != 0 {
		return !e.Task.Ended
	}
	return e.Unclear || e.Task.Ended
}

// tasksOf returns the filter of the tasks among which ours is searched: the task itself, or those of the same deal.
func tasksOf(w *workflow.TaskChange) bitrix24.Params {
	if w.ID != 0 {
		return bitrix24.Params{"ID": w.ID}
	}
	return bitrix24.Params{"UF_CRM_TASK": bitrix24.CRMItem(bitrix24.DealType, bitrix24.ID(w.Deal))}
}

// applyTaskLookup finds the task of an unclear creation by its key, on all pages. A task that is to be completed and does not exist needs
// nothing, and a completed or deleted task needs no responsible.
func (d *delivery) applyTaskLookup(ctx context.Context, client *bitrix24.Client, res *bitrix24.BatchResult, i int, change *workflow.TaskChange) {
	var got bitrix24.TasksResult
	err := res.Get(key("look", i), &got)
	ours := func(t bitrix24.Task) bool {
		return change.ID == int64(t.ID) || change.ID == 0 && string(t.XMLID) == change.Key
	}
	if _, more := res.Next(key("look", i)); err == nil && more && !slices.ContainsFunc(got.Tasks, ours) {
		got.Tasks, err = client.Tasks(ctx, tasksOf(change))
	}
	if err != nil {
		d.finish(i, workflow.Result{Err: readError(err)})
		return
	}
	for _, t := range got.Tasks {
		if !ours(t) {
			continue
		}
		change.ID = int64(t.ID)
		if t.Done() || !change.Ended && t.ResponsibleID == bitrix24.ID(change.Responsible) {
			d.finish(i, workflow.Result{Task: change.ID})
		}
		return
	}
	if change.Ended || change.ID != 0 {
		d.finish(i, workflow.Result{Task: change.ID})
	}
}

// taskCommand returns the command that creates, reassigns or completes the task.
func (d *delivery) taskCommand(w *workflow.TaskChange) bitrix24.Command {
	switch {
	case w.Ended:
		return bitrix24.CompleteTask(bitrix24.ID(w.ID))
	case w.ID != 0:
		return bitrix24.ReassignTask(bitrix24.ID(w.ID), bitrix24.ID(w.Responsible))
	}
	draft := bitrix24.TaskDraft{Title: w.Title, Description: w.Text, XMLID: w.Key, ResponsibleID: bitrix24.ID(w.Responsible), Deadline: w.Deadline,
		CRMItems: []string{bitrix24.CRMItem(bitrix24.DealType, bitrix24.ID(w.Deal))}}
	if w.Item != 0 {
		draft.CRMItems = append(draft.CRMItems, bitrix24.CRMItem(d.itemType(), bitrix24.ID(w.Item)))
	}
	return bitrix24.AddTask(draft)
}

// taskResult returns the id of the task. When the portal refuses to complete a task, it is completed or deleted already.
func (d *delivery) taskResult(res *bitrix24.BatchResult, i int, w *workflow.TaskChange) workflow.Result {
	if w.Ended {
		if err := res.Err(key("do", i)); err != nil && !bitrix24.Refused(err) && !bitrix24.IsNotFound(err) {
			return workflow.Result{Err: writeError(err)}
		}
		return workflow.Result{Task: w.ID}
	}
	if w.ID != 0 {
		return workflow.Result{Task: w.ID, Err: writeError(res.Err(key("do", i)))}
	}
	var got bitrix24.TaskResult
	if err := res.Get(key("do", i), &got); err != nil {
		return workflow.Result{Err: writeError(err)}
	}
	return workflow.Result{Task: int64(got.Task.ID)}
}
