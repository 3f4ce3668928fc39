-- +goose Up
SET LOCAL lock_timeout = '3s';

-- Copies of what the CRM owns: deals, their rows, the parties.
CREATE TABLE deals (
	portal_id      bigint NOT NULL REFERENCES portals (id),
	id             bigint NOT NULL,
	title          text NOT NULL,
	category_id    bigint NOT NULL,
	stage_id       text NOT NULL,
	final          boolean NOT NULL DEFAULT false,
	company_id     bigint NOT NULL DEFAULT 0,
	contact_id     bigint NOT NULL DEFAULT 0,
	own_company_id bigint NOT NULL DEFAULT 0,   -- by the deal's requisite link, else as chosen last
	responsible_id bigint NOT NULL DEFAULT 0,
	amount         bigint NOT NULL DEFAULT 0,   -- kopecks, or hundredths of the deal's currency
	currency       text NOT NULL DEFAULT 'RUB',
	operator       text NOT NULL DEFAULT '',
	participant    text NOT NULL DEFAULT '',
	buyer          jsonb NOT NULL DEFAULT '{}',
	last_set       text NOT NULL DEFAULT '',    -- the stage that we set last
	last_for       int NOT NULL DEFAULT 0,      -- and for which target
	stage_note     text NOT NULL DEFAULT '',    -- why the deal is not where its acts say
	deleted        boolean NOT NULL DEFAULT false,
	read_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (portal_id, id)
);

CREATE TABLE deal_rows (
	portal_id bigint NOT NULL,
	deal_id   bigint NOT NULL,
	id        bigint NOT NULL,
	sort      int NOT NULL,
	name      text NOT NULL,
	quantity  numeric NOT NULL,
	price     numeric NOT NULL,                 -- roubles for one unit, tax inside
	rate      text NOT NULL,
	unit      jsonb NOT NULL DEFAULT '{}',
	gone      boolean NOT NULL DEFAULT false,   -- removed from the deal, kept for its acts
	needs_act boolean NOT NULL DEFAULT true,
	closed    text NOT NULL DEFAULT '',         -- why the remainder needs no act
	PRIMARY KEY (portal_id, deal_id, id),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);

CREATE TABLE acts (
	portal_id        bigint NOT NULL REFERENCES portals (id),
	id               bigint GENERATED ALWAYS AS IDENTITY,
	form_key         uuid NOT NULL,             -- one form makes one act
	deal_id          bigint NOT NULL,
	own_company_id   bigint NOT NULL,
	company_id       bigint NOT NULL DEFAULT 0,
	contact_id       bigint NOT NULL DEFAULT 0,
	medium           text NOT NULL CHECK (medium IN ('paper', 'electronic')),
	party_kind       text NOT NULL CHECK (party_kind IN ('person', 'company')),
	channel          text NOT NULL CHECK (channel IN ('email', 'post', 'edo')),
	function         text NOT NULL CHECK (function IN ('ДОП', 'СЧФДОП')),
	status           text NOT NULL DEFAULT 'draft' CHECK (status IN
		('draft', 'signed_by_us', 'sent', 'signed', 'accepted_unsigned', 'refused', 'annulled')),
	marked_by_person boolean NOT NULL DEFAULT false,
	delivery         text NOT NULL DEFAULT '',
	delivery_note    text NOT NULL DEFAULT '',
	replaced_by      bigint,
	number           text NOT NULL DEFAULT '',
	act_date         date NOT NULL,
	period_from      date,
	period_to        date,
	net              bigint NOT NULL,
	tax              bigint NOT NULL,
	gross            bigint NOT NULL,
	operator         text NOT NULL DEFAULT '',
	seller           jsonb NOT NULL,
	buyer            jsonb NOT NULL,
	basis            jsonb NOT NULL,
	signer           jsonb NOT NULL,
	comment          text NOT NULL DEFAULT '',
	responsible_id   bigint NOT NULL DEFAULT 0,
	created_by       bigint NOT NULL,
	created_at       timestamptz NOT NULL,      -- business time
	sent_at          timestamptz,               -- business time
	item_id          bigint NOT NULL DEFAULT 0,
	item_base        jsonb NOT NULL DEFAULT '{}', -- the item as read back after our last write
	PRIMARY KEY (portal_id, id),
	UNIQUE (portal_id, form_key),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id),
	FOREIGN KEY (portal_id, own_company_id) REFERENCES own_companies (portal_id, id)
);
CREATE INDEX acts_of_deal ON acts (portal_id, deal_id);
CREATE INDEX acts_of_company ON acts (portal_id, company_id, act_date DESC, id DESC);
CREATE INDEX acts_by_date ON acts (portal_id, act_date DESC, id DESC);
CREATE UNIQUE INDEX acts_number ON acts (portal_id, own_company_id, date_part('year', act_date), number) WHERE number <> '';

