-- +goose Up
SET LOCAL lock_timeout = '3s';

-- Two roles: the owner, who runs this, and acts_app, who may change rows but not the schema.
-- +goose StatementBegin
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'acts_app') THEN
		RAISE EXCEPTION 'the role acts_app does not exist: a superuser makes it with CREATE ROLE acts_app LOGIN';
	END IF;
END
$$;
-- +goose StatementEnd

GRANT USAGE ON SCHEMA public TO acts_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO acts_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO acts_app;

-- The app compares this with its own version when it starts.
GRANT SELECT ON goose_db_version TO acts_app;
