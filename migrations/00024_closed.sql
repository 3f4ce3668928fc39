-- +goose Up
SET LOCAL lock_timeout = '3s';

-- Acts of our company dated before this day are closed: the bookkeeper has handed the period in.
ALTER TABLE own_companies ADD COLUMN closed_before date;

-- What was tried in a closed period and refused, and when the period was moved.
CREATE TABLE closed_tries (
	portal_id      bigint NOT NULL,
	id             bigint GENERATED ALWAYS AS IDENTITY,
	own_company_id bigint NOT NULL,
	act_id         bigint NOT NULL DEFAULT 0,            -- 0 when there is no act yet
	at             timestamptz NOT NULL,                 -- business time
	user_id        bigint NOT NULL,
	user_name      text NOT NULL,
	text           text NOT NULL,
	PRIMARY KEY (portal_id, id),
	FOREIGN KEY (portal_id, own_company_id) REFERENCES own_companies (portal_id, id)
);
CREATE INDEX closed_tries_of_company ON closed_tries (portal_id, own_company_id, id DESC);
ALTER TABLE closed_tries ENABLE ROW LEVEL SECURITY;
CREATE POLICY portal ON closed_tries USING (portal_id = CAST(NULLIF(current_setting('acts.portal', true), '') AS bigint));
REVOKE UPDATE, DELETE ON closed_tries FROM acts_app;
