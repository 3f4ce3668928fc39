package crm

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// overlap is the part of the previous interval that is read again, because a change becomes visible only when its transaction in the CRM ends.
const overlap = 2 * time.Minute

// Reconcile fetches what was changed in a portal since the last time, so that the effect of a lost event is repaired
// within minutes.
func (s *Service) Reconcile(ctx context.Context, lease queue.Reconcile) error {
	err := s.reconcileOnce(ctx, &lease)
	problem := ""
	if err != nil && !errors.Is(err, acts.Conflict) {
		if problem = acts.Message(err); problem == "" {
			problem = "Изменения портала не прочитаны."
		}
		s.log.WarnContext(ctx, "reconcile failed", "portal", lease.Portal, "err", err)
	}
	return queue.EndReconcile(ctx, s.db, lease, s.timing.Reconcile, problem)
}

func (s *Service) reconcileOnce(ctx context.Context, lease *queue.Reconcile) error {
	p, err := s.db.Scope(lease.Portal).Portals().Get(ctx)
	if err != nil {
		return err
	}
	since, err := s.db.MachineTime(ctx)
	if err != nil {
		return err
	}
	err = s.crm.Changes(ctx, p, lease.Items.Add(-overlap), lease.Deals.Add(-overlap), func(ctx context.Context, page workflow.Changes) error {
		if err := errors.Join(s.syncItems(ctx, p, page.Items, since), s.syncDeals(ctx, p, page.Deals, nil)); err != nil {
			return err
		}
		lease.Items, lease.Deals = later(lease.Items, page.ItemsUntil), later(lease.Deals, page.DealsUntil)
		return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return queue.AdvanceReconcile(ctx, tx, *lease) })
	})
	s.wake()
	if err != nil {
		return err
	}
	return errors.Join(s.reconcileTasks(ctx, p), s.fetchMissingNames(ctx, p), s.structure.RefreshPeople(ctx, p))
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// reconcileTasks fetches which of the tasks that await an answer were completed in the CRM.
func (s *Service) reconcileTasks(ctx context.Context, p store.Portal) error {
	for after := int64(0); ; {
		open, err := s.db.Scope(p.ID).Reminders().OpenTasks(ctx, after)
		if err != nil || len(open) == 0 {
			return err
		}
		ids := make([]int64, len(open))
		for i, r := range open {
			ids[i] = r.Task
		}
		if err := s.tasks.ReadTasks(ctx, p, ids); err != nil {
			return err
		}
		after = open[len(open)-1].ID
	}
}
