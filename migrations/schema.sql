-- The schema that the migrations build, as pg_dump shows it without the partitions of act_names. make schema writes this file.

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE FUNCTION public.erase_outdated(moment timestamp with time zone, most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
DECLARE
	statement text;
	n int;
	total int := 0;
BEGIN
	FOREACH statement IN ARRAY ARRAY[
		'DELETE FROM portal_events WHERE (portal_id, id) IN (SELECT e.portal_id, e.id FROM portal_events e
			WHERE e.received_at < clock_timestamp() - interval ''30 days''
			AND EXISTS (SELECT FROM portal_events later WHERE later.portal_id = e.portal_id AND later.id > e.id) LIMIT $2) AND $1 IS NOT NULL',
		'DELETE FROM messages WHERE (portal_id, id) IN (SELECT m.portal_id, m.id FROM messages m WHERE m.created_at < $1 - interval ''90 days''
			AND NOT EXISTS (SELECT FROM tasks t WHERE t.portal_id = m.portal_id AND (t.kind = ''crm.message'' AND t.subject = m.id
			OR t.kind = ''crm.message.notice'' AND t.subject = m.notice_id)) LIMIT $2)',
		'DELETE FROM question_links WHERE (portal_id, hash) IN (SELECT l.portal_id, l.hash FROM question_links l
			JOIN questions q ON q.portal_id = l.portal_id AND q.id = l.question_id WHERE q.expires_at < $1 - interval ''90 days'' LIMIT $2)',
		'UPDATE questions SET address = '''' WHERE (portal_id, id) IN (SELECT portal_id, id FROM questions
			WHERE expires_at < $1 - interval ''90 days'' AND answered_at IS NULL AND address <> '''' LIMIT $2)',
		'UPDATE answers SET contact = '''', phone = '''', email = '''', address = '''', comment = '''' WHERE (portal_id, id) IN (SELECT a.portal_id, a.id FROM answers a
			WHERE a.at < $1 - interval ''90 days'' AND a.contact || a.phone || a.email || a.address || a.comment <> ''''
			AND EXISTS (SELECT FROM answers later WHERE later.portal_id = a.portal_id AND later.deal_id = a.deal_id AND later.id > a.id) LIMIT $2)',
		'UPDATE letters SET body = '''' WHERE (portal_id, id) IN (SELECT portal_id, id FROM letters
			WHERE state <> ''queued'' AND coalesce(ended_at, created_at) < $1 - interval ''1 year'' AND body <> '''' LIMIT $2)',
		'UPDATE letters SET user_name = '''' WHERE (portal_id, id) IN (SELECT portal_id, id FROM letters
			WHERE state <> ''queued'' AND coalesce(ended_at, created_at) < $1 - interval ''3 years'' AND user_name <> '''' LIMIT $2)',
		'UPDATE questions SET user_name = '''' WHERE (portal_id, id) IN (SELECT portal_id, id FROM questions
			WHERE expires_at < $1 - interval ''3 years'' AND user_name <> '''' LIMIT $2)',
		'UPDATE installs SET user_name = '''' WHERE portal_id IN (SELECT portal_id FROM installs
			WHERE state = ''done'' AND looked_at < $1 - interval ''3 years'' AND user_name <> '''' LIMIT $2)',
		'DELETE FROM bulk_rows WHERE (portal_id, bulk_id, n) IN (SELECT r.portal_id, r.bulk_id, r.n FROM bulk_rows r
			JOIN bulks b ON b.portal_id = r.portal_id AND b.id = r.bulk_id WHERE b.state IN (''done'', ''cancelled'') AND b.created_at < $1 - interval ''1 year'' LIMIT $2)',
		'DELETE FROM bulks WHERE (portal_id, id) IN (SELECT b.portal_id, b.id FROM bulks b WHERE b.state IN (''done'', ''cancelled'') AND b.created_at < $1 - interval ''1 year''
			AND NOT EXISTS (SELECT FROM bulk_rows r WHERE r.portal_id = b.portal_id AND r.bulk_id = b.id) LIMIT $2)',
		'DELETE FROM group_changes WHERE (portal_id, id) IN (SELECT portal_id, id FROM group_changes WHERE at < $1 - interval ''3 years'' LIMIT $2)',
		'DELETE FROM closed_tries WHERE (portal_id, id) IN (SELECT portal_id, id FROM closed_tries WHERE at < $1 - interval ''3 years'' LIMIT $2)']
	LOOP
		EXECUTE statement USING moment, most;
		GET DIAGNOSTICS n = ROW_COUNT;
		total := total + n;
	END LOOP;
	RETURN total;
END $_$;

