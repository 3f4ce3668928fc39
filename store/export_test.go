package store

import (
	"context"
	"time"
)

// DuePlan is how PostgreSQL finds the due reminders: mode is force_custom_plan, with the values known as in the first
// runs of a kept statement, or force_generic_plan, without them as later.
func (db *DB) DuePlan(ctx context.Context, mode string, now time.Time) (lines []string, err error) {
	query, _, err := bind(dueReminders, args{"now": now, "limit": 50})
	if err != nil {
		return nil, err
	}
	tx, err := db.pool.BeginTxx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	for _, statement := range []string{"SET LOCAL plan_cache_mode = " + mode, "PREPARE due (timestamptz, bigint) AS " + query} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return nil, err
		}
	}
	defer tx.ExecContext(ctx, "DEALLOCATE due")
	err = tx.SelectContext(ctx, &lines, "EXPLAIN EXECUTE due ('"+now.Format(time.RFC3339)+"', 50)")
	return lines, err
}
