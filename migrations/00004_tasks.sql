-- +goose Up
SET LOCAL lock_timeout = '3s';

-- The outbox: promises to tell others, made in the transaction of the change itself.
-- One row stands for all promises of a kind about one subject; version tells a newer promise.
CREATE TABLE tasks (
	id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	portal_id   bigint NOT NULL REFERENCES portals (id),
	kind        text NOT NULL,
	subject     bigint NOT NULL,
	version     int NOT NULL DEFAULT 1,
	due_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
	lease_until timestamptz NOT NULL DEFAULT '-infinity',
	fence       bigint NOT NULL DEFAULT 0,
	attempts    int NOT NULL DEFAULT 0,
	failures    int NOT NULL DEFAULT 0,         -- tries that ended in anything but "not now"
	sent_at     timestamptz,                    -- a call has left and its end is not known
	dead        boolean NOT NULL DEFAULT false,
	problem     text NOT NULL DEFAULT '',
	created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
	UNIQUE (portal_id, kind, subject)
);
CREATE INDEX tasks_due ON tasks (due_at) WHERE NOT dead;

-- What the portal told us, as it came; events are hints and are read once.
CREATE TABLE portal_events (
	id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	portal_id   bigint NOT NULL REFERENCES portals (id),
	event       text NOT NULL,
	object_id   bigint NOT NULL,
	received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX portal_events_last ON portal_events (portal_id, id DESC);

-- The second wall: without acts.portal on the connection these tables are empty.
-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['tokens', 'settings', 'edo_accounts', 'own_companies', 'number_counters', 'deals', 'deal_rows',
		'acts', 'act_lines', 'act_events', 'files', 'file_chunks', 'edo_documents', 'edo_events', 'edo_lookups']
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY portal ON %I USING (portal_id = CAST(NULLIF(current_setting(''acts.portal'', true), '''') AS bigint))', name);
	END LOOP;
END $$;
-- +goose StatementEnd
