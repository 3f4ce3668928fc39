package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
)

// Due names something of a portal whose moment has come.
type Due struct {
	Portal acts.PortalID `db:"portal_id"`
	ID     int64         `db:"id"`
}

// portals are ids as a query takes them.
func portals(ids []acts.PortalID) any {
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	return bigints(plain)
}

// leaseOne takes the one thing that is due, for a term; ok is false when nothing is.
func leaseOne[T any](ctx context.Context, db *DB, what, query string, term time.Duration) (one T, ok bool, err error) {
	var found []T
	if err := list(ctx, db.pool, &found, query, args{"term": term.Seconds()}); err != nil {
		return one, false, fmt.Errorf("%s: %w", what, err)
	}
	if len(found) == 0 {
		return one, false, nil
	}
	return found[0], true, nil
}

// due runs a query over all portals for what the clock brings. now is business time.
func (db *DB) due(ctx context.Context, what, query string, now time.Time, limit int) ([]Due, error) {
	var due []Due
	if err := list(ctx, db.pool, &due, query, args{"now": now, "limit": limit}); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return due, nil
}
