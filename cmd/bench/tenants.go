package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"acts24/acts"
	"acts24/cmd/app"
	"acts24/store"
	"acts24/store/localdb"
)

// tenantsDir keeps the large table between runs: filling it takes minutes.
const tenantsDir = "data/bench"

// tenant is a portal with many acts.
type tenant struct {
	name   string
	share  float64 // of all acts of the table
	acts   int
	portal acts.PortalID
}

// small tenants stand beside the measured ones.
const smallTenants, smallActs = 390, 1000

// tenantsOf are the measured portals of a table of so many acts in all: of ten millions, the largest has eight and a half.
func tenantsOf(table int) []tenant {
	list := []tenant{{name: "10 k", share: 0.001}, {name: "100 k", share: 0.01}, {name: "1 M", share: 0.1}, {name: "8.5 M", share: 0.85}}
	for i, t := range list {
		list[i].acts = max(int(float64(table)*t.share), 200)
	}
	return list
}

// hall is the large table with the program over it. Portals that its pages would call are counted.
type hall struct {
	stage
	tenants []tenant
	calls   atomic.Int64
	portals *httptest.Server
}

// measureTenants fills the large table when it is not there, and measures the pages of every tenant in it.
func measureTenants(ctx context.Context, p plan, r *report) (err error) {
	h := &hall{tenants: tenantsOf(p.table)}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.open(ctx, p); err != nil {
		return err
	}
	say("form acts")
	if err := h.measureForming(ctx, p, r); err != nil {
		return err
	}
	say("count statements, bytes and blocks of the lists")
	if err := h.measureLists(ctx, r); err != nil {
		return err
	}
	if err := h.measurePlans(ctx, r); err != nil {
		return err
	}
	say("load the lists")
	if err := h.measureGrowth(ctx, p, r); err != nil {
		return err
	}
	r.add(line{what: "lists, calls to the portal", value: float64(h.calls.Load()), never: true})
	return nil
}

// open brings up a durable server, the program's configuration and a portal that only counts.
func (h *hall) open(ctx context.Context, p plan) (err error) {
	h.portals = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h.calls.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	h.cleanups = append(h.cleanups, h.portals.Close)
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
	keys := "b:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
	h.cfg = app.Config{Addr: "127.0.0.1:0", PublicURL: h.portals.URL, DatabaseURL: h.server.DSN(store.AppRole, database), ClientID: "bench", ClientSecret: "bench",
		AuthURL: h.portals.URL, SBISURL: h.portals.URL, Keys: keys, SessionKeys: sessionKeys, AllowPlain: true,
		CallBound: time.Minute, Window: 75 * time.Second, Lease: 90 * time.Second, PageBound: 10 * time.Second, PageConnections: 8, JobConnections: 8}
	if err := h.fill(ctx, p.table); err != nil {
		return err
	}
	if h.super, err = sql.Open("postgres", h.server.DSN(localdb.Superuser, database)); err != nil {
		return err
	}
	return h.welcome(ctx)
}

// sessionKeys sign cookies that nobody uses here: visits travel in a header.
const sessionKeys = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMw=="

// welcome opens fifty visits in every measured portal.
func (h *hall) welcome(ctx context.Context) error {
	db, err := h.store()
	if err != nil {
		return err
	}
	defer db.Close()
	for i, t := range h.tenants {
		if err := h.super.QueryRowContext(ctx, `SELECT id FROM portals WHERE member_id = $1`, member(i)).Scan(&h.tenants[i].portal); err != nil {
			return fmt.Errorf("the portal with %s acts: %w", t.name, err)
		}
		if _, err := h.super.ExecContext(ctx, confine, h.tenants[i].portal, confined, employees); err != nil {
			return fmt.Errorf("people of the portal with %s acts: %w", t.name, err)
		}
	}
	return nil
}

// confined comes before the visitors who see only the acts of three colleagues.
const confined acts.UserID = 1000

const confine = `INSERT INTO people (portal_id, user_id, sees) SELECT $1, $2 + n, '{7,8,9}' FROM generate_series(1, $3) n ON CONFLICT DO NOTHING`

func (h *hall) store() (*store.DB, error) {
	keys, err := store.ParseKeys(h.cfg.Keys)
	if err != nil {
		return nil, err
	}
	return store.Open(h.cfg.DatabaseURL, keys, store.Options{Connections: 16})
}

// visitsOf are so many visits of people of a portal, who follow one another from the first.
func (h *hall) visitsOf(ctx context.Context, portal acts.PortalID, first acts.UserID, n int) (ids []string, err error) {
	db, err := h.store()
	if err != nil {
		return nil, err
	}
	defer db.Close()
	err = db.InTx(ctx, portal, func(tx store.Tx) error {
		for i := range n {
			id, err := tx.AddVisit(ctx, store.NewVisit{User: first + acts.UserID(i%employees), UserName: "Сотрудник", Token: "t", TokenFor: time.Hour, VisitFor: time.Hour})
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids, err
}
