INSERT INTO deals (portal_id, id, title, category_id, stage_id, final, semantics, company_id, responsible_id, amount, updated_at, stage_since, needs_act, uncovered, read_at)
SELECT $1, d, (ARRAY['Поставка', 'Выставка', 'Продвижение', 'Перевод', 'Сертификация', 'Монтаж', 'Обучение', 'Аудит'])[CAST(1 + d % 8 AS int)] || ' № ' || d, 0,
	CASE WHEN d <= $2 / 4 THEN 'WON' ELSE 'ACT' END, d <= $2 / 4, CASE WHEN d <= $2 / 4 THEN 'S' ELSE '' END,
	1 + (d * 7919) % greatest($2 / 50, 20), 1 + d % 20, 100000 + d % 900000, clock_timestamp(), date '2026-11-25' - CAST(d % 300 AS int),
	d > $2 / 4, CASE WHEN d > $2 / 4 THEN 100000 + d % 900000 ELSE 0 END, clock_timestamp()
FROM generate_series(1, CAST($2 / 4 + greatest($2 / 400, 60) AS bigint)) d
--;
INSERT INTO acts (portal_id, id, form_key, deal_id, own_company_id, company_id, contact_id, medium, party_kind, channel, function, status, delivery,
	number, act_date, net, tax, gross, operator, seller, buyer, basis, signer, responsible_id, created_by, created_at, sent_at, signed_at, due_on)
OVERRIDING SYSTEM VALUE
SELECT $1, $3 + n, CAST(lpad(to_hex($3 + n), 32, '0') AS uuid), 1 + n % ($2 / 4), 1 + n % 8, c.id, 0,
	CASE WHEN n % 10 < 3 THEN 'paper' ELSE 'electronic' END, CASE WHEN c.id % 5 = 0 THEN 'person' ELSE 'company' END,
	CASE WHEN n % 10 < 2 THEN 'post' WHEN n % 10 < 3 THEN 'email' ELSE 'edo' END, 'ДОП', s.status,
	CASE WHEN n % 10 < 3 THEN '' WHEN s.status = 'signed' THEN 'completed' WHEN s.status = 'sent' THEN 'delivered' WHEN n % 200 = 7 THEN 'error' ELSE '' END,
	CASE WHEN s.status = 'draft' THEN '' ELSE 'А-' || n END, day.on, 100000, 22000, 122000 + n % 1000, CASE WHEN n % 10 < 3 THEN '' ELSE '2BE' END, '{}',
	jsonb_build_object('name', c.name, 'inn', c.inn), '{}', '{}', 1 + n % 20, 1 + n % 20, day.on, CASE WHEN s.status IN ('draft', 'signed_by_us') THEN NULL ELSE day.on END, CASE WHEN s.status = 'signed' THEN day.on + 5 END, CASE WHEN s.status = 'sent' THEN day.on + 8 END
FROM generate_series(1, CAST($2 AS bigint)) n,
	LATERAL (SELECT date '2017-01-09' + CAST(n * 3607 / $2 AS int) AS on) day,
	LATERAL (SELECT CASE WHEN n < $2 * 0.96 OR n < $2 * 0.998 AND n / 10 % 2 = 0 THEN (ARRAY['signed', 'annulled', 'refused', 'accepted_unsigned'])[CASE n % 200 WHEN 1 THEN 2 WHEN 2 THEN 2 WHEN 3 THEN 3 WHEN 4 THEN 4 ELSE 1 END]
		ELSE (ARRAY['draft', 'draft', 'draft', 'signed_by_us', 'sent', 'sent', 'sent', 'sent', 'accepted_unsigned', 'refused'])[CAST(1 + n % 10 AS int)] END AS status) s,
	LATERAL (SELECT 1 + (n * 7919) % greatest($2 / 50, 20) AS id) i,
	LATERAL (SELECT i.id, 'ООО «' || (ARRAY['Вектор', 'Ромашка', 'Альянс', 'Горизонт', 'Стройсервис', 'Маяк', 'Орбита', 'Прогресс', 'Спектр', 'Феникс',
		'Гранит', 'Лидер', 'Меридиан', 'Север', 'Техноком', 'Эталон'])[CAST(1 + i.id % 16 AS int)] || ' ' || i.id || '»' AS name, CAST(7800000000 + i.id AS text) AS inn) c
--;
INSERT INTO reminders (portal_id, act_id, kind, since, due_on, due_at, sent_at, task_id)
SELECT portal_id, id, 'unsigned', sent_at, act_date + 8, sent_at + interval '9 days', sent_at + interval '9 days', id FROM acts WHERE portal_id = $1 AND status = 'sent'
--;
INSERT INTO act_names (portal_id, kind, id, folded)
SELECT DISTINCT portal_id, 'company', company_id, fold(concat_ws(' ', buyer ->> 'inn', buyer ->> 'name')) FROM acts WHERE portal_id = $1
UNION ALL SELECT portal_id, 'deal', id, fold(title) FROM deals WHERE portal_id = $1 AND id <= $2 / 4
--;
INSERT INTO people (portal_id, user_id, visibility)
SELECT $1, v.first + n, v.visibility FROM generate_series(1, 20) n, (VALUES (0, NULL), (1000, CAST('{7,8,9}' AS bigint[]))) v (first, visibility)
