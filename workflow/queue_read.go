package workflow

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
)

// ReadDelay is the time for which readings of a portal are collected to save calls.
const ReadDelay = 2 * time.Second

// ReadBatch reads in one call the objects that events named; the tasks are leased and of one kind and portal. The payloads of events are not
// trusted, so the objects are fetched again.
func (q *Queue) ReadBatch(ctx context.Context, tasks []queue.Task) error {
	portal := tasks[0].Portal
	p, err := q.db.Scope(portal).Portals().Get(ctx)
	if err != nil {
		return q.returnTasks(ctx, tasks, err)
	}
	reading, ok := q.readings[tasks[0].Kind]
	if !ok {
		return q.returnTasks(ctx, tasks, errUnknownKind(tasks[0]))
	}
	if tasks, err = q.withoutEchoes(ctx, portal, tasks, reading); err == nil {
		tasks, err = q.withoutBusy(ctx, portal, tasks, reading)
	}
	if err != nil || len(tasks) == 0 {
		return err
	}
	if err := reading.Read(ctx, p, tasks); err != nil {
		return q.returnTasks(ctx, tasks, err)
	}
	for _, t := range tasks {
		q.Done(ctx, t)
	}
	q.wake()
	return nil
}

// withoutEchoes ends the tasks whose events our own writes caused, and returns the others.
func (q *Queue) withoutEchoes(ctx context.Context, portal acts.PortalID, tasks []queue.Task, reading Reading) (rest []queue.Task, err error) {
	if reading.IsEcho == nil {
		return tasks, nil
	}
	for _, t := range tasks {
		echo := false
		err := q.db.InTx(ctx, portal, func(tx store.Tx) (err error) {
			if echo, err = reading.IsEcho(ctx, tx, t); err != nil || !echo {
				return err
			}
			return queue.Done(ctx, tx, t)
		})
		if errors.Is(err, acts.Conflict) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !echo {
			rest = append(rest, t)
		}
	}
	return rest, nil
}

// withoutBusy puts back the tasks whose subjects we are writing now, to be read after the write, and returns the others.
func (q *Queue) withoutBusy(ctx context.Context, portal acts.PortalID, tasks []queue.Task, reading Reading) (rest []queue.Task, err error) {
	if reading.IsBusy == nil {
		return tasks, nil
	}
	now, err := q.db.MachineTime(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		busy, err := reading.IsBusy(ctx, q.db.Scope(portal), t, now)
		if err != nil {
			return nil, err
		}
		if !busy {
			rest = append(rest, t)
		} else if err := queue.PutBack(ctx, q.db, t, queue.Retry{Wait: ReadDelay, Problem: reading.Busy}); err != nil {
			return nil, err
		}
	}
	return rest, nil
}
