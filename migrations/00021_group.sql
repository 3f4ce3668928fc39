-- +goose Up
SET LOCAL lock_timeout = '3s';

-- The group «Работа с актами» as it was declared: employees, departments and work groups of the portal, each with a role.
CREATE TABLE group_members (
	portal_id bigint NOT NULL REFERENCES portals (id),
	kind      text NOT NULL CHECK (kind IN ('user', 'department', 'workgroup')),
	id        bigint NOT NULL,                           -- in the portal
	name      text NOT NULL,
	role      text NOT NULL CHECK (role IN ('own', 'department', 'all', 'work', 'admin')),
	PRIMARY KEY (portal_id, kind, id)
);

-- Who changed the group, when and how.
CREATE TABLE group_changes (
	portal_id bigint NOT NULL REFERENCES portals (id),
	id        bigint GENERATED ALWAYS AS IDENTITY,
	at        timestamptz NOT NULL,                      -- business time
	user_name text NOT NULL,
	text      text NOT NULL,
	PRIMARY KEY (portal_id, id)
);

-- What the portal says of its structure; employees themselves are in users.
CREATE TABLE units (
	portal_id bigint NOT NULL REFERENCES portals (id),
	kind      text NOT NULL CHECK (kind IN ('department', 'workgroup')),
	id        bigint NOT NULL,
	name      text NOT NULL,
	parent_id bigint NOT NULL DEFAULT 0,                 -- of a department
	head_id   bigint NOT NULL DEFAULT 0,                 -- of a department
	people    bigint[] NOT NULL DEFAULT '{}',            -- of a work group that is in the group
	PRIMARY KEY (portal_id, kind, id)
);

-- When the structure was read, and what of it the portal does not tell us.
CREATE TABLE structures (
	portal_id   bigint PRIMARY KEY REFERENCES portals (id),
	read_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	departments boolean NOT NULL,
	workgroups  boolean NOT NULL
);

-- Portal administrators as they came to us: REST tells of an administrator only to himself.
CREATE TABLE administrators (
	portal_id bigint NOT NULL REFERENCES portals (id),
	user_id   bigint NOT NULL,
	name      text NOT NULL,
	PRIMARY KEY (portal_id, user_id)
);

ALTER TABLE users ADD COLUMN departments bigint[] NOT NULL DEFAULT '{}';

-- What follows from the declaration for one employee. Yesterday's program adds nobody here; a row without a role works with acts.
ALTER TABLE people ADD COLUMN role text NOT NULL DEFAULT 'work' CHECK (role IN ('own', 'department', 'all', 'work', 'admin'));

-- The group has members: who is not in people is not let in. It stands here for the query of a visit.
ALTER TABLE portals ADD COLUMN grouped boolean NOT NULL DEFAULT false;

-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['group_members', 'group_changes', 'units', 'structures', 'administrators']
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY portal ON %I USING (portal_id = CAST(NULLIF(current_setting(''acts.portal'', true), '''') AS bigint))', name);
	END LOOP;
END $$;
-- +goose StatementEnd
