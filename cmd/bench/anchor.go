package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"acts24/store"
)

// anchorTables are the anchor's own, so that it stays what it is while the program changes.
const anchorTables = `
	DROP SCHEMA IF EXISTS bench CASCADE;
	CREATE SCHEMA bench;
	CREATE TABLE bench.owners (id bigint PRIMARY KEY, name text NOT NULL);
	CREATE TABLE bench.documents (id bigint PRIMARY KEY, owner bigint NOT NULL, day date NOT NULL, number text NOT NULL,
		company text NOT NULL, status text NOT NULL, sum bigint NOT NULL);
	INSERT INTO bench.owners SELECT n, 'Портал ' || n FROM generate_series(1, 10) n;
	INSERT INTO bench.documents
		SELECT n, n % 10 + 1, date '2026-01-01' + n / 500, n::text, 'ООО «Контрагент ' || n % 997 || '»', 'Акт направлен заявителю', n * 100
		FROM generate_series(1, 100000) n;
	CREATE INDEX documents_by_day ON bench.documents (owner, day DESC, id DESC);
	GRANT USAGE ON SCHEMA bench TO acts_app;
	GRANT SELECT ON ALL TABLES IN SCHEMA bench TO acts_app;
	ANALYZE bench.owners, bench.documents`

const (
	anchorOwner     = `SELECT name FROM bench.owners WHERE id = $1`
	anchorDocuments = `SELECT id, day, number, company, status, sum FROM bench.documents WHERE owner = $1 ORDER BY day DESC, id DESC LIMIT 50`
)

type anchorRow struct {
	id, sum                 int64
	day                     time.Time
	number, company, status string
}

// anchor is the least that a page with data from the database can be: two prepared statements and 50
// rows, without a session, without rights.
type anchor struct {
	db               *sql.DB
	owner, documents *sql.Stmt
}

// newAnchor prepares the anchor over a pool as large as the program's for pages.
func (s *stage) newAnchor(ctx context.Context) (a *anchor, err error) {
	if err := s.exec(ctx, anchorTables); err != nil {
		return nil, err
	}
	a = &anchor{}
	if a.db, err = sql.Open("postgres", s.server.DSN(store.AppRole, database)); err != nil {
		return nil, err
	}
	a.db.SetMaxOpenConns(s.cfg.PageConnections)
	a.db.SetMaxIdleConns(s.cfg.PageConnections)
	if a.owner, err = a.db.PrepareContext(ctx, anchorOwner); err != nil {
		return nil, fmt.Errorf("prepare the anchor: %w", err)
	}
	if a.documents, err = a.db.PrepareContext(ctx, anchorDocuments); err != nil {
		return nil, fmt.Errorf("prepare the anchor: %w", err)
	}
	return a, nil
}

func anchorPages(base string) subject {
	page := subject{name: "anchor", mark: "<tr>", marks: 50}
	for owner := 1; owner <= 10; owner++ {
		page.urls = append(page.urls, fmt.Sprintf("%s/anchor/%d", base, owner))
	}
	return page
}

// ServeHTTP answers /anchor/{owner}.
func (a *anchor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := a.serve(w, r); err != nil {
		log.ErrorContext(r.Context(), "anchor", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
	}
}

func (a *anchor) serve(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("owner"), 10, 64)
	if err != nil {
		return err
	}
	var owner string
	if err := a.owner.QueryRowContext(r.Context(), id).Scan(&owner); err != nil {
		return err
	}
	list, err := a.read(r.Context(), id)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := anchorPage(owner, list).Render(r.Context(), &page); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write(page.Bytes())
	return err
}

func (a *anchor) read(ctx context.Context, owner int64) (list []anchorRow, err error) {
	rows, err := a.documents.QueryContext(ctx, owner)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d anchorRow
		if err := rows.Scan(&d.id, &d.day, &d.number, &d.company, &d.status, &d.sum); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

func barePage(base string) subject {
	return subject{name: "bare handler", urls: []string{base + "/bare"}, mark: "<p>", marks: 300}
}

// bare answers with the same bytes every time.
func bare(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(bareBytes)
}

var bareBytes = bytes.Repeat([]byte("<p>The same for everybody.</p>\n"), 300)
