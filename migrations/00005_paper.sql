-- +goose Up
SET LOCAL lock_timeout = '3s';

-- Paper acts: how they left, what came back, why a person marked them so.
ALTER TABLE acts
	ADD COLUMN reason       text NOT NULL DEFAULT '',    -- of the last mark that a person set
	ADD COLUMN sent_channel text NOT NULL DEFAULT '',    -- how it really left
	ADD COLUMN track        text NOT NULL DEFAULT '',    -- track number of the post or the courier
	ADD COLUMN scan_on      date,                        -- the countersigned copy came
	ADD COLUMN original_on  date,                        -- the paper original came
	ADD COLUMN corrects     bigint,                      -- the refused act in whose place this one stands
	ADD COLUMN copy_of      bigint,
	ADD COLUMN vat_ground   text NOT NULL DEFAULT '',    -- why the lines are without VAT
	ADD COLUMN annul_after  text NOT NULL DEFAULT '',    -- annul with this reason when the document is out of SBIS
	ADD COLUMN edited_at    timestamptz,                 -- business time of the last edit by a person
	ADD COLUMN item_gone    boolean NOT NULL DEFAULT false, -- the CRM item was deleted there
	ADD COLUMN item_echoes  int NOT NULL DEFAULT 0,      -- events that our own writes will raise
	ADD COLUMN item_wrote   timestamptz,                 -- our last write
	ADD COLUMN put_backs    int NOT NULL DEFAULT 0,      -- changes of the item undone by us in a row
	ADD COLUMN put_back_at  timestamptz;                 -- the first of them
CREATE INDEX acts_of_item ON acts (portal_id, item_id) WHERE item_id <> 0;

ALTER TABLE own_companies
	ADD COLUMN vat_ground text NOT NULL DEFAULT '',
	ADD COLUMN form       text NOT NULL DEFAULT 'upd' CHECK (form IN ('upd', 'pdf')), -- of an electronic act
	ADD COLUMN logo_id    bigint;                        -- file of the logo on print forms

ALTER TABLE portals
	ADD COLUMN admin_id bigint NOT NULL DEFAULT 0;       -- the administrator who opened us last

ALTER TABLE deals
	ADD COLUMN updated_at timestamptz,                   -- updatedTime of the copy, by the clock of the CRM
	ADD COLUMN semantics  text NOT NULL DEFAULT '',      -- S success, F failure
	ADD COLUMN forced     boolean NOT NULL DEFAULT false, -- a person asked to move it whatever was moved by hand
	ADD COLUMN echoes     int NOT NULL DEFAULT 0,        -- events that our own writes will raise
	ADD COLUMN wrote      timestamptz;                   -- our last write

-- Copies of an act that people uploaded; a replaced one stays in history.
CREATE TABLE act_files (
	portal_id   bigint NOT NULL,
	act_id      bigint NOT NULL,
	file_id     bigint NOT NULL,
	side        text NOT NULL CHECK (side IN ('ours', 'theirs')),
	current     boolean NOT NULL DEFAULT true,
	crm_file_id bigint NOT NULL DEFAULT 0,               -- in the field of the CRM item; -1: taken out of it by a person
	added_by    text NOT NULL DEFAULT '',
	added_at    timestamptz NOT NULL,                    -- business time
	PRIMARY KEY (portal_id, act_id, file_id),
	FOREIGN KEY (portal_id, act_id) REFERENCES acts (portal_id, id),
	FOREIGN KEY (portal_id, file_id) REFERENCES files (portal_id, id)
);

-- Letters that we send through the CRM, each once.
CREATE TABLE letters (
	portal_id   bigint NOT NULL REFERENCES portals (id),
	id          bigint GENERATED ALWAYS AS IDENTITY,
	deal_id     bigint NOT NULL,
	act_id      bigint NOT NULL DEFAULT 0,
	purpose     text NOT NULL CHECK (purpose IN ('act', 'question')),
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

-- What the clock is to bring; found by the moment it is due.
CREATE TABLE reminders (
	portal_id bigint NOT NULL REFERENCES portals (id),
	id        bigint GENERATED ALWAYS AS IDENTITY,
	act_id    bigint NOT NULL,
	kind      text NOT NULL,
	since     timestamptz NOT NULL,                      -- business time, counting starts
	due_on    date NOT NULL,                             -- the last day that is in time
	due_at    timestamptz NOT NULL,                      -- business time of the reminder
	paused    boolean NOT NULL DEFAULT false,            -- its deal is deleted
	fired_at  timestamptz,
	closed_at timestamptz,
	task_id   bigint NOT NULL DEFAULT 0,                 -- the CRM task, 0 when there is none
	task_done boolean NOT NULL DEFAULT false,
	PRIMARY KEY (portal_id, id),
	UNIQUE (portal_id, act_id, kind, due_on),
	FOREIGN KEY (portal_id, act_id) REFERENCES acts (portal_id, id)
);
CREATE INDEX reminders_due ON reminders (due_at) WHERE fired_at IS NULL AND closed_at IS NULL AND NOT paused;
CREATE INDEX reminders_open ON reminders (portal_id, act_id) WHERE closed_at IS NULL;
CREATE INDEX reminders_tasks ON reminders (portal_id, task_id) WHERE task_id <> 0 AND NOT task_done;

-- How far a portal's changes have been read; repairs what lost events missed. Moments by the clock of the CRM.
CREATE TABLE sweeps (
	portal_id   bigint PRIMARY KEY REFERENCES portals (id),
	items_since timestamptz NOT NULL,
	deals_since timestamptz NOT NULL,
	next_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	lease_until timestamptz NOT NULL DEFAULT '-infinity',
	fence       bigint NOT NULL DEFAULT 0,
	swept_at    timestamptz,
	problem     text NOT NULL DEFAULT ''
);
CREATE INDEX sweeps_due ON sweeps (next_at);

-- Copies of employees: names for the history, and who stands in for a dismissed one.
CREATE TABLE users (
	portal_id bigint NOT NULL REFERENCES portals (id),
	id        bigint NOT NULL,
	name      text NOT NULL,
	active    boolean NOT NULL,
	head_id   bigint NOT NULL DEFAULT 0,
	read_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (portal_id, id)
);

-- Acts that were sent before reminders were: a week is about five working days.
INSERT INTO reminders (portal_id, act_id, kind, since, due_on, due_at)
SELECT portal_id, id, 'unsigned', sent_at, CAST(sent_at + interval '7 days' AS date), sent_at + interval '8 days'
FROM acts WHERE status = 'sent' AND replaced_by IS NULL AND sent_at IS NOT NULL;

-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['act_files', 'letters', 'users']
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY portal ON %I USING (portal_id = CAST(NULLIF(current_setting(''acts.portal'', true), '''') AS bigint))', name);
	END LOOP;
END $$;
-- +goose StatementEnd

INSERT INTO sweeps (portal_id, items_since, deals_since)
SELECT id, clock_timestamp(), clock_timestamp() FROM portals WHERE state = 'active'
ON CONFLICT DO NOTHING;