CREATE FUNCTION public.erase_portal(portal bigint, moment timestamp with time zone, most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
DECLARE
	part record;
	taken int := 0;
	n int;
BEGIN
	PERFORM FROM portals p WHERE p.id = portal AND p.state = 'frozen' AND p.frozen_at + make_interval(days => p.keep_days) <= moment FOR UPDATE;
	IF NOT FOUND THEN
		RETURN 0;
	END IF;
	FOR part IN
		WITH RECURSIVE refers (child, parent) AS (
			SELECT c.conrelid, c.confrelid FROM pg_constraint c
			WHERE c.contype = 'f' AND c.conrelid <> c.confrelid AND c.connamespace = CAST('public' AS regnamespace)
		), height (name, level) AS (
			SELECT a.attrelid, 0 FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
			WHERE a.attname = 'portal_id' AND NOT a.attisdropped AND t.relkind = 'r' AND t.relnamespace = CAST('public' AS regnamespace)
			UNION
			SELECT r.parent, h.level + 1 FROM height h JOIN refers r ON r.child = h.name WHERE r.parent <> CAST('portals' AS regclass)
		)
		SELECT CAST(h.name AS regclass) AS name FROM height h GROUP BY h.name ORDER BY max(h.level), 1
	LOOP
		EXECUTE format('DELETE FROM %s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %s WHERE portal_id = $1 LIMIT $2))', part.name, part.name)
			USING portal, most - taken;
		GET DIAGNOSTICS n = ROW_COUNT;
		taken := taken + n;
		IF taken >= most THEN
			RETURN taken;
		END IF;
	END LOOP;
	IF taken = 0 THEN
		DELETE FROM portals WHERE id = portal;
		UPDATE removals SET erased_at = moment WHERE former_portal = portal AND erased_at IS NULL;
		RETURN 1;
	END IF;
	RETURN taken;
END $_$;

CREATE FUNCTION public.fold(name text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT translate(lower(left(name, 300)), 'ё', 'е') $$;

CREATE FUNCTION public.name_buyer() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
	INSERT INTO act_names (portal_id, kind, id, folded)
	SELECT NEW.portal_id, CASE NEW.company_id WHEN 0 THEN 'contact' ELSE 'company' END,
		CASE NEW.company_id WHEN 0 THEN NEW.contact_id ELSE NEW.company_id END,
		fold(concat_ws(' ', NEW.buyer ->> 'inn', NEW.buyer ->> 'name'))
	WHERE NEW.company_id <> 0 OR NEW.contact_id <> 0
	ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;

CREATE FUNCTION public.name_deal() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
	IF NEW.title <> OLD.title THEN
		DELETE FROM act_names WHERE portal_id = NEW.portal_id AND kind = 'deal' AND id = NEW.id;
		INSERT INTO act_names (portal_id, kind, id, folded)
		SELECT NEW.portal_id, 'deal', NEW.id, fold(NEW.title)
		WHERE EXISTS (SELECT FROM acts WHERE portal_id = NEW.portal_id AND deal_id = NEW.id) ON CONFLICT DO NOTHING;
	END IF;
	RETURN NULL;
END $$;

CREATE FUNCTION public.name_deal_of_act() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
	INSERT INTO act_names (portal_id, kind, id, folded)
	SELECT d.portal_id, 'deal', d.id, fold(d.title) FROM deals d WHERE d.portal_id = NEW.portal_id AND d.id = NEW.deal_id
	ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;

CREATE FUNCTION public.natural_key(number text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
	SELECT regexp_replace(regexp_replace(public.fold(number), '[0-9]+', '00000000000000000000\&', 'g'), '[0-9]*([0-9]{20})', '\1', 'g')
$$;

CREATE FUNCTION public.sealed_keys() RETURNS TABLE(id text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
	SELECT DISTINCT convert_from(substring(s.value FROM 2 FOR get_byte(s.value, 0)), 'UTF8') FROM (
		SELECT access AS value FROM tokens UNION ALL SELECT refresh FROM tokens UNION ALL SELECT application FROM tokens
		UNION ALL SELECT login FROM edo_accounts UNION ALL SELECT session FROM edo_accounts
		UNION ALL SELECT token FROM visits
	) s WHERE s.value <> '' ORDER BY 1
$$;

CREATE FUNCTION public.skip_ids(many bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
	SELECT setval(CAST(format('%I.%I', schemaname, sequencename) AS regclass), coalesce(last_value, 0) + many)
	FROM pg_sequences WHERE schemaname = 'public' AND data_type = CAST('bigint' AS regtype)
$$;

CREATE TABLE public.account_checks (
    portal_id bigint NOT NULL,
    account_id bigint NOT NULL,
    due_at timestamp with time zone NOT NULL
);

CREATE TABLE public.act_events (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    act_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    user_id bigint DEFAULT 0 NOT NULL,
    user_name text DEFAULT ''::text NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    from_status text DEFAULT ''::text NOT NULL,
    to_status text DEFAULT ''::text NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    changes jsonb DEFAULT '[]'::jsonb NOT NULL,
    notice_id bigint
);

ALTER TABLE public.act_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.act_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.act_files (
    portal_id bigint NOT NULL,
    act_id bigint NOT NULL,
    file_id bigint NOT NULL,
    side text NOT NULL,
    current boolean DEFAULT true NOT NULL,
    crm_file_id bigint DEFAULT 0 NOT NULL,
    added_by text DEFAULT ''::text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    part text DEFAULT ''::text NOT NULL,
    document_id uuid,
    signatures jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT act_files_check CHECK (((part <> ''::text) = (side = 'signed'::text))),
    CONSTRAINT act_files_side_check CHECK ((side = ANY (ARRAY['ours'::text, 'theirs'::text, 'signed'::text])))
);

CREATE TABLE public.act_lines (
    portal_id bigint NOT NULL,
    act_id bigint NOT NULL,
    n integer NOT NULL,
    row_id bigint DEFAULT 0 NOT NULL,
    name text NOT NULL,
    unit jsonb DEFAULT '{}'::jsonb NOT NULL,
    quantity numeric NOT NULL,
    price numeric NOT NULL,
    rate text NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    gross bigint NOT NULL,
    kind text DEFAULT ''::text NOT NULL,
    CONSTRAINT act_lines_kind_check CHECK ((kind = ANY (ARRAY[''::text, 'goods'::text, 'work'::text, 'service'::text]))),
    CONSTRAINT act_lines_quantity_check CHECK ((quantity > (0)::numeric))
);

CREATE TABLE public.act_names (
    portal_id bigint NOT NULL,
    kind text NOT NULL,
    id bigint NOT NULL,
    folded text NOT NULL,
    CONSTRAINT act_names_kind_check CHECK ((kind = ANY (ARRAY['company'::text, 'contact'::text, 'deal'::text])))
)
PARTITION BY HASH (portal_id);

CREATE TABLE public.acts (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    form_key uuid NOT NULL,
    deal_id bigint NOT NULL,
    own_company_id bigint NOT NULL,
    company_id bigint DEFAULT 0 NOT NULL,
    contact_id bigint DEFAULT 0 NOT NULL,
    responsible_id bigint DEFAULT 0 NOT NULL,
    medium text NOT NULL,
    party_kind text NOT NULL,
    channel text NOT NULL,
    function text NOT NULL,
    paper_form text DEFAULT ''::text NOT NULL,
    operator text DEFAULT ''::text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    marked_by_person boolean DEFAULT false NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    delivery text DEFAULT ''::text NOT NULL,
    delivery_note text DEFAULT ''::text NOT NULL,
    annul_after text DEFAULT ''::text NOT NULL,
    annulment jsonb DEFAULT '{}'::jsonb NOT NULL,
    decided_by text DEFAULT ''::text NOT NULL,
    decided_at timestamp with time zone,
    remarks text DEFAULT ''::text NOT NULL,
    sent_channel text DEFAULT ''::text NOT NULL,
    track text DEFAULT ''::text NOT NULL,
    scan_on date,
    original_on date,
    number text DEFAULT ''::text NOT NULL,
    wanted_number text DEFAULT ''::text NOT NULL,
    act_date date NOT NULL,
    period_from date,
    period_to date,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    gross bigint NOT NULL,
    vat_ground text DEFAULT ''::text NOT NULL,
    zero_ground text DEFAULT ''::text NOT NULL,
    seller jsonb NOT NULL,
    buyer jsonb NOT NULL,
    basis jsonb NOT NULL,
    signer jsonb NOT NULL,
    comment text DEFAULT ''::text NOT NULL,
    payments jsonb DEFAULT '[]'::jsonb NOT NULL,
    state_contract text DEFAULT ''::text NOT NULL,
    replaced_by bigint,
    corrects bigint,
    copy_of bigint,
    correction integer DEFAULT 0 NOT NULL,
    corrected jsonb DEFAULT '{}'::jsonb NOT NULL,
    deal_state jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_by bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    edited_at timestamp with time zone,
    sent_at timestamp with time zone,
    signed_at timestamp with time zone,
    due_on date,
    item_id bigint DEFAULT 0 NOT NULL,
    item_base jsonb DEFAULT '{}'::jsonb NOT NULL,
    item_gone boolean DEFAULT false NOT NULL,
    item_echoes integer DEFAULT 0 NOT NULL,
    item_wrote timestamp with time zone,
    put_backs integer DEFAULT 0 NOT NULL,
    put_back_at timestamp with time zone,
    number_up text GENERATED ALWAYS AS (
CASE number
    WHEN ''::text THEN '􏿿'::text
    ELSE public.natural_key(number)
END) STORED NOT NULL COLLATE pg_catalog."C",
    number_down text GENERATED ALWAYS AS (public.natural_key(number)) STORED NOT NULL COLLATE pg_catalog."C",
    due_up date GENERATED ALWAYS AS (COALESCE(due_on, 'infinity'::date)) STORED NOT NULL,
    due_down date GENERATED ALWAYS AS (COALESCE(due_on, '-infinity'::date)) STORED NOT NULL,
    buyer_key text GENERATED ALWAYS AS (
CASE
    WHEN (COALESCE((buyer ->> 'name'::text), ''::text) = ''::text) THEN '􏿿'::text
    ELSE public.fold((buyer ->> 'name'::text))
END) STORED NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT acts_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'post'::text, 'edo'::text]))),
    CONSTRAINT acts_correction_check CHECK (((correction >= 0) AND (correction <= 999))),
    CONSTRAINT acts_function_check CHECK ((function = ANY (ARRAY['ДОП'::text, 'СЧФДОП'::text]))),
    CONSTRAINT acts_medium_check CHECK ((medium = ANY (ARRAY['paper'::text, 'electronic'::text]))),
    CONSTRAINT acts_paper_form_check CHECK ((paper_form = ANY (ARRAY[''::text, 'act'::text, 'upd'::text, 'act_invoice'::text]))),
    CONSTRAINT acts_party_kind_check CHECK ((party_kind = ANY (ARRAY['person'::text, 'company'::text]))),
    CONSTRAINT acts_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'signed_by_us'::text, 'sent'::text, 'signed'::text, 'accepted_unsigned'::text, 'refused'::text, 'annulled'::text])))
);

ALTER TABLE public.acts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.acts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administrators (
    portal_id bigint NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL
);

CREATE TABLE public.answer_deadlines (
    portal_id bigint NOT NULL,
    question_id bigint NOT NULL,
    due_at timestamp with time zone NOT NULL
);

CREATE TABLE public.answers (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    deal_id bigint NOT NULL,
    question_id bigint,
    company_id bigint DEFAULT 0 NOT NULL,
    contact_id bigint DEFAULT 0 NOT NULL,
    source text NOT NULL,
    channel text NOT NULL,
    party_kind text NOT NULL,
    operator text DEFAULT ''::text NOT NULL,
    participant text DEFAULT ''::text NOT NULL,
    participant_seen text DEFAULT ''::text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    contact text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    comment text DEFAULT ''::text NOT NULL,
    consent text DEFAULT ''::text NOT NULL,
    user_id bigint DEFAULT 0 NOT NULL,
    user_name text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT answers_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'post'::text, 'edo'::text]))),
    CONSTRAINT answers_party_kind_check CHECK ((party_kind = ANY (ARRAY['person'::text, 'company'::text]))),
    CONSTRAINT answers_source_check CHECK ((source = ANY (ARRAY['form'::text, 'manager'::text, 'crm'::text])))
);

