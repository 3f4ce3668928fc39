package setup

import (
	"context"
	"strings"

	"acts24/acts/workday"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// RepeatTask makes a dead or postponed task due; an unreachable system may be called for it at once.
func (s *Service) RepeatTask(ctx context.Context, v workflow.Visit, id int64) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		kind, err := queue.KindOf(ctx, tx.Scope, id)
		if err != nil {
			return err
		}
		if err := queue.Repeat(ctx, tx, id); err != nil {
			return err
		}
		if strings.HasPrefix(kind, "edo.") {
			return s.probeAccounts(ctx, tx)
		}
		return queue.ProbeNow(ctx, tx, queue.PortalItself)
	})
	s.wake()
	return err
}

// PostponeTask postpones a dead task to the beginning of the next working day.
func (s *Service) PostponeTask(ctx context.Context, v workflow.Visit, id int64) error {
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		settings, err := tx.Portals().Settings(ctx)
		if err != nil {
			return err
		}
		days, now := workday.New(settings.Calendar), s.now().In(workflow.ZoneOf(v.Zone))
		until := days.Start(days.After(now, 1), now.Location())
		return queue.Postpone(ctx, tx, id, until.Sub(now))
	})
}

// CheckState schedules calls to all remote systems of the portal at once, also to unreachable ones.
func (s *Service) CheckState(ctx context.Context, v workflow.Visit) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := queue.ProbeNow(ctx, tx, queue.PortalItself); err != nil {
			return err
		}
		own, err := tx.Companies().List(ctx)
		if err != nil {
			return err
		}
		for _, c := range own {
			if err := queue.WakeFeed(ctx, tx, c.ID); err != nil {
				return err
			}
		}
		return s.probeAccounts(ctx, tx)
	})
	s.wake()
	return err
}

func (s *Service) probeAccounts(ctx context.Context, tx store.Tx) error {
	accounts, err := tx.Accounts().List(ctx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if err := queue.ProbeNow(ctx, tx, a.ID); err != nil {
			return err
		}
	}
	return nil
}
