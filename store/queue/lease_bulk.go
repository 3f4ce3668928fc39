package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

// BulkLease is the lease of a bulk that has something left to do.
type BulkLease struct {
	Portal acts.PortalID `db:"portal_id"`
	Bulk   int64         `db:"bulk_id"`
	Fence  int64         `db:"fence"`
}

const addBulkLease = `INSERT INTO bulk_queue (portal_id, bulk_id) VALUES (:portal, :bulk) ON CONFLICT DO NOTHING`

// AddBulk makes a bulk due for the workers.
func AddBulk(ctx context.Context, tx store.Tx, bulk int64) error {
	if _, err := pg.Exec(ctx, tx, addBulkLease, pg.Args{"bulk": bulk}); err != nil {
		return fmt.Errorf("add lease of bulk: %w", err)
	}
	return nil
}

const leaseBulk = `
	WITH due AS (
		SELECT t.portal_id, t.bulk_id FROM bulk_queue t JOIN portals p ON p.id = t.portal_id
		WHERE t.next_at <= clock_timestamp() AND t.lease_until < clock_timestamp() AND p.state = 'active'
		ORDER BY t.next_at LIMIT 1 FOR UPDATE OF t SKIP LOCKED
	)
	UPDATE bulk_queue t SET lease_until = clock_timestamp() + make_interval(secs => :term), fence = t.fence + 1
	FROM due WHERE t.portal_id = due.portal_id AND t.bulk_id = due.bulk_id
	RETURNING t.portal_id, t.bulk_id, t.fence`

// LeaseBulk leases the bulk that is due first for a term; ok is false when none is due.
func LeaseBulk(ctx context.Context, db *store.DB, term time.Duration) (t BulkLease, ok bool, err error) {
	return leaseOne[BulkLease](ctx, db, "lease bulk", leaseBulk, term)
}

const yieldBulk = `
	UPDATE bulk_queue SET lease_until = '-infinity', next_at = clock_timestamp() + make_interval(secs => :wait)
	WHERE portal_id = :portal AND bulk_id = :bulk AND fence = :fence`

// YieldBulk ends the lease; the bulk is due again after the wait.
func YieldBulk(ctx context.Context, db *store.DB, t BulkLease, wait time.Duration) error {
	_, err := pg.Exec(ctx, db, yieldBulk, pg.Args{"portal": t.Portal, "bulk": t.Bulk, "fence": t.Fence, "wait": wait.Seconds()})
	if err != nil {
		return fmt.Errorf("yield bulk: %w", err)
	}
	return nil
}

const (
	holdBulk = `
	UPDATE bulk_queue SET lease_until = clock_timestamp() + make_interval(secs => :term)
	WHERE portal_id = :portal AND bulk_id = :bulk AND fence = :fence`
	endBulkLease = `DELETE FROM bulk_queue WHERE portal_id = :portal AND bulk_id = :bulk AND fence = :fence`
)

// HoldBulk renews a lease; ok is false when another process has it.
func HoldBulk(ctx context.Context, tx store.Tx, t BulkLease, term time.Duration) (ok bool, err error) {
	n, err := pg.Exec(ctx, tx, holdBulk, pg.Args{"bulk": t.Bulk, "fence": t.Fence, "term": term.Seconds()})
	if err != nil {
		return false, fmt.Errorf("hold bulk: %w", err)
	}
	return n > 0, nil
}

// EndBulk deletes the lease: nothing is left to do.
func EndBulk(ctx context.Context, tx store.Tx, t BulkLease) error {
	if _, err := pg.Exec(ctx, tx, endBulkLease, pg.Args{"bulk": t.Bulk, "fence": t.Fence}); err != nil {
		return fmt.Errorf("end lease of bulk: %w", err)
	}
	return nil
}

const countQueued = `
	SELECT count(*) FROM (SELECT FROM tasks WHERE portal_id = :portal AND NOT dead AND kind = ANY (CAST(:kinds AS text[])) LIMIT :most) q`

// CountQueued counts the live tasks of these kinds in the outbox of the portal, at most most.
func CountQueued(ctx context.Context, s store.Scope, kinds []string, most int) (n int, err error) {
	if err := pg.Get(ctx, s, &n, countQueued, pg.Args{"kinds": pq.Array(kinds), "most": most}); err != nil {
		return 0, fmt.Errorf("count queued tasks: %w", err)
	}
	return n, nil
}
