-- +goose NO TRANSACTION
-- +goose Up
SET lock_timeout = '3s';

-- A build that was interrupted leaves an index that nobody uses.
-- +goose StatementBegin
DO $$
BEGIN
	IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('acts_unsigned') AND NOT indisvalid) THEN
		DROP INDEX acts_unsigned;
	END IF;
END $$;
-- +goose StatementEnd

-- The build blocks nobody, and waits for transactions that were there before it as long as they last.
SET lock_timeout = 0;

-- Acts that wait for the counterparty's signature, in the order of the registry. The further columns let a condition be answered, and
-- sums be made, without looking at the acts themselves.
CREATE INDEX CONCURRENTLY IF NOT EXISTS acts_unsigned ON acts (portal_id, act_date DESC, id DESC, sent_at, responsible_id, company_id, contact_id)
	INCLUDE (gross) WHERE status IN ('sent', 'accepted_unsigned') AND replaced_by IS NULL;

RESET lock_timeout;
