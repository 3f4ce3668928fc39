package store

import (
	"context"
	"fmt"
)

// alone waits until nobody else is changing acts of the portal, and keeps them waiting until the transaction ends.
const alone = `SELECT pg_advisory_xact_lock(24010, CAST(CAST(:portal AS bigint) % 2147483647 AS int))`

// beginAnew are the statements of a new beginning, in their order. A zone that the database does not know ends it.
var beginAnew = []string{alone,
	`DELETE FROM act_day_changes WHERE portal_id = :portal`,
	`DELETE FROM act_days WHERE portal_id = :portal`,
	`UPDATE trends SET filled = 0, upto = coalesce((SELECT max(a.id) FROM acts a WHERE a.portal_id = :portal), 0),
		zone = CASE WHEN clock_timestamp() AT TIME ZONE :zone IS NOT NULL THEN CAST(:zone AS text) END
	WHERE portal_id = :portal`}

// CountAnew drops the daily sums of the portal: all its acts are to be counted by the days of another zone.
func (tx Tx) CountAnew(ctx context.Context, zone string) error {
	return tx.inTurn(ctx, "count anew in "+zone, beginAnew, args{"zone": zone})
}

// countMore are the statements that count a batch of the acts that were there before, in their order. act_shares knows
// an act only when filled has passed it.
var countMore = []string{alone,
	`UPDATE trends t SET filled = coalesce((
		SELECT max(b.id) FROM (SELECT a.id FROM acts a WHERE a.portal_id = :portal AND a.id > t.filled AND a.id <= t.upto ORDER BY a.id LIMIT :limit) b), t.upto)
	WHERE t.portal_id = :portal`,
	`INSERT INTO act_day_changes (portal_id, day, responsible_id, formed, formed_sum, signed, signed_sum, waited)
	SELECT d.portal_id, d.day, d.responsible_id, sum(d.formed), sum(d.formed_sum), sum(d.signed), sum(d.signed_sum), sum(d.waited)
	FROM trends t JOIN acts a ON a.portal_id = t.portal_id AND a.id > :filled AND a.id <= t.filled CROSS JOIN LATERAL
		act_shares(a.portal_id, a.id, a.responsible_id, a.status, a.replaced_by, a.gross, a.created_at, a.sent_at) d
	WHERE t.portal_id = :portal GROUP BY 1, 2, 3`}

// CountMore counts the next acts that were there before, at most limit of them.
func (tx Tx) CountMore(ctx context.Context, c Counting, limit int) error {
	return tx.inTurn(ctx, "count more", countMore, args{"filled": c.Filled, "limit": limit})
}

const foldDays = `
	WITH gone AS (DELETE FROM act_day_changes WHERE portal_id = :portal RETURNING *)
	INSERT INTO act_days AS d (portal_id, day, responsible_id, formed, formed_sum, signed, signed_sum, waited)
	SELECT portal_id, day, responsible_id, sum(formed), sum(formed_sum), sum(signed), sum(signed_sum), sum(waited) FROM gone GROUP BY 1, 2, 3
	ON CONFLICT (portal_id, day, responsible_id) DO UPDATE SET formed = d.formed + EXCLUDED.formed, formed_sum = d.formed_sum + EXCLUDED.formed_sum,
		signed = d.signed + EXCLUDED.signed, signed_sum = d.signed_sum + EXCLUDED.signed_sum, waited = d.waited + EXCLUDED.waited`

// FoldDays adds the differences of the portal to its daily sums.
func (tx Tx) FoldDays(ctx context.Context) error {
	return tx.inTurn(ctx, "fold days", []string{foldDays}, args{})
}

// inTurn runs statements one after another; each sees what those before it did, and what others have committed meanwhile.
func (tx Tx) inTurn(ctx context.Context, what string, queries []string, a args) error {
	for _, query := range queries {
		if _, err := tx.exec(ctx, query, a); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}
