-- +goose Up
SET LOCAL lock_timeout = '3s';

-- How calls to one other side end: account 0 is the CRM of the portal, others are accounts at SBIS. While a breaker is open nobody is
-- called but for one probe. Read over all portals by those who take work, like budgets.
CREATE TABLE breakers (
	portal_id  bigint NOT NULL REFERENCES portals (id),
	account_id bigint NOT NULL DEFAULT 0,
	failures   int NOT NULL DEFAULT 0,                 -- in a row
	opened_at  timestamptz,                            -- NULL while all calls pass
	probe_at   timestamptz NOT NULL DEFAULT '-infinity', -- nobody is called before
	PRIMARY KEY (portal_id, account_id)
);

-- What an administrator was told of: from when to when somebody could not be reached, and why.
CREATE TABLE incidents (
	portal_id  bigint NOT NULL REFERENCES portals (id),
	id         bigint GENERATED ALWAYS AS IDENTITY,
	account_id bigint NOT NULL DEFAULT 0,
	reason     text NOT NULL,
	opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
	closed_at  timestamptz,
	PRIMARY KEY (portal_id, id)
);
CREATE UNIQUE INDEX incidents_open ON incidents (portal_id, account_id) WHERE closed_at IS NULL;

ALTER TABLE incidents ENABLE ROW LEVEL SECURITY;
CREATE POLICY portal ON incidents USING (portal_id = CAST(NULLIF(current_setting('acts.portal', true), '') AS bigint));
