-- +goose Up
SET LOCAL lock_timeout = '3s';

-- natural_key sorts numbers as people do, К-2 before К-10: every group of digits is padded to twenty.
-- +goose StatementBegin
CREATE FUNCTION natural_key(number text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT regexp_replace(regexp_replace(public.fold(number), '[0-9]+', '00000000000000000000\&', 'g'), '[0-9]*([0-9]{20})', '\1', 'g')
$$;
-- +goose StatementEnd

-- An act: the document, its lifecycle, and the CRM item that shows it.
CREATE TABLE acts (
	portal_id        bigint NOT NULL REFERENCES portals (id),
	id               bigint GENERATED ALWAYS AS IDENTITY,
	form_key         uuid NOT NULL,                      -- one form makes one act
	deal_id          bigint NOT NULL,
	own_company_id   bigint NOT NULL,
	company_id       bigint NOT NULL DEFAULT 0,
	contact_id       bigint NOT NULL DEFAULT 0,
	responsible_id   bigint NOT NULL DEFAULT 0,

	medium           text NOT NULL CHECK (medium IN ('paper', 'electronic')),
	party_kind       text NOT NULL CHECK (party_kind IN ('person', 'company')),
	channel          text NOT NULL CHECK (channel IN ('email', 'post', 'edo')),
	function         text NOT NULL CHECK (function IN ('ДОП', 'СЧФДОП')),
	paper_form       text NOT NULL DEFAULT '' CHECK (paper_form IN ('', 'act', 'upd', 'act_invoice')), -- of a paper act with a number
	operator         text NOT NULL DEFAULT '',

	status           text NOT NULL DEFAULT 'draft' CHECK (status IN
		('draft', 'signed_by_us', 'sent', 'signed', 'accepted_unsigned', 'refused', 'annulled')),
	marked_by_person boolean NOT NULL DEFAULT false,
	reason           text NOT NULL DEFAULT '',           -- given with the last status that a person set
	delivery         text NOT NULL DEFAULT '',
	delivery_note    text NOT NULL DEFAULT '',
	annul_after      text NOT NULL DEFAULT '',           -- annul with this reason when the document is out of SBIS
	annulment        jsonb NOT NULL DEFAULT '{}',        -- how far a recall or an annulment of the document has come (acts.Annulment)
	decided_by       text NOT NULL DEFAULT '',           -- who signed or refused for the counterparty, or who marked it
	decided_at       timestamptz,                        -- business time
	remarks          text NOT NULL DEFAULT '',           -- the counterparty signed with these remarks, '' when they are settled
	sent_channel     text NOT NULL DEFAULT '',           -- by which channel a paper act was really sent
	track            text NOT NULL DEFAULT '',           -- tracking number of the post or the courier
	scan_on          date,                               -- the countersigned copy arrived
	original_on      date,                               -- the paper original arrived

	number           text NOT NULL DEFAULT '',
	wanted_number    text NOT NULL DEFAULT '',           -- typed by a person, becomes the number at the first print or hand-over
	act_date         date NOT NULL,
	period_from      date,
	period_to        date,
	net              bigint NOT NULL,                    -- kopecks, as the next two
	tax              bigint NOT NULL,
	gross            bigint NOT NULL,
	vat_ground       text NOT NULL DEFAULT '',           -- why the lines are without VAT
	zero_ground      text NOT NULL DEFAULT '',           -- why lines have 0 %, where the law requires a ground
	seller           jsonb NOT NULL,
	buyer            jsonb NOT NULL,
	basis            jsonb NOT NULL,
	signer           jsonb NOT NULL,
	comment          text NOT NULL DEFAULT '',
	payments         jsonb NOT NULL DEFAULT '[]',        -- payments made before the act: line 5 of an invoice
	state_contract   text NOT NULL DEFAULT '',           -- id of a state contract: line 8 of an invoice

	replaced_by      bigint,
	corrects         bigint,                             -- the refused act that this one replaces
	copy_of          bigint,
	correction       int NOT NULL DEFAULT 0 CHECK (correction BETWEEN 0 AND 999), -- a corrected invoice keeps its number; corrections are counted
	corrected        jsonb NOT NULL DEFAULT '{}',
	deal_state       jsonb NOT NULL DEFAULT '{}',        -- the state of the deal from which the act was filled in, to find later changes

	created_by       bigint NOT NULL,
	created_at       timestamptz NOT NULL,               -- business time, as the next three
	edited_at        timestamptz,                        -- last edit by a person
	sent_at          timestamptz,
	signed_at        timestamptz,                        -- of an act that is signed
	due_on           date,                               -- the deadline of the counterparty's signature, copied from its open reminder; only of a sent act

	item_id          bigint NOT NULL DEFAULT 0,
	item_base        jsonb NOT NULL DEFAULT '{}',        -- the item as it was read after our last write
	item_gone        boolean NOT NULL DEFAULT false,     -- the item was deleted in the CRM
	item_echoes      int NOT NULL DEFAULT 0,             -- events that our own writes will cause
	item_wrote       timestamptz,                        -- our last write
	put_backs        int NOT NULL DEFAULT 0,             -- changes of the item that we reverted one after another
	put_back_at      timestamptz,                        -- the first of them

	-- Lists are sorted by these keys. An act without the value comes last in both directions, so its key is the largest or the smallest one;
	-- only acts without a counterparty, which are few, have one key for both directions.
	number_up        text COLLATE "C" NOT NULL GENERATED ALWAYS AS (CASE number WHEN '' THEN U&'\+10FFFF' ELSE natural_key(number) END) STORED,
	number_down      text COLLATE "C" NOT NULL GENERATED ALWAYS AS (natural_key(number)) STORED,
	due_up           date NOT NULL GENERATED ALWAYS AS (coalesce(due_on, 'infinity')) STORED,
	due_down         date NOT NULL GENERATED ALWAYS AS (coalesce(due_on, '-infinity')) STORED,
	buyer_key        text COLLATE "C" NOT NULL GENERATED ALWAYS AS (CASE WHEN coalesce(buyer ->> 'name', '') = '' THEN U&'\+10FFFF' ELSE fold(buyer ->> 'name') END) STORED,

	PRIMARY KEY (portal_id, id),
	UNIQUE (portal_id, form_key),
	FOREIGN KEY (portal_id, deal_id) REFERENCES deals (portal_id, id),
	FOREIGN KEY (portal_id, own_company_id) REFERENCES own_companies (portal_id, id)
);
REVOKE DELETE ON acts FROM acts_app; -- an act is annulled, never deleted
CREATE UNIQUE INDEX acts_number ON acts (portal_id, own_company_id, date_part('year', act_date), number, correction) WHERE number <> '';
-- The further columns let the first of many acts with a beginning of a number be found without reading them.
CREATE INDEX acts_by_number ON acts (portal_id, number COLLATE "C") INCLUDE (id, act_date, responsible_id) WHERE number <> '';
CREATE INDEX acts_of_deal ON acts (portal_id, deal_id);
CREATE INDEX acts_of_item ON acts (portal_id, item_id) WHERE item_id <> 0;

-- One index per condition of the registry, each in the order of its pages. Those with a responsible_id at their end answer the counters
-- above the registry without reading acts, also for visitors who see only the acts of some employees.
CREATE INDEX acts_by_date ON acts (portal_id, act_date DESC, id DESC);
CREATE INDEX acts_by_status ON acts (portal_id, status, act_date DESC, id DESC) INCLUDE (responsible_id);
CREATE INDEX acts_by_type ON acts (portal_id, medium, party_kind, act_date DESC, id DESC);
CREATE INDEX acts_by_channel ON acts (portal_id, channel, act_date DESC, id DESC);
CREATE INDEX acts_by_delivery ON acts (portal_id, delivery, act_date DESC, id DESC) INCLUDE (responsible_id) WHERE medium = 'electronic';
CREATE INDEX acts_by_operator ON acts (portal_id, operator, act_date DESC, id DESC) WHERE operator <> '';
CREATE INDEX acts_of_company ON acts (portal_id, company_id, act_date DESC, id DESC);
CREATE INDEX acts_of_contact ON acts (portal_id, contact_id, act_date DESC, id DESC) WHERE company_id = 0;
CREATE INDEX acts_of_own_company ON acts (portal_id, own_company_id, act_date DESC, id DESC);
CREATE INDEX acts_of_responsible ON acts (portal_id, responsible_id, act_date DESC, id DESC);
CREATE INDEX acts_failed ON acts (portal_id, act_date DESC, id DESC) INCLUDE (responsible_id) WHERE delivery = 'error';
CREATE INDEX acts_refused ON acts (portal_id, responsible_id) WHERE status = 'refused' AND replaced_by IS NULL;
CREATE INDEX acts_our_move ON acts (portal_id, responsible_id, act_date DESC, id DESC)
	WHERE status IN ('draft', 'signed_by_us', 'refused') AND replaced_by IS NULL AND delivery NOT IN ('queued', 'withdrawing', 'waiting_connection')
		OR jsonb_exists_any(annulment, '{step,proposed}');
CREATE INDEX acts_due ON acts (portal_id, due_on, id) INCLUDE (responsible_id) WHERE due_on IS NOT NULL;
CREATE INDEX acts_with_due ON acts (portal_id, act_date DESC, id DESC) INCLUDE (due_on, responsible_id) WHERE due_on IS NOT NULL;
-- One index per order of the registry besides that by day.
CREATE INDEX acts_by_sum ON acts (portal_id, gross, id);
CREATE INDEX acts_by_number_up ON acts (portal_id, number_up, id);
CREATE INDEX acts_by_number_down ON acts (portal_id, number_down, id);
CREATE INDEX acts_by_due_up ON acts (portal_id, due_up, id);
CREATE INDEX acts_by_due_down ON acts (portal_id, due_down, id);
CREATE INDEX acts_by_buyer ON acts (portal_id, buyer_key, id);
CREATE INDEX acts_being_annulled ON acts (portal_id, own_company_id) WHERE jsonb_exists_any(annulment, '{step,proposed}');
CREATE INDEX acts_without_original ON acts (portal_id, act_date DESC, id DESC)
	WHERE medium = 'paper' AND original_on IS NULL AND status <> 'annulled' AND (status = 'signed' OR scan_on IS NOT NULL);
-- Acts that wait for the counterparty's signature. The further columns let conditions and sums be answered from the index alone.
CREATE INDEX acts_unsigned ON acts (portal_id, act_date DESC, id DESC, sent_at, responsible_id, company_id, contact_id)
	INCLUDE (gross) WHERE status IN ('sent', 'accepted_unsigned') AND replaced_by IS NULL;
-- The report counts acts by the month in which they were formed and signed.
CREATE INDEX acts_formed ON acts (portal_id, created_at) INCLUDE (responsible_id, gross, sent_at, signed_at, status)
	WHERE status <> 'annulled' AND replaced_by IS NULL;
CREATE INDEX acts_signed ON acts (portal_id, signed_at) INCLUDE (responsible_id, gross, sent_at, created_at, status)
	WHERE status <> 'annulled' AND replaced_by IS NULL;

-- The lines of an act.
CREATE TABLE act_lines (
	portal_id bigint NOT NULL,
	act_id    bigint NOT NULL,
	n         int NOT NULL,
	row_id    bigint NOT NULL DEFAULT 0,                 -- of deal_rows, 0 for a line that was typed in
	name      text NOT NULL,
	unit      jsonb NOT NULL DEFAULT '{}',
	quantity  numeric NOT NULL CHECK (quantity > 0),
	price     numeric NOT NULL,
	rate      text NOT NULL,
	net       bigint NOT NULL,                           -- kopecks, as the next two
	tax       bigint NOT NULL,
	gross     bigint NOT NULL,
	kind      text NOT NULL DEFAULT '' CHECK (kind IN ('', 'goods', 'work', 'service')), -- '' when it is not known
	PRIMARY KEY (portal_id, act_id, n),
	FOREIGN KEY (portal_id, act_id) REFERENCES acts (portal_id, id)
);

-- Notices to a person: events of acts, reminders, or messages about deals, of one kind within ten minutes are one notice. A notice is open while
-- others may join it.
CREATE TABLE notices (
	portal_id bigint NOT NULL REFERENCES portals (id),
	id        bigint GENERATED ALWAYS AS IDENTITY,
	user_id   bigint NOT NULL,
	kind      text NOT NULL,
	since     timestamptz NOT NULL,                      -- business time of the first event
	open      boolean NOT NULL DEFAULT true,
	PRIMARY KEY (portal_id, id)
);
CREATE UNIQUE INDEX notices_open ON notices (portal_id, user_id, kind) WHERE open;

-- The history of an act. Rows are only added.
CREATE TABLE act_events (
	portal_id   bigint NOT NULL,
	id          bigint GENERATED ALWAYS AS IDENTITY,
	act_id      bigint NOT NULL,
	at          timestamptz NOT NULL,                    -- business time
	actor       text NOT NULL,                           -- person, operator or clock
	user_id     bigint NOT NULL DEFAULT 0,
	user_name   text NOT NULL DEFAULT '',
	kind        text NOT NULL,
	text        text NOT NULL,
	from_status text NOT NULL DEFAULT '',
	to_status   text NOT NULL DEFAULT '',
	source      text NOT NULL DEFAULT '',                -- the event of SBIS, or where a person did it (acts/history)
	changes     jsonb NOT NULL DEFAULT '[]',             -- what was changed: acts.Difference
	notice_id   bigint,                                  -- the notice that contains it
	PRIMARY KEY (portal_id, id),
	FOREIGN KEY (portal_id, act_id) REFERENCES acts (portal_id, id),
	FOREIGN KEY (portal_id, notice_id) REFERENCES notices (portal_id, id)
);
CREATE INDEX act_events_of_act ON act_events (portal_id, act_id, id);
CREATE INDEX act_events_of_notice ON act_events (portal_id, notice_id, id) WHERE notice_id IS NOT NULL;
REVOKE UPDATE, DELETE ON act_events FROM acts_app;

-- Copies of an act: those that people uploaded, and the files of its document that were fetched from the operator ('signed'). A replaced one stays
-- and is not current.
CREATE TABLE act_files (
	portal_id   bigint NOT NULL,
	act_id      bigint NOT NULL,
	file_id     bigint NOT NULL,
	side        text NOT NULL CHECK (side IN ('ours', 'theirs', 'signed')),
	current     boolean NOT NULL DEFAULT true,
	crm_file_id bigint NOT NULL DEFAULT 0,               -- in the field of the CRM item; -1 when a person removed it there
	added_by    text NOT NULL DEFAULT '',
	added_at    timestamptz NOT NULL,                    -- business time
	part        text NOT NULL DEFAULT '' CHECK ((part <> '') = (side = 'signed')), -- of the operator's package (signed.Part)
	document_id uuid,                                    -- of the operator's package
	signatures  jsonb NOT NULL DEFAULT '[]',             -- read from a file that is a signature (signed.Signature)
	PRIMARY KEY (portal_id, act_id, file_id),
	FOREIGN KEY (portal_id, act_id) REFERENCES acts (portal_id, id),
	FOREIGN KEY (portal_id, file_id) REFERENCES files (portal_id, id)
);

-- Attempts to exchange an act through SBIS; at most one of an act is live.
CREATE TABLE edo_documents (
	portal_id      bigint NOT NULL,
	id             uuid NOT NULL,                        -- our own UUID, the key of the document at SBIS
	act_id         bigint NOT NULL,
	attempt        int NOT NULL,
	attachment_id  uuid NOT NULL,
	own_company_id bigint NOT NULL,
	file_id        bigint NOT NULL,
	live           boolean NOT NULL DEFAULT true,
	signing        text NOT NULL DEFAULT 'draft',        -- how it is to get our signature
	written        boolean NOT NULL DEFAULT false,
	prepared       text NOT NULL DEFAULT '' CHECK (prepared IN ('', 'asked', 'done')), -- whether SBIS prepared it for its signature, which is done once; 'asked': the outcome of the call is not known
	dispatched     boolean NOT NULL DEFAULT false,
	gone           boolean NOT NULL DEFAULT false,       -- nothing of it can still be signed at SBIS
	unread         boolean NOT NULL DEFAULT false,       -- an event was incomplete or may be outdated: the document itself must be read
	state_code     int NOT NULL DEFAULT -1,              -- acts.DocumentPhase
	state_name     text NOT NULL DEFAULT '',
	link           text NOT NULL DEFAULT '',
	last_event     text NOT NULL DEFAULT '',
	last_event_at  timestamptz NOT NULL DEFAULT '-infinity', -- by the clock of SBIS
	created_at     timestamptz NOT NULL,
	changed_at     timestamptz NOT NULL,
	package        text NOT NULL DEFAULT '' CHECK (package IN ('', 'fetching', 'printing', 'complete', 'no_print', 'failed')), -- its signed files (signed.State)
	package_note   text NOT NULL DEFAULT '',
	package_asked  int NOT NULL DEFAULT 0,               -- how often a file was requested and not ready
	PRIMARY KEY (portal_id, id),
	UNIQUE (portal_id, act_id, attempt),
	FOREIGN KEY (portal_id, act_id) REFERENCES acts (portal_id, id),
	FOREIGN KEY (portal_id, file_id) REFERENCES files (portal_id, id)
);
CREATE UNIQUE INDEX edo_documents_live ON edo_documents (portal_id, act_id) WHERE live;
CREATE INDEX edo_documents_open ON edo_documents (portal_id, own_company_id) WHERE live;
CREATE INDEX edo_documents_unread ON edo_documents (portal_id, own_company_id) WHERE unread;

-- Applied events of the list of changes: reading again from a date returns the same events.
CREATE TABLE edo_events (
	portal_id   bigint NOT NULL,
	document_id uuid NOT NULL,
	event_id    text NOT NULL,
	PRIMARY KEY (portal_id, document_id, event_id),
	FOREIGN KEY (portal_id, document_id) REFERENCES edo_documents (portal_id, id)
);

-- Reminders about an act, found by the moment when they are due.
CREATE TABLE reminders (
	portal_id bigint NOT NULL REFERENCES portals (id),
	id        bigint GENERATED ALWAYS AS IDENTITY,
	act_id    bigint NOT NULL,
	kind      text NOT NULL,
	since     timestamptz NOT NULL,                      -- business time from which days are counted
	due_on    date NOT NULL,                             -- the last day that is in time
	due_at    timestamptz NOT NULL,                      -- business time of the reminder
	paused    boolean NOT NULL DEFAULT false,            -- its deal is deleted
	sent_at   timestamptz,
	closed_at timestamptz,
	task_id   bigint NOT NULL DEFAULT 0,                 -- the CRM task, 0 when there is none
	task_done boolean NOT NULL DEFAULT false,
	notice_id bigint NOT NULL DEFAULT 0,                 -- the notice that contains it, 0 for none
	PRIMARY KEY (portal_id, id),
	UNIQUE (portal_id, act_id, kind, due_on),
	FOREIGN KEY (portal_id, act_id) REFERENCES acts (portal_id, id)
);
CREATE INDEX reminders_due ON reminders (due_at) WHERE sent_at IS NULL AND closed_at IS NULL AND NOT paused;
CREATE INDEX reminders_of_notice ON reminders (portal_id, notice_id) WHERE notice_id <> 0;
CREATE INDEX reminders_open ON reminders (portal_id, act_id) WHERE closed_at IS NULL;
CREATE INDEX reminders_tasks ON reminders (portal_id, task_id) WHERE task_id <> 0 AND NOT task_done;

-- What acts are searched by: the names and INN of their counterparties, the titles of their deals. Triggers maintain it. It
-- has no row-level security: LIKE is not leakproof, so a policy would prevent the use of its index. It is partitioned by the
-- portal, so that a search reads few names of other portals.
CREATE TABLE act_names (
	portal_id bigint NOT NULL REFERENCES portals (id),
	kind      text NOT NULL CHECK (kind IN ('company', 'contact', 'deal')),
	id        bigint NOT NULL,
	folded    text NOT NULL,                             -- small letters, «ё» as «е»; a company has a row for every name in its acts
	PRIMARY KEY (portal_id, kind, id, folded)
) PARTITION BY HASH (portal_id);
-- +goose StatementBegin
DO $$
BEGIN
	FOR n IN 0..15 LOOP
		EXECUTE format('CREATE TABLE act_names_%s PARTITION OF act_names FOR VALUES WITH (MODULUS 16, REMAINDER %s)', n, n);
	END LOOP;
END $$;
-- +goose StatementEnd
CREATE INDEX act_names_by_letters ON act_names USING gin (folded gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX act_names_by_inn ON act_names (portal_id, (folded COLLATE "C")) WHERE kind <> 'deal';

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

-- Only titles of deals that have acts are stored.
-- +goose StatementBegin
CREATE FUNCTION name_deal() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER name_buyer AFTER INSERT OR UPDATE OF buyer, company_id, contact_id ON acts FOR EACH ROW EXECUTE FUNCTION name_buyer();
CREATE TRIGGER name_deal AFTER UPDATE OF title ON deals FOR EACH ROW EXECUTE FUNCTION name_deal();
CREATE TRIGGER name_deal_of_act AFTER INSERT OR UPDATE OF deal_id ON acts FOR EACH ROW EXECUTE FUNCTION name_deal_of_act();
