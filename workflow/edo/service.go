package edo

import (
	"log/slog"
	"time"

	"acts24/store"
	"acts24/store/task"
	"acts24/workflow"
)

// Service delivers acts to the operator and reads their state.
type Service struct {
	db     *store.DB
	edo    workflow.EDO
	timing workflow.Timing
	now    func() time.Time
	wake   func()
	log    *slog.Logger

	acts     *workflow.Acts
	calendar *workflow.Calendar
	history  *workflow.History
	queue    *workflow.Queue
}

// New registers the kinds of tasks that are delivered to the operator.
func New(d workflow.Deps, c *workflow.Core) *Service {
	s := &Service{db: d.DB, edo: d.EDO, timing: d.Timing, now: d.Now, wake: d.Wake, log: d.Log,
		acts: c.Acts, calendar: c.Calendar, history: c.History, queue: c.Queue}
	c.Queue.Single(task.KindPutDocument, s.put)
	c.Queue.Single(task.KindWithdrawDocument, s.withdraw)
	c.Queue.Single(task.KindSignDocument, s.sign)
	c.Queue.Single(task.KindAnnulDocument, s.annul)
	c.Queue.Single(task.KindFetchSigned, s.fetchSigned)
	c.Queue.Single(task.KindLookUpCounterparty, s.lookUp)
	c.Queue.Single(task.KindInviteCounterparty, s.invite)
	return s
}
