-- +goose Up
SET LOCAL lock_timeout = '3s';

-- There are two roles: the owner, who runs these files, and acts_app, which reads and writes rows but cannot change the schema.
-- +goose StatementBegin
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'acts_app') THEN
		RAISE EXCEPTION 'the role acts_app does not exist: a superuser creates it with CREATE ROLE acts_app LOGIN';
	END IF;
END
$$;
-- +goose StatementEnd

GRANT USAGE ON SCHEMA public TO acts_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO acts_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO acts_app;

-- The role of the program creates no objects at all: temporary tables could stand in front of those of the schema.
-- +goose StatementBegin
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
-- +goose StatementEnd

-- The program compares the version of the schema with its own when it starts.
GRANT SELECT ON goose_db_version TO acts_app;

-- Names are searched by the letters in their middle. The extension is a trusted one: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
