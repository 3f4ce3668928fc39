package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// Retention is the time that the data of a portal is kept after the app was removed, in days.
type Retention struct {
	Days int `db:"keep_days"`
}

const readRetention = `SELECT keep_days FROM portals WHERE id = :portal`

// Retention reads the term of the portal.
func (s Portals) Retention(ctx context.Context) (r Retention, err error) {
	if err := pg.Get(ctx, s, &r, readRetention, nil); err != nil {
		return r, pg.NotFound(err, "retention", "Портал не подключён.")
	}
	return r, nil
}

const saveRetention = `UPDATE portals SET keep_days = :days WHERE id = :portal`

// SaveRetention stores the term of the portal.
func (tx PortalsTx) SaveRetention(ctx context.Context, r Retention) error {
	return pg.ExecOne(ctx, tx, "save retention", saveRetention, pg.Args{"days": r.Days}, acts.Errorf(acts.NotFound, "Портал не подключён."))
}

const expiredPortal = `
	SELECT id FROM portals WHERE state = 'frozen' AND frozen_at + make_interval(days => keep_days) <= :now ORDER BY frozen_at LIMIT 1`

const erasePortal = `SELECT erase_portal(:portal, :now, :most)`

// EraseExpired deletes a batch of rows of a portal whose term has passed, and the portal itself last; portal is 0 when
// there is none. The next call continues where this one stopped.
func (db *DB) EraseExpired(ctx context.Context, now time.Time, most int) (portal acts.PortalID, err error) {
	var due []int64
	if err := pg.Select(ctx, db, &due, expiredPortal, pg.Args{"now": now}); err != nil || len(due) == 0 {
		return 0, pg.Wrap("outlived portals", err)
	}
	portal = acts.PortalID(due[0])
	var taken int
	if err := pg.Get(ctx, db, &taken, erasePortal, pg.Args{"portal": due[0], "now": now, "most": most}); err != nil {
		return portal, fmt.Errorf("erase portal %d: %w", portal, err)
	}
	return portal, nil
}

const eraseOutdated = `SELECT erase_outdated(:now, :most)`

// EraseOutdated erases rows of all portals that are no longer needed, at most so many of each kind, and returns how many; 0 when nothing is
// left. docs/security.md has the terms.
func (db *DB) EraseOutdated(ctx context.Context, now time.Time, most int) (n int, err error) {
	if err := pg.Get(ctx, db, &n, eraseOutdated, pg.Args{"now": now, "most": most}); err != nil {
		return 0, fmt.Errorf("erase outdated rows: %w", err)
	}
	return n, nil
}
