package remind

import (
	"time"

	"acts24/store"
	"acts24/store/task"
	"acts24/workflow"
)

// Service reminds those who are responsible for acts: with tasks of the CRM, notifications and daily digests.
type Service struct {
	db  *store.DB
	crm workflow.CRM
	now func() time.Time

	acts     *workflow.Acts
	calendar *workflow.Calendar
	history  *workflow.History
	people   *workflow.People
	queue    *workflow.Queue
}

// New registers the kinds of tasks that remind people.
func New(d workflow.Deps, c *workflow.Core) *Service {
	s := &Service{db: d.DB, crm: d.CRM, now: d.Now, acts: c.Acts, calendar: c.Calendar, history: c.History, people: c.People, queue: c.Queue}
	c.Queue.Batch(task.KindRemind, s.prepareRemind)
	c.Queue.Batch(task.KindNotifyOfReminders, s.prepareNotice)
	c.Queue.Batch(task.KindSendDigest, s.prepareDigest)
	c.Queue.Reading(task.KindReadStatusTask, workflow.Reading{Read: workflow.ReadingOf(s.ReadTasks)})
	return s
}
