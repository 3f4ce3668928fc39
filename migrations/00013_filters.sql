-- +goose NO TRANSACTION
-- +goose Up

-- What the conditions of the registry narrow to, each in the order of its pages.
CREATE INDEX CONCURRENTLY IF NOT EXISTS acts_by_type ON acts (portal_id, medium, party_kind, act_date DESC, id DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS acts_by_channel ON acts (portal_id, channel, act_date DESC, id DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS acts_by_delivery ON acts (portal_id, delivery, act_date DESC, id DESC) WHERE medium = 'electronic';
CREATE INDEX CONCURRENTLY IF NOT EXISTS acts_by_operator ON acts (portal_id, operator, act_date DESC, id DESC) WHERE operator <> '';
CREATE INDEX CONCURRENTLY IF NOT EXISTS acts_of_own_company ON acts (portal_id, own_company_id, act_date DESC, id DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS acts_without_original ON acts (portal_id, act_date DESC, id DESC)
	WHERE medium = 'paper' AND original_on IS NULL AND status <> 'annulled' AND (status = 'signed' OR scan_on IS NOT NULL);
CREATE INDEX CONCURRENTLY IF NOT EXISTS deals_by_stage ON deals (portal_id, stage_id, id DESC);
