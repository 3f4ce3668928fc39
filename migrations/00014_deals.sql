-- +goose Up
SET LOCAL lock_timeout = '3s';

-- How far the walk over a portal's deals has come: by id, batch by batch, once to copy them and then once a day to find what events
-- and the sweep have missed, such as deleted deals.
CREATE TABLE loads (
	portal_id   bigint PRIMARY KEY REFERENCES portals (id),
	after_id    bigint NOT NULL DEFAULT 0,               -- the last deal that was read
	seen        int NOT NULL DEFAULT 0,                  -- deals of this walk so far
	total       int NOT NULL DEFAULT 0,                  -- as the CRM counted when the walk began
	done        boolean NOT NULL DEFAULT false,          -- all were copied once
	pages       int NOT NULL DEFAULT 50,                 -- of fifty deals in a call: fewer after one that came to nothing
	next_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	lease_until timestamptz NOT NULL DEFAULT '-infinity',
	fence       bigint NOT NULL DEFAULT 0,
	problem     text NOT NULL DEFAULT ''
);
CREATE INDEX loads_due ON loads (next_at);
INSERT INTO loads (portal_id) SELECT id FROM portals WHERE state = 'active';

-- Deals whose act a person asked to form from the list; problem says why it could not be.
CREATE TABLE form_wishes (
	portal_id bigint NOT NULL REFERENCES portals (id),
	deal_id   bigint NOT NULL,
	form_key  uuid NOT NULL,                             -- one wish makes one act
	user_id   bigint NOT NULL,
	user_name text NOT NULL,
	asked_at  timestamptz NOT NULL,                      -- business time
	problem   text NOT NULL DEFAULT '',
	PRIMARY KEY (portal_id, deal_id),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);
ALTER TABLE form_wishes ENABLE ROW LEVEL SECURITY;
CREATE POLICY portal ON form_wishes USING (portal_id = CAST(NULLIF(current_setting('acts.portal', true), '') AS bigint));

-- A copy that only its head was read of has read_at 'epoch'.
ALTER TABLE deals
	ADD COLUMN stage_since date NOT NULL DEFAULT '1970-01-01', -- day in the portal's zone
	ADD COLUMN closed      text NOT NULL DEFAULT '',     -- why a deal without rows needs no act
	ADD COLUMN closed_by   text NOT NULL DEFAULT '',     -- who closed its remainder last
	ADD COLUMN lacks       boolean NOT NULL DEFAULT false, -- it has no act, or a marked row has a remainder
	ADD COLUMN uncovered   bigint NOT NULL DEFAULT 0;    -- the sum that no act covers, in hundredths of the deal's currency

