INSERT INTO deals (portal_id, id, title, category_id, stage_id, responsible_id, amount, updated_at, needs_act, read_at)
SELECT $1, d, 'Заказ ' || d, 0, 'EXECUTING', 1, 10000, clock_timestamp(), false, clock_timestamp() FROM generate_series(CAST($2 AS bigint), $3) d
ON CONFLICT DO NOTHING
--;
INSERT INTO acts (portal_id, form_key, deal_id, own_company_id, medium, party_kind, channel, function, status, delivery, number, act_date,
	net, tax, gross, operator, seller, buyer, basis, signer, responsible_id, created_by, created_at, sent_at)
SELECT $1, gen_random_uuid(), d, (SELECT min(id) FROM own_companies WHERE portal_id = $1), 'electronic', 'company', 'edo', 'ДОП', 'sent', 'delivered', 'Э-' || d, current_date,
	10000, 0, 10000, '2BE', '{}', '{}', '{}', '{}', 1, 1, clock_timestamp(), clock_timestamp() FROM generate_series(CAST($2 AS bigint), $3) d
--;
INSERT INTO tasks (portal_id, kind, subject, due_at) SELECT $1, 'crm.stage', d, clock_timestamp() + interval '1 day' FROM generate_series(CAST($2 AS bigint), $3) d
--;
ANALYZE
