-- +goose Up
SET LOCAL lock_timeout = '3s';

-- fold makes names comparable: small letters, «ё» as «е».
-- +goose StatementBegin
CREATE FUNCTION fold(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT translate(lower(left(name, 300)), 'ё', 'е') $$;
-- +goose StatementEnd

-- Copies of deals with what their acts need of the parties. A copy with read_at 'epoch' holds only what a list of deals returns.
CREATE TABLE deals (
	portal_id      bigint NOT NULL REFERENCES portals (id),
	id             bigint NOT NULL,
	title          text NOT NULL,
	category_id    bigint NOT NULL,
	stage_id       text NOT NULL,
	stage_since    date NOT NULL DEFAULT '1970-01-01',   -- day in the portal's zone
	semantics      text NOT NULL DEFAULT '',             -- S success, F failure
	final          boolean NOT NULL DEFAULT false,
	company_id     bigint NOT NULL DEFAULT 0,
	contact_id     bigint NOT NULL DEFAULT 0,
	own_company_id bigint NOT NULL DEFAULT 0,            -- by the deal's requisite link, else the last choice
	requisites     jsonb NOT NULL DEFAULT '{}',          -- the requisites of both sides by the deal (acts.RequisiteChoice)
	responsible_id bigint NOT NULL DEFAULT 0,
	amount         bigint NOT NULL DEFAULT 0,            -- in hundredths of the deal's currency
	tax_value      bigint NOT NULL DEFAULT 0,            -- in hundredths of the deal's currency
	manual_amount  boolean NOT NULL DEFAULT true,        -- a person typed the sum: it need not be that of the rows
	currency       text NOT NULL DEFAULT 'RUB',
	operator       text NOT NULL DEFAULT '',
	participant    text NOT NULL DEFAULT '',
	buyer          jsonb NOT NULL DEFAULT '{}',
	exchange       text NOT NULL DEFAULT '',             -- «Способ обмена» of the deal
	email          text NOT NULL DEFAULT '',             -- of the counterparty
	phones         text NOT NULL DEFAULT '',             -- of the counterparty
	basis          jsonb NOT NULL DEFAULT '{}',          -- the document on which its acts are based, by the chosen fields of the deal
	closed         text NOT NULL DEFAULT '',             -- why a deal without rows needs no act
	closed_by      text NOT NULL DEFAULT '',             -- who decided it
	closed_at      timestamptz,                          -- business time
	closed_amount  bigint NOT NULL DEFAULT 0,            -- the sum for which it was decided; a larger one needs an act
	-- What acts cover is computed by acts.Settle at the end of every transaction that changes it (store/deal_coverage.go).
	needs_act      boolean NOT NULL DEFAULT true,        -- it has no act, or a row that needs an act has a remainder
	uncovered      bigint NOT NULL DEFAULT 0,            -- the sum that no act covers, in hundredths of the deal's currency
	last_set       text NOT NULL DEFAULT '',             -- the stage that we set last
	last_for       int NOT NULL DEFAULT 0,               -- the target for which it was set
	stage_note     text NOT NULL DEFAULT '',             -- why the deal is not at the stage that its acts require
	forced         boolean NOT NULL DEFAULT false,       -- a person requested the move although the stage was changed by hand
	echoes         int NOT NULL DEFAULT 0,               -- events that our own writes will cause
	wrote          timestamptz,                          -- our last write
	deleted        boolean NOT NULL DEFAULT false,
	updated_at     timestamptz,                          -- updatedTime of the copy, by the clock of the CRM
	read_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
	buyer_key      text COLLATE "C" NOT NULL GENERATED ALWAYS AS (CASE WHEN coalesce(buyer ->> 'name', '') = '' THEN U&'\+10FFFF' ELSE fold(buyer ->> 'name') END) STORED, -- for sorting
	PRIMARY KEY (portal_id, id)
);
CREATE INDEX deals_by_stage ON deals (portal_id, stage_id, id DESC);
CREATE INDEX deals_without_acts_of ON deals (portal_id, responsible_id, stage_since, id) WHERE needs_act AND NOT deleted;
CREATE INDEX deals_without_acts_by_age ON deals (portal_id, stage_since, id) WHERE needs_act AND NOT deleted;
CREATE INDEX deals_without_acts_by_sum ON deals (portal_id, uncovered, id) WHERE needs_act AND NOT deleted;
CREATE INDEX deals_without_acts_by_buyer ON deals (portal_id, buyer_key, id) WHERE needs_act AND NOT deleted;

-- Copies of product rows. The CRM gives the rows of a deal new ids whenever they are written; the id under which a row was first
-- seen stays its key here.
CREATE TABLE deal_rows (
	portal_id  bigint NOT NULL,
	deal_id    bigint NOT NULL,
	id         bigint NOT NULL,
	crm_id     bigint NOT NULL DEFAULT 0,                -- id in the CRM now, of a row that is gone the last one
	product_id bigint NOT NULL DEFAULT 0,                -- of the catalogue, 0 for a row that was typed in
	family     bigint NOT NULL DEFAULT 0,                -- shared by rows that were equal once: an excess that acts took from one counts for the others
	sort       int NOT NULL,
	name       text NOT NULL,
	kind       text NOT NULL DEFAULT '' CHECK (kind IN ('', 'goods', 'work', 'service')), -- '' when it is not known
	quantity   numeric NOT NULL,
	price      numeric NOT NULL,                         -- roubles for one unit, tax included
	net_price  numeric NOT NULL DEFAULT 0,               -- of one unit without tax
	on_top     boolean NOT NULL DEFAULT false,           -- tax is counted from the sum without tax
	rate       text NOT NULL,
	unit       jsonb NOT NULL DEFAULT '{}',
	gone       boolean NOT NULL DEFAULT false,           -- removed from the deal, kept for its acts
	separate   boolean NOT NULL DEFAULT false,           -- gone, and a person stated that no row continues it
	needs_act  boolean NOT NULL DEFAULT true,
	closed_quantity numeric NOT NULL DEFAULT 0,          -- the part of the quantity that needs no act
	closed     text NOT NULL DEFAULT '',                 -- why it needs none
	closed_by  text NOT NULL DEFAULT '',                 -- who decided it
	closed_at  timestamptz,                              -- business time
	PRIMARY KEY (portal_id, deal_id, id),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);

-- Deals for which a person requested an act from the list of deals.
CREATE TABLE form_requests (
	portal_id bigint NOT NULL REFERENCES portals (id),
	deal_id   bigint NOT NULL,
	form_key  uuid NOT NULL,                             -- one request makes one act
	user_id   bigint NOT NULL,
	user_name text NOT NULL,
	asked_at  timestamptz NOT NULL,                      -- business time
	problem   text NOT NULL DEFAULT '',                  -- why the act could not be formed
	PRIMARY KEY (portal_id, deal_id),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);

-- Deals that get an act every month. No act is handed over without a person unless the responsible has allowed it.
CREATE TABLE monthly_plans (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	deal_id     bigint NOT NULL,
	enabled     boolean NOT NULL,
	stopped     text NOT NULL DEFAULT '',                -- why the program has switched it off, '' when a person did
	day         int NOT NULL CHECK (day BETWEEN 0 AND 15), -- number of the working day, 0 for the last one of the month
	covers      text NOT NULL CHECK (covers IN ('current', 'previous', 'previous-end')), -- the month in the act, and its date
	quantities  jsonb NOT NULL DEFAULT '{}',             -- by row; without any, an act takes the whole remainder
	sender_id   bigint NOT NULL DEFAULT 0,               -- who allowed to hand acts over without his confirmation, 0 for nobody
	sender_name text NOT NULL DEFAULT '',
	allowed_at  timestamptz,                             -- business time, as the next
	set_by      text NOT NULL,
	set_at      timestamptz NOT NULL,
	next_month  date NOT NULL,                           -- the month whose act is to be formed next
	check_at    timestamptz NOT NULL,                    -- when to look whether it is due
	PRIMARY KEY (portal_id, deal_id),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);
CREATE INDEX monthly_plans_due ON monthly_plans (check_at) WHERE enabled;

-- The result of each month of a plan: one act at most.
CREATE TABLE monthly_runs (
	portal_id bigint NOT NULL,
	deal_id   bigint NOT NULL,
	month     date NOT NULL,
	state     text NOT NULL CHECK (state IN ('queued', 'formed', 'sent', 'nothing', 'refused')),
	act_id    bigint NOT NULL DEFAULT 0,
	problem   text NOT NULL DEFAULT '',                  -- why the act was not formed, or not handed over
	at        timestamptz NOT NULL,                      -- business time
	PRIMARY KEY (portal_id, deal_id, month),
	FOREIGN KEY (portal_id, deal_id) REFERENCES monthly_plans (portal_id, deal_id)
);

-- Our comments on the timelines of deals. The CRM keeps no key of ours on a comment: after a lost response ours is found by its text, among
-- the comments that are not known to be others of ours.
CREATE TABLE timeline_comments (
	portal_id  bigint NOT NULL REFERENCES portals (id),
	deal_id    bigint NOT NULL,
	kind       text NOT NULL CHECK (kind IN ('event', 'message')),
	subject    bigint NOT NULL,                          -- the id of the line of history or of the message
	text       text NOT NULL DEFAULT '',                 -- as sent, until its response is known: an act may get its number meanwhile
	comment_id bigint NOT NULL DEFAULT 0,                -- in the CRM, 0 until it is known
	PRIMARY KEY (portal_id, kind, subject),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);
CREATE UNIQUE INDEX timeline_comments_in_crm ON timeline_comments (portal_id, comment_id) WHERE comment_id <> 0;
CREATE INDEX timeline_comments_of_deal ON timeline_comments (portal_id, deal_id, comment_id);

-- The backfill of a portal's deals, by id and batch by batch: once to copy them, then daily to find what events and the
-- reconciliation have missed, such as deleted deals.
CREATE TABLE backfills (
	portal_id   bigint PRIMARY KEY REFERENCES portals (id),
	after_id    bigint NOT NULL DEFAULT 0,               -- the last deal that was read
	seen        int NOT NULL DEFAULT 0,                  -- deals of this pass so far
	total       int NOT NULL DEFAULT 0,                  -- as the CRM counted when the pass began
	done        boolean NOT NULL DEFAULT false,          -- all were copied once
	pages       int NOT NULL DEFAULT 50,                 -- of fifty deals in one call; fewer after a call that failed
	next_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	lease_until timestamptz NOT NULL DEFAULT '-infinity',
	fence       bigint NOT NULL DEFAULT 0,
	problem     text NOT NULL DEFAULT ''
);
CREATE INDEX backfills_due ON backfills (next_at);

-- The reconciliation: how far a portal's changes have been read. It repairs what lost events missed. Moments by the clock of the CRM.
CREATE TABLE reconciliations (
	portal_id   bigint PRIMARY KEY REFERENCES portals (id),
	items_since timestamptz NOT NULL,
	deals_since timestamptz NOT NULL,
	next_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	lease_until timestamptz NOT NULL DEFAULT '-infinity',
	fence       bigint NOT NULL DEFAULT 0,
	finished_at timestamptz,
	problem     text NOT NULL DEFAULT ''
);
CREATE INDEX reconciliations_due ON reconciliations (next_at);

-- The badge of a deal in the kanban: one configurable activity per deal carries it.
CREATE TABLE deal_badges (
	portal_id   bigint NOT NULL,
	deal_id     bigint NOT NULL,
	activity_id bigint NOT NULL,                         -- in the CRM, 0 for none
	badge       text NOT NULL,                           -- its code, '' while none is shown
	text        text NOT NULL DEFAULT '',                -- of the activity: the acts that the badge is about
	PRIMARY KEY (portal_id, deal_id),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);

-- Calls of our robots by the automation of a portal, which waits for one answer to each.
CREATE TABLE robot_calls (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id          bigint GENERATED ALWAYS AS IDENTITY,
	token       text NOT NULL,                           -- event_token of the run: a repeated call has the same
	robot       text NOT NULL,                           -- its code
	deal_id     bigint NOT NULL,                         -- 0 for another kind of document; the deal need not be known to us
	properties  jsonb NOT NULL DEFAULT '{}',             -- as set in the automation
	received_at timestamptz NOT NULL,                    -- business time
	act_id      bigint NOT NULL DEFAULT 0,               -- the act that it has formed or handed over
	question_id bigint NOT NULL DEFAULT 0,               -- the question that it has sent
	outcome     text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'done', 'refused')), -- '' while the work is not finished
	reason      text NOT NULL DEFAULT '',                -- why it was refused
	unanswered  text NOT NULL DEFAULT '',                -- why the portal did not accept our answer
	PRIMARY KEY (portal_id, id),
	UNIQUE (portal_id, token)
);

-- When a call of a robot is answered although its work is not finished, and after its outcome when the call is deleted.
CREATE TABLE robot_deadlines (
	portal_id bigint NOT NULL,
	call_id   bigint NOT NULL,
	due_at    timestamptz NOT NULL,                      -- business time
	PRIMARY KEY (portal_id, call_id),
	FOREIGN KEY (portal_id, call_id) REFERENCES robot_calls (portal_id, id)
);
CREATE INDEX robot_deadlines_due ON robot_deadlines (due_at);

-- Triggers of the portal's automation that are to be executed for deals. A row is deleted when the CRM has taken it.
CREATE TABLE trigger_runs (
	portal_id bigint NOT NULL,
	id        bigint GENERATED ALWAYS AS IDENTITY,
	deal_id   bigint NOT NULL,
	code      text NOT NULL,
	last_move bigint,                                    -- newest entry in the deal's history of stages before our call, NULL until we read it
	PRIMARY KEY (portal_id, id),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id)
);
CREATE INDEX trigger_runs_of_deal ON trigger_runs (portal_id, deal_id);
