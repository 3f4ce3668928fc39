package bulk

import (
	"log/slog"
	"time"

	"acts24/store"
	"acts24/store/task"
	"acts24/workflow"
)

// Service does one action to many acts, in the background and within the budget of the portal.
type Service struct {
	db     *store.DB
	crm    workflow.CRM
	timing workflow.Timing
	now    func() time.Time
	wake   func()
	log    *slog.Logger

	acts    *workflow.Acts
	deals   *workflow.Deals
	history *workflow.History
	people  *workflow.People
	queue   *workflow.Queue

	// actions are the actions on many acts by their names.
	actions map[store.BulkAction]workflow.BulkAction
}

// New returns the service with the actions that it implements itself; Register adds those of other use cases.
func New(d workflow.Deps, c *workflow.Core) *Service {
	s := &Service{db: d.DB, crm: d.CRM, timing: d.Timing, now: d.Now, wake: d.Wake, log: d.Log,
		acts: c.Acts, deals: c.Deals, history: c.History, people: c.People, queue: c.Queue}
	s.actions = s.bulkActions()
	c.Queue.Reading(task.KindFormAct, workflow.Reading{Read: workflow.ReadingOf(s.formRequested)})
	return s
}
