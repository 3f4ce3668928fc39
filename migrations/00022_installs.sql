-- +goose Up
SET LOCAL lock_timeout = '3s';

-- How far the installation on a portal is. What it makes is read from the portal anew whenever it goes on, so it may be cut off anywhere.
CREATE TABLE installs (
	portal_id bigint PRIMARY KEY REFERENCES portals (id),
	state     text NOT NULL CHECK (state IN ('asked', 'running', 'failed', 'done')),
	user_name text NOT NULL DEFAULT '',                  -- the administrator who installs
	plan      jsonb NOT NULL DEFAULT '{}',               -- what was missing when he opened it, and how the portal was checked
	pipelines jsonb NOT NULL DEFAULT '[]',               -- pipelines of deals to which he lets us add stages
	problem   text NOT NULL DEFAULT '',                  -- why it does not go on
	welcomed  boolean NOT NULL DEFAULT false,            -- an administrator was led to what is still to be done
	looked_at timestamptz NOT NULL                       -- business time when a repair was last due
);
INSERT INTO installs (portal_id, state, welcomed, looked_at) SELECT id, 'done', true, '-infinity' FROM portals WHERE state = 'active';

CREATE TABLE install_steps (
	portal_id bigint NOT NULL REFERENCES installs (portal_id),
	n         int NOT NULL,
	part      text NOT NULL,
	done      boolean NOT NULL DEFAULT false,
	made      jsonb NOT NULL DEFAULT '[]',               -- in words
	PRIMARY KEY (portal_id, n)
);

-- Installations and repairs that have something left to do, over all portals.
CREATE TABLE install_turns (
	portal_id   bigint PRIMARY KEY REFERENCES portals (id),
	repair      boolean NOT NULL,                        -- nobody waits for it
	tries       int NOT NULL DEFAULT 0,
	next_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	lease_until timestamptz NOT NULL DEFAULT '-infinity',
	fence       bigint NOT NULL DEFAULT 0
);
CREATE INDEX install_turns_due ON install_turns (next_at);

-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['installs', 'install_steps']
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY portal ON %I USING (portal_id = CAST(NULLIF(current_setting(''acts.portal'', true), '''') AS bigint))', name);
	END LOOP;
END $$;
-- +goose StatementEnd

-- Primary documents are kept for five years after the year they are of (402-ФЗ, article 29), so this long is usual.
ALTER TABLE portals
	ADD COLUMN restored jsonb NOT NULL DEFAULT '[]',     -- what repairs have made; administrators are told once
	ADD COLUMN frozen_at timestamptz,                    -- business time of the removal of the app
	ADD COLUMN keep_days int NOT NULL DEFAULT 2192;      -- its data is deleted so long after
UPDATE portals SET frozen_at = clock_timestamp() WHERE state = 'frozen';
CREATE INDEX portals_frozen ON portals (frozen_at) WHERE state = 'frozen';

-- The app's role may not take history away. This function alone does, for a portal whose term is over: a batch of rows at a
-- time, those that others refer to last, and the portal itself when nothing of it is left. It returns how many rows it took.
-- +goose StatementBegin
CREATE FUNCTION erase_portal(portal bigint, moment timestamptz, most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	part record;
	taken int := 0;
	n int;
BEGIN
	PERFORM FROM portals p WHERE p.id = portal AND p.state = 'frozen' AND p.frozen_at + make_interval(days => p.keep_days) <= moment FOR UPDATE;
	IF NOT FOUND THEN
		RETURN 0;
	END IF;
	FOR part IN
		WITH RECURSIVE refers (child, parent) AS (
			SELECT c.conrelid, c.confrelid FROM pg_constraint c
			WHERE c.contype = 'f' AND c.conrelid <> c.confrelid AND c.connamespace = CAST('public' AS regnamespace)
		), height (name, level) AS (
			SELECT a.attrelid, 0 FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
			WHERE a.attname = 'portal_id' AND NOT a.attisdropped AND t.relkind = 'r' AND t.relnamespace = CAST('public' AS regnamespace)
			UNION
			SELECT r.parent, h.level + 1 FROM height h JOIN refers r ON r.child = h.name WHERE r.parent <> CAST('portals' AS regclass)
		)
		SELECT CAST(h.name AS regclass) AS name FROM height h GROUP BY h.name ORDER BY max(h.level), 1
	LOOP
		EXECUTE format('DELETE FROM %s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %s WHERE portal_id = $1 LIMIT $2))', part.name, part.name)
			USING portal, most - taken;
		GET DIAGNOSTICS n = ROW_COUNT;
		taken := taken + n;
		IF taken >= most THEN
			RETURN taken;
		END IF;
	END LOOP;
	IF taken = 0 THEN
		DELETE FROM portals WHERE id = portal;
		RETURN 1;
	END IF;
	RETURN taken;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION erase_portal(bigint, timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_portal(bigint, timestamptz, int) TO acts_app;
