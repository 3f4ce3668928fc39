package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

// FailedCall is a call to the operator about an act that did not succeed.
type FailedCall struct {
	Problem string
	Dead    bool          // it waits for a person
	Unclear bool          // it was made so recently that the operator may still be executing it
	Wait    time.Duration // until the next try
}

// Repeatable reports whether the call may be made at once.
func (c FailedCall) Repeatable() bool { return c.Dead || !c.Unclear && c.Wait > 0 }

// failedCall reads the failed calls about a subject. An account that cannot be reached is not called before the next probe of its breaker.
const failedCall = `
	SELECT t.problem, t.dead, coalesce(t.sent_at > clock_timestamp() - interval '75 seconds', false) AS unclear,
		CAST(ceil(extract(epoch FROM greatest(t.due_at, (SELECT b.probe_at FROM breakers b JOIN own_companies o ON o.portal_id = b.portal_id AND o.account_id = b.account_id
			WHERE b.portal_id = :portal AND o.id = a.own_company_id AND b.opened_at IS NOT NULL)) - clock_timestamp())) AS bigint) AS seconds
	FROM tasks t JOIN acts a ON a.portal_id = t.portal_id AND a.id = t.subject
	WHERE t.portal_id = :portal AND t.subject = :act AND t.kind = ANY (CAST(:kinds AS text[])) AND t.problem <> '' ORDER BY t.dead DESC, t.due_at LIMIT 1`

// FailedCallOf returns the failed call of some kinds of tasks about an act, nil when none has failed.
func FailedCallOf(ctx context.Context, s store.Scope, kinds []string, act acts.ActID) (*FailedCall, error) {
	var row struct {
		FailedCall
		Seconds int64
	}
	err := pg.Get(ctx, s, &row, failedCall, pg.Args{"act": act, "kinds": pq.Array(kinds)})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("failed call: %w", err)
	}
	row.Wait = time.Duration(row.Seconds) * time.Second
	return &row.FailedCall, nil
}

const repeatCalls = `
	UPDATE tasks SET dead = false, attempts = 0, due_at = clock_timestamp(), problem = ''
	WHERE portal_id = :portal AND kind = ANY (CAST(:kinds AS text[])) AND subject = :act AND lease_until < clock_timestamp() AND problem <> ''
		AND (dead OR sent_at IS NULL OR sent_at <= clock_timestamp() - interval '75 seconds')`

// RepeatCalls makes the failed tasks of some kinds about an act due. A task keeps its time while the remote system may still be executing
// its call (75 seconds, as workflow.Timing.Window), unless it waits for a person.
func RepeatCalls(ctx context.Context, tx store.Tx, kinds []string, act acts.ActID) error {
	if _, err := pg.Exec(ctx, tx, repeatCalls, pg.Args{"kinds": pq.Array(kinds), "act": act}); err != nil {
		return fmt.Errorf("repeat calls: %w", err)
	}
	return nil
}
