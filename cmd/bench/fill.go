package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"acts24/acts"
	"acts24/migrations"
	"acts24/store"
	"acts24/store/localdb"
	"acts24/store/people"
	"acts24/store/queue"
	"acts24/store/schema"
	"acts24/store/storetest"
)

// fillSQL creates the acts of one portal: $1 its id, $2 their number, $3 the id before the first.
//
//go:embed fill.sql
var fillSQL string

func member(n int) string { return fmt.Sprintf("bench-%d", n) }

// fill creates the database unless it was filled in the same way before.
func (h *hall) fill(ctx context.Context, table int) error {
	super := h.server.DSN(localdb.Superuser, localdb.Superuser)
	files, err := fs.ReadDir(migrations.FS, ".")
	if err != nil {
		return err
	}
	mark := fmt.Sprintf("%d acts, schema %x, filled by %x", table, hash(fmt.Sprint(files)), hash(fillSQL))
	if filled(ctx, h.server.DSN(localdb.Superuser, database)) == mark {
		return nil
	}
	say(fmt.Sprintf("fill a table of %d acts, once; it stays in %s", table, tenantsDir))
	if err := run1(ctx, super, `DROP DATABASE IF EXISTS `+database+` WITH (FORCE)`, `ALTER SYSTEM SET max_wal_size = '8GB'`, `SELECT pg_reload_conf()`); err != nil {
		return err
	}
	if err := schema.Provision(ctx, super, database); err != nil {
		return err
	}
	if err := schema.Migrate(ctx, h.server.DSN(schema.OwnerRole, database)); err != nil {
		return err
	}
	if err := run1(ctx, h.server.DSN(localdb.Superuser, database), storetest.NumberedKeys); err != nil {
		return err
	}
	if err := h.makePortals(ctx); err != nil {
		return err
	}
	db, err := sql.Open("postgres", h.server.DSN(localdb.Superuser, database))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // the settings below apply to one session
	if err := h.fillAll(ctx, db); err != nil {
		return err
	}
	return run1(ctx, h.server.DSN(localdb.Superuser, database), fmt.Sprintf(`COMMENT ON DATABASE %s IS '%s'`, database, mark))
}

func filled(ctx context.Context, dsn string) (mark string) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return ""
	}
	defer db.Close()
	_ = db.QueryRowContext(ctx, `SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = current_database()`).Scan(&mark)
	return mark
}

func hash(text string) (sum uint32) {
	for _, b := range []byte(text) {
		sum = sum*16777619 ^ uint32(b)
	}
	return sum
}

func run1(ctx context.Context, dsn string, queries ...string) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	return runOn(ctx, db, queries...)
}

func runOn(ctx context.Context, db *sql.DB, queries ...string) error {
	for _, q := range queries {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%.60s: %w", q, err)
		}
	}
	return nil
}

// makePortals installs the tenants like the program, the measured ones first.
func (h *hall) makePortals(ctx context.Context) error {
	db, err := h.store()
	if err != nil {
		return err
	}
	defer db.Close()
	for n := range len(h.tenants) + smallTenants {
		p, err := db.SavePortal(ctx, store.Portal{MemberID: member(n), Endpoint: h.outside.URL + "/rest/", Origin: h.outside.URL, AppCode: "bench"})
		if err != nil {
			return err
		}
		if err := db.InTx(ctx, p.ID, func(tx store.Tx) error { return furnishTenant(ctx, tx, p) }); err != nil {
			return err
		}
	}
	return nil
}

func furnishTenant(ctx context.Context, tx store.Tx, p store.Portal) error {
	pipe := store.Pipeline{Name: "Продажи", Mapped: acts.Pipeline{acts.StagePreparing: "ACT", acts.StageDone: "WON"},
		Stages: []store.DealStage{{ID: "NEW", Name: "Новая"}, {ID: "ACT", Name: "Подготовка акта"}, {ID: "WON", Name: "Услуга оказана", Semantics: "S"}}}
	errs := []error{tx.Portals().SaveTokens(ctx, "access", "refresh", "application"), queue.AddBudget(ctx, tx), tx.Portals().SaveNames(ctx, p),
		tx.Portals().SaveSettings(ctx, store.Settings{Pipelines: []store.Pipeline{pipe}})}
	for n := range owners {
		party := acts.Party{Kind: acts.PartyCompany, Name: fmt.Sprintf("ООО «Исполнитель %d»", n+1), INN: "7701010105"}
		errs = append(errs, tx.Companies().Merge(ctx, store.OwnCompany{ID: acts.CompanyID(n + 1), Party: party, Function: acts.FunctionAct}))
	}
	for n := range acts.UserID(employees) {
		errs = append(errs, tx.People().SaveUser(ctx, people.User{ID: n + 1, Name: fmt.Sprintf("Сотрудник Номер %d", n+1), Active: true}))
	}
	return errors.Join(errs...)
}

// fillAll inserts all rows with triggers, foreign keys and indexes disabled; the indexes are created afterwards.
func (h *hall) fillAll(ctx context.Context, db *sql.DB) error {
	indexes, err := dropIndexes(ctx, db)
	if err != nil {
		return err
	}
	if err := runOn(ctx, db, `SET session_replication_role = replica`, `SET synchronous_commit = off`, `SET maintenance_work_mem = '1GB'`); err != nil {
		return err
	}
	before := 0
	fillOne := func(n, count int) error {
		var portal int64
		if err := db.QueryRowContext(ctx, `SELECT id FROM portals WHERE member_id = $1`, member(n)).Scan(&portal); err != nil {
			return err
		}
		for _, q := range strings.Split(fillSQL, "\n--;\n") {
			q = strings.NewReplacer("$1", fmt.Sprint(portal), "$2", fmt.Sprint(count), "$3", fmt.Sprint(before)).Replace(q)
			if _, err := db.ExecContext(ctx, q); err != nil {
				return fmt.Errorf("fill %s: %.60s: %w", member(n), q, err)
			}
		}
		before += count
		return nil
	}
	for n, t := range h.tenants {
		if err := fillOne(n, t.acts); err != nil {
			return err
		}
	}
	for n := range smallTenants {
		if err := fillOne(len(h.tenants)+n, smallActs); err != nil {
			return err
		}
	}
	started := time.Now()
	if err := runOn(ctx, db, indexes...); err != nil {
		return err
	}
	say(fmt.Sprintf("made %d indexes in %.0f s", len(indexes), time.Since(started).Seconds()))
	return runOn(ctx, db, `RESET session_replication_role`, grantAccess, `VACUUM ANALYZE`, `CHECKPOINT`)
}

// grantAccess gives the employees of every tenant access to all its acts, and the same number of employees access
// to those of three colleagues.
var grantAccess = fmt.Sprintf(`INSERT INTO people (portal_id, user_id, sees) SELECT p.id, v.first + n, v.sees
	FROM portals p, generate_series(1, %d) n, (VALUES (0, NULL), (%d, CAST('{7,8,9}' AS bigint[]))) v (first, sees)`, employees, confined)

// dropIndexes drops the indexes of the large tables that no constraint needs, and returns their definitions.
func dropIndexes(ctx context.Context, db *sql.DB) (defs []string, err error) {
	rows, err := db.QueryContext(ctx, `SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public'
		AND i.tablename IN ('acts', 'deals', 'reminders') AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name, def string
		if err := rows.Scan(&name, &def); err != nil {
			return nil, err
		}
		names, defs = append(names, name), append(defs, def)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := runOn(ctx, db, `DROP INDEX `+name); err != nil {
			return nil, err
		}
	}
	return defs, nil
}