ALTER TABLE public.answers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.answers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    user_id bigint NOT NULL,
    action text NOT NULL,
    object text NOT NULL,
    request_id text NOT NULL
);

ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.backfills (
    portal_id bigint NOT NULL,
    after_id bigint DEFAULT 0 NOT NULL,
    seen integer DEFAULT 0 NOT NULL,
    total integer DEFAULT 0 NOT NULL,
    done boolean DEFAULT false NOT NULL,
    pages integer DEFAULT 50 NOT NULL,
    next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    lease_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    problem text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.breakers (
    portal_id bigint NOT NULL,
    account_id bigint DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    opened_at timestamp with time zone,
    probe_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
);

CREATE TABLE public.budgets (
    portal_id bigint NOT NULL,
    level double precision DEFAULT 0 NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    spent_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
);

CREATE TABLE public.bulk_queue (
    portal_id bigint NOT NULL,
    bulk_id bigint NOT NULL,
    next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    lease_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    fence bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.bulk_rows (
    portal_id bigint NOT NULL,
    bulk_id bigint NOT NULL,
    n integer NOT NULL,
    act_id bigint NOT NULL,
    state text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    CONSTRAINT bulk_rows_state_check CHECK ((state = ANY (ARRAY['new'::text, 'refused'::text, 'waiting'::text, 'done'::text, 'failed'::text])))
);

CREATE TABLE public.bulks (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    form_key uuid NOT NULL,
    action text NOT NULL,
    target_id bigint DEFAULT 0 NOT NULL,
    target_name text DEFAULT ''::text NOT NULL,
    state text NOT NULL,
    user_id bigint NOT NULL,
    user_name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT bulks_action_check CHECK ((action = ANY (ARRAY['send'::text, 'ask'::text, 'remind'::text, 'responsible'::text, 'pdf'::text, 'xml'::text, 'signed'::text, 'table'::text]))),
    CONSTRAINT bulks_state_check CHECK ((state = ANY (ARRAY['choosing'::text, 'checking'::text, 'checked'::text, 'running'::text, 'done'::text, 'cancelled'::text])))
);

ALTER TABLE public.bulks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bulks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates (
    portal_id bigint NOT NULL,
    account_id bigint NOT NULL,
    thumbprint text NOT NULL,
    owner text NOT NULL,
    inn text NOT NULL,
    "position" text NOT NULL,
    valid_from date,
    valid_to date,
    key_type text NOT NULL,
    activated boolean NOT NULL,
    code_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
);

CREATE TABLE public.closed_tries (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    own_company_id bigint NOT NULL,
    act_id bigint DEFAULT 0 NOT NULL,
    at timestamp with time zone NOT NULL,
    user_id bigint NOT NULL,
    user_name text NOT NULL,
    text text NOT NULL
);

ALTER TABLE public.closed_tries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.closed_tries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.deal_badges (
    portal_id bigint NOT NULL,
    deal_id bigint NOT NULL,
    activity_id bigint NOT NULL,
    badge text NOT NULL,
    text text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.deal_rows (
    portal_id bigint NOT NULL,
    deal_id bigint NOT NULL,
    id bigint NOT NULL,
    crm_id bigint DEFAULT 0 NOT NULL,
    product_id bigint DEFAULT 0 NOT NULL,
    family bigint DEFAULT 0 NOT NULL,
    sort integer NOT NULL,
    name text NOT NULL,
    kind text DEFAULT ''::text NOT NULL,
    quantity numeric NOT NULL,
    price numeric NOT NULL,
    net_price numeric DEFAULT 0 NOT NULL,
    on_top boolean DEFAULT false NOT NULL,
    rate text NOT NULL,
    unit jsonb DEFAULT '{}'::jsonb NOT NULL,
    gone boolean DEFAULT false NOT NULL,
    separate boolean DEFAULT false NOT NULL,
    needs_act boolean DEFAULT true NOT NULL,
    closed_quantity numeric DEFAULT 0 NOT NULL,
    closed text DEFAULT ''::text NOT NULL,
    closed_by text DEFAULT ''::text NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT deal_rows_kind_check CHECK ((kind = ANY (ARRAY[''::text, 'goods'::text, 'work'::text, 'service'::text])))
);

CREATE TABLE public.deals (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    title text NOT NULL,
    category_id bigint NOT NULL,
    stage_id text NOT NULL,
    stage_since date DEFAULT '1970-01-01'::date NOT NULL,
    semantics text DEFAULT ''::text NOT NULL,
    final boolean DEFAULT false NOT NULL,
    company_id bigint DEFAULT 0 NOT NULL,
    contact_id bigint DEFAULT 0 NOT NULL,
    own_company_id bigint DEFAULT 0 NOT NULL,
    requisites jsonb DEFAULT '{}'::jsonb NOT NULL,
    responsible_id bigint DEFAULT 0 NOT NULL,
    amount bigint DEFAULT 0 NOT NULL,
    tax_value bigint DEFAULT 0 NOT NULL,
    manual_amount boolean DEFAULT true NOT NULL,
    currency text DEFAULT 'RUB'::text NOT NULL,
    operator text DEFAULT ''::text NOT NULL,
    participant text DEFAULT ''::text NOT NULL,
    buyer jsonb DEFAULT '{}'::jsonb NOT NULL,
    exchange text DEFAULT ''::text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    phones text DEFAULT ''::text NOT NULL,
    basis jsonb DEFAULT '{}'::jsonb NOT NULL,
    closed text DEFAULT ''::text NOT NULL,
    closed_by text DEFAULT ''::text NOT NULL,
    closed_at timestamp with time zone,
    closed_amount bigint DEFAULT 0 NOT NULL,
    needs_act boolean DEFAULT true NOT NULL,
    uncovered bigint DEFAULT 0 NOT NULL,
    last_set text DEFAULT ''::text NOT NULL,
    last_for integer DEFAULT 0 NOT NULL,
    stage_note text DEFAULT ''::text NOT NULL,
    forced boolean DEFAULT false NOT NULL,
    echoes integer DEFAULT 0 NOT NULL,
    wrote timestamp with time zone,
    deleted boolean DEFAULT false NOT NULL,
    updated_at timestamp with time zone,
    read_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    buyer_key text GENERATED ALWAYS AS (
CASE
    WHEN (COALESCE((buyer ->> 'name'::text), ''::text) = ''::text) THEN '􏿿'::text
    ELSE public.fold((buyer ->> 'name'::text))
END) STORED NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.digest_days (
    portal_id bigint NOT NULL,
    due_at timestamp with time zone NOT NULL
);

CREATE TABLE public.digest_refusals (
    portal_id bigint NOT NULL,
    user_id bigint NOT NULL
);

CREATE TABLE public.digests (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    day date NOT NULL,
    overdue integer NOT NULL,
    refused integer NOT NULL,
    ours integer NOT NULL,
    theirs integer NOT NULL,
    without_acts integer NOT NULL
);

ALTER TABLE public.digests ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.digests_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.edo_accounts (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    login bytea NOT NULL,
    session bytea DEFAULT '\x'::bytea NOT NULL,
    problem text DEFAULT ''::text NOT NULL,
    signing text DEFAULT 'draft'::text NOT NULL,
    details jsonb,
    checked_at timestamp with time zone,
    fence bigint DEFAULT 0 NOT NULL,
    renewing_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    renewed_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT edo_accounts_signing_check CHECK ((signing = ANY (ARRAY['draft'::text, 'deferred'::text, 'server'::text])))
);

ALTER TABLE public.edo_accounts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.edo_accounts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.edo_documents (
    portal_id bigint NOT NULL,
    id uuid NOT NULL,
    act_id bigint NOT NULL,
    attempt integer NOT NULL,
    attachment_id uuid NOT NULL,
    own_company_id bigint NOT NULL,
    file_id bigint NOT NULL,
    live boolean DEFAULT true NOT NULL,
    signing text DEFAULT 'draft'::text NOT NULL,
    written boolean DEFAULT false NOT NULL,
    prepared text DEFAULT ''::text NOT NULL,
    dispatched boolean DEFAULT false NOT NULL,
    gone boolean DEFAULT false NOT NULL,
    unread boolean DEFAULT false NOT NULL,
    state_code integer DEFAULT '-1'::integer NOT NULL,
    state_name text DEFAULT ''::text NOT NULL,
    link text DEFAULT ''::text NOT NULL,
    last_event text DEFAULT ''::text NOT NULL,
    last_event_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    package text DEFAULT ''::text NOT NULL,
    package_note text DEFAULT ''::text NOT NULL,
    package_asked integer DEFAULT 0 NOT NULL,
    CONSTRAINT edo_documents_package_check CHECK ((package = ANY (ARRAY[''::text, 'fetching'::text, 'printing'::text, 'complete'::text, 'no_print'::text, 'failed'::text]))),
    CONSTRAINT edo_documents_prepared_check CHECK ((prepared = ANY (ARRAY[''::text, 'asked'::text, 'done'::text])))
);

CREATE TABLE public.edo_events (
    portal_id bigint NOT NULL,
    document_id uuid NOT NULL,
    event_id text NOT NULL
);

CREATE TABLE public.edo_lookups (
    portal_id bigint NOT NULL,
    inn text NOT NULL,
    kpp text DEFAULT ''::text NOT NULL,
    known boolean NOT NULL,
    boxes jsonb DEFAULT '[]'::jsonb NOT NULL,
    codes jsonb DEFAULT '{}'::jsonb NOT NULL,
    alive jsonb DEFAULT '[]'::jsonb NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    asked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    invited_at timestamp with time zone,
    invitation text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.feeds (
    portal_id bigint NOT NULL,
    own_company_id bigint NOT NULL,
    event_id text DEFAULT ''::text NOT NULL,
    event_at text DEFAULT ''::text NOT NULL,
    since timestamp with time zone NOT NULL,
    polled_at timestamp with time zone,
    next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    lease_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    problem text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.file_chunks (
    portal_id bigint NOT NULL,
    file_id bigint NOT NULL,
    n integer NOT NULL,
    body bytea NOT NULL,
    CONSTRAINT file_chunks_body_check CHECK ((octet_length(body) <= 524288))
);
ALTER TABLE ONLY public.file_chunks ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE public.files (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE public.files ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.files_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.form_requests (
    portal_id bigint NOT NULL,
    deal_id bigint NOT NULL,
    form_key uuid NOT NULL,
    user_id bigint NOT NULL,
    user_name text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    problem text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.goose_db_version (
    id integer NOT NULL,
    version_id bigint NOT NULL,
    is_applied boolean NOT NULL,
    tstamp timestamp without time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.goose_db_version ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.goose_db_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.group_changes (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    user_name text NOT NULL,
    text text NOT NULL
);

ALTER TABLE public.group_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.group_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.group_members (
    portal_id bigint NOT NULL,
    kind text NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    CONSTRAINT group_members_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'department'::text, 'workgroup'::text]))),
    CONSTRAINT group_members_role_check CHECK ((role = ANY (ARRAY['own'::text, 'department'::text, 'all'::text, 'work'::text, 'admin'::text])))
);

CREATE TABLE public.incidents (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    account_id bigint DEFAULT 0 NOT NULL,
    reason text NOT NULL,
    opened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    closed_at timestamp with time zone
);

ALTER TABLE public.incidents ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.incidents_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.install_queue (
    portal_id bigint NOT NULL,
    repair boolean NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    lease_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    fence bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.install_steps (
    portal_id bigint NOT NULL,
    n integer NOT NULL,
    part text NOT NULL,
    done boolean DEFAULT false NOT NULL,
    made jsonb DEFAULT '[]'::jsonb NOT NULL
);

CREATE TABLE public.installs (
    portal_id bigint NOT NULL,
    state text NOT NULL,
    user_name text DEFAULT ''::text NOT NULL,
    plan jsonb DEFAULT '{}'::jsonb NOT NULL,
    pipelines jsonb DEFAULT '[]'::jsonb NOT NULL,
    problem text DEFAULT ''::text NOT NULL,
    welcomed boolean DEFAULT false NOT NULL,
    looked_at timestamp with time zone NOT NULL,
    CONSTRAINT installs_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'running'::text, 'failed'::text, 'done'::text])))
);

CREATE TABLE public.invitations (
    portal_id bigint NOT NULL,
    deal_id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    due_at timestamp with time zone
);

CREATE TABLE public.letters (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    deal_id bigint NOT NULL,
    act_id bigint DEFAULT 0 NOT NULL,
    question_id bigint DEFAULT 0 NOT NULL,
    purpose text NOT NULL,
    address text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    problem text DEFAULT ''::text NOT NULL,
    activity_id bigint DEFAULT 0 NOT NULL,
    user_id bigint DEFAULT 0 NOT NULL,
    user_name text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT letters_purpose_check CHECK ((purpose = ANY (ARRAY['act'::text, 'question'::text, 'reminder'::text, 'annulment'::text]))),
    CONSTRAINT letters_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text])))
);

