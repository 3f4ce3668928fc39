package workflow

import (
	"context"
	"strings"

	"acts24/acts/workday"
	"acts24/store"
)

// RepeatTask brings a dead or postponed task back; a side that did not answer may be called for it at once.
func (s *Service) RepeatTask(ctx context.Context, v Visit, id int64) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		kind, err := tx.KindOfTask(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.RepeatTask(ctx, id); err != nil {
			return err
		}
		if strings.HasPrefix(kind, "edo.") {
			return s.probeAccounts(ctx, tx)
		}
		return tx.ProbeNow(ctx, store.PortalItself)
	})
	s.wake()
	return err
}

// PostponeTask puts a dead task off to the beginning of the next working day.
func (s *Service) PostponeTask(ctx context.Context, v Visit, id int64) error {
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		settings, err := tx.Settings(ctx)
		if err != nil {
			return err
		}
		days, now := workday.New(settings.Calendar), s.now().In(ZoneOf(v.Zone))
		until := days.Start(days.After(now, 1), now.Location())
		return tx.PostponeTask(ctx, id, until.Sub(now))
	})
}

// CheckState has everybody whom the portal works with asked at once, also those who did not answer.
func (s *Service) CheckState(ctx context.Context, v Visit) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.ProbeNow(ctx, store.PortalItself); err != nil {
			return err
		}
		own, err := tx.OwnCompanies(ctx)
		if err != nil {
			return err
		}
		for _, c := range own {
			if err := tx.WakeFeed(ctx, c.ID); err != nil {
				return err
			}
		}
		return s.probeAccounts(ctx, tx)
	})
	s.wake()
	return err
}

func (s *Service) probeAccounts(ctx context.Context, tx store.Tx) error {
	accounts, err := tx.EDOAccounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if err := tx.ProbeNow(ctx, a.ID); err != nil {
			return err
		}
	}
	return nil
}
