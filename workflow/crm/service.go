package crm

import (
	"context"
	"log/slog"
	"time"

	"acts24/store"
	"acts24/store/task"
	"acts24/workflow"
)

// Service writes to the CRM what happened to acts, and reads what people changed there.
type Service struct {
	db     *store.DB
	crm    workflow.CRM
	edo    workflow.EDO
	timing workflow.Timing
	now    func() time.Time
	wake   func()
	log    *slog.Logger

	acts      *workflow.Acts
	calendar  *workflow.Calendar
	deals     *workflow.Deals
	history   *workflow.History
	people    *workflow.People
	questions *workflow.Questions
	queue     *workflow.Queue

	tasks     TaskReader
	structure StructureReader
}

// TaskReader reads which tasks of the CRM were ended there.
type TaskReader interface {
	ReadTasks(ctx context.Context, p store.Portal, ids []int64) error
}

// StructureReader refreshes our copy of the people of a portal.
type StructureReader interface {
	RefreshPeople(ctx context.Context, p store.Portal) error
}

// New registers the kinds of tasks that are written to the CRM or read from it.
func New(d workflow.Deps, c *workflow.Core, tasks TaskReader, structure StructureReader) *Service {
	s := &Service{db: d.DB, crm: d.CRM, edo: d.EDO, timing: d.Timing, now: d.Now, wake: d.Wake, log: d.Log,
		acts: c.Acts, calendar: c.Calendar, deals: c.Deals, history: c.History, people: c.People, questions: c.Questions, queue: c.Queue, tasks: tasks, structure: structure}
	c.Queue.Batch(task.KindSyncItem, s.prepareItem)
	c.Queue.Batch(task.KindMoveDeal, s.prepareStage)
	c.Queue.Batch(task.KindShowBadge, s.prepareBadge)
	c.Queue.Batch(task.KindAddToTimeline, s.prepareHistoryLine)
	c.Queue.Batch(task.KindNotifyResponsible, s.prepareNotice)
	c.Queue.Batch(task.KindSendMessage, s.prepareMessage)
	c.Queue.Batch(task.KindNotifyOfDeals, s.prepareDealsNotice)
	c.Queue.Batch(task.KindShowAnswer, s.prepareExchange)
	c.Queue.Batch(task.KindNotifyIncident, s.prepareAlarm)
	c.Queue.Single(task.KindWriteRows, s.writeRows)
	c.Queue.Single(task.KindSyncFiles, s.syncFiles)
	c.Queue.Single(task.KindSendLetter, s.sendLetter)
	c.Queue.Reading(task.KindReadDeal, workflow.Reading{Read: workflow.ReadingOf(s.readDeals), IsEcho: isDealEcho, IsBusy: isDealBusy,
		Busy: "Сделка ещё перемещается."})
	c.Queue.Reading(task.KindReadItem, workflow.Reading{Read: workflow.ReadingOf(s.readItems), IsEcho: isItemEcho, IsBusy: isItemBusy,
		Busy: "Карточка акта ещё записывается."})
	return s
}
