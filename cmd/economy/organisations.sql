SET session_replication_role = replica
--;
SET synchronous_commit = off
--;
INSERT INTO files (portal_id, name, type, size, sha256, created_at)
SELECT id, 'act.xml', 'application/xml', 0, '', clock_timestamp() FROM portals WHERE id >= $2
--;
INSERT INTO acts (portal_id, form_key, deal_id, own_company_id, medium, party_kind, channel, function, status, delivery, number, act_date,
	net, tax, gross, operator, seller, buyer, basis, signer, responsible_id, created_by, created_at, sent_at)
SELECT p.id, gen_random_uuid(), n, 1, 'electronic', 'company', 'edo', 'ДОП', 'sent', 'delivered', 'Э-' || n, current_date,
	10000, 0, 10000, '2BE', '{}', '{}', '{}', '{}', 1, 1, clock_timestamp(), clock_timestamp()
FROM portals p, generate_series(1, CAST($1 AS bigint)) n WHERE p.id >= $2
--;
INSERT INTO edo_documents (portal_id, id, act_id, attempt, attachment_id, own_company_id, file_id, written, dispatched, state_code, state_name, last_event,
	last_event_at, created_at, changed_at)
SELECT a.portal_id, gen_random_uuid(), a.id, 1, gen_random_uuid(), 1, f.id, true, true, 3, 'Отправлен', 'e', clock_timestamp(), clock_timestamp(), clock_timestamp()
FROM acts a JOIN files f ON f.portal_id = a.portal_id WHERE a.portal_id >= $2
--;
RESET session_replication_role
--;
RESET synchronous_commit
--;
VACUUM ANALYZE
