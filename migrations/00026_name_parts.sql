-- +goose NO TRANSACTION
-- +goose Up
SET lock_timeout = '3s';

-- The parts of a name: every three letters that follow each other, hashed together with the portal. So a search reads the names of one
-- portal alone, and of them only those that have all parts of what is looked for.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION parts(portal bigint, folded text) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(array_agg(DISTINCT hashtextextended(substr(folded, n, 3), portal)), '{}') FROM generate_series(1, length(folded) - 2) AS n
$$;
-- +goose StatementEnd

-- What a text is looked for by: parts that cover it, as few as do. Every list of the index that is read costs time.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION cover(portal bigint, folded text) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(array_agg(DISTINCT hashtextextended(substr(folded, least(n, length(folded) - 2), 3), portal)), '{}')
	FROM generate_series(1, length(folded), 3) AS n WHERE length(folded) > 2
$$;
-- +goose StatementEnd

CREATE INDEX CONCURRENTLY IF NOT EXISTS act_names_parts_of_portal ON act_names USING gin (parts(portal_id, folded)) WITH (fastupdate = off);

RESET lock_timeout;