ALTER TABLE public.letters ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.letters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.list_preferences (
    portal_id bigint NOT NULL,
    user_id bigint NOT NULL,
    columns text[],
    page_size integer NOT NULL,
    compact boolean NOT NULL,
    CONSTRAINT list_preferences_page_size_check CHECK ((page_size = ANY (ARRAY[20, 50, 100])))
);

CREATE TABLE public.logins (
    only_row boolean DEFAULT true NOT NULL,
    level double precision DEFAULT 0 NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT logins_only_row_check CHECK (only_row)
);

CREATE TABLE public.messages (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    deal_id bigint NOT NULL,
    incident_id bigint DEFAULT 0 NOT NULL,
    user_id bigint DEFAULT 0 NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    notice_id bigint DEFAULT 0 NOT NULL
);

ALTER TABLE public.messages ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.messages_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.method_pauses (
    portal_id bigint NOT NULL,
    method text NOT NULL,
    background boolean DEFAULT false NOT NULL,
    until timestamp with time zone NOT NULL
);

CREATE TABLE public.monthly_plans (
    portal_id bigint NOT NULL,
    deal_id bigint NOT NULL,
    enabled boolean NOT NULL,
    stopped text DEFAULT ''::text NOT NULL,
    day integer NOT NULL,
    covers text NOT NULL,
    quantities jsonb DEFAULT '{}'::jsonb NOT NULL,
    sender_id bigint DEFAULT 0 NOT NULL,
    sender_name text DEFAULT ''::text NOT NULL,
    allowed_at timestamp with time zone,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    next_month date NOT NULL,
    check_at timestamp with time zone NOT NULL,
    CONSTRAINT monthly_plans_covers_check CHECK ((covers = ANY (ARRAY['current'::text, 'previous'::text, 'previous-end'::text]))),
    CONSTRAINT monthly_plans_day_check CHECK (((day >= 0) AND (day <= 15)))
);

CREATE TABLE public.monthly_runs (
    portal_id bigint NOT NULL,
    deal_id bigint NOT NULL,
    month date NOT NULL,
    state text NOT NULL,
    act_id bigint DEFAULT 0 NOT NULL,
    problem text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT monthly_runs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'formed'::text, 'sent'::text, 'nothing'::text, 'refused'::text])))
);

CREATE TABLE public.notices (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    kind text NOT NULL,
    since timestamp with time zone NOT NULL,
    open boolean DEFAULT true NOT NULL
);

ALTER TABLE public.notices ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notices_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.number_counters (
    portal_id bigint NOT NULL,
    own_company_id bigint NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL
);

CREATE TABLE public.origin (
    only_row boolean DEFAULT true NOT NULL,
    database text NOT NULL,
    CONSTRAINT origin_only_row_check CHECK (only_row)
);

CREATE TABLE public.own_companies (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    of_company bigint DEFAULT 0 NOT NULL,
    crm_id bigint GENERATED ALWAYS AS (
CASE of_company
    WHEN 0 THEN id
    ELSE of_company
END) STORED NOT NULL,
    requisite_id bigint DEFAULT 0 NOT NULL,
    gone boolean DEFAULT false NOT NULL,
    party jsonb NOT NULL,
    signer jsonb DEFAULT '{}'::jsonb NOT NULL,
    certificate text DEFAULT ''::text NOT NULL,
    power jsonb DEFAULT '{}'::jsonb NOT NULL,
    account_id bigint,
    function text DEFAULT 'ДОП'::text NOT NULL,
    form text DEFAULT 'upd'::text NOT NULL,
    paper_form text DEFAULT 'act'::text NOT NULL,
    act_type text DEFAULT ''::text NOT NULL,
    act_channel text DEFAULT ''::text NOT NULL,
    line_kind text DEFAULT ''::text NOT NULL,
    vat_regimes jsonb DEFAULT '[]'::jsonb NOT NULL,
    vat_ground text DEFAULT ''::text NOT NULL,
    numbers text DEFAULT '{N}'::text NOT NULL,
    manual_numbers boolean DEFAULT false NOT NULL,
    closed_before date,
    logo_id bigint,
    CONSTRAINT own_companies_form_check CHECK ((form = ANY (ARRAY['upd'::text, 'pdf'::text]))),
    CONSTRAINT own_companies_line_kind_check CHECK ((line_kind = ANY (ARRAY[''::text, 'goods'::text, 'work'::text, 'service'::text]))),
    CONSTRAINT own_companies_paper_form_check CHECK ((paper_form = ANY (ARRAY['act'::text, 'upd'::text, 'act_invoice'::text])))
);

CREATE TABLE public.people (
    portal_id bigint NOT NULL,
    user_id bigint NOT NULL,
    visibility bigint[],
    role text DEFAULT 'work'::text NOT NULL,
    CONSTRAINT people_role_check CHECK ((role = ANY (ARRAY['own'::text, 'department'::text, 'all'::text, 'work'::text, 'admin'::text])))
);

