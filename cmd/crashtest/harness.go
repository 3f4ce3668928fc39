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
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store/localdb"
	"acts24/store/schema"
	"acts24/store/storetest"
)

const database = "acts24"

// harness holds the replicas of the program and their environment.
type harness struct {
	plan        plan
	dir         string // of the program and its logs
	server      *localdb.Server
	db          *sql.DB // as superuser, to whom row-level security does not apply
	world       *apptest.World
	nemesis     *nemesis
	proxy       *proxy
	balancer    *balancer
	replicas    []*replica
	callTimeout time.Duration
	outages     *outages
	usage       usage
	numbers     sync.Map // number of a portal in the world by its id in the database

	lastPending string // what was waited for last
	expired     struct{ tokens, sessions int }
	cleanups    []func()
}

// openHarness starts the database, the world and the replicas, and installs the app on every portal.
func openHarness(ctx context.Context, p plan) (s *harness, err error) {
	s = &harness{plan: p, nemesis: newNemesis(p.seed, p.only, time.Duration(p.factor*float64(75*time.Second)))}
	s.nemesis.rate = p.rate()
	s.outages = &outages{harness: s}
	defer func() {
		if err != nil {
			s.close(false)
		}
	}()
	if s.dir, err = os.MkdirTemp("", "acts24-crashtest-"); err != nil {
		return s, fmt.Errorf("make a folder: %w", err)
	}
	build := exec.CommandContext(ctx, "go", "build", "-overlay", p.overlay, "-o", s.program(), "acts24/cmd/actsd")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		return s, fmt.Errorf("build actsd: %w", err)
	}
	if err := s.openDatabase(ctx); err != nil {
		return s, err
	}
	if err := s.openWorld(); err != nil {
		return s, err
	}
	if err := s.startReplicas(); err != nil {
		return s, err
	}
	return s, s.connect(ctx)
}

func (s *harness) program() string { return filepath.Join(s.dir, "actsd") }

func (s *harness) openDatabase(ctx context.Context) (err error) {
	if err := s.startServer(ctx); err != nil {
		return err
	}
	superuser := s.server.DSN(localdb.Superuser, localdb.Superuser)
	if err := schema.Provision(ctx, superuser, database); err != nil {
		return err
	}
	if err := schema.Migrate(ctx, s.server.DSN(schema.OwnerRole, database)); err != nil {
		return err
	}
	if s.db, err = sql.Open("postgres", s.server.DSN(localdb.Superuser, database)); err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, storetest.NumberedKeys)
	return err
}

// startServer starts a throwaway PostgreSQL, or one that keeps its data through outages.
func (s *harness) startServer(ctx context.Context) (err error) {
	if s.plan.restarts+s.plan.full == 0 {
		s.server, err = localdb.Temp(ctx)
		return err
	}
	dir, err := s.databaseDir()
	if err != nil {
		return err
	}
	s.server, err = localdb.Start(ctx, localdb.Options{Dir: dir, Durable: true, MaxConnections: 100})
	return err
}

// Helper, Cleanup and Fatalf implement apptest.TB.
func (s *harness) Helper() {}

// Cleanup registers a function to be called at the end.
func (s *harness) Cleanup(f func()) { s.cleanups = append(s.cleanups, f) }

// Fatalf panics; it is called only while the harness is being opened.
func (s *harness) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// openWorld starts portals and SBIS under host names that only the replicas' proxies resolve.
func (s *harness) openWorld() (err error) {
	if s.balancer, err = newBalancer(); err != nil {
		return err
	}
	enterprise := func(c *bitrix24test.Config) {
		c.License, c.Limits = "ru_ent250", bitrix24test.Limits{Burst: 250, PerSecond: 5}
		c.Mailbox = "ООО «Исполнитель» <office@example.ru>"
	}
	s.world = apptest.NewWorld(s, s.balancer.url(), s.plan.portals, enterprise)
	s.world.Grow(s.plan.dealsOfManagers() + s.plan.robotDeals())
	s.callTimeout = s.world.Config("", s.plan.factor).CallTimeout
	s.proxy = newProxy(s.nemesis, s.callTimeout, s.plan.rate())
	for n, p := range s.world.Portals {
		host := fmt.Sprintf("portal-%d.crashtest", n)
		p.SetURL("http://" + host)
		s.proxy.hosts[host] = p
		s.world.SBIS.AddAccount(accountOf(n))
	}
	s.world.Cloud.SetURL(s.world.Portals[0].URL())
	s.world.SBIS.SetURL("http://" + sbisHost)
	s.proxy.hosts[sbisHost] = s.world.SBIS
	return nil
}

// close ends everything. The replicas' logs are kept after a run with violations.
func (s *harness) close(clean bool) {
	s.nemesis.allowKills(0)
	s.stopReplicas()
	var errs []error
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	if s.server != nil {
		errs = append(errs, s.server.Stop(context.Background()))
	}
	for _, f := range slices.Backward(s.cleanups) { // the folder of the server among them
		f()
	}
	if clean && !s.plan.keep {
		errs = append(errs, os.RemoveAll(s.dir))
	} else if s.dir != "" {
		fmt.Fprintln(os.Stderr, "crashtest: the logs of the replicas are in", s.dir)
	}
	if err := errors.Join(errs...); err != nil {
		fmt.Fprintln(os.Stderr, "crashtest:", err)
	}
}
