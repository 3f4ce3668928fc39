package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// Due names something of a portal whose moment has come.
type Due struct {
	Portal acts.PortalID `db:"portal_id"`
	ID     int64         `db:"id"`
}

// due runs a query over all portals for what the clock brings. now is business time.
func (db *DB) due(ctx context.Context, what, query string, now time.Time, limit int) ([]Due, error) {
	var due []Due
	if err := pg.Select(ctx, pg.AllPortals(db.DB), &due, query, pg.Args{"now": now, "limit": limit}); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return due, nil
}

const dueAccountChecks = `
	SELECT c.portal_id, c.account_id AS id FROM account_checks c JOIN portals p ON p.id = c.portal_id
	WHERE c.due_at <= :now AND p.state = 'active' ORDER BY c.due_at LIMIT :limit`

// DueAccountChecks lists accounts of all portals that SBIS is to be asked of again. now is business time.
func (db *DB) DueAccountChecks(ctx context.Context, now time.Time, limit int) ([]Due, error) {
	return db.due(ctx, "due account checks", dueAccountChecks, now, limit)
}
