-- +goose Up
SET LOCAL lock_timeout = '3s';

-- Columns of lists of acts that an employee does not want to see.
CREATE TABLE hidden_columns (
	portal_id bigint NOT NULL REFERENCES portals (id),
	user_id   bigint NOT NULL,
	columns   text[] NOT NULL,
	PRIMARY KEY (portal_id, user_id)
);
ALTER TABLE hidden_columns ENABLE ROW LEVEL SECURITY;
CREATE POLICY portal ON hidden_columns USING (portal_id = CAST(NULLIF(current_setting('acts.portal', true), '') AS bigint));
