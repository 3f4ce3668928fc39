package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"acts24/store"
	"acts24/store/internal/pg"
)

// PortalItself is the account of the breaker of the CRM; other breakers have the id of an account at SBIS.
const PortalItself int64 = 0

// Breaker is the circuit breaker of calls to one remote system of a portal.
type Breaker struct {
	Account  int64      `db:"account_id"`
	Failures int        `db:"failures"` // in a row
	Opened   *time.Time `db:"opened_at"`
	ProbeAt  *time.Time `db:"probe_at"` // nil while all calls pass
}

// unreachable selects the portals whose CRM must not be called now: it does not answer, or its limits are used up. It is compared with as a whole
// (NOT IN), so that it is computed once for all tasks that wait for such portals.
const unreachable = `(SELECT portal_id FROM breakers WHERE account_id = 0 AND probe_at > clock_timestamp()
			UNION SELECT portal_id FROM budgets WHERE spent_until > clock_timestamp()
			UNION SELECT portal_id FROM method_pauses WHERE method = '*' AND until > clock_timestamp())`

const breakers = `
	SELECT account_id, failures, opened_at, CASE WHEN opened_at IS NOT NULL THEN nullif(probe_at, '-infinity') END AS probe_at
	FROM breakers WHERE portal_id = :portal`

// Breakers returns the breakers of the portal by account.
func Breakers(ctx context.Context, s store.Scope) (map[int64]Breaker, error) {
	var list []Breaker
	if err := pg.Select(ctx, s, &list, breakers, nil); err != nil {
		return nil, fmt.Errorf("breakers: %w", err)
	}
	of := make(map[int64]Breaker, len(list))
	for _, b := range list {
		of[b.Account] = b
	}
	return of, nil
}

const breakerOf = `
	SELECT failures, opened_at IS NOT NULL AS open, extract(epoch FROM greatest(probe_at, clock_timestamp()) - clock_timestamp()) AS seconds FROM breakers
	WHERE portal_id = :portal AND account_id = :account AND failures > 0`

const takeProbe = `
	UPDATE breakers SET probe_at = clock_timestamp() + make_interval(secs => :every)
	WHERE portal_id = :portal AND account_id = :account AND opened_at IS NOT NULL AND probe_at <= clock_timestamp()
	RETURNING account_id`

// PassBreaker reports whether a remote system may be called. While its breaker is open, one call per term passes, over all replicas; wait
// is how long the other calls have to wait, 0 for a call that passes. troubled means that earlier calls failed, so that a success has to
// be recorded.
func PassBreaker(ctx context.Context, s store.Scope, account int64, every time.Duration) (troubled bool, wait time.Duration, err error) {
	var b struct {
		Failures int
		Open     bool
		Seconds  float64
	}
	a := pg.Args{"account": account, "every": every.Seconds()}
	err = pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		if err := pg.Get(ctx, r, &b, breakerOf, a); errors.Is(err, sql.ErrNoRows) || err != nil || !b.Open {
			return err
		}
		var taken []int64
		err := pg.Select(ctx, r, &taken, takeProbe, a)
		if len(taken) == 0 {
			wait = max(time.Duration(b.Seconds*float64(time.Second)), time.Second)
		}
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return false, 0, nil
	}
	if err != nil {
		return false, 0, fmt.Errorf("pass breaker: %w", err)
	}
	return b.Failures > 0, wait, nil
}

const failBreaker = `
	INSERT INTO breakers AS b (portal_id, account_id, failures) VALUES (:portal, :account, 1)
	ON CONFLICT (portal_id, account_id) DO UPDATE SET failures = b.failures + 1,
		opened_at = CASE WHEN b.failures + 1 >= :most THEN coalesce(b.opened_at, clock_timestamp()) END,
		probe_at = CASE WHEN b.failures + 1 >= :most AND b.opened_at IS NULL THEN clock_timestamp() + make_interval(secs => :every) ELSE b.probe_at END
	RETURNING b.failures`

// FailBreaker counts a failed call and returns how many there are in a row; the breaker opens when there are most of them.
func FailBreaker(ctx context.Context, tx store.Tx, account int64, most int, every time.Duration) (failures int, err error) {
	if err := pg.Get(ctx, tx, &failures, failBreaker, pg.Args{"account": account, "most": most, "every": every.Seconds()}); err != nil {
		return 0, fmt.Errorf("fail breaker: %w", err)
	}
	return failures, nil
}

const closeBreaker = `
	WITH old AS (SELECT opened_at FROM breakers WHERE portal_id = :portal AND account_id = :account AND failures > 0 FOR UPDATE)
	UPDATE breakers b SET failures = 0, opened_at = NULL, probe_at = '-infinity' FROM old WHERE b.portal_id = :portal AND b.account_id = :account
	RETURNING old.opened_at IS NOT NULL AS open`

// wakeTasks makes tasks due that failed while a remote system was down; an unclear call keeps its window.
const wakeTasks = `
	UPDATE tasks SET due_at = clock_timestamp()
	WHERE portal_id = :portal AND NOT dead AND attempts > 0 AND sent_at IS NULL AND due_at > clock_timestamp() AND (kind LIKE 'edo.%') = (CAST(:account AS bigint) <> 0)`

const wakeReconcile = `UPDATE reconciliations SET next_at = clock_timestamp() WHERE portal_id = :portal AND CAST(:account AS bigint) = 0`
const wakeBackfill = `UPDATE backfills SET next_at = clock_timestamp() WHERE portal_id = :portal AND CAST(:account AS bigint) = 0 AND problem <> ''`
const wakeFeeds = `
	UPDATE feeds f SET next_at = clock_timestamp() FROM own_companies o
	WHERE f.portal_id = :portal AND o.portal_id = f.portal_id AND o.id = f.own_company_id AND o.account_id = :account AND f.failures > 0`

// CloseBreaker records a successful call; tasks that waited for the remote system are due now. wasOpen reports whether the breaker
// was open.
func CloseBreaker(ctx context.Context, tx store.Tx, account int64) (wasOpen bool, err error) {
	err = pg.Get(ctx, tx, &wasOpen, closeBreaker, pg.Args{"account": account})
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("close breaker: %w", err)
	}
	if !wasOpen {
		return false, nil
	}
	return true, wakeWaiting(ctx, tx, account)
}

func wakeWaiting(ctx context.Context, tx store.Tx, account int64) error {
	for _, query := range []string{wakeTasks, wakeReconcile, wakeBackfill, wakeFeeds} {
		if _, err := pg.Exec(ctx, tx, query, pg.Args{"account": account}); err != nil {
			return fmt.Errorf("wake waiting tasks: %w", err)
		}
	}
	return nil
}

const probeNow = `UPDATE breakers SET probe_at = '-infinity' WHERE portal_id = :portal AND account_id = :account AND opened_at IS NOT NULL`

// ProbeNow lets the next call pass and makes tasks due that wait for the remote system.
func ProbeNow(ctx context.Context, tx store.Tx, account int64) error {
	if _, err := pg.Exec(ctx, tx, probeNow, pg.Args{"account": account}); err != nil {
		return fmt.Errorf("probe now: %w", err)
	}
	return wakeWaiting(ctx, tx, account)
}
