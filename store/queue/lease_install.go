package queue

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

// InstallLease is the lease of an installation or repair that has something left to do.
type InstallLease struct {
	Portal acts.PortalID `db:"portal_id"`
	Repair bool          `db:"repair"`
	Tries  int           `db:"tries"`
	Fence  int64         `db:"fence"`
}

const addInstallLease = `
	INSERT INTO install_queue (portal_id, repair) VALUES (:portal, :repair)
	ON CONFLICT (portal_id) DO UPDATE SET repair = install_queue.repair AND EXCLUDED.repair, tries = 0, next_at = clock_timestamp()`

// AddInstall makes an installation, or a repair, due for the workers.
func AddInstall(ctx context.Context, tx store.Tx, repair bool) error {
	if _, err := pg.Exec(ctx, tx, addInstallLease, pg.Args{"repair": repair}); err != nil {
		return fmt.Errorf("add lease of install: %w", err)
	}
	return nil
}

const requestRepair = `
	UPDATE installs SET looked_at = :now
	WHERE portal_id = :portal AND state = 'done' AND looked_at < :before`

// RequestRepair makes a repair due, unless one was due within the time since; ok is false then. now is business time.
func RequestRepair(ctx context.Context, tx store.Tx, now time.Time, since time.Duration) (ok bool, err error) {
	n, err := pg.Exec(ctx, tx, requestRepair, pg.Args{"now": now, "before": now.Add(-since)})
	if err != nil {
		return false, fmt.Errorf("request repair: %w", err)
	}
	if n == 0 {
		return false, nil
	}
	return true, AddInstall(ctx, tx, true)
}

const leaseInstall = `
	WITH due AS (
		SELECT t.portal_id FROM install_queue t JOIN portals p ON p.id = t.portal_id
		WHERE t.next_at <= clock_timestamp() AND t.lease_until < clock_timestamp() AND p.state NOT IN ('frozen', 'held')
		ORDER BY t.next_at LIMIT 1 FOR UPDATE OF t SKIP LOCKED
	)
	UPDATE install_queue t SET lease_until = clock_timestamp() + make_interval(secs => :term), fence = t.fence + 1, tries = t.tries + 1
	FROM due WHERE t.portal_id = due.portal_id
	RETURNING t.portal_id, t.repair, t.tries, t.fence`

// LeaseInstall leases the installation that is due first for a term; ok is false when none is due.
func LeaseInstall(ctx context.Context, db *store.DB, term time.Duration) (t InstallLease, ok bool, err error) {
	return leaseOne[InstallLease](ctx, db, "lease install", leaseInstall, term)
}

const (
	holdInstall = `
	UPDATE install_queue SET lease_until = clock_timestamp() + make_interval(secs => :term)
	WHERE portal_id = :portal AND fence = :fence`
	yieldInstall = `
	UPDATE install_queue SET lease_until = '-infinity', next_at = clock_timestamp() + make_interval(secs => :wait)
	WHERE portal_id = :portal AND fence = :fence`
	endInstallLease = `DELETE FROM install_queue WHERE portal_id = :portal AND fence = :fence`
)

var errInstallTaken = acts.Errorf(acts.Conflict, "Установку продолжает другой процесс.")

// HoldInstall renews a lease; Conflict when another process has it.
func HoldInstall(ctx context.Context, tx store.Tx, t InstallLease, term time.Duration) error {
	return pg.ExecOne(ctx, tx, "hold install", holdInstall, pg.Args{"fence": t.Fence, "term": term.Seconds()}, errInstallTaken)
}

// YieldInstall ends the lease; the installation is due again after the wait.
func YieldInstall(ctx context.Context, tx store.Tx, t InstallLease, wait time.Duration) error {
	return pg.ExecOne(ctx, tx, "yield install", yieldInstall, pg.Args{"fence": t.Fence, "wait": wait.Seconds()}, errInstallTaken)
}

// EndInstall deletes the lease: nothing is left to do.
func EndInstall(ctx context.Context, tx store.Tx, t InstallLease) error {
	return pg.ExecOne(ctx, tx, "end lease of install", endInstallLease, pg.Args{"fence": t.Fence}, errInstallTaken)
}
