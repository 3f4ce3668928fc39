-- +goose Up
SET LOCAL lock_timeout = '3s';

-- When the employees of a portal are told next what waits for them, business time. Read over all portals, so it is not behind the wall.
CREATE TABLE digest_days (
	portal_id bigint PRIMARY KEY REFERENCES portals (id),
	due_at    timestamptz NOT NULL
);

-- What an employee was told of on a day; one row is one notification.
CREATE TABLE digests (
	portal_id bigint NOT NULL REFERENCES portals (id),
	id        bigint GENERATED ALWAYS AS IDENTITY,
	user_id   bigint NOT NULL,
	day       date NOT NULL,
	overdue   int NOT NULL,
	refused   int NOT NULL,
	ours      int NOT NULL,                    -- acts that wait for our signature
	theirs    int NOT NULL,                    -- and for the counterparty's
	lacking   int NOT NULL,                    -- deals without acts
	PRIMARY KEY (portal_id, id),
	UNIQUE (portal_id, user_id, day)
);

-- Employees who do not want to be told.
CREATE TABLE digest_refusals (
	portal_id bigint NOT NULL REFERENCES portals (id),
	user_id   bigint NOT NULL,
	PRIMARY KEY (portal_id, user_id)
);

-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['digests', 'digest_refusals']
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY portal ON %I USING (portal_id = CAST(NULLIF(current_setting(''acts.portal'', true), '''') AS bigint))', name);
	END LOOP;
END $$;
-- +goose StatementEnd
