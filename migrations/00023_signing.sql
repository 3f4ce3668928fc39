-- +goose Up
SET LOCAL lock_timeout = '3s';

-- How documents of an account get our signature, and what SBIS says of the account.
ALTER TABLE edo_accounts
	ADD COLUMN signing    text NOT NULL DEFAULT 'draft' CHECK (signing IN ('draft', 'deferred', 'server')),
	ADD COLUMN cabinet    jsonb,                         -- user and organisations as SBIS told them, NULL before the first check
	ADD COLUMN checked_at timestamptz;                   -- business time of that answer

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
	code_at    timestamptz NOT NULL DEFAULT '-infinity', -- machine time: an activation code was asked for
	PRIMARY KEY (portal_id, account_id, thumbprint),
	FOREIGN KEY (portal_id, account_id) REFERENCES edo_accounts (portal_id, id) ON DELETE CASCADE
);

-- When SBIS is asked of an account again, over all portals.
CREATE TABLE account_checks (
	portal_id  bigint NOT NULL,
	account_id bigint NOT NULL,
	due_at     timestamptz NOT NULL,                     -- business time
	PRIMARY KEY (portal_id, account_id),
	FOREIGN KEY (portal_id, account_id) REFERENCES edo_accounts (portal_id, id) ON DELETE CASCADE
);
CREATE INDEX account_checks_due ON account_checks (due_at);
INSERT INTO account_checks (portal_id, account_id, due_at) SELECT portal_id, id, clock_timestamp() FROM edo_accounts;

-- Terms that administrators were warned of, each once.
CREATE TABLE term_warnings (
	portal_id bigint NOT NULL REFERENCES portals (id),
	kind      text NOT NULL CHECK (kind IN ('certificate', 'power')),
	subject   text NOT NULL,                             -- thumbprint, or number of the power of attorney
	until     date NOT NULL,
	days      int NOT NULL,                              -- 30, 14 or 7 days before
	warned_at timestamptz NOT NULL,                      -- business time
	PRIMARY KEY (portal_id, kind, subject, until, days)
);

ALTER TABLE own_companies
	ADD COLUMN certificate    text NOT NULL DEFAULT '',  -- thumbprint of the key that signs for it
	ADD COLUMN power          jsonb NOT NULL DEFAULT '{}', -- machine-readable power of attorney of its signer
	ADD COLUMN vat            text NOT NULL DEFAULT '' CHECK (vat IN ('', 'none', '5', '7', '22')),
	ADD COLUMN act_type       text NOT NULL DEFAULT '',  -- of a new act: medium and kind, '' by the counterparty
	ADD COLUMN act_channel    text NOT NULL DEFAULT '',  -- of a new paper act
	ADD COLUMN manual_numbers boolean NOT NULL DEFAULT false;

ALTER TABLE acts ADD COLUMN wanted_number text NOT NULL DEFAULT ''; -- typed by a person, becomes the number at the first print or hand-over
ALTER TABLE edo_documents ADD COLUMN signing text NOT NULL DEFAULT 'draft'; -- how it is to get our signature

-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['certificates', 'term_warnings']
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY portal ON %I USING (portal_id = CAST(NULLIF(current_setting(''acts.portal'', true), '''') AS bigint))', name);
	END LOOP;
END $$;
-- +goose StatementEnd
