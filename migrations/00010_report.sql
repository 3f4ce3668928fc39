-- +goose Up
SET LOCAL lock_timeout = '3s';

-- What was formed and signed on a day, by who is responsible now: acts that are neither annulled nor replaced. An act is signed on the
-- day of the last change to «signed» in its history. Days are those of the portal's zone.
CREATE TABLE act_days (
	portal_id      bigint NOT NULL REFERENCES portals (id),
	day            date NOT NULL,
	responsible_id bigint NOT NULL,
	formed         bigint NOT NULL,
	formed_sum     bigint NOT NULL,
	signed         bigint NOT NULL,
	signed_sum     bigint NOT NULL,
	waited         bigint NOT NULL,                      -- days from sending to signature, of all signed acts together
	PRIMARY KEY (portal_id, day, responsible_id)
);

-- Differences that are not in act_days yet: both together are right at any moment. They are only added, so that changes of a day do not
-- wait for one another, in the transaction of the change itself, by triggers: yesterday's program keeps them too.
CREATE TABLE act_day_changes (
	portal_id      bigint NOT NULL REFERENCES portals (id),
	day            date NOT NULL,
	responsible_id bigint NOT NULL,
	formed         bigint NOT NULL,
	formed_sum     bigint NOT NULL,
	signed         bigint NOT NULL,
	signed_sum     bigint NOT NULL,
	waited         bigint NOT NULL
);
CREATE INDEX act_day_changes_of_portal ON act_day_changes (portal_id);

