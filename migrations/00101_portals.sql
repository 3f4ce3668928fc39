-- +goose Up
SET LOCAL lock_timeout = '3s';

-- A portal is one Bitrix24 account, our tenant. Every key of a tenant's table begins with portal_id, so that the schema can be
-- partitioned by the portal, or distributed over machines.
CREATE TABLE portals (
	id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	key            text NOT NULL UNIQUE DEFAULT replace(CAST(gen_random_uuid() AS text), '-', ''), -- in addresses: /p/{key}
	member_id      text NOT NULL UNIQUE,
	endpoint       text NOT NULL,                        -- client_endpoint, confirmed by the token server
	origin         text NOT NULL,                        -- scheme://host of the portal, for frame-ancestors and links
	app_code       text NOT NULL DEFAULT '',             -- code of our app in /marketplace/view/{code}/
	state          text NOT NULL DEFAULT 'installing' CHECK (state IN ('installing', 'active', 'frozen', 'held')),
	family         text NOT NULL DEFAULT '',             -- LICENSE_FAMILY; "ent" has the larger budget of calls
	zone           text NOT NULL DEFAULT 'Europe/Moscow',
	type_id        bigint NOT NULL DEFAULT 0,            -- smart process «Акты»: type.id
	entity_type_id bigint NOT NULL DEFAULT 0,            -- smart process «Акты»: entityTypeId
	item_stages    jsonb NOT NULL DEFAULT '{}',          -- act status → stage id of the smart process
	item_fields    jsonb NOT NULL DEFAULT '{}',          -- our name of an item field → its name in crm.item.*
	deal_fields    jsonb NOT NULL DEFAULT '{}',          -- our name of a deal field → its name in crm.item.*
	party_fields   jsonb NOT NULL DEFAULT '{}',          -- our name of a field of a company or contact → its name in crm.item.*
	enum_options   jsonb NOT NULL DEFAULT '{}',          -- our name of an enumeration value → its option id
	automation     jsonb NOT NULL DEFAULT '{}',          -- what of our automation is registered
	admin_id       bigint NOT NULL DEFAULT 0,            -- the administrator who opened the app last
	grouped        boolean NOT NULL DEFAULT false,       -- «Работа с актами» has members: only employees in people may enter
	restored       jsonb NOT NULL DEFAULT '[]',          -- what repairs have created; administrators are notified once
	created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	installed_at   timestamptz NOT NULL DEFAULT clock_timestamp(), -- the last installation: events that are older are refused
	frozen_at      timestamptz,                          -- business time of the removal of the app
	-- The data of a removed app is deleted after so many days. Primary documents are kept for five years after the year to which
	-- they belong (402-ФЗ, article 29).
	keep_days      int NOT NULL DEFAULT 2192
);
CREATE INDEX portals_frozen ON portals (frozen_at) WHERE state = 'frozen';

-- The database to which the rows belong: the server and its own id of the database. A restored dump names another one, and its portals are
-- held until they are reconciled.
CREATE TABLE origin (
	only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	database text NOT NULL
);

-- Every removal of the app, kept after the data of the portal is erased.
CREATE TABLE removals (
	id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	former_portal bigint NOT NULL,                       -- portals.id
	member_id     text NOT NULL,
	origin        text NOT NULL,
	clean         boolean NOT NULL,                      -- the administrator asked to delete the data
	removed_at    timestamptz NOT NULL,                  -- business time, as the next
	erased_at     timestamptz
);

