-- +goose Up
SET LOCAL lock_timeout = '3s';

-- The question to the counterparty: how to exchange acts. A deal has one automatic question.
CREATE TABLE questions (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id          bigint GENERATED ALWAYS AS IDENTITY,
	deal_id     bigint NOT NULL,
	automatic   boolean NOT NULL,
	state       text NOT NULL CHECK (state IN ('no_address', 'queued', 'sent', 'failed', 'link', 'withdrawn')),
	address     text NOT NULL DEFAULT '',
	problem     text NOT NULL DEFAULT '',                -- why the letter was not sent
	user_id     bigint NOT NULL DEFAULT 0,               -- who asked, 0 for the program itself
	user_name   text NOT NULL DEFAULT '',
	created_at  timestamptz NOT NULL,                    -- business time, as all that follow
	sent_at     timestamptz,
	opened_at   timestamptz,
	answered_at timestamptz,
	expires_at  timestamptz NOT NULL,
	reminded_at timestamptz,                             -- the responsible was notified that there is no answer
	PRIMARY KEY (portal_id, id),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);
CREATE UNIQUE INDEX questions_automatic ON questions (portal_id, deal_id) WHERE automatic;
CREATE INDEX questions_of_deal ON questions (portal_id, deal_id, id DESC);

-- Links of questions: only the SHA-256 of the secret in the address. Every attempt to send a letter creates its own link.
CREATE TABLE question_links (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	hash        bytea NOT NULL,
	question_id bigint NOT NULL,
	PRIMARY KEY (portal_id, hash),
	FOREIGN KEY (portal_id, question_id) REFERENCES questions (portal_id, id)
);
CREATE INDEX question_links_by_hash ON question_links (hash); -- the address does not contain the portal
CREATE INDEX question_links_of_question ON question_links (portal_id, question_id);

-- When the responsible is notified that a question has no answer. Read over all portals.
CREATE TABLE answer_deadlines (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	question_id bigint NOT NULL,
	due_at      timestamptz NOT NULL,                    -- business time
	PRIMARY KEY (portal_id, question_id)
);
CREATE INDEX answer_deadlines_due ON answer_deadlines (due_at);

-- What counterparties chose, newest last; earlier answers stay.
CREATE TABLE answers (
	portal_id        bigint NOT NULL REFERENCES portals (id),
	id               bigint GENERATED ALWAYS AS IDENTITY,
	deal_id          bigint NOT NULL,
	question_id      bigint,
	company_id       bigint NOT NULL DEFAULT 0,
	contact_id       bigint NOT NULL DEFAULT 0,
	source           text NOT NULL CHECK (source IN ('form', 'manager', 'crm')),
	channel          text NOT NULL CHECK (channel IN ('email', 'post', 'edo')),
	party_kind       text NOT NULL CHECK (party_kind IN ('person', 'company')),
	operator         text NOT NULL DEFAULT '',
	participant      text NOT NULL DEFAULT '',
	participant_seen text NOT NULL DEFAULT '',           -- which doubts about the participant id were confirmed (acts.Party.DoubtToken)
	email            text NOT NULL DEFAULT '',
	address          text NOT NULL DEFAULT '',
	contact          text NOT NULL DEFAULT '',           -- the contact person, as typed
	phone            text NOT NULL DEFAULT '',
	comment          text NOT NULL DEFAULT '',
	consent          text NOT NULL DEFAULT '',           -- version of the text to which he agreed
	user_id          bigint NOT NULL DEFAULT 0,
	user_name        text NOT NULL DEFAULT '',
	at               timestamptz NOT NULL,               -- business time
	PRIMARY KEY (portal_id, id),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);
CREATE INDEX answers_of_deal ON answers (portal_id, deal_id, id DESC);
CREATE INDEX answers_of_company ON answers (portal_id, company_id, id DESC) WHERE company_id <> 0;
CREATE INDEX answers_of_contact ON answers (portal_id, contact_id, id DESC) WHERE contact_id <> 0;

-- Deals whose counterparty was invited to connect to SBIS and has not connected. Read over all portals.
CREATE TABLE invitations (
	portal_id bigint NOT NULL REFERENCES portals (id),
	deal_id   bigint NOT NULL,
	since     timestamptz NOT NULL,                      -- business time, as the next
	due_at    timestamptz,                               -- when SBIS is called again, NULL while the call is queued
	PRIMARY KEY (portal_id, deal_id)
);
CREATE INDEX invitations_due ON invitations (due_at) WHERE due_at IS NOT NULL;

-- Letters that are sent through the CRM, each once.
CREATE TABLE letters (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id          bigint GENERATED ALWAYS AS IDENTITY,
	deal_id     bigint NOT NULL,
	act_id      bigint NOT NULL DEFAULT 0,
	question_id bigint NOT NULL DEFAULT 0,
	purpose     text NOT NULL CHECK (purpose IN ('act', 'question', 'reminder', 'annulment')),
	address     text NOT NULL,
	subject     text NOT NULL,
	body        text NOT NULL,                           -- HTML
	state       text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed')),
	problem     text NOT NULL DEFAULT '',
	activity_id bigint NOT NULL DEFAULT 0,               -- of the CRM
	user_id     bigint NOT NULL DEFAULT 0,               -- who sent it
	user_name   text NOT NULL DEFAULT '',
	created_at  timestamptz NOT NULL,                    -- business time
	ended_at    timestamptz,
	PRIMARY KEY (portal_id, id),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);
CREATE INDEX letters_of_act ON letters (portal_id, act_id, id DESC) WHERE act_id <> 0;

-- Texts for the CRM about a deal that are not part of an act's history: a notification, or an entry of the timeline.
CREATE TABLE messages (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id          bigint GENERATED ALWAYS AS IDENTITY,
	deal_id     bigint NOT NULL,
	incident_id bigint NOT NULL DEFAULT 0,               -- replaces the earlier message of this incident; 0 for any other message
	user_id     bigint NOT NULL DEFAULT 0,               -- whom to notify, 0 for the timeline
	text        text NOT NULL,
	created_at  timestamptz NOT NULL,                    -- business time
	notice_id   bigint NOT NULL DEFAULT 0,               -- the notice that contains it, 0 for a message of its own
	PRIMARY KEY (portal_id, id)
);
CREATE INDEX messages_of_notice ON messages (portal_id, notice_id, id) WHERE notice_id <> 0;
