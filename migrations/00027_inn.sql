-- +goose NO TRANSACTION
-- +goose Up
SET lock_timeout = '3s';

-- A whole INN is what the name of a counterparty begins with.
CREATE INDEX CONCURRENTLY IF NOT EXISTS act_names_by_inn ON act_names (portal_id, (folded COLLATE "C")) WHERE kind <> 'deal';

RESET lock_timeout;
