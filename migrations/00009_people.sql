-- +goose Up
SET LOCAL lock_timeout = '3s';

-- Whose acts and deals an employee sees; who is not here sees all. Read together with a visit, before a connection is bound to a portal,
-- so it is not behind the wall, like visits themselves.
CREATE TABLE people (
	portal_id bigint NOT NULL REFERENCES portals (id),
	user_id   bigint NOT NULL,
	sees      bigint[],                                  -- employees, NULL for all
	PRIMARY KEY (portal_id, user_id)
);
