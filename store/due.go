package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// Due names an object of a portal that is due.
type Due struct {
	Portal acts.PortalID `db:"portal_id"`
	ID     int64         `db:"id"`
}

// due runs a query for due objects of all portals. now is business time.
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

const duePlans = `
	SELECT m.portal_id, m.deal_id AS id FROM monthly_plans m JOIN portals p ON p.id = m.portal_id
	WHERE m.enabled AND m.check_at <= :now AND p.state = 'active' ORDER BY m.check_at LIMIT :limit`

// DuePlans lists deals of all portals whose monthly act may be due. now is business time.
func (db *DB) DuePlans(ctx context.Context, now time.Time, limit int) ([]Due, error) {
	return db.due(ctx, "due monthly plans", duePlans, now, limit)
}

const dueRobots = `
	SELECT d.portal_id, d.call_id AS id FROM robot_deadlines d JOIN portals p ON p.id = d.portal_id
	WHERE d.due_at <= :now AND p.state = 'active' ORDER BY d.due_at LIMIT :limit`

// DueRobots lists calls of robots of all portals whose deadline has passed: unfinished ones must be answered now, answered ones are deleted. now is business time.
func (db *DB) DueRobots(ctx context.Context, now time.Time, limit int) ([]Due, error) {
	return db.due(ctx, "due robots", dueRobots, now, limit)
}

// DueAccountChecks lists accounts of all portals that have to be checked at SBIS again. now is business time.
func (db *DB) DueAccountChecks(ctx context.Context, now time.Time, limit int) ([]Due, error) {
	return db.due(ctx, "due account checks", dueAccountChecks, now, limit)
}

const dueInvitations = `
	SELECT i.portal_id, i.deal_id AS id FROM invitations i JOIN portals p ON p.id = i.portal_id
	WHERE i.due_at <= :now AND p.state = 'active' ORDER BY i.due_at LIMIT :limit`

// DueInvitations lists deals of all portals whose counterparty has to be checked at SBIS again. now is business time.
func (db *DB) DueInvitations(ctx context.Context, now time.Time, limit int) ([]Due, error) {
	return db.due(ctx, "due invitations", dueInvitations, now, limit)
}
