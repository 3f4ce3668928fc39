package jobs

import (
	"context"

	"acts24/acts"
	"acts24/store/queue"
)

// deliverBatch delivers up to tasksPerLease tasks of one portal together.
func (s *Scheduler) deliverBatch(ctx context.Context, w *work, more func()) (bool, error) {
	return s.deliver(ctx, w, more, s.service.Queue.BatchKinds(), tasksPerLease, s.service.Queue.DeliverBatch)
}

// deliverTask delivers one task of a kind that is delivered alone.
func (s *Scheduler) deliverTask(ctx context.Context, w *work, more func()) (bool, error) {
	return s.deliver(ctx, w, more, s.service.Queue.SingleKinds(), 1, func(ctx context.Context, tasks []queue.Task) error {
		return s.service.Queue.DeliverOne(ctx, tasks[0])
	})
}

// readEvents reads again the objects that events of one portal refer to, those of one kind together.
func (s *Scheduler) readEvents(ctx context.Context, w *work, more func()) (bool, error) {
	for _, kind := range s.service.Queue.ReadingKinds() {
		if found, err := s.deliver(ctx, w, more, []string{kind}, tasksPerLease, s.service.Queue.ReadBatch); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// deliver leases due tasks of one portal that is below its limit of workers and passes them to do.
func (s *Scheduler) deliver(ctx context.Context, w *work, more func(), kinds []string, limit int, do func(context.Context, []queue.Task) error) (bool, error) {
	var tasks []queue.Task
	done, ok, err := w.fairness.lease(func(full []acts.PortalID) (portal acts.PortalID, ok bool, err error) {
		tasks, err = queue.Lease(ctx, s.db, kinds, limit, s.timing.Lease, full...)
		if err != nil || len(tasks) == 0 {
			return 0, false, err
		}
		return tasks[0].Portal, true, nil
	})
	if err != nil || !ok {
		return false, err
	}
	defer done()
	more()
	ctx, release := s.leases.keep(ctx, queue.Leases{Tasks: tasks})
	defer release()
	return true, do(ctx, tasks)
}

// poll reads the next changes of one organisation in SBIS.
func (s *Scheduler) poll(ctx context.Context, w *work, more func()) (bool, error) {
	var feeds []queue.Feed
	done, ok, err := w.fairness.lease(func(full []acts.PortalID) (portal acts.PortalID, ok bool, err error) {
		feeds, err = queue.LeaseFeeds(ctx, s.db, 1, s.timing.Lease, full...)
		if err != nil || len(feeds) == 0 {
			return 0, false, err
		}
		return feeds[0].Portal, true, nil
	})
	if err != nil || !ok {
		return false, err
	}
	defer done()
	more()
	ctx, release := s.leases.keep(ctx, queue.Leases{Feeds: feeds})
	defer release()
	return true, s.service.EDO.Poll(ctx, feeds[0])
}

// reconcile compares our copies of one portal with its CRM.
func (s *Scheduler) reconcile(ctx context.Context, _ *work, more func()) (bool, error) {
	lease, ok, err := queue.LeaseReconcile(ctx, s.db, s.timing.Lease)
	if err != nil || !ok {
		return false, err
	}
	more()
	ctx, release := s.leases.keep(ctx, queue.Leases{Reconciles: []queue.Reconcile{lease}})
	defer release()
	return true, s.service.CRM.Reconcile(ctx, lease)
}

// backfill copies the next deals of a recently installed portal.
func (s *Scheduler) backfill(ctx context.Context, _ *work, more func()) (bool, error) {
	lease, ok, err := queue.LeaseBackfill(ctx, s.db, s.timing.Lease)
	if err != nil || !ok {
		return false, err
	}
	more()
	ctx, release := s.leases.keep(ctx, queue.Leases{Backfills: []queue.Backfill{lease}})
	defer release()
	return true, s.service.CRM.Backfill(ctx, lease)
}

// bulk performs the next step of a bulk action.
func (s *Scheduler) bulk(ctx context.Context, _ *work, _ func()) (bool, error) {
	lease, ok, err := queue.LeaseBulk(ctx, s.db, s.timing.ShortLease())
	if err != nil || !ok {
		return false, err
	}
	return s.service.Bulk.Work(ctx, lease)
}

// install performs the next part of an installation or a repair.
func (s *Scheduler) install(ctx context.Context, _ *work, more func()) (bool, error) {
	lease, ok, err := s.service.Setup.LeaseInstall(ctx)
	if err != nil || !ok {
		return false, err
	}
	more()
	return true, s.service.Setup.RunInstall(ctx, lease)
}
