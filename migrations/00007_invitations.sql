-- +goose Up
SET LOCAL lock_timeout = '3s';

-- Deals whose counterparty was invited to connect to SBIS and has not, over all portals.
CREATE TABLE invitations (
	portal_id bigint NOT NULL REFERENCES portals (id),
	deal_id   bigint NOT NULL,
	since     timestamptz NOT NULL,                  -- business time, as the next
	due_at    timestamptz,                           -- when SBIS is to be asked again, NULL while it is being asked
	PRIMARY KEY (portal_id, deal_id)
);
CREATE INDEX invitations_due ON invitations (due_at) WHERE due_at IS NOT NULL;
