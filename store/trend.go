package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
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

// Trend is what was formed and signed, month by month.
type Trend struct {
	Months  []Month
	Counted int // percent of the acts that were there before the counting began
}

// trend has every month, also one without acts. What is not folded yet is added: both are read at one moment.
const trend = `
	SELECT m.month, t.upto, t.filled, coalesce(sum(d.formed), 0) AS formed, CAST(coalesce(sum(d.formed_sum), 0) AS bigint) AS formed_sum,
		coalesce(sum(d.signed), 0) AS signed, CAST(coalesce(sum(d.signed_sum), 0) AS bigint) AS signed_sum, coalesce(sum(d.waited), 0) AS waited
	FROM trends t CROSS JOIN LATERAL (
		SELECT CAST(CAST(:first AS date) + make_interval(months => n) AS date) AS month FROM generate_series(0, :months - 1) n) m
	LEFT JOIN (
		SELECT day, formed, formed_sum, signed, signed_sum, waited FROM act_days
		WHERE portal_id = :portal AND day >= CAST(:first AS date) AND %[1]s
		UNION ALL
		SELECT day, formed, formed_sum, signed, signed_sum, waited FROM act_day_changes
		WHERE portal_id = :portal AND day >= CAST(:first AS date) AND %[1]s
	) d ON date_trunc('month', CAST(d.day AS timestamp)) = m.month
	WHERE t.portal_id = :portal GROUP BY m.month, t.upto, t.filled ORDER BY m.month`

var trendSeen = fmt.Sprintf(trend, seen("responsible_id"))

// Trend reads so many months beginning with first, as far as a visitor may see them.
func (s Scope) Trend(ctx context.Context, sees Sees, first time.Time, months int) (Trend, error) {
	var rows []struct {
		Month
		Upto   int64 `db:"upto"`
		Filled int64 `db:"filled"`
	}
	if err := s.list(ctx, &rows, trendSeen, args{"first": first, "months": months, "sees": sees.value()}); err != nil {
		return Trend{}, fmt.Errorf("trend: %w", err)
	}
	out := Trend{Counted: 100}
	for _, r := range rows {
		r.First = utcDay(r.First)
		out.Months = append(out.Months, r.Month)
		if r.Filled < r.Upto {
			out.Counted = int(r.Filled * 100 / r.Upto)
		}
	}
	return out, nil
}

// Counting is how far the acts of a portal are in its daily sums.
type Counting struct {
	Zone   string `db:"zone"`   // whose days are counted
	Upto   int64  `db:"upto"`   // the last act that was there before
	Filled int64  `db:"filled"` // the last of them that is counted
}

// Over reports whether all acts are counted.
func (c Counting) Over() bool { return c.Filled >= c.Upto }

const dueCounting = `
	SELECT t.portal_id FROM trends t JOIN portals p ON p.id = t.portal_id
	WHERE t.next_at <= clock_timestamp() AND p.state <> 'frozen' ORDER BY t.next_at LIMIT 1`

// DueCounting finds the portal whose daily sums are to be seen to; ok is false when there is none.
func (db *DB) DueCounting(ctx context.Context) (portal acts.PortalID, ok bool, err error) {
	err = get(ctx, db.pool, &portal, dueCounting, args{})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("due counting: %w", err)
	}
	return portal, true, nil
}

const lockCounting = `
	SELECT zone, upto, filled FROM trends WHERE portal_id = :portal AND next_at <= clock_timestamp() FOR UPDATE SKIP LOCKED`

// LockCounting locks the counting of the portal until the transaction ends; ok is false when another process sees to it.
func (tx Tx) LockCounting(ctx context.Context) (c Counting, ok bool, err error) {
	err = tx.get(ctx, &c, lockCounting, nil)
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("lock counting: %w", err)
	}
	return c, true, nil
}

const nextCounting = `UPDATE trends SET next_at = clock_timestamp() + make_interval(secs => :wait) WHERE portal_id = :portal`

// NextCounting says when the daily sums are to be seen to again.
func (tx Tx) NextCounting(ctx context.Context, wait time.Duration) error {
	return tx.one(ctx, "next counting", nextCounting, args{"wait": wait.Seconds()}, acts.Errorf(acts.NotFound, "Портал не подключён."))
}
