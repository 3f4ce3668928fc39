package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
)

// BulkTurn is the lease of a bulk that has something left to do.
type BulkTurn struct {
	Portal acts.PortalID `db:"portal_id"`
	Bulk   int64         `db:"bulk_id"`
	Fence  int64         `db:"fence"`
}

const addTurn = `INSERT INTO bulk_turns (portal_id, bulk_id) VALUES (:portal, :bulk) ON CONFLICT DO NOTHING`

// AddBulkTurn has the jobs look after a bulk.
func (tx Tx) AddBulkTurn(ctx context.Context, bulk int64) error {
	if _, err := tx.exec(ctx, addTurn, args{"bulk": bulk}); err != nil {
		return fmt.Errorf("add turn of bulk: %w", err)
	}
	return nil
}

const leaseBulk = `
	WITH due AS (
		SELECT t.portal_id, t.bulk_id FROM bulk_turns t JOIN portals p ON p.id = t.portal_id
		WHERE t.next_at <= clock_timestamp() AND t.lease_until < clock_timestamp() AND p.state = 'active'
		ORDER BY t.next_at LIMIT 1 FOR UPDATE OF t SKIP LOCKED
	)
	UPDATE bulk_turns t SET lease_until = clock_timestamp() + make_interval(secs => :term), fence = t.fence + 1
	FROM due WHERE t.portal_id = due.portal_id AND t.bulk_id = due.bulk_id
	RETURNING t.portal_id, t.bulk_id, t.fence`

// LeaseBulk takes the bulk whose turn it is, for a term; ok is false when there is none.
func (db *DB) LeaseBulk(ctx context.Context, term time.Duration) (t BulkTurn, ok bool, err error) {
	return leaseOne[BulkTurn](ctx, db, "lease bulk", leaseBulk, term)
}

const yieldBulk = `
	UPDATE bulk_turns SET lease_until = '-infinity', next_at = clock_timestamp() + make_interval(secs => :wait)
	WHERE portal_id = :portal AND bulk_id = :bulk AND fence = :fence`

// YieldBulk gives the lease back; after the wait it is the bulk's turn again.
func (db *DB) YieldBulk(ctx context.Context, t BulkTurn, wait time.Duration) error {
	_, err := exec(ctx, db.pool, yieldBulk, args{"portal": int64(t.Portal), "bulk": t.Bulk, "fence": t.Fence, "wait": wait.Seconds()})
	if err != nil {
		return fmt.Errorf("yield bulk: %w", err)
	}
	return nil
}

const (
	holdBulk = `
	UPDATE bulk_turns SET lease_until = clock_timestamp() + make_interval(secs => :term)
	WHERE portal_id = :portal AND bulk_id = :bulk AND fence = :fence`
	endTurn = `DELETE FROM bulk_turns WHERE portal_id = :portal AND bulk_id = :bulk AND fence = :fence`
)

// HoldBulk begins the term of a lease anew; ok is false when another process has it.
func (tx Tx) HoldBulk(ctx context.Context, t BulkTurn, term time.Duration) (ok bool, err error) {
	n, err := tx.exec(ctx, holdBulk, args{"bulk": t.Bulk, "fence": t.Fence, "term": term.Seconds()})
	if err != nil {
		return false, fmt.Errorf("hold bulk: %w", err)
	}
	return n > 0, nil
}

// EndBulkTurn ends a lease for good: nothing is left to do.
func (tx Tx) EndBulkTurn(ctx context.Context, t BulkTurn) error {
	if _, err := tx.exec(ctx, endTurn, args{"bulk": t.Bulk, "fence": t.Fence}); err != nil {
		return fmt.Errorf("end turn of bulk: %w", err)
	}
	return nil
}

// Rows are taken while the bulk is in the state; nobody can move it until the transaction ends.
const (
	newRows = `
	SELECT r.n, r.act_id, r.state, r.tries FROM bulks b JOIN bulk_rows r ON r.portal_id = b.portal_id AND r.bulk_id = b.id
	WHERE b.portal_id = :portal AND b.id = :bulk AND b.state = 'judging' AND r.state = 'new'
	ORDER BY r.n LIMIT :limit FOR UPDATE OF r FOR SHARE OF b`
	nextRow = `
	SELECT r.n, r.act_id, r.state, r.tries FROM bulks b JOIN bulk_rows r ON r.portal_id = b.portal_id AND r.bulk_id = b.id
	WHERE b.portal_id = :portal AND b.id = :bulk AND b.state = 'running' AND r.state = 'waiting'
	ORDER BY r.n LIMIT 1 FOR UPDATE OF r FOR SHARE OF b`
)

// NewBulkRows takes rows that nobody has judged, in their order.
func (tx Tx) NewBulkRows(ctx context.Context, bulk int64, limit int) ([]BulkRow, error) {
	var rows []BulkRow
	if err := tx.list(ctx, &rows, newRows, args{"bulk": bulk, "limit": limit}); err != nil {
		return nil, fmt.Errorf("new rows of bulk: %w", err)
	}
	return rows, nil
}

// NextBulkRow takes the next act of a running bulk; ok is false when there is none, or the bulk was cancelled.
func (tx Tx) NextBulkRow(ctx context.Context, bulk int64) (row BulkRow, ok bool, err error) {
	err = tx.get(ctx, &row, nextRow, args{"bulk": bulk})
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	if err != nil {
		return row, false, fmt.Errorf("next row of bulk: %w", err)
	}
	return row, true, nil
}

const setRow = `
	UPDATE bulk_rows SET state = :to, reason = :reason, tries = :tries
	WHERE portal_id = :portal AND bulk_id = :bulk AND n = :n AND state = :from`

// SetBulkRow keeps what became of a row, if it still is as it was read.
func (tx Tx) SetBulkRow(ctx context.Context, bulk int64, was BulkRow, to, reason string) error {
	return tx.one(ctx, "set row of bulk", setRow, args{"bulk": bulk, "n": was.N, "from": was.State, "to": to, "reason": reason, "tries": was.Tries},
		acts.Errorf(acts.Conflict, "Эту строку уже обработал другой процесс."))
}

const promised = `
	SELECT count(*) FROM (SELECT FROM tasks WHERE portal_id = :portal AND NOT dead AND kind = ANY (CAST(:kinds AS text[])) LIMIT :most) q`

// Promised counts what the portal still waits for in the outbox, no further than most.
func (s Scope) Promised(ctx context.Context, kinds []string, most int) (n int, err error) {
	if err := s.get(ctx, &n, promised, args{"kinds": pq.Array(kinds), "most": most}); err != nil {
		return 0, fmt.Errorf("count promises: %w", err)
	}
	return n, nil
}
