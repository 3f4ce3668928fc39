-- +goose Up
SET LOCAL lock_timeout = '3s';

-- The outbox: calls to remote systems, written in the transaction of the change that needs them. One row stands for all calls of
-- a kind about one subject; a newer change raises its version.
CREATE TABLE tasks (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id          bigint GENERATED ALWAYS AS IDENTITY,
	kind        text NOT NULL,
	subject     bigint NOT NULL,
	version     int NOT NULL DEFAULT 1,
	due_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
	lease_until timestamptz NOT NULL DEFAULT '-infinity',
	fence       bigint NOT NULL DEFAULT 0,               -- raised by every lease: a worker with an older one has lost it
	attempts    int NOT NULL DEFAULT 0,
	failures    int NOT NULL DEFAULT 0,                  -- attempts that were not merely postponed
	sent_at     timestamptz,                             -- a call was sent and its outcome is not known
	dead        boolean NOT NULL DEFAULT false,          -- waits for a person, or for a newer change
	problem     text NOT NULL DEFAULT '',
	created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (portal_id, id),
	UNIQUE (portal_id, kind, subject)
);
CREATE INDEX tasks_due ON tasks (due_at) WHERE NOT dead;

-- Received events of the portal. They are not trusted: objects are fetched again.
CREATE TABLE portal_events (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id          bigint GENERATED ALWAYS AS IDENTITY,
	event       text NOT NULL,
	object_id   bigint NOT NULL,
	received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (portal_id, id)
);

-- A bulk: an action of a person on many acts. Each act is checked first, then each is processed.
CREATE TABLE bulks (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id          bigint GENERATED ALWAYS AS IDENTITY,
	form_key    uuid NOT NULL,                           -- one form makes one bulk
	action      text NOT NULL CHECK (action IN ('send', 'ask', 'remind', 'responsible', 'pdf', 'xml', 'signed', 'table')),
	target_id   bigint NOT NULL DEFAULT 0,               -- the new responsible, 0 until he is chosen
	target_name text NOT NULL DEFAULT '',
	state       text NOT NULL CHECK (state IN ('choosing', 'checking', 'checked', 'running', 'done', 'cancelled')),
	user_id     bigint NOT NULL,
	user_name   text NOT NULL,
	created_at  timestamptz NOT NULL,                    -- business time, as the next
	ended_at    timestamptz,
	PRIMARY KEY (portal_id, id),
	UNIQUE (portal_id, form_key)
);
CREATE INDEX bulks_of_user ON bulks (portal_id, user_id, id DESC);

-- The acts of a bulk. A row leaves 'waiting' in the transaction that does the work, so the work is done once.
CREATE TABLE bulk_rows (
	portal_id bigint NOT NULL,
	bulk_id   bigint NOT NULL,
	n         int NOT NULL,
	act_id    bigint NOT NULL,
	state     text NOT NULL CHECK (state IN ('new', 'refused', 'waiting', 'done', 'failed')),
	reason    text NOT NULL DEFAULT '',                  -- why it cannot be done, or failed
	tries     int NOT NULL DEFAULT 0,                    -- attempts that ended with an unexpected error
	PRIMARY KEY (portal_id, bulk_id, n),
	FOREIGN KEY (portal_id, bulk_id) REFERENCES bulks (portal_id, id),
	FOREIGN KEY (portal_id, act_id) REFERENCES acts (portal_id, id)
);
CREATE INDEX bulk_rows_open ON bulk_rows (portal_id, bulk_id, n) WHERE state IN ('new', 'waiting');

-- The queue of bulks over all portals.
CREATE TABLE bulk_queue (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	bulk_id     bigint NOT NULL,
	next_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	lease_until timestamptz NOT NULL DEFAULT '-infinity',
	fence       bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (portal_id, bulk_id)
);
CREATE INDEX bulk_queue_due ON bulk_queue (next_at);

-- The audit log: who read files and exports, and who changed settings, accounts of SBIS, people and keys. Rows hold ids and addresses of
-- pages, no names and no contents; they are only added and are erased with the portal.
CREATE TABLE audit (
	portal_id  bigint NOT NULL REFERENCES portals (id),
	id         bigint GENERATED ALWAYS AS IDENTITY,
	at         timestamptz NOT NULL DEFAULT clock_timestamp(),
	user_id    bigint NOT NULL,                          -- of the portal, 0 for the operator of the service
	action     text NOT NULL,
	object     text NOT NULL,                            -- the address within the portal, without its query
	request_id text NOT NULL,                            -- as in the log and on error pages, '' for a command
	PRIMARY KEY (portal_id, id)
);
REVOKE UPDATE, DELETE ON audit FROM acts_app;

