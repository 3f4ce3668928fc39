package list

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

// Month holds the numbers and sums of the acts that were formed and signed in a month.
type Month struct {
	First     time.Time    `db:"month"`
	Formed    int          `db:"formed"`
	FormedSum acts.Kopecks `db:"formed_sum"`
	Signed    int          `db:"signed"`
	SignedSum acts.Kopecks `db:"signed_sum"`
	Waited    int          `db:"waited"` // days from sending to signature, of all signed acts together
}

// trendCondition is the condition of the acts that the trend counts.
const trendCondition = `a.portal_id = :portal AND a.status <> 'annulled' AND a.replaced_by IS NULL AND `

// trend returns the query for every month, also one without acts. Annulled and replaced acts are not counted. Formed and signed acts are read
// separately, each by its index: one condition with OR would read all acts of the portal. Months are numbered by their first moments.
func trend(of ReportFilter) string {
	counted := trendCondition + fragment.Visible("a.responsible_id") + of.ownOnly()
	return `
	WITH formed AS (
		SELECT width_bucket(a.created_at, CAST(:edges AS timestamptz[])) AS n, count(*) AS number, sum(a.gross) AS gross
		FROM acts a WHERE ` + counted + ` AND a.created_at >= CAST(:since AS timestamptz) GROUP BY 1
	), signed AS (
		SELECT width_bucket(a.signed_at, CAST(:edges AS timestamptz[])) AS n, count(*) AS number, sum(a.gross) AS gross,
			sum(greatest(CAST(a.signed_at AT TIME ZONE :zone AS date) - CAST(coalesce(a.sent_at, a.created_at) AT TIME ZONE :zone AS date), 0)) AS waited
		FROM acts a WHERE ` + counted + ` AND a.signed_at >= CAST(:since AS timestamptz) AND a.status = 'signed' GROUP BY 1
	)
	SELECT CAST(CAST(:first AS date) + make_interval(months => m.n - 1) AS date) AS month,
		coalesce(f.number, 0) AS formed, CAST(coalesce(f.gross, 0) AS bigint) AS formed_sum,
		coalesce(s.number, 0) AS signed, CAST(coalesce(s.gross, 0) AS bigint) AS signed_sum, coalesce(s.waited, 0) AS waited
	FROM generate_series(1, CAST(:months AS int)) m (n) LEFT JOIN formed f USING (n) LEFT JOIN signed s USING (n)
	ORDER BY m.n`
}

// Trend reads a number of months from the month of first, a day in the zone, with the acts that a visitor may see. Only the organisation of the
// filter is used: acts are counted in the months in which they were formed and signed, whatever their dates are.
func Trend(ctx context.Context, s store.Scope, visibility people.Visibility, first time.Time, months int, zone *time.Location, of ReportFilter) ([]Month, error) {
	edges := make([]time.Time, months+1) // the beginnings of the months, and the end of the last
	for n := range edges {
		edges[n] = time.Date(first.Year(), first.Month()+time.Month(n), 1, 0, 0, 0, 0, zone)
	}
	var list []Month
	err := pg.Select(ctx, s, &list, trend(of), pg.Args{"first": first, "since": edges[0], "edges": pq.Array(edges), "months": months, "zone": zone.String(), "visibility": visibility.Arg(), "own": of.Own})
	if err != nil {
		return nil, fmt.Errorf("trend: %w", err)
	}
	return list, nil
}
