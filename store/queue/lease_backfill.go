package queue

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

// Backfill is the progress of copying all deals of a portal.
type Backfill struct {
	Portal    acts.PortalID `db:"portal_id"`
	After     acts.DealID   `db:"after_id"` // the last deal that was read
	DealsRead int           `db:"seen"`     // in this pass so far
	Total     int           `db:"total"`    // counted by the CRM at the beginning
	Done      bool          `db:"done"`     // all deals were copied once
	Pages     int           `db:"pages"`    // to read in the next call
	Fence     int64         `db:"fence"`
	Problem   string        `db:"problem"`
}

const addBackfill = `INSERT INTO backfills (portal_id) VALUES (:portal) ON CONFLICT DO NOTHING`

// AddBackfill starts the backfills of the portal; a second call changes nothing.
func AddBackfill(ctx context.Context, tx store.Tx) error {
	if _, err := pg.Exec(ctx, tx, addBackfill, nil); err != nil {
		return fmt.Errorf("add backfill: %w", err)
	}
	return nil
}

const repeatBackfill = `UPDATE backfills SET next_at = clock_timestamp() WHERE portal_id = :portal`

// RepeatBackfill requests that the portal's deals are compared again, without waiting for the next day.
func RepeatBackfill(ctx context.Context, tx store.Tx) error {
	if _, err := pg.Exec(ctx, tx, repeatBackfill, nil); err != nil {
		return fmt.Errorf("repeat backfill: %w", err)
	}
	return nil
}

const leaseBackfill = `
	WITH due AS (
		SELECT l.portal_id FROM backfills l JOIN portals p ON p.id = l.portal_id
		WHERE l.next_at <= clock_timestamp() AND l.lease_until < clock_timestamp() AND p.state = 'active' AND l.portal_id NOT IN ` + unreachable + `
		ORDER BY l.next_at LIMIT 1 FOR UPDATE OF l SKIP LOCKED
	)
	UPDATE backfills l SET lease_until = clock_timestamp() + make_interval(secs => :term), fence = l.fence + 1
	FROM due WHERE l.portal_id = due.portal_id
	RETURNING l.portal_id, l.after_id, l.seen, l.total, l.done, l.pages, l.fence, l.problem`

// LeaseBackfill leases for a term the portal whose next batch of deals is due; ok is false when none is due.
func LeaseBackfill(ctx context.Context, db *store.DB, term time.Duration) (l Backfill, ok bool, err error) {
	return leaseOne[Backfill](ctx, db, "lease backfill", leaseBackfill, term)
}

const advanceBackfill = `
	UPDATE backfills SET after_id = :after, seen = :seen, total = :total, done = :done, pages = :pages, problem = :problem, lease_until = '-infinity',
		next_at = clock_timestamp() + make_interval(secs => :wait)
	WHERE portal_id = :portal AND fence = :fence`

// AdvanceBackfill stores the progress and ends the lease; Conflict when another process has it.
func AdvanceBackfill(ctx context.Context, tx store.Tx, l Backfill, wait time.Duration) error {
	return pg.ExecOne(ctx, tx, "advance backfill", advanceBackfill, pg.Args{"after": l.After, "seen": l.DealsRead, "total": l.Total, "done": l.Done, "pages": l.Pages,
		"problem": l.Problem, "wait": wait.Seconds(), "fence": l.Fence}, acts.Errorf(acts.Conflict, "Сделки портала уже читает другой процесс."))
}
