package queue

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

// Reconcile is how far the changes of a portal have been read, by the clock of the CRM.
type Reconcile struct {
	Portal acts.PortalID `db:"portal_id"`
	Items  time.Time     `db:"items_since"`
	Deals  time.Time     `db:"deals_since"`
	Fence  int64         `db:"fence"`
}

const addReconcile = `
	INSERT INTO reconciliations (portal_id, items_since, deals_since) VALUES (:portal, clock_timestamp(), clock_timestamp()) ON CONFLICT DO NOTHING`

// AddReconcile starts reading the changes of the portal, from now on.
func AddReconcile(ctx context.Context, tx store.Tx) error {
	if _, err := pg.Exec(ctx, tx, addReconcile, nil); err != nil {
		return fmt.Errorf("add reconcile: %w", err)
	}
	return nil
}

const leaseReconcile = `
	WITH due AS (
		SELECT s.portal_id FROM reconciliations s JOIN portals p ON p.id = s.portal_id
		WHERE s.next_at <= clock_timestamp() AND s.lease_until < clock_timestamp() AND p.state = 'active' AND s.portal_id NOT IN ` + unreachable + `
		ORDER BY s.next_at LIMIT 1 FOR UPDATE OF s SKIP LOCKED
	)
	UPDATE reconciliations s SET lease_until = clock_timestamp() + make_interval(secs => :term), fence = s.fence + 1
	FROM due WHERE s.portal_id = due.portal_id
	RETURNING s.portal_id, s.items_since, s.deals_since, s.fence`

// LeaseReconcile leases the portal whose changes are due to be read for a term; ok is false when none is due.
func LeaseReconcile(ctx context.Context, db *store.DB, term time.Duration) (s Reconcile, ok bool, err error) {
	return leaseOne[Reconcile](ctx, db, "lease reconcile", leaseReconcile, term)
}

const advanceReconcile = `
	UPDATE reconciliations SET items_since = :items, deals_since = :deals WHERE portal_id = :portal AND fence = :fence`

// AdvanceReconcile stores the position up to which changes were read; Conflict when another process has the lease.
func AdvanceReconcile(ctx context.Context, tx store.Tx, s Reconcile) error {
	return pg.ExecOne(ctx, tx, "advance reconcile", advanceReconcile, pg.Args{"items": s.Items, "deals": s.Deals, "fence": s.Fence},
		acts.Errorf(acts.Conflict, "Изменения портала уже читает другой процесс."))
}

const endReconcile = `
	UPDATE reconciliations SET lease_until = '-infinity', next_at = clock_timestamp() + make_interval(secs => :next), problem = :problem,
		finished_at = CASE WHEN CAST(:problem AS text) = '' THEN clock_timestamp() ELSE finished_at END
	WHERE portal_id = :portal AND fence = :fence`

// EndReconcile ends the lease and sets when the portal is due again.
func EndReconcile(ctx context.Context, db *store.DB, s Reconcile, next time.Duration, problem string) error {
	_, err := pg.Exec(ctx, db, endReconcile, pg.Args{"portal": s.Portal, "fence": s.Fence, "next": next.Seconds(), "problem": problem})
	if err != nil {
		return fmt.Errorf("end reconcile: %w", err)
	}
	return nil
}
