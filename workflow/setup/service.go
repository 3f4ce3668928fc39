package setup

import (
	"log/slog"
	"time"

	"acts24/store"
	"acts24/store/task"
	"acts24/workflow"
)

// Service installs the app on a portal, opens it there and keeps its settings.
type Service struct {
	db     *store.DB
	crm    workflow.CRM
	edo    workflow.EDO
	timing workflow.Timing
	now    func() time.Time
	wake   func()
	log    *slog.Logger

	calendar *workflow.Calendar
	deals    *workflow.Deals
	history  *workflow.History
	queue    *workflow.Queue
}

// New registers the check of accounts.
func New(d workflow.Deps, c *workflow.Core) *Service {
	s := &Service{db: d.DB, crm: d.CRM, edo: d.EDO, timing: d.Timing, now: d.Now, wake: d.Wake, log: d.Log,
		calendar: c.Calendar, deals: c.Deals, history: c.History, queue: c.Queue}
	c.Queue.Single(task.KindCheckAccount, s.checkAccountTask)
	return s
}
