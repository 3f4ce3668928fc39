package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// Keeping is how long the data of a portal stays after the app was removed, in days.
type Keeping struct {
	Days int `db:"keep_days"`
}

const readKeeping = `SELECT keep_days FROM portals WHERE id = :portal`

// Keeping reads the term of the portal.
func (s Portals) Keeping(ctx context.Context) (k Keeping, err error) {
	if err := pg.Get(ctx, s, &k, readKeeping, nil); err != nil {
		return k, pg.NotFound(err, "keeping", "Портал не подключён.")
	}
	return k, nil
}

const saveKeeping = `UPDATE portals SET keep_days = :days WHERE id = :portal`

// SaveKeeping stores the term of the portal.
func (tx PortalsTx) SaveKeeping(ctx context.Context, k Keeping) error {
	return pg.ExecOne(ctx, tx, "save keeping", saveKeeping, pg.Args{"days": k.Days}, acts.Errorf(acts.NotFound, "Портал не подключён."))
}

const outlived = `
	SELECT id FROM portals WHERE state = 'frozen' AND frozen_at + make_interval(days => keep_days) <= :now ORDER BY frozen_at LIMIT 1`

const erasePortal = `SELECT erase_portal(:portal, :now, :most)`

// EraseOutlived deletes a batch of rows of a portal whose term has passed, and the portal itself last; portal is 0 when
// there is none. The next call continues where this one stopped.
func (db *DB) EraseOutlived(ctx context.Context, now time.Time, most int) (portal acts.PortalID, err error) {
	var due []int64
	if err := pg.Select(ctx, db, &due, outlived, pg.Args{"now": now}); err != nil || len(due) == 0 {
		return 0, pg.Wrap("outlived portals", err)
	}
	portal = acts.PortalID(due[0])
	var taken int
	if err := pg.Get(ctx, db, &taken, erasePortal, pg.Args{"portal": due[0], "now": now, "most": most}); err != nil {
		return portal, fmt.Errorf("erase portal %d: %w", portal, err)
	}
	return portal, nil
}
