package list

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

// Month is what was formed and signed in a month.
type Month struct {
	First     time.Time    `db:"month"`
	Formed    int          `db:"formed"`
	FormedSum acts.Kopecks `db:"formed_sum"`
	Signed    int          `db:"signed"`
	SignedSum acts.Kopecks `db:"signed_sum"`
	Waited    int          `db:"waited"` // days from sending to signature, of all signed acts together
}

// inTrend is fulfilled by the acts that the trend counts.
const inTrend = `a.portal_id = :portal AND a.status <> 'annulled' AND a.replaced_by IS NULL AND `

// trend has every month, also one without acts. Annulled and replaced acts are in none. The formed and the signed acts are read apart,
// each by its index: one condition with OR would read all acts of the portal.
var trend = `
	WITH formed AS (
		SELECT CAST(a.created_at AT TIME ZONE :zone AS date) AS formed_on, a.gross
		FROM acts a WHERE ` + inTrend + fragment.Visible("a.responsible_id") + ` AND a.created_at >= CAST(:since AS timestamptz)
	), signed AS (
		SELECT CAST(a.signed_at AT TIME ZONE :zone AS date) AS signed_on, CAST(coalesce(a.sent_at, a.created_at) AT TIME ZONE :zone AS date) AS sent_on, a.gross
		FROM acts a WHERE ` + inTrend + fragment.Visible("a.responsible_id") + ` AND a.signed_at >= CAST(:since AS timestamptz) AND a.status = 'signed'
	), shares AS (
		SELECT date_trunc('month', CAST(formed_on AS timestamp)) AS month, 1 AS formed, gross AS formed_sum, 0 AS signed, 0 AS signed_sum, 0 AS waited FROM formed
		UNION ALL
		SELECT date_trunc('month', CAST(signed_on AS timestamp)), 0, 0, 1, gross, greatest(signed_on - sent_on, 0) FROM signed
	)
	SELECT m.month, coalesce(sum(s.formed), 0) AS formed, CAST(coalesce(sum(s.formed_sum), 0) AS bigint) AS formed_sum,
		coalesce(sum(s.signed), 0) AS signed, CAST(coalesce(sum(s.signed_sum), 0) AS bigint) AS signed_sum, coalesce(sum(s.waited), 0) AS waited
	FROM (SELECT CAST(CAST(:first AS date) + make_interval(months => n) AS date) AS month FROM generate_series(0, CAST(:months AS int) - 1) n) m
		LEFT JOIN shares s ON s.month = m.month
	GROUP BY m.month ORDER BY m.month`

// Trend reads so many months beginning with first, a day of the zone, as far as a visitor may see them.
func Trend(ctx context.Context, s store.Scope, sees people.Visibility, first time.Time, months int, zone *time.Location) ([]Month, error) {
	var list []Month
	since := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone)
	err := pg.Select(ctx, s, &list, trend, pg.Args{"first": first, "since": since, "months": months, "zone": zone.String(), "sees": sees.Arg()})
	if err != nil {
		return nil, fmt.Errorf("trend: %w", err)
	}
	return list, nil
}