-- What acts cover is kept by triggers: acts, lines, rows and marks change in many places, and yesterday's program changes them too.
-- The deal is locked first, so of two changes at once the later one sees both. A deal without rows is covered by any act.
-- +goose StatementBegin
CREATE FUNCTION cover_deal(portal bigint, deal bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM FROM deals WHERE portal_id = portal AND id = deal FOR NO KEY UPDATE;
	WITH counting AS (
		SELECT a.id FROM acts a WHERE a.portal_id = portal AND a.deal_id = deal AND a.status <> 'annulled' AND a.replaced_by IS NULL
	), taken AS (
		SELECT l.row_id, sum(l.quantity) AS quantity, sum(l.gross) AS gross
		FROM counting a JOIN act_lines l ON l.portal_id = portal AND l.act_id = a.id GROUP BY l.row_id
	), found AS (
		SELECT r.needs_act AND r.closed = '' AND r.quantity > coalesce(t.quantity, 0) AS open,
			greatest(round(r.price * r.quantity, 2) * 100 - coalesce(t.gross, 0), 0) AS owed
		FROM deal_rows r LEFT JOIN taken t ON t.row_id = r.id WHERE r.portal_id = portal AND r.deal_id = deal AND NOT r.gone
	), state AS (
		SELECT d.id, CASE WHEN f.rows = 0 THEN d.closed = '' AND NOT EXISTS (SELECT FROM counting) ELSE f.open > 0 END AS lacks,
			CASE WHEN f.rows = 0 THEN d.amount ELSE f.owed END AS owed
		FROM deals d, (SELECT count(*) AS rows, count(*) FILTER (WHERE open) AS open, CAST(coalesce(sum(owed) FILTER (WHERE open), 0) AS bigint) AS owed FROM found) f
		WHERE d.portal_id = portal AND d.id = deal
	)
	UPDATE deals d SET lacks = s.lacks, uncovered = CASE WHEN s.lacks THEN s.owed ELSE 0 END FROM state s
	WHERE d.portal_id = portal AND d.id = deal AND (d.lacks, d.uncovered) IS DISTINCT FROM (s.lacks, CASE WHEN s.lacks THEN s.owed ELSE 0 END);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION cover_new_deal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.lacks := NEW.closed = '';
	NEW.uncovered := CASE WHEN NEW.lacks THEN NEW.amount ELSE 0 END;
	RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION cover_changed_deal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM cover_deal(NEW.portal_id, NEW.id);
	RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION cover_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM cover_deal(NEW.portal_id, least(OLD.deal_id, NEW.deal_id));
	IF OLD.deal_id <> NEW.deal_id THEN
		PERFORM cover_deal(NEW.portal_id, greatest(OLD.deal_id, NEW.deal_id));
	END IF;
	RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION cover_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM cover_deal(d.portal_id, d.deal_id) FROM (
		SELECT DISTINCT a.portal_id, a.deal_id FROM changed c JOIN acts a ON a.portal_id = c.portal_id AND a.id = c.act_id ORDER BY 1, 2
	) d;
	RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION cover_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM cover_deal(d.portal_id, d.deal_id) FROM (SELECT DISTINCT portal_id, deal_id FROM changed ORDER BY 1, 2) d;
	RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER cover_new_deal BEFORE INSERT ON deals FOR EACH ROW EXECUTE FUNCTION cover_new_deal();
CREATE TRIGGER cover_changed_deal AFTER UPDATE OF amount, closed ON deals FOR EACH ROW
	WHEN (OLD.amount <> NEW.amount OR OLD.closed <> NEW.closed) EXECUTE FUNCTION cover_changed_deal();
CREATE TRIGGER cover_act AFTER UPDATE OF status, replaced_by, deal_id ON acts FOR EACH ROW
	WHEN (OLD.deal_id <> NEW.deal_id OR (OLD.status = 'annulled') <> (NEW.status = 'annulled') OR OLD.replaced_by IS DISTINCT FROM NEW.replaced_by)
	EXECUTE FUNCTION cover_act();
CREATE TRIGGER cover_added_lines AFTER INSERT ON act_lines REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION cover_lines();
CREATE TRIGGER cover_moved_lines AFTER UPDATE ON act_lines REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION cover_lines();
CREATE TRIGGER cover_dropped_lines AFTER DELETE ON act_lines REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION cover_lines();
CREATE TRIGGER cover_added_rows AFTER INSERT ON deal_rows REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION cover_rows();
CREATE TRIGGER cover_changed_rows AFTER UPDATE ON deal_rows REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION cover_rows();

-- Deals are copied by the hundred thousand now; what acts are searched by are the titles of those that have acts.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION name_deal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.title <> OLD.title THEN
		DELETE FROM act_names WHERE portal_id = NEW.portal_id AND kind = 'deal' AND id = NEW.id;
		INSERT INTO act_names (portal_id, kind, id, folded)
		SELECT NEW.portal_id, 'deal', NEW.id, fold(NEW.title)
		WHERE EXISTS (SELECT FROM acts WHERE portal_id = NEW.portal_id AND deal_id = NEW.id) ON CONFLICT DO NOTHING;
	END IF;
	RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION name_deal_of_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO act_names (portal_id, kind, id, folded)
	SELECT d.portal_id, 'deal', d.id, fold(d.title) FROM deals d WHERE d.portal_id = NEW.portal_id AND d.id = NEW.deal_id
	ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;
-- +goose StatementEnd

DROP TRIGGER name_deal ON deals;
CREATE TRIGGER name_deal AFTER UPDATE OF title ON deals FOR EACH ROW EXECUTE FUNCTION name_deal();
CREATE TRIGGER name_deal_of_act AFTER INSERT OR UPDATE OF deal_id ON acts FOR EACH ROW EXECUTE FUNCTION name_deal_of_act();
DELETE FROM act_names n WHERE kind = 'deal' AND NOT EXISTS (SELECT FROM acts a WHERE a.portal_id = n.portal_id AND a.deal_id = n.id);

-- The copies that are here: those without a moment of their stage stand where they were changed last.
UPDATE deals SET stage_since = CAST(coalesce(updated_at, read_at) AS date);
-- +goose StatementBegin
DO $$ BEGIN PERFORM cover_deal(portal_id, id) FROM deals; END $$;
-- +goose StatementEnd

CREATE INDEX deals_lacking ON deals (portal_id, stage_id, stage_since, id) WHERE lacks AND NOT deleted;
CREATE INDEX deals_lacking_of ON deals (portal_id, responsible_id, stage_since, id) WHERE lacks AND NOT deleted;