CREATE TABLE public.portal_events (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    event text NOT NULL,
    object_id bigint NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE public.portal_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.portal_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.portals (
    id bigint NOT NULL,
    key text DEFAULT replace((gen_random_uuid())::text, '-'::text, ''::text) NOT NULL,
    member_id text NOT NULL,
    endpoint text NOT NULL,
    origin text NOT NULL,
    app_code text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'installing'::text NOT NULL,
    family text DEFAULT ''::text NOT NULL,
    zone text DEFAULT 'Europe/Moscow'::text NOT NULL,
    type_id bigint DEFAULT 0 NOT NULL,
    entity_type_id bigint DEFAULT 0 NOT NULL,
    item_stages jsonb DEFAULT '{}'::jsonb NOT NULL,
    item_fields jsonb DEFAULT '{}'::jsonb NOT NULL,
    deal_fields jsonb DEFAULT '{}'::jsonb NOT NULL,
    party_fields jsonb DEFAULT '{}'::jsonb NOT NULL,
    enum_options jsonb DEFAULT '{}'::jsonb NOT NULL,
    automation jsonb DEFAULT '{}'::jsonb NOT NULL,
    admin_id bigint DEFAULT 0 NOT NULL,
    grouped boolean DEFAULT false NOT NULL,
    restored jsonb DEFAULT '[]'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    installed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    frozen_at timestamp with time zone,
    keep_days integer DEFAULT 2192 NOT NULL,
    CONSTRAINT portals_state_check CHECK ((state = ANY (ARRAY['installing'::text, 'active'::text, 'frozen'::text, 'held'::text])))
);

ALTER TABLE public.portals ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.portals_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.question_links (
    portal_id bigint NOT NULL,
    hash bytea NOT NULL,
    question_id bigint NOT NULL
);

CREATE TABLE public.questions (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    deal_id bigint NOT NULL,
    automatic boolean NOT NULL,
    state text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    problem text DEFAULT ''::text NOT NULL,
    user_id bigint DEFAULT 0 NOT NULL,
    user_name text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    opened_at timestamp with time zone,
    answered_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    reminded_at timestamp with time zone,
    CONSTRAINT questions_state_check CHECK ((state = ANY (ARRAY['no_address'::text, 'queued'::text, 'sent'::text, 'failed'::text, 'link'::text, 'withdrawn'::text])))
);

ALTER TABLE public.questions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.questions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.reconciliations (
    portal_id bigint NOT NULL,
    items_since timestamp with time zone NOT NULL,
    deals_since timestamp with time zone NOT NULL,
    next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    lease_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    finished_at timestamp with time zone,
    problem text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.reminders (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    act_id bigint NOT NULL,
    kind text NOT NULL,
    since timestamp with time zone NOT NULL,
    due_on date NOT NULL,
    due_at timestamp with time zone NOT NULL,
    paused boolean DEFAULT false NOT NULL,
    sent_at timestamp with time zone,
    closed_at timestamp with time zone,
    task_id bigint DEFAULT 0 NOT NULL,
    task_done boolean DEFAULT false NOT NULL,
    notice_id bigint DEFAULT 0 NOT NULL
);

ALTER TABLE public.reminders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reminders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.removals (
    id bigint NOT NULL,
    former_portal bigint NOT NULL,
    member_id text NOT NULL,
    origin text NOT NULL,
    clean boolean NOT NULL,
    removed_at timestamp with time zone NOT NULL,
    erased_at timestamp with time zone
);

ALTER TABLE public.removals ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.removals_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.robot_calls (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    token text NOT NULL,
    robot text NOT NULL,
    deal_id bigint NOT NULL,
    properties jsonb DEFAULT '{}'::jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL,
    act_id bigint DEFAULT 0 NOT NULL,
    question_id bigint DEFAULT 0 NOT NULL,
    outcome text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    unanswered text DEFAULT ''::text NOT NULL,
    CONSTRAINT robot_calls_outcome_check CHECK ((outcome = ANY (ARRAY[''::text, 'done'::text, 'refused'::text])))
);

ALTER TABLE public.robot_calls ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.robot_calls_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.robot_deadlines (
    portal_id bigint NOT NULL,
    call_id bigint NOT NULL,
    due_at timestamp with time zone NOT NULL
);

CREATE TABLE public.saved_filters (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL,
    query text NOT NULL,
    shared boolean NOT NULL
);

ALTER TABLE public.saved_filters ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.saved_filters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.settings (
    portal_id bigint NOT NULL,
    data jsonb NOT NULL
);

CREATE TABLE public.structures (
    portal_id bigint NOT NULL,
    read_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    departments boolean NOT NULL,
    workgroups boolean NOT NULL
);

CREATE TABLE public.tasks (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL,
    subject bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    due_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    lease_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    sent_at timestamp with time zone,
    dead boolean DEFAULT false NOT NULL,
    problem text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE public.tasks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.tasks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.term_warnings (
    portal_id bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    until date NOT NULL,
    days integer NOT NULL,
    warned_at timestamp with time zone NOT NULL,
    CONSTRAINT term_warnings_kind_check CHECK ((kind = ANY (ARRAY['certificate'::text, 'power'::text])))
);

CREATE TABLE public.timeline_comments (
    portal_id bigint NOT NULL,
    deal_id bigint NOT NULL,
    kind text NOT NULL,
    subject bigint NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    comment_id bigint DEFAULT 0 NOT NULL,
    CONSTRAINT timeline_comments_kind_check CHECK ((kind = ANY (ARRAY['event'::text, 'message'::text])))
);

CREATE TABLE public.tokens (
    portal_id bigint NOT NULL,
    access bytea NOT NULL,
    refresh bytea NOT NULL,
    application bytea DEFAULT '\x'::bytea NOT NULL,
    dead boolean DEFAULT false NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    renewing_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    renewed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.trigger_runs (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    deal_id bigint NOT NULL,
    code text NOT NULL,
    last_move bigint
);

ALTER TABLE public.trigger_runs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.trigger_runs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.units (
    portal_id bigint NOT NULL,
    kind text NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    parent_id bigint DEFAULT 0 NOT NULL,
    head_id bigint DEFAULT 0 NOT NULL,
    people bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    CONSTRAINT units_kind_check CHECK ((kind = ANY (ARRAY['department'::text, 'workgroup'::text])))
);

CREATE TABLE public.user_preferences (
    portal_id bigint NOT NULL,
    user_id bigint NOT NULL,
    theme text NOT NULL,
    CONSTRAINT user_preferences_theme_check CHECK ((theme = ANY (ARRAY['system'::text, 'light'::text, 'dark'::text])))
);

CREATE TABLE public.users (
    portal_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    active boolean NOT NULL,
    head_id bigint DEFAULT 0 NOT NULL,
    departments bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    read_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.visit_deals (
    portal_id bigint NOT NULL,
    id_hash bytea NOT NULL,
    deal_id bigint NOT NULL,
    visible boolean NOT NULL,
    asked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.visits (
    portal_id bigint NOT NULL,
    id_hash bytea NOT NULL,
    user_id bigint NOT NULL,
    user_name text NOT NULL,
    admin boolean NOT NULL,
    admin_asked timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    token bytea NOT NULL,
    token_until timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    tried_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.account_checks
    ADD CONSTRAINT account_checks_pkey PRIMARY KEY (portal_id, account_id);

ALTER TABLE ONLY public.act_events
    ADD CONSTRAINT act_events_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.act_files
    ADD CONSTRAINT act_files_pkey PRIMARY KEY (portal_id, act_id, file_id);

ALTER TABLE ONLY public.act_lines
    ADD CONSTRAINT act_lines_pkey PRIMARY KEY (portal_id, act_id, n);

ALTER TABLE ONLY public.act_names
    ADD CONSTRAINT act_names_pkey PRIMARY KEY (portal_id, kind, id, folded);

ALTER TABLE ONLY public.acts
    ADD CONSTRAINT acts_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.acts
    ADD CONSTRAINT acts_portal_id_form_key_key UNIQUE (portal_id, form_key);

ALTER TABLE ONLY public.administrators
    ADD CONSTRAINT administrators_pkey PRIMARY KEY (portal_id, user_id);

ALTER TABLE ONLY public.answer_deadlines
    ADD CONSTRAINT answer_deadlines_pkey PRIMARY KEY (portal_id, question_id);

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.backfills
    ADD CONSTRAINT backfills_pkey PRIMARY KEY (portal_id);

ALTER TABLE ONLY public.breakers
    ADD CONSTRAINT breakers_pkey PRIMARY KEY (portal_id, account_id);

ALTER TABLE ONLY public.budgets
    ADD CONSTRAINT budgets_pkey PRIMARY KEY (portal_id);

ALTER TABLE ONLY public.bulk_queue
    ADD CONSTRAINT bulk_queue_pkey PRIMARY KEY (portal_id, bulk_id);

ALTER TABLE ONLY public.bulk_rows
    ADD CONSTRAINT bulk_rows_pkey PRIMARY KEY (portal_id, bulk_id, n);

ALTER TABLE ONLY public.bulks
    ADD CONSTRAINT bulks_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.bulks
    ADD CONSTRAINT bulks_portal_id_form_key_key UNIQUE (portal_id, form_key);

ALTER TABLE ONLY public.certificates
    ADD CONSTRAINT certificates_pkey PRIMARY KEY (portal_id, account_id, thumbprint);

ALTER TABLE ONLY public.closed_tries
    ADD CONSTRAINT closed_tries_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.deal_badges
    ADD CONSTRAINT deal_badges_pkey PRIMARY KEY (portal_id, deal_id);

ALTER TABLE ONLY public.deal_rows
    ADD CONSTRAINT deal_rows_pkey PRIMARY KEY (portal_id, deal_id, id);

ALTER TABLE ONLY public.deals
    ADD CONSTRAINT deals_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.digest_days
    ADD CONSTRAINT digest_days_pkey PRIMARY KEY (portal_id);

ALTER TABLE ONLY public.digest_refusals
    ADD CONSTRAINT digest_refusals_pkey PRIMARY KEY (portal_id, user_id);

ALTER TABLE ONLY public.digests
    ADD CONSTRAINT digests_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.digests
    ADD CONSTRAINT digests_portal_id_user_id_day_key UNIQUE (portal_id, user_id, day);

ALTER TABLE ONLY public.edo_accounts
    ADD CONSTRAINT edo_accounts_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.edo_documents
    ADD CONSTRAINT edo_documents_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.edo_documents
    ADD CONSTRAINT edo_documents_portal_id_act_id_attempt_key UNIQUE (portal_id, act_id, attempt);

ALTER TABLE ONLY public.edo_events
    ADD CONSTRAINT edo_events_pkey PRIMARY KEY (portal_id, document_id, event_id);

ALTER TABLE ONLY public.edo_lookups
    ADD CONSTRAINT edo_lookups_pkey PRIMARY KEY (portal_id, inn, kpp);

ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT feeds_pkey PRIMARY KEY (portal_id, own_company_id);

ALTER TABLE ONLY public.file_chunks
    ADD CONSTRAINT file_chunks_pkey PRIMARY KEY (portal_id, file_id, n);

ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.form_requests
    ADD CONSTRAINT form_requests_pkey PRIMARY KEY (portal_id, deal_id);

ALTER TABLE ONLY public.goose_db_version
    ADD CONSTRAINT goose_db_version_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.group_changes
    ADD CONSTRAINT group_changes_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_pkey PRIMARY KEY (portal_id, kind, id);

ALTER TABLE ONLY public.incidents
    ADD CONSTRAINT incidents_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.install_queue
    ADD CONSTRAINT install_queue_pkey PRIMARY KEY (portal_id);

ALTER TABLE ONLY public.install_steps
    ADD CONSTRAINT install_steps_pkey PRIMARY KEY (portal_id, n);

ALTER TABLE ONLY public.installs
    ADD CONSTRAINT installs_pkey PRIMARY KEY (portal_id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (portal_id, deal_id);

ALTER TABLE ONLY public.letters
    ADD CONSTRAINT letters_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.list_preferences
    ADD CONSTRAINT list_preferences_pkey PRIMARY KEY (portal_id, user_id);

ALTER TABLE ONLY public.logins
    ADD CONSTRAINT logins_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.method_pauses
    ADD CONSTRAINT method_pauses_pkey PRIMARY KEY (portal_id, method, background);

ALTER TABLE ONLY public.monthly_plans
    ADD CONSTRAINT monthly_plans_pkey PRIMARY KEY (portal_id, deal_id);

ALTER TABLE ONLY public.monthly_runs
    ADD CONSTRAINT monthly_runs_pkey PRIMARY KEY (portal_id, deal_id, month);

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.number_counters
    ADD CONSTRAINT number_counters_pkey PRIMARY KEY (portal_id, own_company_id, year);

ALTER TABLE ONLY public.origin
    ADD CONSTRAINT origin_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.own_companies
    ADD CONSTRAINT own_companies_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (portal_id, user_id);

ALTER TABLE ONLY public.portal_events
    ADD CONSTRAINT portal_events_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.portals
    ADD CONSTRAINT portals_key_key UNIQUE (key);

ALTER TABLE ONLY public.portals
    ADD CONSTRAINT portals_member_id_key UNIQUE (member_id);

ALTER TABLE ONLY public.portals
    ADD CONSTRAINT portals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.question_links
    ADD CONSTRAINT question_links_pkey PRIMARY KEY (portal_id, hash);

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.reconciliations
    ADD CONSTRAINT reconciliations_pkey PRIMARY KEY (portal_id);

ALTER TABLE ONLY public.reminders
    ADD CONSTRAINT reminders_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.reminders
    ADD CONSTRAINT reminders_portal_id_act_id_kind_due_on_key UNIQUE (portal_id, act_id, kind, due_on);

ALTER TABLE ONLY public.removals
    ADD CONSTRAINT removals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.robot_calls
    ADD CONSTRAINT robot_calls_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.robot_calls
    ADD CONSTRAINT robot_calls_portal_id_token_key UNIQUE (portal_id, token);

ALTER TABLE ONLY public.robot_deadlines
    ADD CONSTRAINT robot_deadlines_pkey PRIMARY KEY (portal_id, call_id);

ALTER TABLE ONLY public.saved_filters
    ADD CONSTRAINT saved_filters_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (portal_id);

ALTER TABLE ONLY public.structures
    ADD CONSTRAINT structures_pkey PRIMARY KEY (portal_id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_portal_id_kind_subject_key UNIQUE (portal_id, kind, subject);

ALTER TABLE ONLY public.term_warnings
    ADD CONSTRAINT term_warnings_pkey PRIMARY KEY (portal_id, kind, subject, until, days);

ALTER TABLE ONLY public.timeline_comments
    ADD CONSTRAINT timeline_comments_pkey PRIMARY KEY (portal_id, kind, subject);

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (portal_id);

ALTER TABLE ONLY public.trigger_runs
    ADD CONSTRAINT trigger_runs_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.units
    ADD CONSTRAINT units_pkey PRIMARY KEY (portal_id, kind, id);

ALTER TABLE ONLY public.user_preferences
    ADD CONSTRAINT user_preferences_pkey PRIMARY KEY (portal_id, user_id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.visit_deals
    ADD CONSTRAINT visit_deals_pkey PRIMARY KEY (portal_id, id_hash, deal_id);

ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_pkey PRIMARY KEY (portal_id, id_hash);

CREATE INDEX account_checks_due ON public.account_checks USING btree (due_at);

CREATE INDEX act_events_of_act ON public.act_events USING btree (portal_id, act_id, id);

CREATE INDEX act_events_of_notice ON public.act_events USING btree (portal_id, notice_id, id) WHERE (notice_id IS NOT NULL);

CREATE INDEX act_names_by_inn ON ONLY public.act_names USING btree (portal_id, folded COLLATE "C") WHERE (kind <> 'deal'::text);

CREATE INDEX act_names_by_letters ON ONLY public.act_names USING gin (folded public.gin_trgm_ops) WITH (fastupdate=off);

CREATE INDEX acts_being_annulled ON public.acts USING btree (portal_id, own_company_id) WHERE jsonb_exists_any(annulment, '{step,proposed}'::text[]);

CREATE INDEX acts_by_buyer ON public.acts USING btree (portal_id, buyer_key, id);

CREATE INDEX acts_by_channel ON public.acts USING btree (portal_id, channel, act_date DESC, id DESC);

CREATE INDEX acts_by_date ON public.acts USING btree (portal_id, act_date DESC, id DESC);

CREATE INDEX acts_by_delivery ON public.acts USING btree (portal_id, delivery, act_date DESC, id DESC) INCLUDE (responsible_id) WHERE (medium = 'electronic'::text);

CREATE INDEX acts_by_due_down ON public.acts USING btree (portal_id, due_down, id);

CREATE INDEX acts_by_due_up ON public.acts USING btree (portal_id, due_up, id);

CREATE INDEX acts_by_number ON public.acts USING btree (portal_id, number COLLATE "C") INCLUDE (id, act_date, responsible_id) WHERE (number <> ''::text);

CREATE INDEX acts_by_number_down ON public.acts USING btree (portal_id, number_down, id);

CREATE INDEX acts_by_number_up ON public.acts USING btree (portal_id, number_up, id);

CREATE INDEX acts_by_operator ON public.acts USING btree (portal_id, operator, act_date DESC, id DESC) WHERE (operator <> ''::text);

CREATE INDEX acts_by_status ON public.acts USING btree (portal_id, status, act_date DESC, id DESC) INCLUDE (responsible_id);

CREATE INDEX acts_by_sum ON public.acts USING btree (portal_id, gross, id);

CREATE INDEX acts_by_type ON public.acts USING btree (portal_id, medium, party_kind, act_date DESC, id DESC);

CREATE INDEX acts_due ON public.acts USING btree (portal_id, due_on, id) INCLUDE (responsible_id) WHERE (due_on IS NOT NULL);

CREATE INDEX acts_failed ON public.acts USING btree (portal_id, act_date DESC, id DESC) INCLUDE (responsible_id) WHERE (delivery = 'error'::text);

CREATE INDEX acts_formed ON public.acts USING btree (portal_id, created_at) INCLUDE (responsible_id, gross, sent_at, signed_at, status) WHERE ((status <> 'annulled'::text) AND (replaced_by IS NULL));

CREATE UNIQUE INDEX acts_number ON public.acts USING btree (portal_id, own_company_id, date_part('year'::text, act_date), number, correction) WHERE (number <> ''::text);

CREATE INDEX acts_of_company ON public.acts USING btree (portal_id, company_id, act_date DESC, id DESC);

CREATE INDEX acts_of_contact ON public.acts USING btree (portal_id, contact_id, act_date DESC, id DESC) WHERE (company_id = 0);

CREATE INDEX acts_of_deal ON public.acts USING btree (portal_id, deal_id);

CREATE INDEX acts_of_item ON public.acts USING btree (portal_id, item_id) WHERE (item_id <> 0);

CREATE INDEX acts_of_own_company ON public.acts USING btree (portal_id, own_company_id, act_date DESC, id DESC);

CREATE INDEX acts_of_responsible ON public.acts USING btree (portal_id, responsible_id, act_date DESC, id DESC);

CREATE INDEX acts_our_move ON public.acts USING btree (portal_id, responsible_id, act_date DESC, id DESC) WHERE (((status = ANY (ARRAY['draft'::text, 'signed_by_us'::text, 'refused'::text])) AND (replaced_by IS NULL) AND (delivery <> ALL (ARRAY['queued'::text, 'withdrawing'::text, 'waiting_connection'::text]))) OR jsonb_exists_any(annulment, '{step,proposed}'::text[]));

CREATE INDEX acts_refused ON public.acts USING btree (portal_id, responsible_id) WHERE ((status = 'refused'::text) AND (replaced_by IS NULL));

CREATE INDEX acts_signed ON public.acts USING btree (portal_id, signed_at) INCLUDE (responsible_id, gross, sent_at, created_at, status) WHERE ((status <> 'annulled'::text) AND (replaced_by IS NULL));

CREATE INDEX acts_unsigned ON public.acts USING btree (portal_id, act_date DESC, id DESC, sent_at, responsible_id, company_id, contact_id) INCLUDE (gross) WHERE ((status = ANY (ARRAY['sent'::text, 'accepted_unsigned'::text])) AND (replaced_by IS NULL));

CREATE INDEX acts_with_due ON public.acts USING btree (portal_id, act_date DESC, id DESC) INCLUDE (due_on, responsible_id) WHERE (due_on IS NOT NULL);

CREATE INDEX acts_without_original ON public.acts USING btree (portal_id, act_date DESC, id DESC) WHERE ((medium = 'paper'::text) AND (original_on IS NULL) AND (status <> 'annulled'::text) AND ((status = 'signed'::text) OR (scan_on IS NOT NULL)));

CREATE INDEX answer_deadlines_due ON public.answer_deadlines USING btree (due_at);

CREATE INDEX answers_of_company ON public.answers USING btree (portal_id, company_id, id DESC) WHERE (company_id <> 0);

CREATE INDEX answers_of_contact ON public.answers USING btree (portal_id, contact_id, id DESC) WHERE (contact_id <> 0);

CREATE INDEX answers_of_deal ON public.answers USING btree (portal_id, deal_id, id DESC);

CREATE INDEX backfills_due ON public.backfills USING btree (next_at);

CREATE INDEX bulk_queue_due ON public.bulk_queue USING btree (next_at);

CREATE INDEX bulk_rows_open ON public.bulk_rows USING btree (portal_id, bulk_id, n) WHERE (state = ANY (ARRAY['new'::text, 'waiting'::text]));

CREATE INDEX bulks_of_user ON public.bulks USING btree (portal_id, user_id, id DESC);

CREATE INDEX closed_tries_of_company ON public.closed_tries USING btree (portal_id, own_company_id, id DESC);

CREATE INDEX deals_by_stage ON public.deals USING btree (portal_id, stage_id, id DESC);

CREATE INDEX deals_without_acts_by_age ON public.deals USING btree (portal_id, stage_since, id) WHERE (needs_act AND (NOT deleted));

CREATE INDEX deals_without_acts_by_buyer ON public.deals USING btree (portal_id, buyer_key, id) WHERE (needs_act AND (NOT deleted));

CREATE INDEX deals_without_acts_by_sum ON public.deals USING btree (portal_id, uncovered, id) WHERE (needs_act AND (NOT deleted));

CREATE INDEX deals_without_acts_of ON public.deals USING btree (portal_id, responsible_id, stage_since, id) WHERE (needs_act AND (NOT deleted));

CREATE UNIQUE INDEX edo_documents_live ON public.edo_documents USING btree (portal_id, act_id) WHERE live;

CREATE INDEX edo_documents_open ON public.edo_documents USING btree (portal_id, own_company_id) WHERE live;

CREATE INDEX edo_documents_unread ON public.edo_documents USING btree (portal_id, own_company_id) WHERE unread;

CREATE INDEX feeds_due ON public.feeds USING btree (next_at);

CREATE UNIQUE INDEX incidents_open ON public.incidents USING btree (portal_id, account_id) WHERE (closed_at IS NULL);

CREATE INDEX install_queue_due ON public.install_queue USING btree (next_at);

CREATE INDEX invitations_due ON public.invitations USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX letters_of_act ON public.letters USING btree (portal_id, act_id, id DESC) WHERE (act_id <> 0);

CREATE INDEX messages_of_notice ON public.messages USING btree (portal_id, notice_id, id) WHERE (notice_id <> 0);

CREATE INDEX monthly_plans_due ON public.monthly_plans USING btree (check_at) WHERE enabled;

CREATE UNIQUE INDEX notices_open ON public.notices USING btree (portal_id, user_id, kind) WHERE open;

CREATE INDEX portals_frozen ON public.portals USING btree (frozen_at) WHERE (state = 'frozen'::text);

CREATE INDEX question_links_by_hash ON public.question_links USING btree (hash);

CREATE INDEX question_links_of_question ON public.question_links USING btree (portal_id, question_id);

CREATE UNIQUE INDEX questions_automatic ON public.questions USING btree (portal_id, deal_id) WHERE automatic;

CREATE INDEX questions_of_deal ON public.questions USING btree (portal_id, deal_id, id DESC);

CREATE INDEX reconciliations_due ON public.reconciliations USING btree (next_at);

CREATE INDEX reminders_due ON public.reminders USING btree (due_at) WHERE ((sent_at IS NULL) AND (closed_at IS NULL) AND (NOT paused));

CREATE INDEX reminders_of_notice ON public.reminders USING btree (portal_id, notice_id) WHERE (notice_id <> 0);

CREATE INDEX reminders_open ON public.reminders USING btree (portal_id, act_id) WHERE (closed_at IS NULL);

CREATE INDEX reminders_tasks ON public.reminders USING btree (portal_id, task_id) WHERE ((task_id <> 0) AND (NOT task_done));

CREATE INDEX robot_deadlines_due ON public.robot_deadlines USING btree (due_at);

CREATE UNIQUE INDEX saved_filters_of_user ON public.saved_filters USING btree (portal_id, user_id, lower(name));

CREATE INDEX tasks_due ON public.tasks USING btree (due_at) WHERE (NOT dead);

CREATE UNIQUE INDEX timeline_comments_in_crm ON public.timeline_comments USING btree (portal_id, comment_id) WHERE (comment_id <> 0);

CREATE INDEX timeline_comments_of_deal ON public.timeline_comments USING btree (portal_id, deal_id, comment_id);

CREATE INDEX trigger_runs_of_deal ON public.trigger_runs USING btree (portal_id, deal_id);

CREATE INDEX visits_expired ON public.visits USING btree (expires_at);

CREATE TRIGGER name_buyer AFTER INSERT OR UPDATE OF buyer, company_id, contact_id ON public.acts FOR EACH ROW EXECUTE FUNCTION public.name_buyer();

CREATE TRIGGER name_deal AFTER UPDATE OF title ON public.deals FOR EACH ROW EXECUTE FUNCTION public.name_deal();

CREATE TRIGGER name_deal_of_act AFTER INSERT OR UPDATE OF deal_id ON public.acts FOR EACH ROW EXECUTE FUNCTION public.name_deal_of_act();

ALTER TABLE ONLY public.account_checks
    ADD CONSTRAINT account_checks_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.edo_accounts(portal_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.act_events
    ADD CONSTRAINT act_events_portal_id_act_id_fkey FOREIGN KEY (portal_id, act_id) REFERENCES public.acts(portal_id, id);

ALTER TABLE ONLY public.act_events
    ADD CONSTRAINT act_events_portal_id_notice_id_fkey FOREIGN KEY (portal_id, notice_id) REFERENCES public.notices(portal_id, id);

ALTER TABLE ONLY public.act_files
    ADD CONSTRAINT act_files_portal_id_act_id_fkey FOREIGN KEY (portal_id, act_id) REFERENCES public.acts(portal_id, id);

ALTER TABLE ONLY public.act_files
    ADD CONSTRAINT act_files_portal_id_file_id_fkey FOREIGN KEY (portal_id, file_id) REFERENCES public.files(portal_id, id);

ALTER TABLE ONLY public.act_lines
    ADD CONSTRAINT act_lines_portal_id_act_id_fkey FOREIGN KEY (portal_id, act_id) REFERENCES public.acts(portal_id, id);

ALTER TABLE public.act_names
    ADD CONSTRAINT act_names_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.acts
    ADD CONSTRAINT acts_portal_id_deal_id_fkey FOREIGN KEY (portal_id, deal_id) REFERENCES public.deals(portal_id, id);

ALTER TABLE ONLY public.acts
    ADD CONSTRAINT acts_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.acts
    ADD CONSTRAINT acts_portal_id_own_company_id_fkey FOREIGN KEY (portal_id, own_company_id) REFERENCES public.own_companies(portal_id, id);

ALTER TABLE ONLY public.administrators
    ADD CONSTRAINT administrators_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.answer_deadlines
    ADD CONSTRAINT answer_deadlines_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_portal_id_deal_id_fkey FOREIGN KEY (portal_id, deal_id) REFERENCES public.deals(portal_id, id);

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.backfills
    ADD CONSTRAINT backfills_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.breakers
    ADD CONSTRAINT breakers_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.budgets
    ADD CONSTRAINT budgets_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.bulk_queue
    ADD CONSTRAINT bulk_queue_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.bulk_rows
    ADD CONSTRAINT bulk_rows_portal_id_act_id_fkey FOREIGN KEY (portal_id, act_id) REFERENCES public.acts(portal_id, id);

ALTER TABLE ONLY public.bulk_rows
    ADD CONSTRAINT bulk_rows_portal_id_bulk_id_fkey FOREIGN KEY (portal_id, bulk_id) REFERENCES public.bulks(portal_id, id);

ALTER TABLE ONLY public.bulks
    ADD CONSTRAINT bulks_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.certificates
    ADD CONSTRAINT certificates_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.edo_accounts(portal_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.closed_tries
    ADD CONSTRAINT closed_tries_portal_id_own_company_id_fkey FOREIGN KEY (portal_id, own_company_id) REFERENCES public.own_companies(portal_id, id);

ALTER TABLE ONLY public.deal_badges
    ADD CONSTRAINT deal_badges_portal_id_deal_id_fkey FOREIGN KEY (portal_id, deal_id) REFERENCES public.deals(portal_id, id);

ALTER TABLE ONLY public.deal_rows
    ADD CONSTRAINT deal_rows_portal_id_deal_id_fkey FOREIGN KEY (portal_id, deal_id) REFERENCES public.deals(portal_id, id);

ALTER TABLE ONLY public.deals
    ADD CONSTRAINT deals_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.digest_days
    ADD CONSTRAINT digest_days_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.digest_refusals
    ADD CONSTRAINT digest_refusals_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.digests
    ADD CONSTRAINT digests_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.edo_accounts
    ADD CONSTRAINT edo_accounts_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.edo_documents
    ADD CONSTRAINT edo_documents_portal_id_act_id_fkey FOREIGN KEY (portal_id, act_id) REFERENCES public.acts(portal_id, id);

ALTER TABLE ONLY public.edo_documents
    ADD CONSTRAINT edo_documents_portal_id_file_id_fkey FOREIGN KEY (portal_id, file_id) REFERENCES public.files(portal_id, id);

ALTER TABLE ONLY public.edo_events
    ADD CONSTRAINT edo_events_portal_id_document_id_fkey FOREIGN KEY (portal_id, document_id) REFERENCES public.edo_documents(portal_id, id);

ALTER TABLE ONLY public.edo_lookups
    ADD CONSTRAINT edo_lookups_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT feeds_portal_id_own_company_id_fkey FOREIGN KEY (portal_id, own_company_id) REFERENCES public.own_companies(portal_id, id);

ALTER TABLE ONLY public.file_chunks
    ADD CONSTRAINT file_chunks_portal_id_file_id_fkey FOREIGN KEY (portal_id, file_id) REFERENCES public.files(portal_id, id);

ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.form_requests
    ADD CONSTRAINT form_requests_portal_id_deal_id_fkey FOREIGN KEY (portal_id, deal_id) REFERENCES public.deals(portal_id, id);

ALTER TABLE ONLY public.form_requests
    ADD CONSTRAINT form_requests_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.group_changes
    ADD CONSTRAINT group_changes_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.incidents
    ADD CONSTRAINT incidents_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.install_queue
    ADD CONSTRAINT install_queue_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.install_steps
    ADD CONSTRAINT install_steps_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.installs(portal_id);

ALTER TABLE ONLY public.installs
    ADD CONSTRAINT installs_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.letters
    ADD CONSTRAINT letters_portal_id_deal_id_fkey FOREIGN KEY (portal_id, deal_id) REFERENCES public.deals(portal_id, id);

ALTER TABLE ONLY public.letters
    ADD CONSTRAINT letters_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.list_preferences
    ADD CONSTRAINT list_preferences_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.method_pauses
    ADD CONSTRAINT method_pauses_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.monthly_plans
    ADD CONSTRAINT monthly_plans_portal_id_deal_id_fkey FOREIGN KEY (portal_id, deal_id) REFERENCES public.deals(portal_id, id);

ALTER TABLE ONLY public.monthly_plans
    ADD CONSTRAINT monthly_plans_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.monthly_runs
    ADD CONSTRAINT monthly_runs_portal_id_deal_id_fkey FOREIGN KEY (portal_id, deal_id) REFERENCES public.monthly_plans(portal_id, deal_id);

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.own_companies
    ADD CONSTRAINT own_companies_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.edo_accounts(portal_id, id);

ALTER TABLE ONLY public.own_companies
    ADD CONSTRAINT own_companies_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.portal_events
    ADD CONSTRAINT portal_events_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.question_links
    ADD CONSTRAINT question_links_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.question_links
    ADD CONSTRAINT question_links_portal_id_question_id_fkey FOREIGN KEY (portal_id, question_id) REFERENCES public.questions(portal_id, id);

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_portal_id_deal_id_fkey FOREIGN KEY (portal_id, deal_id) REFERENCES public.deals(portal_id, id);

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.reconciliations
    ADD CONSTRAINT reconciliations_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.reminders
    ADD CONSTRAINT reminders_portal_id_act_id_fkey FOREIGN KEY (portal_id, act_id) REFERENCES public.acts(portal_id, id);

ALTER TABLE ONLY public.reminders
    ADD CONSTRAINT reminders_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.robot_calls
    ADD CONSTRAINT robot_calls_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.robot_deadlines
    ADD CONSTRAINT robot_deadlines_portal_id_call_id_fkey FOREIGN KEY (portal_id, call_id) REFERENCES public.robot_calls(portal_id, id);

ALTER TABLE ONLY public.saved_filters
    ADD CONSTRAINT saved_filters_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.settings
    ADD CONSTRAINT settings_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.structures
    ADD CONSTRAINT structures_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.term_warnings
    ADD CONSTRAINT term_warnings_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.timeline_comments
    ADD CONSTRAINT timeline_comments_portal_id_deal_id_fkey FOREIGN KEY (portal_id, deal_id) REFERENCES public.deals(portal_id, id);

ALTER TABLE ONLY public.timeline_comments
    ADD CONSTRAINT timeline_comments_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.trigger_runs
    ADD CONSTRAINT trigger_runs_portal_id_deal_id_fkey FOREIGN KEY (portal_id, deal_id) REFERENCES public.deals(portal_id, id);

ALTER TABLE ONLY public.units
    ADD CONSTRAINT units_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.user_preferences
    ADD CONSTRAINT user_preferences_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE ONLY public.visit_deals
    ADD CONSTRAINT visit_deals_portal_id_id_hash_fkey FOREIGN KEY (portal_id, id_hash) REFERENCES public.visits(portal_id, id_hash) ON DELETE CASCADE;

ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portals(id);

ALTER TABLE public.act_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.act_files ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.act_lines ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.acts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.administrators ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.answer_deadlines ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.answers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.bulk_rows ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.bulks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.certificates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.closed_tries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deal_badges ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deal_rows ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deals ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.digest_refusals ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.digests ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.edo_accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.edo_documents ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.edo_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.edo_lookups ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.feeds ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.file_chunks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.files ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.form_requests ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.group_changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.group_members ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.incidents ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.install_steps ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.installs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.invitations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.letters ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.list_preferences ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.monthly_plans ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.monthly_runs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notices ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.number_counters ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.own_companies ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.people ENABLE ROW LEVEL SECURITY;

CREATE POLICY portal ON public.act_events USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.act_files USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.act_lines USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.acts USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.administrators USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.answer_deadlines USING (((current_setting('acts.portal'::text, true) = '*'::text) OR (portal_id = (NULLIF(NULLIF(current_setting('acts.portal'::text, true), ''::text), '*'::text))::bigint)));

CREATE POLICY portal ON public.answers USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.audit USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.bulk_rows USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.bulks USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.certificates USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.closed_tries USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.deal_badges USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.deal_rows USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.deals USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.digest_refusals USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.digests USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.edo_accounts USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.edo_documents USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.edo_events USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.edo_lookups USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.feeds USING (((current_setting('acts.portal'::text, true) = '*'::text) OR (portal_id = (NULLIF(NULLIF(current_setting('acts.portal'::text, true), ''::text), '*'::text))::bigint)));

CREATE POLICY portal ON public.file_chunks USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.files USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.form_requests USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.group_changes USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.group_members USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.incidents USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.install_steps USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.installs USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.invitations USING (((current_setting('acts.portal'::text, true) = '*'::text) OR (portal_id = (NULLIF(NULLIF(current_setting('acts.portal'::text, true), ''::text), '*'::text))::bigint)));

CREATE POLICY portal ON public.letters USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.list_preferences USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.messages USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.monthly_plans USING (((current_setting('acts.portal'::text, true) = '*'::text) OR (portal_id = (NULLIF(NULLIF(current_setting('acts.portal'::text, true), ''::text), '*'::text))::bigint)));

CREATE POLICY portal ON public.monthly_runs USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.notices USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.number_counters USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.own_companies USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.people USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.questions USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.reminders USING (((current_setting('acts.portal'::text, true) = '*'::text) OR (portal_id = (NULLIF(NULLIF(current_setting('acts.portal'::text, true), ''::text), '*'::text))::bigint)));

CREATE POLICY portal ON public.robot_calls USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.robot_deadlines USING (((current_setting('acts.portal'::text, true) = '*'::text) OR (portal_id = (NULLIF(NULLIF(current_setting('acts.portal'::text, true), ''::text), '*'::text))::bigint)));

CREATE POLICY portal ON public.saved_filters USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.settings USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.structures USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.term_warnings USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.timeline_comments USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.tokens USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.trigger_runs USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.units USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.user_preferences USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.users USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

CREATE POLICY portal ON public.visit_deals USING ((portal_id = (NULLIF(current_setting('acts.portal'::text, true), ''::text))::bigint));

ALTER TABLE public.questions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reminders ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.robot_calls ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.robot_deadlines ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.saved_filters ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.structures ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.term_warnings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.timeline_comments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trigger_runs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.units ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_preferences ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.visit_deals ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA public TO acts_app;

REVOKE ALL ON FUNCTION public.erase_outdated(moment timestamp with time zone, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.erase_outdated(moment timestamp with time zone, most integer) TO acts_app;

REVOKE ALL ON FUNCTION public.erase_portal(portal bigint, moment timestamp with time zone, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.erase_portal(portal bigint, moment timestamp with time zone, most integer) TO acts_app;

REVOKE ALL ON FUNCTION public.sealed_keys() FROM PUBLIC;
GRANT ALL ON FUNCTION public.sealed_keys() TO acts_app;

REVOKE ALL ON FUNCTION public.skip_ids(many bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.skip_ids(many bigint) TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_checks TO acts_app;

GRANT SELECT,INSERT ON TABLE public.act_events TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.act_events_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.act_files TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.act_lines TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.act_names TO acts_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.acts TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.acts_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.administrators TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.answer_deadlines TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.answers TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.answers_id_seq TO acts_app;

GRANT SELECT,INSERT ON TABLE public.audit TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.audit_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.backfills TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.breakers TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.budgets TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.bulk_queue TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.bulk_rows TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.bulks TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.bulks_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.certificates TO acts_app;

GRANT SELECT,INSERT ON TABLE public.closed_tries TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.closed_tries_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deal_badges TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deal_rows TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deals TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.digest_days TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.digest_refusals TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.digests TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.digests_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.edo_accounts TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.edo_accounts_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.edo_documents TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.edo_events TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.edo_lookups TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.feeds TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.file_chunks TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.files TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.files_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.form_requests TO acts_app;

GRANT SELECT ON TABLE public.goose_db_version TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.group_changes TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.group_changes_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.group_members TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.incidents TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.incidents_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.install_queue TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.install_steps TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.installs TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.invitations TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.letters TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.letters_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.list_preferences TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.logins TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.messages TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.messages_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.method_pauses TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.monthly_plans TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.monthly_runs TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notices TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.notices_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.number_counters TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.origin TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.own_companies TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.people TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.portal_events TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.portal_events_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.portals TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.portals_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.question_links TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.questions TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.questions_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reconciliations TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reminders TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.reminders_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.removals TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.removals_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.robot_calls TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.robot_calls_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.robot_deadlines TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.saved_filters TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.saved_filters_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.settings TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.structures TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tasks TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.tasks_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.term_warnings TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.timeline_comments TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tokens TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.trigger_runs TO acts_app;

GRANT SELECT,USAGE ON SEQUENCE public.trigger_runs_id_seq TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.units TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_preferences TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.visit_deals TO acts_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.visits TO acts_app;

ALTER DEFAULT PRIVILEGES FOR ROLE acts_owner IN SCHEMA public GRANT SELECT,USAGE ON SEQUENCES  TO acts_app;

ALTER DEFAULT PRIVILEGES FOR ROLE acts_owner IN SCHEMA public GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO acts_app;
