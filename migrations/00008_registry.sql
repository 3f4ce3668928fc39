-- +goose Up
SET LOCAL lock_timeout = '3s';

-- What acts are searched by: the names and INN of their counterparties, the titles of their deals. It is kept by triggers, so that
-- yesterday's program keeps it too, and is not behind the wall: LIKE is not leakproof and would lose its index under a policy.
CREATE TABLE act_names (
	portal_id bigint NOT NULL REFERENCES portals (id),
	kind      text NOT NULL CHECK (kind IN ('company', 'contact', 'deal')),
	id        bigint NOT NULL,
	folded    text NOT NULL,                             -- small letters, «ё» as «е»; a company keeps every name its acts bear
	PRIMARY KEY (portal_id, kind, id, folded)
);

-- The index of parts of names needs two extensions of PostgreSQL itself; where its packager left them out, names are read in turn.
-- +goose StatementBegin
DO $$
BEGIN
	IF (SELECT count(*) FROM pg_available_extensions WHERE name IN ('pg_trgm', 'btree_gin')) = 2 THEN
		CREATE EXTENSION IF NOT EXISTS pg_trgm;
		CREATE EXTENSION IF NOT EXISTS btree_gin;
		CREATE INDEX act_names_parts ON act_names USING gin (portal_id, folded gin_trgm_ops) WITH (fastupdate = off);
	END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION fold(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT translate(lower(left(name, 300)), 'ё', 'е') $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION name_buyer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO act_names (portal_id, kind, id, folded)
	SELECT NEW.portal_id, CASE NEW.company_id WHEN 0 THEN 'contact' ELSE 'company' END,
		CASE NEW.company_id WHEN 0 THEN NEW.contact_id ELSE NEW.company_id END,
		fold(concat_ws(' ', NEW.buyer ->> 'inn', NEW.buyer ->> 'name'))
	WHERE NEW.company_id <> 0 OR NEW.contact_id <> 0
	ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION name_deal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'UPDATE' THEN
		IF NEW.title = OLD.title THEN
			RETURN NULL;
		END IF;
		DELETE FROM act_names WHERE portal_id = NEW.portal_id AND kind = 'deal' AND id = NEW.id;
	END IF;
	INSERT INTO act_names (portal_id, kind, id, folded) VALUES (NEW.portal_id, 'deal', NEW.id, fold(NEW.title)) ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER name_buyer AFTER INSERT OR UPDATE OF buyer, company_id, contact_id ON acts FOR EACH ROW EXECUTE FUNCTION name_buyer();
CREATE TRIGGER name_deal AFTER INSERT OR UPDATE OF title ON deals FOR EACH ROW EXECUTE FUNCTION name_deal();

INSERT INTO act_names (portal_id, kind, id, folded)
SELECT portal_id, CASE company_id WHEN 0 THEN 'contact' ELSE 'company' END, CASE company_id WHEN 0 THEN contact_id ELSE company_id END,
	fold(concat_ws(' ', buyer ->> 'inn', buyer ->> 'name'))
FROM acts WHERE company_id <> 0 OR contact_id <> 0
UNION SELECT portal_id, 'deal', id, fold(title) FROM deals;

CREATE INDEX acts_by_status ON acts (portal_id, status, act_date DESC, id DESC);
CREATE INDEX acts_by_responsible ON acts (portal_id, responsible_id, act_date DESC, id DESC);
CREATE INDEX acts_of_contact ON acts (portal_id, contact_id, act_date DESC, id DESC) WHERE company_id = 0;
CREATE INDEX acts_failed ON acts (portal_id, act_date DESC, id DESC) WHERE delivery = 'error';
CREATE INDEX acts_by_number ON acts (portal_id, number COLLATE "C") WHERE number <> '';
CREATE INDEX reminders_unsigned ON reminders (portal_id, due_on) WHERE kind = 'unsigned' AND closed_at IS NULL;
