package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/cmd/crashtest/wire"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store/localdb"
	"acts24/store/schema"
	"acts24/store/storetest"
)

const database = "acts24"

// The default settings of the program that are multiplied by the factor here.
const (
	callWindow        = 75 * time.Second // how long a remote system may still execute a call (ACTS_CALL_WINDOW)
	reconcileInterval = 5 * time.Minute  // between two comparisons with the CRM (ACTS_RECONCILE_INTERVAL)
	probeInterval     = 5 * time.Minute  // between two calls of a system that does not answer (ACTS_PROBE)
)

// harness holds the replicas of the program and their environment.
type harness struct {
	plan          plan
	dir           string // of the program and its logs
	server        *localdb.Server
	db            *sql.DB // as superuser, to whom row-level security does not apply
	world         *apptest.World
	nemesis       *nemesis
	proxy         *wire.Proxy
	balancer      *balancer
	replicas      []*replica
	callTimeout   time.Duration // of a remote call
	outages       *outages
	usage         usage
	portalNumbers sync.Map // number of a portal in the world by its id in the database

	lastPending string                                  // what settle waited for last
	expired     struct{ tokens, sessions atomic.Int64 } // how often the tokens of a portal and the sessions of an account were ended
	cleanups    []func()
}

// openHarness starts the database, the world and the replicas, and installs the app on every portal.
func openHarness(ctx context.Context, p plan) (h *harness, err error) {
	h = &harness{plan: p, nemesis: newNemesis(p.seed, p.killPoints, time.Duration(p.factor*float64(callWindow)))}
	h.nemesis.rate = p.rate()
	h.outages = &outages{harness: h}
	defer func() {
		if err != nil {
			h.close(false)
		}
	}()
	if h.dir, err = os.MkdirTemp("", "acts24-crashtest-"); err != nil {
		return h, fmt.Errorf("make a folder: %w", err)
	}
	build := exec.CommandContext(ctx, "go", "build", "-overlay", p.overlay, "-o", h.program(), "acts24/cmd/actsd")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		return h, fmt.Errorf("build actsd: %w", err)
	}
	if err := h.openDatabase(ctx); err != nil {
		return h, err
	}
	if err := h.openWorld(); err != nil {
		return h, err
	}
	if err := h.startReplicas(); err != nil {
		return h, err
	}
	return h, h.installApps(ctx)
}

func (h *harness) program() string { return filepath.Join(h.dir, "actsd") }

func (h *harness) openDatabase(ctx context.Context) (err error) {
	if err := h.startServer(ctx); err != nil {
		return err
	}
	superuser := h.server.DSN(localdb.Superuser, localdb.Superuser)
	if err := schema.Provision(ctx, superuser, database); err != nil {
		return err
	}
	if err := schema.Migrate(ctx, h.server.DSN(schema.OwnerRole, database)); err != nil {
		return err
	}
	if h.db, err = sql.Open("postgres", h.server.DSN(localdb.Superuser, database)); err != nil {
		return err
	}
	_, err = h.db.ExecContext(ctx, storetest.NumberedKeys)
	return err
}

// startServer starts a throwaway PostgreSQL, or one that keeps its data through outages.
func (h *harness) startServer(ctx context.Context) (err error) {
	if h.plan.restarts+h.plan.fullDisks == 0 {
		h.server, err = localdb.Temp(ctx)
		return err
	}
	dir, err := h.makeDatabaseDir()
	if err != nil {
		return err
	}
	h.server, err = localdb.Start(ctx, localdb.Options{Dir: dir, Durable: true, MaxConnections: 100})
	return err
}

// Helper, Cleanup and Fatalf implement apptest.TB.
func (h *harness) Helper() {}

// Cleanup registers a function that close calls.
func (h *harness) Cleanup(f func()) { h.cleanups = append(h.cleanups, f) }

// Fatalf panics; it is called only while the harness is being opened.
func (h *harness) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// openWorld starts portals and SBIS under host names that only the replicas' proxies resolve.
func (h *harness) openWorld() (err error) {
	if h.balancer, err = newBalancer(); err != nil {
		return err
	}
	enterprise := func(c *bitrix24test.Config) {
		c.License, c.Limits = "ru_ent250", bitrix24test.Limits{Burst: 250, PerSecond: 5}
		c.Mailbox = "ООО «Исполнитель» <office@example.ru>"
	}
	h.world = apptest.NewWorld(h, h.balancer.url(), h.plan.portals, enterprise)
	h.world.Grow(h.plan.managerDealsPerPortal() + h.plan.robotDealsPerPortal())
	h.callTimeout = h.world.Config("", h.plan.factor).CallTimeout
	h.proxy = wire.NewProxy(h.nemesis, h.callTimeout, h.plan.rate())
	for n, p := range h.world.Portals {
		host := fmt.Sprintf("portal-%d.crashtest", n)
		p.SetURL("http://" + host)
		h.proxy.AddHost(host, p)
		h.world.SBIS.AddAccount(accountOf(n))
	}
	h.world.Cloud.SetURL(h.world.Portals[0].URL())
	h.world.SBIS.SetURL("http://" + wire.SBISHost)
	h.proxy.AddHost(wire.SBISHost, h.world.SBIS)
	return nil
}

// close ends the replicas, the database and the world, and deletes their files. The logs of the replicas are kept after a run with violations.
func (h *harness) close(clean bool) {
	h.nemesis.endFaults()
	h.stopReplicas()
	var errs []error
	if h.db != nil {
		errs = append(errs, h.db.Close())
	}
	if h.server != nil {
		errs = append(errs, h.server.Stop(context.Background()))
	}
	for _, f := range slices.Backward(h.cleanups) { // the folder of the server among them
		f()
	}
	if clean && !h.plan.keepLogs {
		errs = append(errs, os.RemoveAll(h.dir))
	} else if h.dir != "" {
		fmt.Fprintln(os.Stderr, "crashtest: the logs of the replicas are in", h.dir)
	}
	if err := errors.Join(errs...); err != nil {
		fmt.Fprintln(os.Stderr, "crashtest:", err)
	}
}
