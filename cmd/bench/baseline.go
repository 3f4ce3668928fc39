package main

import (
	"bytes"
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"time"

	"acts24/store/list"
	"acts24/store/schema"
)

// baselineTables creates the tables of the baseline. It has its own, so it does not change with the program.
//
//go:embed baseline.sql
var baselineTables string

// The statements of the baseline: the visit, as many counters as above the registry, and a page with as many rows as ours.
var (
	visitQuery   = `SELECT name FROM bench.visits WHERE id = $1`
	counterQuery = `SELECT ` + capped(`true`) + `, ` + capped(`status = 'waiting'`) + `, ` + capped(`status = 'waiting' AND day < date '2026-03-01'`) + `, ` +
		capped(`status = 'refused'`) + `, ` + capped(`status = 'failed'`) + `, ` + capped(`status = 'unsigned'`) + `, ` + capped(`status = 'draft'`)
	documentQuery = fmt.Sprintf(`SELECT id, day, number, company, status, sum FROM bench.documents WHERE owner = $1 ORDER BY day DESC, id DESC LIMIT %d`, list.PageActs)
)

// capped returns an expression that counts the documents of an owner under a condition, up to 101.
func capped(condition string) string {
	return `(SELECT count(*) FROM (SELECT FROM bench.documents WHERE owner = $1 AND ` + condition + ` LIMIT 101) q)`
}

// baselineRow is a document on the page of the baseline.
type baselineRow struct {
	id, sum                 int64
	day                     time.Time
	number, company, status string
}

// baseline is the simplest possible implementation of such a page: prepared statements and templ, without rights and filters.
type baseline struct {
	db                         *sql.DB
	visit, counters, documents *sql.Stmt
}

// newBaseline prepares the baseline with a pool of the same size as the program's pool for pages.
func (h *harness) newBaseline(ctx context.Context) (b *baseline, err error) {
	if err := execAll(ctx, h.superuser, baselineTables, `VACUUM ANALYZE bench.documents`); err != nil {
		return nil, fmt.Errorf("make the tables of the baseline: %w", err)
	}
	b = &baseline{}
	if b.db, err = sql.Open("postgres", h.server.DSN(schema.AppRole, database)); err != nil {
		return nil, err
	}
	b.db.SetMaxOpenConns(h.cfg.PageConnections)
	b.db.SetMaxIdleConns(h.cfg.PageConnections)
	for query, statement := range map[string]**sql.Stmt{visitQuery: &b.visit, counterQuery: &b.counters, documentQuery: &b.documents} {
		if *statement, err = b.db.PrepareContext(ctx, query); err != nil {
			return nil, errors.Join(fmt.Errorf("prepare the baseline: %w", err), b.db.Close())
		}
	}
	return b, nil
}

// ServeHTTP answers every request with the page.
func (b *baseline) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var page bytes.Buffer
	if err := b.render(r.Context(), &page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(page.Bytes()) // the client may be gone
}

func (b *baseline) render(ctx context.Context, page *bytes.Buffer) error {
	var visitor string
	var counts [7]int
	if err := b.visit.QueryRowContext(ctx, "1").Scan(&visitor); err != nil {
		return err
	}
	if err := b.counters.QueryRowContext(ctx, 1).Scan(&counts[0], &counts[1], &counts[2], &counts[3], &counts[4], &counts[5], &counts[6]); err != nil {
		return err
	}
	rows, err := b.documents.QueryContext(ctx, 1)
	if err != nil {
		return err
	}
	defer rows.Close()
	var documents []baselineRow
	for rows.Next() {
		var d baselineRow
		if err := rows.Scan(&d.id, &d.day, &d.number, &d.company, &d.status, &d.sum); err != nil {
			return err
		}
		documents = append(documents, d)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return baselinePage(visitor, counts[:], documents).Render(ctx, page)
}
