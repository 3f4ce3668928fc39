package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

const addBudget = `INSERT INTO budgets (portal_id) VALUES (:portal) ON CONFLICT DO NOTHING`

// AddBudget creates the bucket of a new portal.
func AddBudget(ctx context.Context, tx store.Tx) error {
	if _, err := pg.Exec(ctx, tx, addBudget, nil); err != nil {
		return fmt.Errorf("add budget: %w", err)
	}
	return nil
}

const takeBudget = `
	UPDATE budgets SET level = greatest(0, level - :leak * extract(epoch FROM clock_timestamp() - at)) + 1, at = clock_timestamp()
	WHERE portal_id = :portal AND greatest(0, level - :leak * extract(epoch FROM clock_timestamp() - at)) + 1 <= :cap`

// TakeBudget spends one HTTP request of the portal's bucket; ok is false when it is full.
// leak is requests per second, limit the level this kind of work may fill.
func TakeBudget(ctx context.Context, db *store.DB, portal acts.PortalID, leak, limit float64) (ok bool, err error) {
	n, err := pg.Exec(ctx, db, takeBudget, pg.Args{"portal": portal, "leak": leak, "cap": limit})
	if err != nil {
		return false, fmt.Errorf("take budget: %w", err)
	}
	return n == 1, nil
}

const markBudgetSpent = `
	WITH bucket AS (
		SELECT level - :leak * extract(epoch FROM clock_timestamp() - at) - :cap AS over FROM budgets WHERE portal_id = :portal
	)
	UPDATE budgets SET spent_until = clock_timestamp() + make_interval(secs => greatest(0, bucket.over + :room) / :leak) FROM bucket
	WHERE portal_id = :portal RETURNING greatest(0, bucket.over + 1) / :leak`

// roomToLease is the number of requests that a bucket must have room for before tasks are leased again. Work that has begun waits for its next
// request; it would wait without end if each free place were taken by the first request of new work.
const roomToLease = 5

// MarkBudgetSpent records that a bucket has no room for background work and returns how long the next request has to wait. No tasks of the portal
// for the CRM are leased before there is room for several requests.
func MarkBudgetSpent(ctx context.Context, db *store.DB, portal acts.PortalID, leak, limit float64) (wait time.Duration, err error) {
	var seconds float64
	if err := pg.Get(ctx, db, &seconds, markBudgetSpent, pg.Args{"portal": portal, "leak": leak, "cap": limit, "room": roomToLease}); err != nil {
		return 0, fmt.Errorf("mark budget spent: %w", err)
	}
	return time.Duration(seconds * float64(time.Second)), nil
}

const underway = `SELECT count(*) FROM tasks WHERE portal_id = :portal AND lease_until > clock_timestamp() AND kind NOT LIKE 'edo.%'`

// Underway returns the number of leased tasks that may call the CRM of the portal.
func Underway(ctx context.Context, db *store.DB, portal acts.PortalID) (n int, err error) {
	if err := pg.Get(ctx, db, &n, underway, pg.Args{"portal": portal}); err != nil {
		return 0, fmt.Errorf("tasks under way: %w", err)
	}
	return n, nil
}

const pauseMethod = `
	INSERT INTO method_pauses (portal_id, method, until)
	VALUES (:portal, :method, clock_timestamp() + make_interval(secs => :term))
	ON CONFLICT (portal_id, method, background) DO UPDATE SET until = greatest(method_pauses.until, EXCLUDED.until)`

// PauseMethod blocks calls of a method of the portal for a term; "*" stands for all methods.
func PauseMethod(ctx context.Context, db *store.DB, portal acts.PortalID, method string, term time.Duration) error {
	if _, err := pg.Exec(ctx, db, pauseMethod, pg.Args{"portal": portal, "method": method, "term": term.Seconds()}); err != nil {
		return fmt.Errorf("pause %s: %w", method, err)
	}
	return nil
}

const pausedMethods = `
	SELECT method, extract(epoch FROM max(until) - clock_timestamp()) AS seconds FROM method_pauses
	WHERE portal_id = :portal AND until > clock_timestamp() AND (NOT background OR :background) GROUP BY method`

// PausedMethods returns the methods that must not be called now by people, or by background work, and for how long.
func PausedMethods(ctx context.Context, db *store.DB, portal acts.PortalID, background bool) (map[string]time.Duration, error) {
	var rows []struct {
		Method  string
		Seconds float64
	}
	err := pg.Select(ctx, db, &rows, pausedMethods, pg.Args{"portal": portal, "background": background})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("paused methods: %w", err)
	}
	paused := map[string]time.Duration{}
	for _, r := range rows {
		paused[r.Method] = time.Duration(r.Seconds * float64(time.Second))
	}
	return paused, nil
}

const pauseUntil = `
	INSERT INTO method_pauses (portal_id, method, background, until) VALUES (:portal, :method, :background, to_timestamp(:until))
	ON CONFLICT (portal_id, method, background) DO UPDATE SET until = greatest(method_pauses.until, EXCLUDED.until)`

// PauseMethodUntil blocks calls of a method of the portal, all or those of background work, until a unix time that the portal named.
func PauseMethodUntil(ctx context.Context, db *store.DB, portal acts.PortalID, method string, background bool, unix int64) error {
	if _, err := pg.Exec(ctx, db, pauseUntil, pg.Args{"portal": portal, "method": method, "background": background, "until": unix}); err != nil {
		return fmt.Errorf("pause %s: %w", method, err)
	}
	return nil
}
