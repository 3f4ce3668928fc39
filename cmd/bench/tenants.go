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
	tenantsDir = "data/bench" // of the database, which keeps the table between runs

	smallTenants, smallActs          = 390, 1000 // in addition to the measured tenants
	employeesPerTenant, ownCompanies = 20, 8     // employees and own companies of a tenant
	visitsPerTenant                  = 50        // number of visits that request a page in turn
)

// lastUnrestrictedUser is the largest id of an employee who sees all acts; those with larger ids see only the acts of three colleagues (fill.sql).
const lastUnrestrictedUser acts.UserID = 1000

var log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))

// tenant is a portal with many acts.
type tenant struct {
	name               string
	acts               int
	portal             acts.PortalID
	visits, restricted []string // of employees who see all acts, and of those who see the acts of three colleagues
}

// tenantNames are the names of the measured tenants by their acts in a table of ten million.
var tenantNames = [3]string{"10 k", "1 M", "8.5 M"}

// tenantsOf returns the measured portals of a table: of ten million acts the largest has eight and a half million.
func tenantsOf(actCount int) []tenant {
	return []tenant{{name: tenantNames[0], acts: max(actCount/1000, 200)}, {name: tenantNames[1], acts: max(actCount/10, 200)}, {name: tenantNames[2], acts: max(actCount/100*85, 200)}}
}

// harness is the database with the program that uses it.
type harness struct {
	tenants    []tenant
	server     *localdb.Server
	superuser  *sql.DB // connects as superuser, to whom row-level security does not apply
	store      *store.DB
	cfg        app.Config
	remoteStub *httptest.Server // replaces every remote system that the program could call
	closers    []func() error   // what close does, the last first
}

// open starts the database, connects to it, fills the table if it does not exist, and adds visits.
func (h *harness) open(ctx context.Context, actCount int) (err error) {
	h.remoteStub = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	h.closers = append(h.closers, func() error { h.remoteStub.Close(); return nil })
	if err := h.connect(ctx); err != nil {
		return err
	}
	if err := h.fill(ctx, actCount); err != nil {
		return err
	}
	for i := range h.tenants {
		t := &h.tenants[i]
		err := h.superuser.QueryRowContext(ctx, `SELECT id FROM portals WHERE member_id = $1`, memberID(i)).Scan(&t.portal)
		if err != nil {
			return fmt.Errorf("find the portal with %s acts: %w", t.name, err)
		}
		for first, to := range map[acts.UserID]*[]string{1: &t.visits, lastUnrestrictedUser + 1: &t.restricted} {
			if *to, err = h.addVisits(ctx, t.portal, first); err != nil {
				return err
			}
		}
	}
	return nil
}

// connect starts the database and connects to it as the program and as the superuser.
func (h *harness) connect(ctx context.Context) (err error) {
	if h.server, err = localdb.Start(ctx, localdb.Options{Dir: tenantsDir, Durable: true, MaxConnections: 100}); err != nil {
		return err
	}
	h.closers = append(h.closers, func() error { return h.server.Stop(context.Background()) })
	h.cfg = h.config()
	keys, err := store.ParseKeys(h.cfg.Keys)
	if err != nil {
		return err
	}
	if h.store, err = store.Open(h.cfg.DatabaseURL, keys, store.Options{Connections: 16}); err != nil {
		return err
	}
	h.closers = append(h.closers, h.store.Close)
	if h.superuser, err = sql.Open("postgres", h.server.DSN(localdb.Superuser, database)); err != nil {
		return err
	}
	h.superuser.SetMaxOpenConns(1) // settings of the session apply to all its statements
	h.closers = append(h.closers, h.superuser.Close)
	return nil
}

// config returns the configuration of the program, whose remote systems are all replaced.
func (h *harness) config() app.Config {
	return app.Config{
		Addr: "127.0.0.1:0", PublicURL: h.remoteStub.URL, AllowPlain: true, AllowRoot: true,
		DatabaseURL: h.server.DSN(schema.AppRole, database), PageConnections: 8, JobConnections: 8, StatementTimeout: 2 * time.Second,
		ClientID: "bench", ClientSecret: "bench", AuthURL: h.remoteStub.URL, SBISURL: h.remoteStub.URL,
		Keys: "b:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", SessionKeys: base64.StdEncoding.EncodeToString([]byte(strings.Repeat("0123456789abcdef", 4))),
		CallTimeout: time.Minute, Window: 75 * time.Second, Lease: 90 * time.Second, PageTimeout: 10 * time.Second,
	}
}

// close ends what open has started.
func (h *harness) close() (err error) {
	for _, closer := range slices.Backward(h.closers) {
		err = errors.Join(err, closer())
	}
	return err
}

// addVisits adds visits of consecutive employees of a portal, beginning with first, and returns their ids.
func (h *harness) addVisits(ctx context.Context, portal acts.PortalID, first acts.UserID) (ids []string, err error) {
	err = h.store.InTx(ctx, portal, func(tx store.Tx) error {
		for i := range visitsPerTenant {
			id, err := tx.Visits().Add(ctx, people.NewVisit{User: first + acts.UserID(i%employeesPerTenant), UserName: "Сотрудник", Token: "t", TokenFor: time.Hour, VisitFor: time.Hour})
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	if err == nil { // there is no portal that could confirm the visitors after ten minutes
		_, err = h.superuser.ExecContext(ctx, `UPDATE visits SET admin_asked = 'infinity' WHERE portal_id = $1`, portal)
	}
	return ids, err
}
