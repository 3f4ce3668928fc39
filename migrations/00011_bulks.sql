-- +goose Up
SET LOCAL lock_timeout = '3s';

-- Work that a person asked for over many acts at once: it is judged act by act, then done act by act.
CREATE TABLE bulks (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id          bigint GENERATED ALWAYS AS IDENTITY,
	form_key    uuid NOT NULL,                           -- one form makes one bulk
	action      text NOT NULL CHECK (action IN ('send', 'ask', 'remind', 'responsible', 'pdf', 'xml')),
	target_id   bigint NOT NULL DEFAULT 0,               -- the new responsible, 0 until he is chosen
	target_name text NOT NULL DEFAULT '',
	state       text NOT NULL CHECK (state IN ('choosing', 'judging', 'judged', 'running', 'done', 'cancelled')),
	user_id     bigint NOT NULL,
	user_name   text NOT NULL,
	created_at  timestamptz NOT NULL,                    -- business time, as the next
	ended_at    timestamptz,
	PRIMARY KEY (portal_id, id),
	UNIQUE (portal_id, form_key)
);
CREATE INDEX bulks_of_user ON bulks (portal_id, user_id, id DESC);

-- Its acts, as they were chosen. A row leaves «waiting» in the transaction that does the work, so it is done once.
CREATE TABLE bulk_rows (
	portal_id bigint NOT NULL,
	bulk_id   bigint NOT NULL,
	n         int NOT NULL,
	act_id    bigint NOT NULL,
	state     text NOT NULL CHECK (state IN ('new', 'refused', 'waiting', 'done', 'failed')),
	reason    text NOT NULL DEFAULT '',                  -- why it cannot be done, or was not
	tries     int NOT NULL DEFAULT 0,                    -- that ended in something nobody foresaw
	PRIMARY KEY (portal_id, bulk_id, n),
	FOREIGN KEY (portal_id, bulk_id) REFERENCES bulks (portal_id, id),
	FOREIGN KEY (portal_id, act_id) REFERENCES acts (portal_id, id)
);
CREATE INDEX bulk_rows_open ON bulk_rows (portal_id, bulk_id, n) WHERE state IN ('new', 'waiting');

-- Bulks that have something left to judge or to do, over all portals.
CREATE TABLE bulk_turns (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	bulk_id     bigint NOT NULL,
	next_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	lease_until timestamptz NOT NULL DEFAULT '-infinity',
	fence       bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (portal_id, bulk_id)
);
CREATE INDEX bulk_turns_due ON bulk_turns (next_at);

-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['bulks', 'bulk_rows']
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY portal ON %I USING (portal_id = CAST(NULLIF(current_setting(''acts.portal'', true), '''') AS bigint))', name);
	END LOOP;
END $$;
-- +goose StatementEnd
