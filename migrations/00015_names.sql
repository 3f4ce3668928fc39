-- +goose Up
SET LOCAL lock_timeout = '3s';

-- A plan made without values would look through the names of a portal by the key rather than by their parts. The key now begins with what
-- only a look-up of one name knows; where parts have no index, the names of a portal do.
ALTER TABLE act_names DROP CONSTRAINT act_names_pkey;
ALTER TABLE act_names ADD PRIMARY KEY (id, kind, portal_id, folded);

-- +goose StatementBegin
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_indexes WHERE schemaname = 'public' AND indexname = 'act_names_parts') THEN
		CREATE INDEX act_names_of_portal ON act_names (portal_id, kind);
	END IF;
END $$;
-- +goose StatementEnd
