-- +goose Up
SET LOCAL lock_timeout = '3s';

-- A message of an incident says how it stands when it is told, and replaces what was said of it before.
ALTER TABLE messages ADD COLUMN incident_id bigint NOT NULL DEFAULT 0; -- 0 for any other message
