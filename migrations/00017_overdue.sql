-- +goose Up
SET LOCAL lock_timeout = '3s';

-- The date of its act, so that overdue acts are found in the order of the registry without looking at those that are in time. An act that
-- waits for a signature keeps its date.
ALTER TABLE reminders ADD COLUMN act_date date;

-- +goose StatementBegin
CREATE FUNCTION date_reminder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.act_date := (SELECT a.act_date FROM acts a WHERE a.portal_id = NEW.portal_id AND a.id = NEW.act_id);
	RETURN NEW;
END $$;
-- +goose StatementEnd

CREATE TRIGGER date_reminder BEFORE INSERT OR UPDATE OF closed_at ON reminders FOR EACH ROW WHEN (NEW.kind = 'unsigned' AND NEW.closed_at IS NULL)
	EXECUTE FUNCTION date_reminder();

UPDATE reminders r SET act_date = a.act_date FROM acts a
WHERE a.portal_id = r.portal_id AND a.id = r.act_id AND r.kind = 'unsigned' AND r.closed_at IS NULL;
