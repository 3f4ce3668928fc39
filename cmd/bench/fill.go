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

// memberID returns the id of a tenant in Bitrix24.
func memberID(n int) string { return fmt.Sprintf("bench-%d", n) }

// fill creates the database unless it was filled in the same way before.
func (h *harness) fill(ctx context.Context, actCount int) error {
	schemaSQL, err := os.ReadFile("migrations/schema.sql") // the benchmark runs at the top of the repository
	if err != nil {
		return err
	}
	wanted, found := fmt.Sprintf("%d acts, %x", actCount, sha256.Sum256(append(schemaSQL, fillSQL...))), "" // kept as a comment of the database
	superuserDSN := h.server.DSN(localdb.Superuser, localdb.Superuser)
	admin, err := sql.Open("postgres", superuserDSN)
	if err != nil {
		return err
	}
	defer admin.Close()
	err = admin.QueryRowContext(ctx, `SELECT coalesce(max(shobj_description(oid, 'pg_database')), '') FROM pg_database WHERE datname = $1`, database).Scan(&found)
	if err != nil || found == wanted {
		return err
	}
	printProgress(fmt.Sprintf("fill a table of %d acts, once; it stays in %s", actCount, tenantsDir))
	for _, step := range []func() error{
		func() error {
			return execAll(ctx, admin, `DROP DATABASE IF EXISTS `+database+` WITH (FORCE)`, `ALTER SYSTEM SET max_wal_size = '8GB'`, `SELECT pg_reload_conf()`)
		},
		func() error { return schema.Provision(ctx, superuserDSN, database) },
		func() error { return schema.Migrate(ctx, h.server.DSN(schema.OwnerRole, database)) },
		func() error { return execAll(ctx, h.superuser, storetest.NumberedKeys) },
		func() error { return h.fillTenants(ctx) },
		func() error {
			return execAll(ctx, h.superuser, fmt.Sprintf(`COMMENT ON DATABASE %s IS '%s'`, database, wanted))
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// execAll executes statements one after the other.
func execAll(ctx context.Context, db *sql.DB, queries ...string) error {
	for _, q := range queries {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%.60s: %w", q, err)
		}
	}
	return nil
}

// setUpTenant adds what a portal has besides acts: tokens, a pipeline, own companies and employees.
func setUpTenant(ctx context.Context, tx store.Tx, p store.Portal) error {
	pipeline := store.Pipeline{Name: "Продажи", Mapped: acts.Pipeline{acts.StagePreparing: "ACT", acts.StageDone: "WON"},
		Stages: []store.DealStage{{ID: "NEW", Name: "Новая"}, {ID: "ACT", Name: "Подготовка акта"}, {ID: "WON", Name: "Услуга оказана", Semantics: "S"}}}
	errs := []error{tx.Portals().SaveTokens(ctx, "access", "refresh", "application"), queue.AddBudget(ctx, tx), tx.Portals().SaveNames(ctx, p),
		tx.Portals().SaveSettings(ctx, store.Settings{Pipelines: []store.Pipeline{pipeline}})}
	for n := range ownCompanies {
		party := acts.Party{Kind: acts.PartyCompany, Name: fmt.Sprintf("ООО «Исполнитель %d»", n+1), INN: "7701010105"}
		errs = append(errs, tx.Companies().Merge(ctx, store.OwnCompany{ID: acts.CompanyID(n + 1), Party: party, Function: acts.FunctionAct}))
	}
	for n := range acts.UserID(employeesPerTenant) {
		errs = append(errs, tx.People().SaveUser(ctx, people.User{ID: n + 1, Name: fmt.Sprintf("Сотрудник Номер %d", n+1), Active: true}))
	}
	return errors.Join(errs...)
}

// fillTenants installs the tenants like the program, the measured ones first, and inserts their rows with triggers, foreign keys and indexes
// disabled; the indexes are created afterwards.
func (h *harness) fillTenants(ctx context.Context) error {
	var drop, create string
	if err := h.superuser.QueryRowContext(ctx, indexStatements).Scan(&drop, &create); err != nil {
		return fmt.Errorf("indexes of the large tables: %w", err)
	}
	if err := execAll(ctx, h.superuser, drop, `SET session_replication_role = replica`, `SET synchronous_commit = off`, `SET maintenance_work_mem = '1GB'`); err != nil {
		return err
	}
	lastID := 0 // of the acts that were inserted
	for n := range len(h.tenants) + smallTenants {
		count := smallActs
		if n < len(h.tenants) {
			count = h.tenants[n].acts
		}
		p, err := h.store.SavePortal(ctx, store.Portal{MemberID: memberID(n), Endpoint: h.remoteStub.URL + "/rest/", Origin: h.remoteStub.URL, AppCode: "bench"})
		if err != nil {
			return err
		}
		if err := h.store.InTx(ctx, p.ID, func(tx store.Tx) error { return setUpTenant(ctx, tx, p) }); err != nil {
			return err
		}
		text := strings.NewReplacer("$1", fmt.Sprint(p.ID), "$2", fmt.Sprint(count), "$3", fmt.Sprint(lastID)).Replace(fillSQL)
		if err := execAll(ctx, h.superuser, strings.Split(text, "\n--;\n")...); err != nil {
			return fmt.Errorf("fill %s: %w", memberID(n), err)
		}
		lastID += count
	}
	return execAll(ctx, h.superuser, create, `RESET session_replication_role`, `VACUUM ANALYZE`, `CHECKPOINT`)
}

// indexStatements returns the statements that drop and create the indexes of the large tables that no constraint needs.
const indexStatements = `
	SELECT string_agg('DROP INDEX ' || i.indexname, '; '), string_agg(replace(i.indexdef, ' ON ONLY ', ' ON '), '; ') FROM pg_indexes i
	WHERE i.schemaname = 'public' AND i.tablename IN ('acts', 'deals', 'reminders', 'act_names')
		AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)`
