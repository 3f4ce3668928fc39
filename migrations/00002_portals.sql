-- +goose Up
SET LOCAL lock_timeout = '3s';

-- A portal is one Bitrix24 account, our tenant.
CREATE TABLE portals (
	id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	member_id      text NOT NULL UNIQUE,
	endpoint       text NOT NULL,               -- client_endpoint, confirmed by the token server
	origin         text NOT NULL,               -- scheme://host of the portal, for frame-ancestors and links
	app_code       text NOT NULL DEFAULT '',    -- code of our app in /marketplace/view/{code}/
	state          text NOT NULL DEFAULT 'installing' CHECK (state IN ('installing', 'active', 'frozen')),
	family         text NOT NULL DEFAULT '',    -- LICENSE_FAMILY, "ent" has the larger bucket
	zone           text NOT NULL DEFAULT 'Europe/Moscow',
	type_id        bigint NOT NULL DEFAULT 0,   -- smart process «Акты»: type.id
	entity_type_id bigint NOT NULL DEFAULT 0,   -- smart process «Акты»: entityTypeId
	item_stages    jsonb NOT NULL DEFAULT '{}', -- act status → stage id of the smart process
	item_fields    jsonb NOT NULL DEFAULT '{}', -- our name of an item field → its name in crm.item.*
	deal_fields    jsonb NOT NULL DEFAULT '{}', -- our name of a deal field → its name in crm.item.*
	enum_options   jsonb NOT NULL DEFAULT '{}', -- our name of an enumeration value → its option id
	created_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The installer's pair, sealed; renewing_until and fence make its renewal a lease.
CREATE TABLE tokens (
	portal_id      bigint PRIMARY KEY REFERENCES portals (id),
	access         bytea NOT NULL,
	refresh        bytea NOT NULL,
	application    bytea NOT NULL DEFAULT '',   -- APPLICATION_TOKEN
	dead           boolean NOT NULL DEFAULT false,
	fence          bigint NOT NULL DEFAULT 0,
	renewing_until timestamptz NOT NULL DEFAULT '-infinity',
	renewed_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The leaky bucket of a portal, one row for all replicas.
CREATE TABLE budgets (
	portal_id bigint PRIMARY KEY REFERENCES portals (id),
	level     double precision NOT NULL DEFAULT 0,
	at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- A method that the portal asked not to call for a while.
CREATE TABLE method_pauses (
	portal_id bigint NOT NULL REFERENCES portals (id),
	method    text NOT NULL,
	until     timestamptz NOT NULL,
	PRIMARY KEY (portal_id, method)
);

-- A visit is a verified user of a portal; only the hash of its id is kept.
CREATE TABLE visits (
	id_hash     bytea PRIMARY KEY,
	portal_id   bigint NOT NULL REFERENCES portals (id),
	user_id     bigint NOT NULL,
	user_name   text NOT NULL,
	admin       boolean NOT NULL,
	admin_asked timestamptz NOT NULL DEFAULT clock_timestamp(),
	token       bytea NOT NULL,                 -- the user's access token, sealed
	token_until timestamptz NOT NULL,
	expires_at  timestamptz NOT NULL
);
CREATE INDEX visits_expired ON visits (expires_at);

-- Settings of a portal as one document: pipelines, rules.
CREATE TABLE settings (
	portal_id bigint PRIMARY KEY REFERENCES portals (id),
	data      jsonb NOT NULL
);

-- An account at SBIS; login and session are sealed.
CREATE TABLE edo_accounts (
	portal_id      bigint NOT NULL REFERENCES portals (id),
	id             bigint GENERATED ALWAYS AS IDENTITY,
	name           text NOT NULL,
	login          bytea NOT NULL,
	session        bytea NOT NULL DEFAULT '',
	problem        text NOT NULL DEFAULT '',    -- why it may not be used until a person mends it
	fence          bigint NOT NULL DEFAULT 0,
	renewing_until timestamptz NOT NULL DEFAULT '-infinity',
	renewed_at     timestamptz NOT NULL DEFAULT '-infinity',
	PRIMARY KEY (portal_id, id)
);

-- Our legal entities in the CRM (isMyCompany) with what their documents need.
CREATE TABLE own_companies (
	portal_id    bigint NOT NULL REFERENCES portals (id),
	id           bigint NOT NULL,               -- CRM company id
	requisite_id bigint NOT NULL DEFAULT 0,
	party        jsonb NOT NULL,
	signer       jsonb NOT NULL DEFAULT '{}',
	function     text NOT NULL DEFAULT 'ДОП',
	numbers      text NOT NULL DEFAULT '{N}',
	account_id   bigint,
	PRIMARY KEY (portal_id, id),
	FOREIGN KEY (portal_id, account_id) REFERENCES edo_accounts (portal_id, id)
);

CREATE TABLE number_counters (
	portal_id      bigint NOT NULL,
	own_company_id bigint NOT NULL,
	year           int NOT NULL,
	last           int NOT NULL,
	PRIMARY KEY (portal_id, own_company_id, year)
);

-- The position in the list of changes of one organisation at SBIS; polled under a lease.
CREATE TABLE feeds (
	portal_id      bigint NOT NULL,
	own_company_id bigint NOT NULL,
	event_id       text NOT NULL DEFAULT '',
	event_at       text NOT NULL DEFAULT '',    -- as SBIS wrote it
	since          timestamptz NOT NULL,        -- where to start without an event
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
