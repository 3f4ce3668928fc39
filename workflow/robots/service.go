// Package robots executes the calls of our robots by a portal's automation, answers them, and executes our triggers there.
package robots

import (
	"context"
	"log/slog"
	"time"

	"acts24/acts"
	"acts24/acts/period"
	"acts24/store"
	"acts24/store/task"
	"acts24/workflow"
)

// UseCases holds the use cases of other packages that robots call.
type UseCases struct {
	// Form forms the next act of a deal as a draft; one key makes one act. covers is its month, "" for the period that follows that of the last act.
	Form func(ctx context.Context, v workflow.Visit, deal acts.DealID, key string, covers period.Covers) (acts.ActID, error)
	// Ask sends the question about the way of exchange, to the address of the deal when to is empty, and returns it.
	Ask func(ctx context.Context, tx store.Tx, v workflow.Visit, deal acts.DealID, to string) (question int64, err error)
}

// Service answers robots and executes triggers.
type Service struct {
	db     *store.DB
	crm    workflow.CRM
	timing workflow.Timing
	now    func() time.Time
	wake   func()
	log    *slog.Logger
	work   UseCases

	acts  *workflow.Acts
	deals *workflow.Deals
	queue *workflow.Queue
}

// New registers the tasks of robots and triggers.
func New(d workflow.Deps, c *workflow.Core, w UseCases) *Service {
	s := &Service{db: d.DB, crm: d.CRM, timing: d.Timing, now: d.Now, wake: d.Wake, log: d.Log, work: w, acts: c.Acts, deals: c.Deals, queue: c.Queue}
	c.Queue.Single(task.KindRunRobot, s.run)
	c.Queue.Batch(task.KindAnswerRobot, s.prepareAnswer)
	c.Queue.Single(task.KindRunTriggers, s.runTriggers)
	return s
}
