-- +goose NO TRANSACTION
-- +goose Up
SET lock_timeout = '3s';

CREATE INDEX CONCURRENTLY IF NOT EXISTS reminders_overdue ON reminders (portal_id, act_date DESC, act_id DESC, due_on)
	WHERE kind = 'unsigned' AND closed_at IS NULL;

RESET lock_timeout;
