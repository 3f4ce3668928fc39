package bitrix24

import (
	"context"
	"time"
)

// Task is a task of the portal (docs/contracts/bitrix24.md, "Tasks").
type Task struct {
	ID            ID         `json:"id"`
	Title         Text       `json:"title"`
	XMLID         Text       `json:"xmlId"`
	Status        ID         `json:"status"` // TaskCompleted
	ResponsibleID ID         `json:"responsibleId"`
	Deadline      DateTime   `json:"deadline"`
	ChangedBy     ID         `json:"changedBy"`
	ClosedBy      ID         `json:"closedBy"`
	ClosedDate    DateTime   `json:"closedDate"`
	CRMItems      List[Text] `json:"ufCrmTask"` // only when selected
}

// TaskCompleted is the Status of a completed task.
const TaskCompleted ID = 5

// Done reports whether the task is completed.
func (t Task) Done() bool { return t.Status == TaskCompleted }

// TaskDraft is a task to add. XMLID is our key. Lists cannot be filtered by it: list the tasks of the bound object and compare the key.
type TaskDraft struct {
	Title, Description, XMLID string
	ResponsibleID, CreatedBy  ID
	Deadline                  time.Time
	CRMItems                  []string // D_10, CO_5, T406_17
}

// TaskResult is what tasks.task.add, update and complete answer.
type TaskResult struct {
	Task Task `json:"task"`
}

// TasksResult is what tasks.task.list answers.
type TasksResult struct {
	Tasks List[Task] `json:"tasks"`
}

// CRMItem returns an object in the format of the task field for bound objects: D_10, T406_17.
func CRMItem(t EntityType, id ID) string { return t.Short() + "_" + id.String() }

// AddTask adds a task; the answer is a TaskResult. It is not idempotent.
func AddTask(d TaskDraft) Command {
	fields := Params{"TITLE": d.Title, "RESPONSIBLE_ID": int64(d.ResponsibleID)}
	setText(fields, "DESCRIPTION", d.Description)
	setText(fields, "XML_ID", d.XMLID)
	if d.CreatedBy != 0 {
		fields["CREATED_BY"] = int64(d.CreatedBy)
	}
	if !d.Deadline.IsZero() {
		fields["DEADLINE"] = d.Deadline.Format(time.RFC3339)
	}
	if len(d.CRMItems) > 0 {
		fields["UF_CRM_TASK"] = d.CRMItems
	}
	return Command{Method: "tasks.task.add", Params: Params{"fields": fields}}
}

// ListTasks reads the newest 50 tasks that match; the answer is a TasksResult. Keys of the filter are upper-case; the portal ignores
// unknown keys (apidocs.bitrix24.ru/api-reference/tasks/tasks-task-list.html).
func ListTasks(filter Params) Command {
	p := Params{"select": []string{
		"ID", "TITLE", "XML_ID", "STATUS", "RESPONSIBLE_ID", "DEADLINE", "CHANGED_BY", "CLOSED_BY", "CLOSED_DATE",
		"UF_CRM_TASK",
	}}
	setList(p, nil, filter, Params{"ID": "desc"})
	return Command{Method: "tasks.task.list", Params: p}
}

// CompleteTask closes a task; the answer is a TaskResult.
func CompleteTask(id ID) Command {
	return Command{Method: "tasks.task.complete", Params: Params{"taskId": int64(id)}}
}

// ReassignTask makes another employee responsible for a task (apidocs.bitrix24.ru/api-reference/tasks/tasks-task-update.html); the
// answer is a TaskResult. It may be repeated.
func ReassignTask(id, to ID) Command {
	return Command{Method: "tasks.task.update", Params: Params{"taskId": int64(id), "fields": Params{"RESPONSIBLE_ID": int64(to)}}}
}

// Tasks reads all tasks that match.
func (c *Client) Tasks(ctx context.Context, filter Params) ([]Task, error) {
	return readAll(ctx, c, ListTasks(filter), "start", func(p TasksResult) []Task { return p.Tasks })
}
