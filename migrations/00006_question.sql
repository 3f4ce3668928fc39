-- +goose Up
SET LOCAL lock_timeout = '3s';

-- The question to the counterparty: how to exchange acts. One automatic question a deal.
CREATE TABLE questions (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id          bigint GENERATED ALWAYS AS IDENTITY,
	deal_id     bigint NOT NULL,
	automatic   boolean NOT NULL,
	state       text NOT NULL CHECK (state IN ('no_address', 'queued', 'sent', 'failed', 'link', 'withdrawn')),
	address     text NOT NULL DEFAULT '',
	problem     text NOT NULL DEFAULT '',            -- why the letter did not go
	user_id     bigint NOT NULL DEFAULT 0,           -- who asked, 0 for the program itself
	user_name   text NOT NULL DEFAULT '',
	created_at  timestamptz NOT NULL,                -- business time, as all that follow
	sent_at     timestamptz,
	opened_at   timestamptz,
	answered_at timestamptz,
	expires_at  timestamptz NOT NULL,
	reminded_at timestamptz,                         -- the responsible was told of the silence
	PRIMARY KEY (portal_id, id),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);
CREATE UNIQUE INDEX questions_automatic ON questions (portal_id, deal_id) WHERE automatic;
CREATE INDEX questions_of_deal ON questions (portal_id, deal_id, id DESC);

-- Links of questions: only their SHA-256. Every try to send a letter makes its own.
CREATE TABLE question_links (
	hash        bytea PRIMARY KEY,
	portal_id   bigint NOT NULL REFERENCES portals (id),
	question_id bigint NOT NULL,
	FOREIGN KEY (portal_id, question_id) REFERENCES questions (portal_id, id)
);
CREATE INDEX question_links_of_question ON question_links (portal_id, question_id);

-- Silences that are due, over all portals.
CREATE TABLE silences (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	question_id bigint NOT NULL,
	due_at      timestamptz NOT NULL,                -- business time
	PRIMARY KEY (portal_id, question_id)
);
CREATE INDEX silences_due ON silences (due_at);

-- What counterparties chose, newest last; earlier answers stay.
CREATE TABLE answers (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id          bigint GENERATED ALWAYS AS IDENTITY,
	deal_id     bigint NOT NULL,
	question_id bigint,
	company_id  bigint NOT NULL DEFAULT 0,
	contact_id  bigint NOT NULL DEFAULT 0,
	source      text NOT NULL CHECK (source IN ('form', 'manager', 'crm')),
	channel     text NOT NULL CHECK (channel IN ('email', 'post', 'edo')),
	party_kind  text NOT NULL CHECK (party_kind IN ('person', 'company')),
	operator    text NOT NULL DEFAULT '',
	participant text NOT NULL DEFAULT '',
	email       text NOT NULL DEFAULT '',
	address     text NOT NULL DEFAULT '',
	contact     text NOT NULL DEFAULT '',            -- whom to ask, as typed
	phone       text NOT NULL DEFAULT '',
	comment     text NOT NULL DEFAULT '',
	consent     text NOT NULL DEFAULT '',            -- version of the text that was agreed to
	user_id     bigint NOT NULL DEFAULT 0,
	user_name   text NOT NULL DEFAULT '',
	at          timestamptz NOT NULL,                -- business time
	PRIMARY KEY (portal_id, id),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);
CREATE INDEX answers_of_deal ON answers (portal_id, deal_id, id DESC);
CREATE INDEX answers_of_company ON answers (portal_id, company_id, id DESC) WHERE company_id <> 0;
CREATE INDEX answers_of_contact ON answers (portal_id, contact_id, id DESC) WHERE contact_id <> 0;

-- Sentences for the CRM about a deal that are no line of an act's history: a notification, or a line of the timeline.
CREATE TABLE messages (
	portal_id  bigint NOT NULL REFERENCES portals (id),
	id         bigint GENERATED ALWAYS AS IDENTITY,
	deal_id    bigint NOT NULL,
	user_id    bigint NOT NULL DEFAULT 0,            -- whom to notify, 0 for the timeline
	text       text NOT NULL,
	created_at timestamptz NOT NULL,                 -- business time
	PRIMARY KEY (portal_id, id)
);

ALTER TABLE letters ADD COLUMN question_id bigint NOT NULL DEFAULT 0;

ALTER TABLE deals
	ADD COLUMN exchange text NOT NULL DEFAULT '',    -- «Способ обмена» kept on the deal
	ADD COLUMN email    text NOT NULL DEFAULT '',    -- of the counterparty, from its card
	ADD COLUMN phones   text NOT NULL DEFAULT '';

ALTER TABLE portals ADD COLUMN party_fields jsonb NOT NULL DEFAULT '{}'; -- our name of a company's or contact's field → its name in crm.item.*

ALTER TABLE edo_lookups
	ADD COLUMN invited_at timestamptz,               -- our invitation to connect went out
	ADD COLUMN invitation text NOT NULL DEFAULT '';  -- its id at SBIS

-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['questions', 'answers', 'messages']
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY portal ON %I USING (portal_id = CAST(NULLIF(current_setting(''acts.portal'', true), '''') AS bigint))', name);
	END LOOP;
END $$;
-- +goose StatementEnd
