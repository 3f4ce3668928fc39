DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
CREATE TABLE bench.visits (id text PRIMARY KEY, name text NOT NULL);
CREATE TABLE bench.documents (id bigint PRIMARY KEY, owner bigint NOT NULL, day date NOT NULL, number text NOT NULL,
	company text NOT NULL, status text NOT NULL, sum bigint NOT NULL);
INSERT INTO bench.visits VALUES ('1', 'Сотрудник');
INSERT INTO bench.documents
	SELECT n, n % 10 + 1, date '2026-01-01' + CAST(n / 5000 AS int), n::text, 'ООО «Контрагент ' || n % 997 || '»',
		CASE n % 50 WHEN 0 THEN 'waiting' ELSE 'signed' END, n * 100
	FROM generate_series(1, 1000000) n;
CREATE INDEX ON bench.documents (owner, day DESC, id DESC);
CREATE INDEX ON bench.documents (owner, status, day);
GRANT USAGE ON SCHEMA bench TO acts_app;
GRANT SELECT ON ALL TABLES IN SCHEMA bench TO acts_app;
