package workflow

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
)

// DeliverBatch delivers leased tasks of one portal together. Each task is then done, put back, or dead.
func (q *Queue) DeliverBatch(ctx context.Context, tasks []queue.Task) error {
	portal := tasks[0].Portal
	scope := q.db.Scope(portal)
	p, err := scope.Portals().Get(ctx)
	if err != nil {
		return q.returnTasks(ctx, tasks, err)
	}
	var wanted []Delivery
	for i, t := range tasks {
		d, err := q.prepare(ctx, scope, p, t)
		switch {
		case ctx.Err() != nil: // the lease is lost: nothing was called yet
			return q.returnTasks(ctx, append(tasksOf(wanted), tasks[i:]...), context.Cause(ctx))
		case err != nil:
			q.fail(ctx, t, err)
		case d.Effect == nil:
			q.finish(ctx, d, Result{})
		default:
			wanted = append(wanted, d)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	effects := make([]Effect, len(wanted))
	for i, d := range wanted {
		effects[i] = *d.Effect
		effects[i].Unclear = d.Task.Unclear
	}
	hold := func(ctx context.Context) error { return queue.Hold(ctx, q.db, tasksOf(wanted), q.timing.Lease) }
	for i, r := range q.crm.Deliver(ctx, p, effects, hold) {
		if r.Err != nil {
			q.failed(ctx, wanted[i], r.Err)
			continue
		}
		q.finish(ctx, wanted[i], r)
	}
	return nil
}

func (q *Queue) prepare(ctx context.Context, scope store.Scope, p store.Portal, t queue.Task) (Delivery, error) {
	d := Delivery{Task: t}
	prepare, ok := q.batched[t.Kind]
	if !ok {
		return d, errUnknownKind(t)
	}
	return d, prepare(ctx, scope, p, &d)
}

// failed ends the task of a failed delivery when its kind treats the failure as final, and puts it back otherwise.
func (q *Queue) failed(ctx context.Context, d Delivery, err error) {
	if errors.Is(err, acts.Conflict) { // the lease has expired, another process has the task
		return
	}
	if d.HandleFailure == nil {
		q.fail(ctx, d.Task, err)
		return
	}
	over, storeResult := d.HandleFailure(ctx, err)
	switch {
	case !over:
		q.fail(ctx, d.Task, err)
	case storeResult == nil:
		q.Done(ctx, d.Task)
	default:
		q.DoneWithResult(ctx, d.Task, storeResult)
	}
}

func tasksOf(list []Delivery) []queue.Task {
	tasks := make([]queue.Task, len(list))
	for i, d := range list {
		tasks[i] = d.Task
	}
	return tasks
}
