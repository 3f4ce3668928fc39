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

// anchorTables creates the tables of the anchor. It has its own, so it does not change with the program.
//
//go:embed anchor.sql
var anchorTables string

// The statements of the anchor: the visit, as many counters as above the registry, and a page with as many rows as ours.
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

// anchorRow is a document on the page of the anchor.
type anchorRow struct {
	id, sum                 int64
	day                     time.Time
	number, company, status string
}

// anchor is the simplest possible implementation of such a page: prepared statements and templ, without rights and filters.
type anchor struct {
	db                         *sql.DB
	visit, counters, documents *sql.Stmt
}

// newAnchor prepares the anchor with a pool of the same size as the program's pool for pages.
func (h *harness) newAnchor(ctx context.Context) (a *anchor, err error) {
	if err := execAll(ctx, h.superuser, anchorTables, `VACUUM ANALYZE bench.documents`); err != nil {
		return nil, fmt.Errorf("make the tables of the anchor: %w", err)
	}
	a = &anchor{}
	if a.db, err = sql.Open("postgres", h.server.DSN(schema.AppRole, database)); err != nil {
		return nil, err
	}
	a.db.SetMaxOpenConns(h.cfg.PageConnections)
	a.db.SetMaxIdleConns(h.cfg.PageConnections)
	for query, statement := range map[string]**sql.Stmt{visitQuery: &a.visit, counterQuery: &a.counters, documentQuery: &a.documents} {
		if *statement, err = a.db.PrepareContext(ctx, query); err != nil {
			return nil, errors.Join(fmt.Errorf("prepare the anchor: %w", err), a.db.Close())
		}
	}
	return a, nil
}

// ServeHTTP answers every request with the page.
func (a *anchor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var page bytes.Buffer
	if err := a.render(r.Context(), &page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(page.Bytes()) // the client may be gone
}

func (a *anchor) render(ctx context.Context, page *bytes.Buffer) error {
	var visitor string
	var counts [7]int
	if err := a.visit.QueryRowContext(ctx, "1").Scan(&visitor); err != nil {
		return err
	}
	if err := a.counters.QueryRowContext(ctx, 1).Scan(&counts[0], &counts[1], &counts[2], &counts[3], &counts[4], &counts[5], &counts[6]); err != nil {
		return err
	}
	rows, err := a.documents.QueryContext(ctx, 1)
	if err != nil {
		return err
	}
	defer rows.Close()
	var documents []anchorRow
	for rows.Next() {
		var d anchorRow
		if err := rows.Scan(&d.id, &d.day, &d.number, &d.company, &d.status, &d.sum); err != nil {
			return err
		}
		documents = append(documents, d)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return anchorPage(visitor, counts[:], documents).Render(ctx, page)
}
