// Package monthly forms the acts of deals that get one every month, and acts with a period on the request of a robot.
package monthly

import (
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/task"
	"acts24/workflow"
)

// Service forms monthly acts.
type Service struct {
	db   *store.DB
	now  func() time.Time
	wake func()

	acts     *workflow.Acts
	calendar *workflow.Calendar
	deals    *workflow.Deals
	history  *workflow.History
	queue    *workflow.Queue
}

// New registers the tasks that form monthly acts.
func New(d workflow.Deps, c *workflow.Core) *Service {
	s := &Service{db: d.DB, now: d.Now, wake: d.Wake, acts: c.Acts, calendar: c.Calendar, deals: c.Deals, history: c.History, queue: c.Queue}
	c.Queue.Reading(task.KindFormMonthly, workflow.Reading{Read: workflow.ReadingOf[acts.DealID](s.formQueued)})
	return s
}
