-- +goose Up
SET LOCAL lock_timeout = '3s';

-- Files in pieces of at most 512 KiB: a large value in one piece costs four times its size in memory.
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

-- The leaky bucket of logins at SBIS of all portals together.
CREATE TABLE logins (
	only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	level    double precision NOT NULL DEFAULT 0,
	at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO logins DEFAULT VALUES;

-- An account at SBIS. Login and session are sealed; the renewal of the session is a lease.
CREATE TABLE edo_accounts (
	portal_id      bigint NOT NULL REFERENCES portals (id),
	id             bigint GENERATED ALWAYS AS IDENTITY,
	name           text NOT NULL,
	login          bytea NOT NULL,
	session        bytea NOT NULL DEFAULT '',
	problem        text NOT NULL DEFAULT '',             -- why the account cannot be used until a person corrects it
	signing        text NOT NULL DEFAULT 'draft' CHECK (signing IN ('draft', 'deferred', 'server')), -- how its documents get our signature
	details        jsonb,                                -- user and organisations as SBIS returned them, NULL before the first check
	checked_at     timestamptz,                          -- business time of that answer
	fence          bigint NOT NULL DEFAULT 0,
	renewing_until timestamptz NOT NULL DEFAULT '-infinity',
	renewed_at     timestamptz NOT NULL DEFAULT '-infinity',
	PRIMARY KEY (portal_id, id)
);

-- Certificates of an account, as SBIS lists them.
CREATE TABLE certificates (
	portal_id  bigint NOT NULL,
	account_id bigint NOT NULL,
	thumbprint text NOT NULL,
	owner      text NOT NULL,
	inn        text NOT NULL,
	position   text NOT NULL,
	valid_from date,
	valid_to   date,
	key_type   text NOT NULL,                            -- in the words of SBIS
	activated  boolean NOT NULL,
	code_at    timestamptz NOT NULL DEFAULT '-infinity', -- machine time when an activation code was requested
	PRIMARY KEY (portal_id, account_id, thumbprint),
	FOREIGN KEY (portal_id, account_id) REFERENCES edo_accounts (portal_id, id) ON DELETE CASCADE
);

-- When an account is checked at SBIS next. Read over all portals.
CREATE TABLE account_checks (
	portal_id  bigint NOT NULL,
	account_id bigint NOT NULL,
	due_at     timestamptz NOT NULL,                     -- business time
	PRIMARY KEY (portal_id, account_id),
	FOREIGN KEY (portal_id, account_id) REFERENCES edo_accounts (portal_id, id) ON DELETE CASCADE
);
CREATE INDEX account_checks_due ON account_checks (due_at);

-- Warnings that a certificate or a power of attorney expires, each sent once.
CREATE TABLE term_warnings (
	portal_id bigint NOT NULL REFERENCES portals (id),
	kind      text NOT NULL CHECK (kind IN ('certificate', 'power')),
	subject   text NOT NULL,                             -- thumbprint, or number of the power of attorney
	until     date NOT NULL,
	days      int NOT NULL,                              -- 30, 14 or 7 days before
	warned_at timestamptz NOT NULL,                      -- business time
	PRIMARY KEY (portal_id, kind, subject, until, days)
);

-- Our legal entities of the CRM (isMyCompany) with the settings of their documents. A company with several requisites (head office
-- and branches) has a row for each; then the id of the row is no id of the CRM.
CREATE TABLE own_companies (
	portal_id      bigint NOT NULL REFERENCES portals (id),
	id             bigint NOT NULL,
	of_company     bigint NOT NULL DEFAULT 0,            -- company of the CRM, 0 when id is its id
	crm_id         bigint NOT NULL GENERATED ALWAYS AS (CASE of_company WHEN 0 THEN id ELSE of_company END) STORED,
	requisite_id   bigint NOT NULL DEFAULT 0,
	gone           boolean NOT NULL DEFAULT false,       -- the CRM no longer has these requisites
	party          jsonb NOT NULL,
	signer         jsonb NOT NULL DEFAULT '{}',
	certificate    text NOT NULL DEFAULT '',             -- thumbprint of the key that signs for it
	power          jsonb NOT NULL DEFAULT '{}',          -- machine-readable power of attorney of its signer
	account_id     bigint,
	function       text NOT NULL DEFAULT 'ДОП',
	form           text NOT NULL DEFAULT 'upd' CHECK (form IN ('upd', 'pdf')), -- of an electronic act
	paper_form     text NOT NULL DEFAULT 'act' CHECK (paper_form IN ('act', 'upd', 'act_invoice')), -- of a paper act
	act_type       text NOT NULL DEFAULT '',             -- medium and kind of a new act, '' to follow the counterparty
	act_channel    text NOT NULL DEFAULT '',             -- of a new paper act
	line_kind      text NOT NULL DEFAULT '' CHECK (line_kind IN ('', 'goods', 'work', 'service')), -- '' to follow the products of the CRM
	vat_regimes    jsonb NOT NULL DEFAULT '[]',          -- by day: [{"from": "2026-01-01T00:00:00Z", "regime": "5"}]
	vat_ground     text NOT NULL DEFAULT '',             -- the law that frees it from VAT
	numbers        text NOT NULL DEFAULT '{N}',          -- template of act numbers
	manual_numbers boolean NOT NULL DEFAULT false,
	closed_before  date,                                 -- acts dated before this day belong to a closed accounting period
	logo_id        bigint,                               -- file of the logo on print forms
	PRIMARY KEY (portal_id, id),
	FOREIGN KEY (portal_id, account_id) REFERENCES edo_accounts (portal_id, id)
);

-- The last number that our company has given to an act of a year.
CREATE TABLE number_counters (
	portal_id      bigint NOT NULL,
	own_company_id bigint NOT NULL,
	year           int NOT NULL,
	last           int NOT NULL,
	PRIMARY KEY (portal_id, own_company_id, year)
);

-- Refused changes of acts in a closed period, and changes of the period itself. Rows are only added.
CREATE TABLE closed_tries (
	portal_id      bigint NOT NULL,
	id             bigint GENERATED ALWAYS AS IDENTITY,
	own_company_id bigint NOT NULL,
	act_id         bigint NOT NULL DEFAULT 0,            -- 0 when there is no act yet
	at             timestamptz NOT NULL,                 -- business time
	user_id        bigint NOT NULL,
	user_name      text NOT NULL,
	text           text NOT NULL,
	PRIMARY KEY (portal_id, id),
	FOREIGN KEY (portal_id, own_company_id) REFERENCES own_companies (portal_id, id)
);
CREATE INDEX closed_tries_of_company ON closed_tries (portal_id, own_company_id, id DESC);
REVOKE UPDATE, DELETE ON closed_tries FROM acts_app;

-- The position in the list of changes of one organisation at SBIS; polled under a lease.
CREATE TABLE feeds (
	portal_id      bigint NOT NULL,
	own_company_id bigint NOT NULL,
	event_id       text NOT NULL DEFAULT '',
	event_at       text NOT NULL DEFAULT '',             -- in the format of SBIS
	since          timestamptz NOT NULL,                 -- where to start without an event
	polled_at      timestamptz,
	next_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
	lease_until    timestamptz NOT NULL DEFAULT '-infinity',
	fence          bigint NOT NULL DEFAULT 0,
	failures       int NOT NULL DEFAULT 0,
	problem        text NOT NULL DEFAULT '',
	PRIMARY KEY (portal_id, own_company_id),
	FOREIGN KEY (portal_id, own_company_id) REFERENCES own_companies (portal_id, id)
);
CREATE INDEX feeds_due ON feeds (next_at);

-- What SBIS returned for a counterparty: its boxes, and our invitation to connect.
CREATE TABLE edo_lookups (
	portal_id  bigint NOT NULL REFERENCES portals (id),
	inn        text NOT NULL,
	kpp        text NOT NULL DEFAULT '',
	known      boolean NOT NULL,
	boxes      jsonb NOT NULL DEFAULT '[]',
	codes      jsonb NOT NULL DEFAULT '{}',              -- how each box is connected, in the codes of SBIS
	alive      jsonb NOT NULL DEFAULT '[]',              -- boxes whose code has had a successful exchange
	note       text NOT NULL DEFAULT '',
	asked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
	invited_at timestamptz,                              -- when our invitation was sent
	invitation text NOT NULL DEFAULT '',                 -- its id at SBIS
	PRIMARY KEY (portal_id, inn, kpp)
);