-- How far the acts that were there before are counted. Acts above upto count themselves when they are formed. It is read over all
-- portals and holds nothing of theirs, so it is not behind the wall.
CREATE TABLE trends (
	portal_id bigint PRIMARY KEY REFERENCES portals (id),
	zone      text NOT NULL DEFAULT 'Europe/Moscow',      -- whose days are counted; the counting begins anew when the portal's zone changes
	upto      bigint NOT NULL DEFAULT 0,
	filled    bigint NOT NULL DEFAULT 0,
	next_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX trends_due ON trends (next_at);

-- act_shares is what one act adds to its days, as its history stands before the line of that id.
-- +goose StatementBegin
CREATE FUNCTION act_shares(portal bigint, act bigint, responsible bigint, status text, replaced bigint, gross bigint,
	created timestamptz, sent timestamptz, before bigint DEFAULT 9223372036854775807)
RETURNS TABLE (portal_id bigint, day date, responsible_id bigint, formed bigint, formed_sum bigint, signed bigint, signed_sum bigint, waited bigint)
LANGUAGE sql STABLE AS $$
	SELECT portal, CAST(created AT TIME ZONE t.zone AS date), responsible, 1, gross, 0, 0, 0
	FROM trends t
	WHERE t.portal_id = portal AND (act > t.upto OR act <= t.filled) AND status <> 'annulled' AND replaced IS NULL
	UNION ALL
	SELECT portal, s.day, responsible, 0, 0, 1, gross, greatest(s.day - CAST(coalesce(sent, created) AT TIME ZONE t.zone AS date), 0)
	FROM trends t CROSS JOIN LATERAL (
		SELECT CAST(e.at AT TIME ZONE t.zone AS date) AS day FROM act_events e
		WHERE e.portal_id = portal AND e.act_id = act AND e.id < before AND e.to_status = 'signed' AND e.from_status <> 'signed'
		ORDER BY e.id DESC LIMIT 1) s
	WHERE t.portal_id = portal AND (act > t.upto OR act <= t.filled) AND status = 'signed' AND replaced IS NULL
$$;
-- +goose StatementEnd

-- The barrier: who changes acts takes it together with others, who counts the older acts takes it alone, until the transaction ends.
-- +goose StatementBegin
CREATE FUNCTION day_barrier(portal bigint) RETURNS void LANGUAGE sql VOLATILE AS $$
	SELECT pg_advisory_xact_lock_shared(24010, CAST(portal % 2147483647 AS int))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION count_formed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM day_barrier(p.portal_id) FROM (SELECT DISTINCT a.portal_id FROM added a) p;
	INSERT INTO act_day_changes (portal_id, day, responsible_id, formed, formed_sum, signed, signed_sum, waited)
	SELECT d.portal_id, d.day, d.responsible_id, sum(d.formed), sum(d.formed_sum), sum(d.signed), sum(d.signed_sum), sum(d.waited)
	FROM added a CROSS JOIN LATERAL act_shares(a.portal_id, a.id, a.responsible_id, a.status, a.replaced_by, a.gross, a.created_at, a.sent_at) d
	GROUP BY 1, 2, 3;
	RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM day_barrier(NEW.portal_id);
	INSERT INTO act_day_changes (portal_id, day, responsible_id, formed, formed_sum, signed, signed_sum, waited)
	SELECT d.portal_id, d.day, d.responsible_id, sum(d.sign * d.formed), sum(d.sign * d.formed_sum), sum(d.sign * d.signed),
		sum(d.sign * d.signed_sum), sum(d.sign * d.waited)
	FROM (SELECT -1 AS sign, * FROM act_shares(OLD.portal_id, OLD.id, OLD.responsible_id, OLD.status, OLD.replaced_by, OLD.gross, OLD.created_at, OLD.sent_at)
		UNION ALL
		SELECT 1, * FROM act_shares(NEW.portal_id, NEW.id, NEW.responsible_id, NEW.status, NEW.replaced_by, NEW.gross, NEW.created_at, NEW.sent_at)) d
	GROUP BY 1, 2, 3
	HAVING (sum(d.sign * d.formed), sum(d.sign * d.formed_sum), sum(d.sign * d.signed), sum(d.sign * d.signed_sum), sum(d.sign * d.waited)) <> (0, 0, 0, 0, 0);
	RETURN NULL;
END $$;
-- +goose StatementEnd

-- A signature is told to the history after the act itself was changed.
-- +goose StatementBegin
CREATE FUNCTION count_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM day_barrier(NEW.portal_id);
	INSERT INTO act_day_changes (portal_id, day, responsible_id, formed, formed_sum, signed, signed_sum, waited)
	SELECT d.portal_id, d.day, d.responsible_id, sum(s.sign * d.formed), sum(s.sign * d.formed_sum), sum(s.sign * d.signed),
		sum(s.sign * d.signed_sum), sum(s.sign * d.waited)
	FROM acts a CROSS JOIN (VALUES (-1, NEW.id), (1, NEW.id + 1)) s (sign, before)
		CROSS JOIN LATERAL act_shares(a.portal_id, a.id, a.responsible_id, a.status, a.replaced_by, a.gross, a.created_at, a.sent_at, s.before) d
	WHERE a.portal_id = NEW.portal_id AND a.id = NEW.act_id
	GROUP BY 1, 2, 3
	HAVING (sum(s.sign * d.formed), sum(s.sign * d.formed_sum), sum(s.sign * d.signed), sum(s.sign * d.signed_sum), sum(s.sign * d.waited)) <> (0, 0, 0, 0, 0);
	RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION begin_trend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO trends (portal_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER count_formed AFTER INSERT ON acts REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_formed();
CREATE TRIGGER count_changed AFTER UPDATE OF status, replaced_by, gross, responsible_id, created_at, sent_at ON acts FOR EACH ROW
	WHEN ((OLD.status, OLD.replaced_by, OLD.gross, OLD.responsible_id, OLD.created_at, OLD.sent_at)
		IS DISTINCT FROM (NEW.status, NEW.replaced_by, NEW.gross, NEW.responsible_id, NEW.created_at, NEW.sent_at))
	EXECUTE FUNCTION count_changed();
CREATE TRIGGER count_signed AFTER INSERT ON act_events FOR EACH ROW
	WHEN (NEW.to_status = 'signed' AND NEW.from_status <> 'signed') EXECUTE FUNCTION count_signed();
CREATE TRIGGER begin_trend AFTER INSERT ON portals FOR EACH ROW EXECUTE FUNCTION begin_trend();

-- The acts that are there already are counted by the program in batches; who was changing acts has ended when the triggers are there.
INSERT INTO trends (portal_id, upto)
SELECT p.id, coalesce((SELECT max(a.id) FROM acts a WHERE a.portal_id = p.id), 0) FROM portals p;

-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['act_days', 'act_day_changes']
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY portal ON %I USING (portal_id = CAST(NULLIF(current_setting(''acts.portal'', true), '''') AS bigint))', name);
	END LOOP;
END $$;
-- +goose StatementEnd
