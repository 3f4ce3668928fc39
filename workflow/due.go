package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
)

// dueLimit is how many due rows of a kind are processed at once.
const dueLimit = 200

// ProcessDue passes due rows of all portals to one, in one transaction per portal. more reports that others may be due.
func (q *Queue) ProcessDue(ctx context.Context, what string, list func(context.Context, time.Time, int) ([]store.Due, error),
	one func(context.Context, store.Tx, int64) error) (more bool, err error) {
	due, err := list(ctx, q.now(), dueLimit)
	if err != nil {
		return false, err
	}
	ofPortal := map[acts.PortalID][]int64{}
	for _, d := range due {
		ofPortal[d.Portal] = append(ofPortal[d.Portal], d.ID)
	}
	var errs []error
	for portal, ids := range ofPortal {
		err := q.db.InTx(ctx, portal, func(tx store.Tx) error {
			for _, id := range ids {
				if err := one(ctx, tx, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			errs = append(errs, fmt.Errorf("process due %s of portal %d: %w", what, portal, err))
		}
	}
	if len(due) > 0 {
		q.wake()
	}
	return len(due) == dueLimit && len(errs) == 0, errors.Join(errs...)
}