-- The OAuth tokens of the installer, sealed. Their renewal is a lease: renewing_until is its end, fence its number.
CREATE TABLE tokens (
	portal_id      bigint PRIMARY KEY REFERENCES portals (id),
	access         bytea NOT NULL,
	refresh        bytea NOT NULL,
	application    bytea NOT NULL DEFAULT '',            -- APPLICATION_TOKEN
	dead           boolean NOT NULL DEFAULT false,
	fence          bigint NOT NULL DEFAULT 0,
	renewing_until timestamptz NOT NULL DEFAULT '-infinity',
	renewed_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Settings of a portal as one document: pipelines, rules.
CREATE TABLE settings (
	portal_id bigint PRIMARY KEY REFERENCES portals (id),
	data      jsonb NOT NULL
);

-- A visit is a verified user of a portal and the session in which he is.
CREATE TABLE visits (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id_hash     bytea NOT NULL,                          -- hash of the id in the cookie
	user_id     bigint NOT NULL,
	user_name   text NOT NULL,
	admin       boolean NOT NULL,
	admin_asked timestamptz NOT NULL DEFAULT clock_timestamp(), -- when the portal confirmed admin last
	token       bytea NOT NULL,                          -- the user's access token, sealed
	token_until timestamptz NOT NULL,
	expires_at  timestamptz NOT NULL,
	tried_at    timestamptz NOT NULL DEFAULT '-infinity', -- when the portal did not answer who the visitor is
	PRIMARY KEY (portal_id, id_hash)
);
CREATE INDEX visits_expired ON visits (expires_at);

-- Whether the CRM shows a deal to a visitor, asked with his own token.
CREATE TABLE visit_deals (
	portal_id bigint NOT NULL,
	id_hash   bytea NOT NULL,
	deal_id   bigint NOT NULL,
	visible   boolean NOT NULL,
	asked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (portal_id, id_hash, deal_id),
	FOREIGN KEY (portal_id, id_hash) REFERENCES visits ON DELETE CASCADE
);

-- The leaky bucket of calls to a portal, shared by all replicas.
CREATE TABLE budgets (
	portal_id   bigint PRIMARY KEY REFERENCES portals (id),
	level       double precision NOT NULL DEFAULT 0,
	at          timestamptz NOT NULL DEFAULT clock_timestamp(),
	spent_until timestamptz NOT NULL DEFAULT '-infinity' -- background work makes no call before this moment
);

-- Methods of REST that a portal has blocked for a while (OPERATION_TIME_LIMIT), or, for background work only, would block soon: what is left is
-- for people.
CREATE TABLE method_pauses (
	portal_id  bigint NOT NULL REFERENCES portals (id),
	method     text NOT NULL,
	background boolean NOT NULL DEFAULT false,
	until      timestamptz NOT NULL,
	PRIMARY KEY (portal_id, method, background)
);

-- The circuit breaker of one remote system. Account 0 is the CRM of the portal, others are accounts at SBIS. An open breaker lets
-- one probe through at a time.
CREATE TABLE breakers (
	portal_id  bigint NOT NULL REFERENCES portals (id),
	account_id bigint NOT NULL DEFAULT 0,
	failures   int NOT NULL DEFAULT 0,                   -- in a row
	opened_at  timestamptz,                              -- NULL while the breaker is closed
	probe_at   timestamptz NOT NULL DEFAULT '-infinity', -- no call before this moment
	PRIMARY KEY (portal_id, account_id)
);

-- Outages of which administrators are notified: a remote system could not be reached from opened_at to closed_at.
CREATE TABLE incidents (
	portal_id  bigint NOT NULL REFERENCES portals (id),
	id         bigint GENERATED ALWAYS AS IDENTITY,
	account_id bigint NOT NULL DEFAULT 0,                -- as in breakers
	reason     text NOT NULL,
	opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
	closed_at  timestamptz,
	PRIMARY KEY (portal_id, id)
);
CREATE UNIQUE INDEX incidents_open ON incidents (portal_id, account_id) WHERE closed_at IS NULL;

-- The installation on a portal. Every step reads the portal first, so the installation can be interrupted anywhere.
CREATE TABLE installs (
	portal_id bigint PRIMARY KEY REFERENCES portals (id),
	state     text NOT NULL CHECK (state IN ('asked', 'running', 'failed', 'done')),
	user_name text NOT NULL DEFAULT '',                  -- the administrator who installs
	plan      jsonb NOT NULL DEFAULT '{}',               -- what was missing when he opened the page, and the checks of the portal
	pipelines jsonb NOT NULL DEFAULT '[]',               -- pipelines of deals to which stages may be added
	problem   text NOT NULL DEFAULT '',                  -- why it does not continue
	welcomed  boolean NOT NULL DEFAULT false,            -- an administrator was shown the setup checklist
	looked_at timestamptz NOT NULL                       -- business time when a repair was last due
);

-- The steps of an installation in their order.
CREATE TABLE install_steps (
	portal_id bigint NOT NULL REFERENCES installs (portal_id),
	n         int NOT NULL,
	part      text NOT NULL,
	done      boolean NOT NULL DEFAULT false,
	made      jsonb NOT NULL DEFAULT '[]',               -- what was created, as text for the administrator
	PRIMARY KEY (portal_id, n)
);

-- The queue of installations and repairs over all portals.
CREATE TABLE install_queue (
	portal_id   bigint PRIMARY KEY REFERENCES portals (id),
	repair      boolean NOT NULL,                        -- in the background: no administrator waits for it
	tries       int NOT NULL DEFAULT 0,
	next_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	lease_until timestamptz NOT NULL DEFAULT '-infinity',
	fence       bigint NOT NULL DEFAULT 0
);
CREATE INDEX install_queue_due ON install_queue (next_at);
