package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
)

// Load is how far the walk over a portal's deals has come.
type Load struct {
	Portal  acts.PortalID `db:"portal_id"`
	After   acts.DealID   `db:"after_id"` // the last deal that was read
	Seen    int           `db:"seen"`
	Total   int           `db:"total"` // as the CRM counted when the walk began
	Done    bool          `db:"done"`  // all deals were copied once
	Pages   int           `db:"pages"` // to read in the next call
	Fence   int64         `db:"fence"`
	Problem string        `db:"problem"`
}

const addLoad = `INSERT INTO loads (portal_id) VALUES (:portal) ON CONFLICT DO NOTHING`

// AddLoad has all deals of the portal copied, once.
func (tx Tx) AddLoad(ctx context.Context) error {
	if _, err := tx.exec(ctx, addLoad, nil); err != nil {
		return fmt.Errorf("add load: %w", err)
	}
	return nil
}

const leaseLoad = `
	WITH due AS (
		SELECT l.portal_id FROM loads l JOIN portals p ON p.id = l.portal_id
		WHERE l.next_at <= clock_timestamp() AND l.lease_until < clock_timestamp() AND p.state = 'active' AND` + reachable + `
		ORDER BY l.next_at LIMIT 1 FOR UPDATE OF l SKIP LOCKED
	)
	UPDATE loads l SET lease_until = clock_timestamp() + make_interval(secs => :term), fence = l.fence + 1
	FROM due WHERE l.portal_id = due.portal_id
	RETURNING l.portal_id, l.after_id, l.seen, l.total, l.done, l.pages, l.fence, l.problem`

// LeaseLoad takes the portal whose next batch of deals is to be read, for a term; ok is false when none is due.
func (db *DB) LeaseLoad(ctx context.Context, term time.Duration) (l Load, ok bool, err error) {
	return leaseOne[Load](ctx, db, "lease load", leaseLoad, term)
}

const advanceLoad = `
	UPDATE loads SET after_id = :after, seen = :seen, total = :total, done = :done, pages = :pages, problem = :problem, lease_until = '-infinity',
		next_at = clock_timestamp() + make_interval(secs => :wait)
	WHERE portal_id = :portal AND fence = :fence`

// AdvanceLoad keeps how far the walk has come and gives the lease back; Conflict when another process has it.
func (tx Tx) AdvanceLoad(ctx context.Context, l Load, wait time.Duration) error {
	return tx.one(ctx, "advance load", advanceLoad, args{"after": int64(l.After), "seen": l.Seen, "total": l.Total, "done": l.Done, "pages": l.Pages,
		"problem": l.Problem, "wait": wait.Seconds(), "fence": l.Fence}, acts.Errorf(acts.Conflict, "Сделки портала уже читает другой процесс."))
}

const dealsBetween = `SELECT id FROM deals WHERE portal_id = :portal AND id > :after AND id <= :until AND NOT deleted AND id <> ALL (CAST(:but AS bigint[]))`

// DealsBetween lists the deals of a stretch of ids that we keep and that are not among those given.
func (s Scope) DealsBetween(ctx context.Context, after, until acts.DealID, but []acts.DealID) ([]acts.DealID, error) {
	plain := make([]int64, len(but))
	for i, id := range but {
		plain[i] = int64(id)
	}
	var ids []acts.DealID
	if err := s.list(ctx, &ids, dealsBetween, args{"after": int64(after), "until": int64(until), "but": bigints(plain)}); err != nil {
		return nil, fmt.Errorf("deals between: %w", err)
	}
	return ids, nil
}
