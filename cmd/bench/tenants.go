package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"acts24/acts"
	"acts24/cmd/app"
	"acts24/store"
	"acts24/store/localdb"
	"acts24/store/people"
	"acts24/store/schema"
)

const (
	database   = "acts24"
	tenantsDir = "data/bench" // keeps the table between runs

	smallTenants, smallActs = 390, 1000 // in addition to the measured tenants
	employees, owners       = 20, 8     // employees and own companies of a tenant
	visits                  = 50        // number of visits that request a page in turn
)

// confined is the last id before the employees who see only the acts of three colleagues; those before it see all.
const confined acts.UserID = 1000

// sessionKeys sign cookies, which are not used here: visits are sent in a header.
const sessionKeys = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMw=="

var log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))

// tenant is a portal with many acts.
type tenant struct {
	name   string
	acts   int
	portal acts.PortalID
}

// tenantsOf returns the measured portals of a table: of ten million acts the largest has eight and a half million.
func tenantsOf(table int) []tenant {
	return []tenant{{name: "10 k", acts: max(table/1000, 200)}, {name: "1 M", acts: max(table/10, 200)}, {name: "8.5 M", acts: max(table/100*85, 200)}}
}

// hall is the database with the program that uses it.
type hall struct {
	tenants []tenant
	server  *localdb.Server
	super   *sql.DB // as superuser, to whom row-level security does not apply
	cfg     app.Config
	outside *httptest.Server // replaces every remote system that the program could call
}

// open starts the database, fills the table if it does not exist, and creates visits.
func (h *hall) open(ctx context.Context, table int) (err error) {
	h.outside = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	dir, err := filepath.Abs(tenantsDir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if h.server, err = localdb.Start(ctx, localdb.Options{Dir: dir, Durable: true, MaxConnections: 100}); err != nil {
		return err
	}
	h.cfg = app.Config{Addr: "127.0.0.1:0", PublicURL: h.outside.URL, DatabaseURL: h.server.DSN(schema.AppRole, database), ClientID: "bench", ClientSecret: "bench",
		AuthURL: h.outside.URL, SBISURL: h.outside.URL, Keys: "b:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", SessionKeys: sessionKeys, AllowPlain: true,
		CallBound: time.Minute, Window: 75 * time.Second, Lease: 90 * time.Second, PageBound: 10 * time.Second, PageConnections: 8, JobConnections: 8}
	if err := h.fill(ctx, table); err != nil {
		return err
	}
	if h.super, err = sql.Open("postgres", h.server.DSN(localdb.Superuser, database)); err != nil {
		return err
	}
	for i := range h.tenants {
		if err := h.super.QueryRowContext(ctx, `SELECT id FROM portals WHERE member_id = $1`, member(i)).Scan(&h.tenants[i].portal); err != nil {
			return fmt.Errorf("the portal with %s acts: %w", h.tenants[i].name, err)
		}
	}
	return nil
}

func (h *hall) close() error {
	var errs []error
	if h.super != nil {
		errs = append(errs, h.super.Close())
	}
	if h.server != nil {
		errs = append(errs, h.server.Stop(context.Background()))
	}
	h.outside.Close()
	return errors.Join(errs...)
}

func (h *hall) store() (*store.DB, error) {
	keys, err := store.ParseKeys(h.cfg.Keys)
	if err != nil {
		return nil, err
	}
	return store.Open(h.cfg.DatabaseURL, keys, store.Options{Connections: 16})
}

// visitsOf returns visits of consecutive employees of a portal, beginning with first.
func (h *hall) visitsOf(ctx context.Context, portal acts.PortalID, first acts.UserID) (ids []string, err error) {
	db, err := h.store()
	if err != nil {
		return nil, err
	}
	defer db.Close()
	err = db.InTx(ctx, portal, func(tx store.Tx) error {
		for i := range visits {
			id, err := tx.Visits().Add(ctx, people.NewVisit{User: first + acts.UserID(i%employees), UserName: "Сотрудник", Token: "t", TokenFor: time.Hour, VisitFor: time.Hour})
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids, err
}
