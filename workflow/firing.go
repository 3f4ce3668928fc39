package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
)

// perFiring is how much of a kind one ring brings.
const perFiring = 200

// fire brings what is due in all portals, one transaction a portal. more tells that others may be waiting.
func (s *Service) fire(ctx context.Context, what string, list func(context.Context, time.Time, int) ([]store.Due, error),
	one func(context.Context, store.Tx, int64) error) (more bool, err error) {
	due, err := list(ctx, s.now(), perFiring)
	if err != nil {
		return false, err
	}
	ofPortal := map[acts.PortalID][]int64{}
	for _, d := range due {
		ofPortal[d.Portal] = append(ofPortal[d.Portal], d.ID)
	}
	var errs []error
	for portal, ids := range ofPortal {
		err := s.db.InTx(ctx, portal, func(tx store.Tx) error {
			for _, id := range ids {
				if err := one(ctx, tx, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			errs = append(errs, fmt.Errorf("fire %s of portal %d: %w", what, portal, err))
		}
	}
	if len(due) > 0 {
		s.wake()
	}
	return len(due) == perFiring && len(errs) == 0, errors.Join(errs...)
}