-- Row-level security: while a connection has no acts.portal these tables are empty, with it they hold the rows of that portal.
-- The tables without a policy hold no data of the portal's documents and people; they are read over all portals by workers, or before
-- the portal is known.
-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
	FOREACH name IN ARRAY ARRAY[
		'saved_filters', 'user_preferences',
		'tokens', 'settings', 'incidents', 'installs', 'install_steps', 'visit_deals',
		'people', 'users', 'units', 'structures', 'administrators', 'group_members', 'group_changes', 'list_preferences', 'digests', 'digest_refusals',
		'files', 'file_chunks', 'edo_accounts', 'certificates', 'term_warnings', 'own_companies', 'number_counters', 'closed_tries', 'edo_lookups',
		'deals', 'deal_rows', 'deal_badges', 'form_requests', 'monthly_runs', 'robot_calls', 'trigger_runs', 'timeline_comments', 'notices',
		'acts', 'act_lines', 'act_events', 'act_files', 'edo_documents', 'edo_events',
		'questions', 'answers', 'letters', 'messages',
		'bulks', 'bulk_rows', 'audit']
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY portal ON %I USING (portal_id = CAST(NULLIF(current_setting(''acts.portal'', true), '''') AS bigint))', name);
	END LOOP;
END $$;
-- +goose StatementEnd

-- Workers find what is due over all portals with acts.portal = '*'. Such a connection has no access to the tables above.
-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['feeds', 'reminders', 'answer_deadlines', 'invitations', 'monthly_plans', 'robot_deadlines']
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY portal ON %I USING (current_setting(''acts.portal'', true) = ''*''
			OR portal_id = CAST(NULLIF(NULLIF(current_setting(''acts.portal'', true), ''''), ''*'') AS bigint))', name);
	END LOOP;
END $$;
-- +goose StatementEnd

-- The role of the program cannot delete history. This function alone does, for a portal whose retention has ended: a batch of rows
-- at a time, referenced tables last, and the portal itself when nothing else is left. It returns how many rows it deleted.
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
		UPDATE removals SET erased_at = moment WHERE former_portal = portal AND erased_at IS NULL;
		RETURN 1;
	END IF;
	RETURN taken;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION erase_portal(bigint, timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_portal(bigint, timestamptz, int) TO acts_app;

-- Erases rows of all portals whose purpose has passed, at most so many of each kind, and returns how many; the terms stand in docs/security.md.
-- moment is business time.
-- +goose StatementBegin
CREATE FUNCTION erase_outdated(moment timestamptz, most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	statement text;
	n int;
	total int := 0;
BEGIN
	FOREACH statement IN ARRAY ARRAY[
		'DELETE FROM portal_events WHERE (portal_id, id) IN (SELECT e.portal_id, e.id FROM portal_events e
			WHERE e.received_at < clock_timestamp() - interval ''30 days''
			AND EXISTS (SELECT FROM portal_events later WHERE later.portal_id = e.portal_id AND later.id > e.id) LIMIT $2) AND $1 IS NOT NULL',
		'DELETE FROM messages WHERE (portal_id, id) IN (SELECT m.portal_id, m.id FROM messages m WHERE m.created_at < $1 - interval ''90 days''
			AND NOT EXISTS (SELECT FROM tasks t WHERE t.portal_id = m.portal_id AND (t.kind = ''crm.message'' AND t.subject = m.id
			OR t.kind = ''crm.message.notice'' AND t.subject = m.notice_id)) LIMIT $2)',
		'DELETE FROM question_links WHERE (portal_id, hash) IN (SELECT l.portal_id, l.hash FROM question_links l
			JOIN questions q ON q.portal_id = l.portal_id AND q.id = l.question_id WHERE q.expires_at < $1 - interval ''90 days'' LIMIT $2)',
		'UPDATE questions SET address = '''' WHERE (portal_id, id) IN (SELECT portal_id, id FROM questions
			WHERE expires_at < $1 - interval ''90 days'' AND answered_at IS NULL AND address <> '''' LIMIT $2)',
		'UPDATE answers SET contact = '''', phone = '''', email = '''', address = '''', comment = '''' WHERE (portal_id, id) IN (SELECT a.portal_id, a.id FROM answers a
			WHERE a.at < $1 - interval ''90 days'' AND a.contact || a.phone || a.email || a.address || a.comment <> ''''
			AND EXISTS (SELECT FROM answers later WHERE later.portal_id = a.portal_id AND later.deal_id = a.deal_id AND later.id > a.id) LIMIT $2)',
		'UPDATE letters SET body = '''' WHERE (portal_id, id) IN (SELECT portal_id, id FROM letters
			WHERE state <> ''queued'' AND coalesce(ended_at, created_at) < $1 - interval ''1 year'' AND body <> '''' LIMIT $2)',
		'UPDATE letters SET user_name = '''' WHERE (portal_id, id) IN (SELECT portal_id, id FROM letters
			WHERE state <> ''queued'' AND coalesce(ended_at, created_at) < $1 - interval ''3 years'' AND user_name <> '''' LIMIT $2)',
		'UPDATE questions SET user_name = '''' WHERE (portal_id, id) IN (SELECT portal_id, id FROM questions
			WHERE expires_at < $1 - interval ''3 years'' AND user_name <> '''' LIMIT $2)',
		'UPDATE installs SET user_name = '''' WHERE portal_id IN (SELECT portal_id FROM installs
			WHERE state = ''done'' AND looked_at < $1 - interval ''3 years'' AND user_name <> '''' LIMIT $2)',
		'DELETE FROM bulk_rows WHERE (portal_id, bulk_id, n) IN (SELECT r.portal_id, r.bulk_id, r.n FROM bulk_rows r
			JOIN bulks b ON b.portal_id = r.portal_id AND b.id = r.bulk_id WHERE b.state IN (''done'', ''cancelled'') AND b.created_at < $1 - interval ''1 year'' LIMIT $2)',
		'DELETE FROM bulks WHERE (portal_id, id) IN (SELECT b.portal_id, b.id FROM bulks b WHERE b.state IN (''done'', ''cancelled'') AND b.created_at < $1 - interval ''1 year''
			AND NOT EXISTS (SELECT FROM bulk_rows r WHERE r.portal_id = b.portal_id AND r.bulk_id = b.id) LIMIT $2)',
		'DELETE FROM group_changes WHERE (portal_id, id) IN (SELECT portal_id, id FROM group_changes WHERE at < $1 - interval ''3 years'' LIMIT $2)',
		'DELETE FROM closed_tries WHERE (portal_id, id) IN (SELECT portal_id, id FROM closed_tries WHERE at < $1 - interval ''3 years'' LIMIT $2)']
	LOOP
		EXECUTE statement USING moment, most;
		GET DIAGNOSTICS n = ROW_COUNT;
		total := total + n;
	END LOOP;
	RETURN total;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION erase_outdated(timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_outdated(timestamptz, int) TO acts_app;

-- Leaves out so many ids of every table: rows that a restored backup lacks have been named by them in the CRM, at SBIS and in links.
-- +goose StatementBegin
CREATE FUNCTION skip_ids(many bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT setval(CAST(format('%I.%I', schemaname, sequencename) AS regclass), coalesce(last_value, 0) + many)
	FROM pg_sequences WHERE schemaname = 'public' AND data_type = CAST('bigint' AS regtype)
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION skip_ids(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION skip_ids(bigint) TO acts_app;

-- The ids of the keys that sealed values of all portals need: one byte of length, then the id. The program refuses to start without one of them.
-- +goose StatementBegin
CREATE FUNCTION sealed_keys() RETURNS TABLE (id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT DISTINCT convert_from(substring(s.value FROM 2 FOR get_byte(s.value, 0)), 'UTF8') FROM (
		SELECT access AS value FROM tokens UNION ALL SELECT refresh FROM tokens UNION ALL SELECT application FROM tokens
		UNION ALL SELECT login FROM edo_accounts UNION ALL SELECT session FROM edo_accounts
		UNION ALL SELECT token FROM visits
	) s WHERE s.value <> '' ORDER BY 1
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION sealed_keys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sealed_keys() TO acts_app;
