package workflow

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
)

// overlap is how much of the time before is read again: a row appears in the CRM when its transaction ends.
const overlap = 2 * time.Minute

// Sweep reads what was changed in a portal since the last time, so that a lost event costs minutes.
func (s *Service) Sweep(ctx context.Context, sweep store.Sweep) error {
	err := s.sweep(ctx, &sweep)
	problem := ""
	if err != nil && !errors.Is(err, acts.Conflict) {
		if problem = acts.Sentence(err); problem == "" {
			problem = "Изменения портала не прочитаны."
		}
		s.log.WarnContext(ctx, "sweep failed", "portal", sweep.Portal, "err", err)
	}
	return s.db.EndSweep(ctx, sweep, s.timing.Sweep, problem)
}

func (s *Service) sweep(ctx context.Context, sweep *store.Sweep) error {
	p, err := s.db.Scope(sweep.Portal).PortalInfo(ctx)
	if err != nil {
		return err
	}
	since, err := s.db.Moment(ctx)
	if err != nil {
		return err
	}
	err = s.crm.Changes(ctx, p, sweep.Items.Add(-overlap), sweep.Deals.Add(-overlap), func(ctx context.Context, page Changes) error {
		if err := errors.Join(s.itemsAre(ctx, p, page.Items, since), s.dealsAre(ctx, p, page.Deals, nil)); err != nil {
			return err
		}
		sweep.Items, sweep.Deals = later(sweep.Items, page.ItemsUntil), later(sweep.Deals, page.DealsUntil)
		return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return tx.AdvanceSweep(ctx, *sweep) })
	})
	s.wake()
	if err != nil {
		return err
	}
	return errors.Join(s.sweepTasks(ctx, p), s.learnNames(ctx, p), s.followPeople(ctx, p))
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// sweepTasks asks which of the tasks that wait for an answer were ended in the CRM.
func (s *Service) sweepTasks(ctx context.Context, p store.Portal) error {
	for after := int64(0); ; {
		open, err := s.db.Scope(p.ID).OpenTasks(ctx, after)
		if err != nil || len(open) == 0 {
			return err
		}
		ids := make([]int64, len(open))
		for i, r := range open {
			ids[i] = r.Task
		}
		if err := s.readTasks(ctx, p, ids); err != nil {
			return err
		}
		after = open[len(open)-1].ID
	}
}
