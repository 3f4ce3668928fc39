-- +goose NO TRANSACTION
-- +goose Up
SET lock_timeout = '3s';

-- Acts of one responsible are read status by status: what waits for him is new, what he has long finished is not.
CREATE INDEX CONCURRENTLY IF NOT EXISTS acts_of_responsible ON acts (portal_id, responsible_id, status, act_date DESC, id DESC);
DROP INDEX CONCURRENTLY IF EXISTS acts_by_responsible;

RESET lock_timeout;
