package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"

	"acts24/acts"
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
func (h *harness) fill(ctx context.Context, table int) error {
	built, err := os.ReadFile("migrations/schema.sql") // the benchmark runs at the top of the repository
	if err != nil {
		return err
	}
	mark, found := fmt.Sprintf("%d acts, %x", table, sha256.Sum256(append(built, fillSQL...))), ""
	super := h.server.DSN(localdb.Superuser, localdb.Superuser)
	admin, err := sql.Open("postgres", super)
	if err != nil {
		return err
	}
	defer admin.Close()
	err = admin.QueryRowContext(ctx, `SELECT coalesce(max(shobj_description(oid, 'pg_database')), '') FROM pg_database WHERE datname = $1`, database).Scan(&found)
	if err != nil || found == mark {
		return err
	}
	printProgress(fmt.Sprintf("fill a table of %d acts, once; it stays in %s", table, tenantsDir))
	for _, step := range []func() error{
		func() error {
			return run(ctx, admin, `DROP DATABASE IF EXISTS `+database+` WITH (FORCE)`, `ALTER SYSTEM SET max_wal_size = '8GB'`, `SELECT pg_reload_conf()`)
		},
		func() error { return schema.Provision(ctx, super, database) },
		func() error { return schema.Migrate(ctx, h.server.DSN(schema.OwnerRole, database)) },
		func() error { return run(ctx, h.super, storetest.NumberedKeys) },
		func() error { return h.fillAll(ctx) },
		func() error { return run(ctx, h.super, fmt.Sprintf(`COMMENT ON DATABASE %s IS '%s'`, database, mark)) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func run(ctx context.Context, db *sql.DB, queries ...string) error {
	for _, q := range queries {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%.60s: %w", q, err)
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

// fillAll installs the tenants like the program, the measured ones first, and inserts their rows with triggers, foreign keys and indexes
// disabled; the indexes are created afterwards.
func (h *harness) fillAll(ctx context.Context) error {
	var drop, create string
	if err := h.super.QueryRowContext(ctx, indexes).Scan(&drop, &create); err != nil {
		return fmt.Errorf("indexes of the large tables: %w", err)
	}
	if err := run(ctx, h.super, drop, `SET session_replication_role = replica`, `SET synchronous_commit = off`, `SET maintenance_work_mem = '1GB'`); err != nil {
		return err
	}
	before := 0
	for n := range len(h.tenants) + smallTenants {
		count := smallActs
		if n < len(h.tenants) {
			count = h.tenants[n].acts
		}
		p, err := h.pool.SavePortal(ctx, store.Portal{MemberID: member(n), Endpoint: h.outside.URL + "/rest/", Origin: h.outside.URL, AppCode: "bench"})
		if err != nil {
			return err
		}
		if err := h.pool.InTx(ctx, p.ID, func(tx store.Tx) error { return furnishTenant(ctx, tx, p) }); err != nil {
			return err
		}
		text := strings.NewReplacer("$1", fmt.Sprint(p.ID), "$2", fmt.Sprint(count), "$3", fmt.Sprint(before)).Replace(fillSQL)
		if err := run(ctx, h.super, strings.Split(text, "\n--;\n")...); err != nil {
			return fmt.Errorf("fill %s: %w", member(n), err)
		}
		before += count
	}
	return run(ctx, h.super, create, `RESET session_replication_role`, `VACUUM ANALYZE`, `CHECKPOINT`)
}

// indexes returns the statements that drop and create the indexes of the large tables that no constraint needs.
const indexes = `
	SELECT string_agg('DROP INDEX ' || i.indexname, '; '), string_agg(replace(i.indexdef, ' ON ONLY ', ' ON '), '; ') FROM pg_indexes i
	WHERE i.schemaname = 'public' AND i.tablename IN ('acts', 'deals', 'reminders', 'act_names')
		AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)`
