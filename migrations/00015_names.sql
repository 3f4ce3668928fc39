-- +goose Up
SET LOCAL lock_timeout = '3s';

-- A name is found by its key, whose order says nothing of portals; by its portal, where there are few; or by its parts in all portals: with the
-- portal in that index every search would read the whole list of the portal's names.
ALTER TABLE act_names DROP CONSTRAINT act_names_pkey;
ALTER TABLE act_names ADD PRIMARY KEY (id, kind, portal_id, folded);
CREATE INDEX act_names_of_portal ON act_names (portal_id);

-- +goose StatementBegin
DO $$
BEGIN
	IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
		DROP INDEX IF EXISTS act_names_parts;
		CREATE INDEX act_names_parts ON act_names USING gin (folded gin_trgm_ops) WITH (fastupdate = off);
	END IF;
END $$;
-- +goose StatementEnd
