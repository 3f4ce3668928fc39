package main

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
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

// lastUnrestricted is the largest id of an employee who sees all acts; those with larger ids see only the acts of three colleagues (fill.sql).
const lastUnrestricted acts.UserID = 1000

var log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))

// tenant is a portal with many acts.
type tenant struct {
	name               string
	acts               int
	portal             acts.PortalID
	visits, restricted []string // of employees who see all acts, and of those who see the acts of three colleagues
}

var tenantNames = [3]string{"10 k", "1 M", "8.5 M"}

// tenantsOf returns the measured portals of a table: of ten million acts the largest has eight and a half million.
func tenantsOf(table int) []tenant {
	return []tenant{{name: tenantNames[0], acts: max(table/1000, 200)}, {name: tenantNames[1], acts: max(table/10, 200)}, {name: tenantNames[2], acts: max(table/100*85, 200)}}
}

// harness is the database with the program that uses it.
type harness struct {
	tenants []tenant
	server  *localdb.Server
	super   *sql.DB // as superuser, to whom row-level security does not apply
	pool    *store.DB
	cfg     app.Config
	outside *httptest.Server // replaces every remote system that the program could call
	ends    []func() error   // what close does, the last first
}

// open starts the database, fills the table if it does not exist, and creates visits.
func (h *harness) open(ctx context.Context, table int) (err error) {
	h.outside = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	h.ends = append(h.ends, func() error { h.outside.Close(); return nil })
	if h.server, err = localdb.Start(ctx, localdb.Options{Dir: tenantsDir, Durable: true, MaxConnections: 100}); err != nil {
		return err
	}
	h.ends = append(h.ends, func() error { return h.server.Stop(context.Background()) })
	h.cfg = app.Config{Addr: "127.0.0.1:0", PublicURL: h.outside.URL, DatabaseURL: h.server.DSN(schema.AppRole, database), ClientID: "bench", ClientSecret: "bench",
		AuthURL: h.outside.URL, SBISURL: h.outside.URL, Keys: "b:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", SessionKeys: base64.StdEncoding.EncodeToString([]byte(strings.Repeat("0123456789abcdef", 4))), AllowPlain: true, AllowRoot: true,
		CallTimeout: time.Minute, Window: 75 * time.Second, Lease: 90 * time.Second, PageTimeout: 10 * time.Second, PageConnections: 8, JobConnections: 8, StatementTimeout: 2 * time.Second}
	keys, err := store.ParseKeys(h.cfg.Keys)
	if err != nil {
		return err
	}
	if h.pool, err = store.Open(h.cfg.DatabaseURL, keys, store.Options{Connections: 16}); err != nil {
		return err
	}
	h.ends = append(h.ends, h.pool.Close)
	if h.super, err = sql.Open("postgres", h.server.DSN(localdb.Superuser, database)); err != nil {
		return err
	}
	h.super.SetMaxOpenConns(1) // settings of the session apply to all its statements
	h.ends = append(h.ends, h.super.Close)
	if err := h.fill(ctx, table); err != nil {
		return err
	}
	for i := range h.tenants {
		t := &h.tenants[i]
		err := h.super.QueryRowContext(ctx, `SELECT id FROM portals WHERE member_id = $1`, member(i)).Scan(&t.portal)
		if err != nil {
			return fmt.Errorf("the portal with %s acts: %w", t.name, err)
		}
		for first, to := range map[acts.UserID]*[]string{1: &t.visits, lastUnrestricted + 1: &t.restricted} {
			if *to, err = h.visitsOf(ctx, t.portal, first); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *harness) close() (err error) {
	for _, end := range slices.Backward(h.ends) {
		err = errors.Join(err, end())
	}
	return err
}

// visitsOf returns visits of consecutive employees of a portal, beginning with first.
func (h *harness) visitsOf(ctx context.Context, portal acts.PortalID, first acts.UserID) (ids []string, err error) {
	err = h.pool.InTx(ctx, portal, func(tx store.Tx) error {
		for i := range visits {
			id, err := tx.Visits().Add(ctx, people.NewVisit{User: first + acts.UserID(i%employees), UserName: "Сотрудник", Token: "t", TokenFor: time.Hour, VisitFor: time.Hour})
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	if err == nil { // there is no portal that could confirm the visitors after ten minutes
		_, err = h.super.ExecContext(ctx, `UPDATE visits SET admin_asked = 'infinity' WHERE portal_id = $1`, portal)
	}
	return ids, err
}
