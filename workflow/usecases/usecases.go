// Package usecases builds all use cases and connects them. Packages below workflow do not import one another; what one needs of another is passed here.
package usecases

import (
	"context"
	"log/slog"
	"time"

	"acts24/acts"
	"acts24/acts/period"
	"acts24/store"
	"acts24/workflow"
	"acts24/workflow/bulk"
	"acts24/workflow/crm"
	"acts24/workflow/edo"
	"acts24/workflow/monthly"
	"acts24/workflow/question"
	"acts24/workflow/remind"
	"acts24/workflow/robots"
	"acts24/workflow/setup"
)

// All are the use cases over one pool of the database.
type All struct {
	*workflow.Core
	Bulk     *bulk.Service
	CRM      *crm.Service
	EDO      *edo.Service
	Monthly  *monthly.Service
	Question *question.Service
	Remind   *remind.Service
	Robots   *robots.Service
	Setup    *setup.Service
}

// New builds the use cases. public is our own address for links in letters; wake is called after a commit that added tasks.
func New(db *store.DB, c workflow.CRM, e workflow.EDO, timing workflow.Timing, public string, now func() time.Time, wake func(), log *slog.Logger) *All {
	d := workflow.Deps{DB: db, CRM: c, EDO: e, Timing: timing, Public: public, Now: now, Wake: wake, Log: log}
	core := workflow.NewCore(d)
	a := &All{Core: core, Bulk: bulk.New(d, core), EDO: edo.New(d, core), Monthly: monthly.New(d, core), Question: question.New(d, core), Remind: remind.New(d, core), Setup: setup.New(d, core)}
	a.CRM = crm.New(d, core, a.Remind, a.Setup)
	a.Robots = robots.New(d, core, robots.UseCases{Ask: a.Question.AskFor,
		Form: func(ctx context.Context, v workflow.Visit, deal acts.DealID, key string, covers period.Covers) (acts.ActID, error) {
			return a.Monthly.FormNext(ctx, v, deal, monthly.Request{Key: key, Covers: covers})
		}})
	a.Bulk.Register(store.BulkAsk, a.Question.BulkAction())
	a.Bulk.Register(store.BulkRemind, a.Remind.BulkAction())
	a.Bulk.Register(store.BulkSigned, a.EDO.BulkAction())
	return a
}
