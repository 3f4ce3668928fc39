package store

import (
	"context"
	"time"

	"acts24/store/internal/pg"
)

// DuePlan is how PostgreSQL finds the due reminders.
func (db *DB) DuePlan(ctx context.Context, now time.Time) (lines []string, err error) {
	err = pg.Select(ctx, db, &lines, "EXPLAIN "+dueReminders, pg.Args{"now": now, "limit": 50})
	return lines, err
}
