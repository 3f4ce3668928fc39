package question

import (
	"time"

	"acts24/store"
	"acts24/workflow"
)

// Service asks counterparties about the way of exchange and takes their answers on the public form.
type Service struct {
	db   *store.DB
	edo  workflow.EDO
	now  func() time.Time
	wake func()

	calendar  *workflow.Calendar
	history   *workflow.History
	questions *workflow.Questions
	queue     *workflow.Queue
}

// New makes the service.
func New(d workflow.Deps, c *workflow.Core) *Service {
	return &Service{db: d.DB, edo: d.EDO, now: d.Now, wake: d.Wake,
		calendar: c.Calendar, history: c.History, questions: c.Questions, queue: c.Queue}
}
