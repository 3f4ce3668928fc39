package workflow

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"acts24/store"
	"acts24/store/queue"
)

// Queue delivers leased tasks of the outbox. What a kind of task does is registered by the code that owns the kind; a kind is delivered in one
// of three ways: in a batch of effects, alone, or as a reading.
type Queue struct {
	db     *store.DB
	crm    CRM
	timing Timing
	now    func() time.Time // business time
	wake   func()
	log    *slog.Logger

	batched  map[string]Prepare
	single   map[string]Deliver
	readings map[string]Reading
	// The kinds of each way in the order of their registration.
	batchedKinds, singleKinds, readingKinds []string
}

func newQueue(db *store.DB, crm CRM, timing Timing, now func() time.Time, wake func(), log *slog.Logger) *Queue {
	return &Queue{db: db, crm: crm, timing: timing, now: now, wake: wake, log: log,
		batched: map[string]Prepare{}, single: map[string]Deliver{}, readings: map[string]Reading{}}
}

// Prepare reads the data of a task of a batched kind and sets the effect of the delivery. A task without an effect ends.
type Prepare func(ctx context.Context, scope store.Scope, p store.Portal, d *Delivery) error

// Deliver delivers one task and ends it. An error puts the task back; after a Conflict it is left to the process that holds its lease now.
type Deliver func(ctx context.Context, t queue.Task) error

// Reading reads objects of the CRM that events named, many in one call.
type Reading struct {
	// Read reads the subjects of tasks of one portal.
	Read func(ctx context.Context, p store.Portal, tasks []queue.Task) error
	// IsEcho reports that our own write raised the event, so that nothing is to be read. It may be nil.
	IsEcho func(ctx context.Context, tx store.Tx, t queue.Task) (bool, error)
	// IsBusy reports that the subject is being written just now and is to be read after that. It may be nil.
	IsBusy func(ctx context.Context, scope store.Scope, t queue.Task, now time.Time) (bool, error)
	// Busy is the text of the state page about a task that waits for that.
	Busy string
}

// Delivery is a task with the effect that delivers it.
type Delivery struct {
	Task   queue.Task
	Effect *Effect // nil when there is nothing to deliver any more
	// StoreResult stores what the remote system returned, in the transaction that ends the task. It is nil when there is nothing to store.
	StoreResult func(ctx context.Context, tx store.Tx, r Result) error
	// HandleFailure decides what a failure of the effect means. When it reports that the task is over, the task ends, and store (unless it is
	// nil) runs in the same transaction; otherwise the task is put back, as it is without HandleFailure.
	HandleFailure func(ctx context.Context, err error) (over bool, store func(context.Context, store.Tx) error)
}

// Batch registers a kind whose tasks are delivered together with others of their portal.
func (q *Queue) Batch(kind string, p Prepare) {
	q.mustBeNew(kind)
	q.batched[kind] = p
	q.batchedKinds = append(q.batchedKinds, kind)
}

// Single registers a kind whose tasks are delivered one by one.
func (q *Queue) Single(kind string, d Deliver) {
	q.mustBeNew(kind)
	q.single[kind] = d
	q.singleKinds = append(q.singleKinds, kind)
}

// Reading registers a kind whose tasks name objects to read.
func (q *Queue) Reading(kind string, r Reading) {
	q.mustBeNew(kind)
	q.readings[kind] = r
	q.readingKinds = append(q.readingKinds, kind)
}

// mustBeNew panics when a kind is registered twice: that is a bug.
func (q *Queue) mustBeNew(kind string) {
	if slices.Contains(q.Kinds(), kind) {
		panic(fmt.Sprintf("tasks of the kind %q are registered twice", kind))
	}
}

// BatchKinds are the kinds that are delivered in batches.
func (q *Queue) BatchKinds() []string { return q.batchedKinds }

// SingleKinds are the kinds that are delivered one by one.
func (q *Queue) SingleKinds() []string { return q.singleKinds }

// ReadingKinds are the kinds that name objects to read.
func (q *Queue) ReadingKinds() []string { return q.readingKinds }

// Kinds are all registered kinds.
func (q *Queue) Kinds() []string {
	return slices.Concat(q.batchedKinds, q.singleKinds, q.readingKinds)
}

func errUnknownKind(t queue.Task) error {
	return fmt.Errorf("task of an unknown kind %q", t.Kind)
}

// subjects are the subjects of tasks as ids of one type.
func subjects[T ~int64](tasks []queue.Task) []T {
	ids := make([]T, len(tasks))
	for i, t := range tasks {
		ids[i] = T(t.Subject)
	}
	return ids
}

// ReadingOf makes a Read out of a function that reads by id.
func ReadingOf[T ~int64](read func(context.Context, store.Portal, []T) error) func(context.Context, store.Portal, []queue.Task) error {
	return func(ctx context.Context, p store.Portal, tasks []queue.Task) error {
		return read(ctx, p, subjects[T](tasks))
	}
}
