package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acts24/store"
)

const (
	perCounting = 2000            // acts that were there before, counted in one transaction: those who change acts wait for it
	nextFold    = 5 * time.Minute // between two foldings of a portal's daily sums
)

// CountDays sees to the daily sums of one portal: counts acts that were there before, folds what has changed. The sums are
// right at any moment, this keeps them small. more tells that others may be waiting.
func (s *Service) CountDays(ctx context.Context) (more bool, err error) {
	portal, ok, err := s.db.DueCounting(ctx)
	if err != nil || !ok {
		return false, err
	}
	err = s.db.InTx(ctx, portal, func(tx store.Tx) error {
		more, err = s.countDays(ctx, tx)
		return err
	})
	if err != nil { // the others do not wait for this portal
		later := s.db.InTx(ctx, portal, func(tx store.Tx) error { return tx.NextCounting(ctx, nextFold) })
		return true, errors.Join(fmt.Errorf("count days of portal %d: %w", portal, err), later)
	}
	return more, nil
}

// countDays does one step; ok is false when another process sees to the portal.
func (s *Service) countDays(ctx context.Context, tx store.Tx) (ok bool, err error) {
	c, ok, err := tx.LockCounting(ctx)
	if err != nil || !ok {
		return false, err
	}
	zone, err := s.zone(ctx, tx.Scope)
	if err != nil {
		return true, err
	}
	switch {
	case zone.String() != c.Zone:
		return true, errors.Join(tx.CountAnew(ctx, zone.String()), tx.NextCounting(ctx, 0))
	case !c.Over():
		return true, errors.Join(tx.CountMore(ctx, c, perCounting), tx.NextCounting(ctx, 0))
	}
	return true, errors.Join(tx.FoldDays(ctx), tx.NextCounting(ctx, nextFold))
}