CREATE TABLE act_lines (
	portal_id bigint NOT NULL,
	act_id    bigint NOT NULL,
	n         int NOT NULL,
	row_id    bigint NOT NULL DEFAULT 0,
	name      text NOT NULL,
	unit      jsonb NOT NULL DEFAULT '{}',
	quantity  numeric NOT NULL CHECK (quantity > 0),
	price     numeric NOT NULL,
	rate      text NOT NULL,
	net       bigint NOT NULL,
	tax       bigint NOT NULL,
	gross     bigint NOT NULL,
	PRIMARY KEY (portal_id, act_id, n),
	FOREIGN KEY (portal_id, act_id) REFERENCES acts (portal_id, id)
);

-- What happened to an act, in order; rows are only ever added.
CREATE TABLE act_events (
	portal_id bigint NOT NULL,
	id        bigint GENERATED ALWAYS AS IDENTITY,
	act_id    bigint NOT NULL,
	at        timestamptz NOT NULL,             -- business time
	actor     text NOT NULL,                    -- person, operator or clock
	user_id   bigint NOT NULL DEFAULT 0,
	user_name text NOT NULL DEFAULT '',
	kind      text NOT NULL,
	text      text NOT NULL,
	from_status text NOT NULL DEFAULT '',
	to_status text NOT NULL DEFAULT '',
	source    text NOT NULL DEFAULT '',         -- the foreign event it came from
	PRIMARY KEY (portal_id, id),
	FOREIGN KEY (portal_id, act_id) REFERENCES acts (portal_id, id)
);
CREATE INDEX act_events_of_act ON act_events (portal_id, act_id, id);
REVOKE UPDATE, DELETE ON act_events FROM acts_app;

-- Files in pieces of at most 512 KiB; a large value in one piece costs memory fourfold.
CREATE TABLE files (
	portal_id  bigint NOT NULL REFERENCES portals (id),
	id         bigint GENERATED ALWAYS AS IDENTITY,
	name       text NOT NULL,
	type       text NOT NULL,
	size       bigint NOT NULL,
	sha256     bytea NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (portal_id, id)
);
CREATE TABLE file_chunks (
	portal_id bigint NOT NULL,
	file_id   bigint NOT NULL,
	n         int NOT NULL,
	body      bytea NOT NULL CHECK (octet_length(body) <= 524288),
	PRIMARY KEY (portal_id, file_id, n),
	FOREIGN KEY (portal_id, file_id) REFERENCES files (portal_id, id)
);
ALTER TABLE file_chunks ALTER COLUMN body SET STORAGE EXTERNAL;

-- Every attempt to exchange an act through SBIS; at most one of an act is live.
CREATE TABLE edo_documents (
	portal_id      bigint NOT NULL,
	id             uuid NOT NULL,               -- our own UUID, the key of the document at SBIS
	act_id         bigint NOT NULL,
	attempt        int NOT NULL,
	attachment_id  uuid NOT NULL,
	own_company_id bigint NOT NULL,
	file_id        bigint NOT NULL,
	live           boolean NOT NULL DEFAULT true,
	written        boolean NOT NULL DEFAULT false,
	dispatched     boolean NOT NULL DEFAULT false,
	gone           boolean NOT NULL DEFAULT false, -- nothing of it can still be signed in the cabinet
	state_code     int NOT NULL DEFAULT -1,
	state_name     text NOT NULL DEFAULT '',
	link           text NOT NULL DEFAULT '',
	last_event     text NOT NULL DEFAULT '',
	last_event_at  timestamptz NOT NULL DEFAULT '-infinity', -- by the clock of SBIS
	created_at     timestamptz NOT NULL,
	changed_at     timestamptz NOT NULL,
	PRIMARY KEY (portal_id, id),
	UNIQUE (portal_id, act_id, attempt),
	FOREIGN KEY (portal_id, act_id) REFERENCES acts (portal_id, id),
	FOREIGN KEY (portal_id, file_id) REFERENCES files (portal_id, id)
);
CREATE UNIQUE INDEX edo_documents_live ON edo_documents (portal_id, act_id) WHERE live;
CREATE INDEX edo_documents_open ON edo_documents (portal_id, own_company_id) WHERE live;

-- Events of the list of changes that were applied; the same event comes again after a repeat by date.
CREATE TABLE edo_events (
	portal_id   bigint NOT NULL,
	document_id uuid NOT NULL,
	event_id    text NOT NULL,
	PRIMARY KEY (portal_id, document_id, event_id),
	FOREIGN KEY (portal_id, document_id) REFERENCES edo_documents (portal_id, id)
);

-- What SBIS told of a counterparty.
CREATE TABLE edo_lookups (
	portal_id bigint NOT NULL REFERENCES portals (id),
	inn       text NOT NULL,
	kpp       text NOT NULL DEFAULT '',
	known     boolean NOT NULL,
	boxes     jsonb NOT NULL DEFAULT '[]',
	note      text NOT NULL DEFAULT '',
	asked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (portal_id, inn, kpp)
);
