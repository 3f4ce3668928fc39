-- +goose Up
SET LOCAL lock_timeout = '3s';

-- Copies of employees: names for the history, and the head who stands in for a dismissed employee.
CREATE TABLE users (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id          bigint NOT NULL,
	name        text NOT NULL,
	active      boolean NOT NULL,
	head_id     bigint NOT NULL DEFAULT 0,
	departments bigint[] NOT NULL DEFAULT '{}',
	read_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (portal_id, id)
);

-- Departments and work groups as the portal describes them; employees are in users.
CREATE TABLE units (
	portal_id bigint NOT NULL REFERENCES portals (id),
	kind      text NOT NULL CHECK (kind IN ('department', 'workgroup')),
	id        bigint NOT NULL,
	name      text NOT NULL,
	parent_id bigint NOT NULL DEFAULT 0,                 -- of a department
	head_id   bigint NOT NULL DEFAULT 0,                 -- of a department
	people    bigint[] NOT NULL DEFAULT '{}',            -- of a work group that is a member of the group
	PRIMARY KEY (portal_id, kind, id)
);

-- When the structure was read, and which parts of it the portal lets us read.
CREATE TABLE structures (
	portal_id   bigint PRIMARY KEY REFERENCES portals (id),
	read_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	departments boolean NOT NULL,
	workgroups  boolean NOT NULL
);

-- Portal administrators who have opened the app: REST returns the right of an administrator only for the caller himself.
CREATE TABLE administrators (
	portal_id bigint NOT NULL REFERENCES portals (id),
	user_id   bigint NOT NULL,
	name      text NOT NULL,
	PRIMARY KEY (portal_id, user_id)
);

-- The group «Работа с актами» as the administrator declared it: employees, departments and work groups, each with a role.
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

-- What follows from the group for one employee: his role, and whose acts and deals he sees. While the group has no members an
-- employee without a row sees everything.
CREATE TABLE people (
	portal_id  bigint NOT NULL REFERENCES portals (id),
	user_id    bigint NOT NULL,
	visibility bigint[],                                 -- employees, NULL for all
	role       text NOT NULL DEFAULT 'work' CHECK (role IN ('own', 'department', 'all', 'work', 'admin')),
	PRIMARY KEY (portal_id, user_id)
);

-- How an employee wants to see lists of acts.
CREATE TABLE list_preferences (
	portal_id bigint NOT NULL REFERENCES portals (id),
	user_id   bigint NOT NULL,
	columns   text[],                                    -- that are shown, in their order; NULL before they are chosen
	page_size int NOT NULL CHECK (page_size IN (20, 50, 100)),
	compact   boolean NOT NULL,                          -- rows have one line
	PRIMARY KEY (portal_id, user_id)
);

-- Filters of lists of acts that employees have saved under a name.
CREATE TABLE saved_filters (
	portal_id bigint NOT NULL REFERENCES portals (id),
	id        bigint GENERATED ALWAYS AS IDENTITY,
	user_id   bigint NOT NULL,                           -- the owner
	name      text NOT NULL,
	query     text NOT NULL,                             -- as in the address of a list
	shared    boolean NOT NULL,                          -- everybody in the portal sees it
	PRIMARY KEY (portal_id, id)
);
CREATE UNIQUE INDEX saved_filters_of_user ON saved_filters (portal_id, user_id, lower(name));

-- How an employee wants to see the pages of the app.
CREATE TABLE user_preferences (
	portal_id bigint NOT NULL REFERENCES portals (id),
	user_id   bigint NOT NULL,
	theme     text NOT NULL CHECK (theme IN ('system', 'light', 'dark')),
	PRIMARY KEY (portal_id, user_id)
);

-- When the next digest of a portal is due, business time. Read over all portals.
CREATE TABLE digest_days (
	portal_id bigint PRIMARY KEY REFERENCES portals (id),
	due_at    timestamptz NOT NULL
);

-- The digest of one employee on one day; one row is one notification.
CREATE TABLE digests (
	portal_id bigint NOT NULL REFERENCES portals (id),
	id        bigint GENERATED ALWAYS AS IDENTITY,
	user_id   bigint NOT NULL,
	day       date NOT NULL,
	overdue   int NOT NULL,
	refused   int NOT NULL,
	ours      int NOT NULL,                              -- acts that wait for our signature
	theirs    int NOT NULL,                              -- acts that wait for the counterparty's signature
	without_acts int NOT NULL,                           -- deals without acts
	PRIMARY KEY (portal_id, id),
	UNIQUE (portal_id, user_id, day)
);

-- Employees who have switched the digest off.
CREATE TABLE digest_refusals (
	portal_id bigint NOT NULL REFERENCES portals (id),
	user_id   bigint NOT NULL,
	PRIMARY KEY (portal_id, user_id)
);
