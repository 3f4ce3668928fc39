-- +goose Up
SET LOCAL lock_timeout = '3s';

-- Chosen acts may leave as a table.
ALTER TABLE bulks DROP CONSTRAINT bulks_action_check,
	ADD CONSTRAINT bulks_action_check CHECK (action IN ('send', 'ask', 'remind', 'responsible', 'pdf', 'xml', 'table'));
