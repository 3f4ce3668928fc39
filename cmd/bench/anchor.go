package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"time"

	"acts24/store/list"
	"acts24/store/schema"
)

// The anchor has its own tables, so it does not change with the program.
const anchorTables = `
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
	CREATE INDEX ON bench.documents (owner, status);
	GRANT USAGE ON SCHEMA bench TO acts_app;
	GRANT SELECT ON ALL TABLES IN SCHEMA bench TO acts_app;
	ANALYZE bench.documents`

// The statements of the anchor: the visit, the counters, and a page with as many rows as ours.
var anchorStatements = [3]string{
	`SELECT name FROM bench.visits WHERE id = $1`,
	`SELECT (SELECT count(*) FROM (SELECT FROM bench.documents WHERE owner = $1 AND status = 'waiting' LIMIT 101) q)`,
	fmt.Sprintf(`SELECT id, day, number, company, status, sum FROM bench.documents WHERE owner = $1 ORDER BY day DESC, id DESC LIMIT %d`, list.PageActs),
}

type anchorRow struct {
	id, sum                 int64
	day                     time.Time
	number, company, status string
}

// anchor is the simplest possible implementation of such a page: prepared statements and templ, without rights and filters.
type anchor struct {
	db       *sql.DB
	prepared [3]*sql.Stmt
}

// newAnchor prepares the anchor with a pool of the same size as the program's pool for pages.
func (h *hall) newAnchor(ctx context.Context) (a *anchor, err error) {
	if _, err := h.super.ExecContext(ctx, anchorTables); err != nil {
		return nil, fmt.Errorf("make the tables of the anchor: %w", err)
	}
	a = &anchor{}
	if a.db, err = sql.Open("postgres", h.server.DSN(schema.AppRole, database)); err != nil {
		return nil, err
	}
	a.db.SetMaxOpenConns(h.cfg.PageConnections)
	a.db.SetMaxIdleConns(h.cfg.PageConnections)
	for i, query := range anchorStatements {
		if a.prepared[i], err = a.db.PrepareContext(ctx, query); err != nil {
			return nil, fmt.Errorf("prepare the anchor: %w", err)
		}
	}
	return a, nil
}

func (a *anchor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var page bytes.Buffer
	if err := a.draw(r.Context(), &page); err != nil {
		log.ErrorContext(r.Context(), "anchor", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page.Bytes()) // the client may be gone
}

func (a *anchor) draw(ctx context.Context, page *bytes.Buffer) error {
	var visitor, waiting string
	if err := a.prepared[0].QueryRowContext(ctx, "1").Scan(&visitor); err != nil {
		return err
	}
	if err := a.prepared[1].QueryRowContext(ctx, 1).Scan(&waiting); err != nil {
		return err
	}
	rows, err := a.prepared[2].QueryContext(ctx, 1)
	if err != nil {
		return err
	}
	defer rows.Close()
	var list []anchorRow
	for rows.Next() {
		var d anchorRow
		if err := rows.Scan(&d.id, &d.day, &d.number, &d.company, &d.status, &d.sum); err != nil {
			return err
		}
		list = append(list, d)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return anchorPage(visitor+", ждут: "+waiting, list).Render(ctx, page)
}
