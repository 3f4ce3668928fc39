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
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store"
	"acts24/store/localdb"
)

const database = "acts24"

// stage is everything that a run needs: the program's replicas and the world around them.
type stage struct {
	plan     plan
	dir      string // of the program and its logs
	server   *localdb.Server
	db       *sql.DB // as the superuser, to whom no policy applies
	world    *apptest.World
	nemesis  *nemesis
	outside  *outside
	front    *front
	replicas []*replica
	bound    time.Duration

	lastUnrest string // what was waited for last
	expired    struct{ tokens, sessions int }
	cleanups   []func()
}

// openStage brings up the database, the world and the replicas, and installs the app on every portal.
func openStage(ctx context.Context, p plan) (s *stage, err error) {
	s = &stage{plan: p, nemesis: newNemesis(p.seed, p.only)}
	defer func() {
		if err != nil {
			s.close(false)
		}
	}()
	if s.dir, err = os.MkdirTemp("", "acts24-judge-"); err != nil {
		return s, fmt.Errorf("make a folder: %w", err)
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", s.program(), "acts24/cmd/actsd")
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
	return s, s.connect()
}

func (s *stage) program() string { return filepath.Join(s.dir, "actsd") }

func (s *stage) openDatabase(ctx context.Context) (err error) {
	if s.server, err = localdb.Temp(ctx); err != nil {
		return err
	}
	superuser := s.server.DSN(localdb.Superuser, localdb.Superuser)
	if err := store.Provision(ctx, superuser, database); err != nil {
		return err
	}
	if err := store.Migrate(ctx, s.server.DSN(store.OwnerRole, database)); err != nil {
		return err
	}
	s.db, err = sql.Open("postgres", s.server.DSN(localdb.Superuser, database))
	return err
}

// Helper, Cleanup and Fatalf make the stage what apptest asks for.
func (s *stage) Helper() {}

// Cleanup keeps what is to be done at the end.
func (s *stage) Cleanup(f func()) { s.cleanups = append(s.cleanups, f) }

// Fatalf gives up before the curtain rises.
func (s *stage) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// openWorld starts portals and SBIS. They have names that only the replicas' proxies know.
func (s *stage) openWorld() (err error) {
	if s.front, err = newFront(); err != nil {
		return err
	}
	enterprise := func(c *bitrix24test.Config) {
		c.License, c.Limits = "ru_ent250", bitrix24test.Limits{Burst: 250, PerSecond: 5}
		c.Mailbox = "ООО «Исполнитель» <office@example.ru>"
	}
	s.world = apptest.NewWorld(s, s.front.url(), s.plan.portals, enterprise)
	perPortal := (s.plan.acts + s.plan.portals - 1) / s.plan.portals
	s.world.Grow((perPortal + actsPerDeal - 1) / actsPerDeal)
	s.bound = s.world.Config("", s.plan.factor).CallBound
	s.outside = newOutside(s.nemesis, s.bound)
	for n, p := range s.world.Portals {
		host := fmt.Sprintf("portal-%d.judge", n)
		p.SetURL("http://" + host)
		s.outside.hosts[host] = p
		s.world.SBIS.AddAccount(accountOf(n))
	}
	s.world.Cloud.SetURL(s.world.Portals[0].URL())
	s.world.SBIS.SetURL("http://" + sbisHost)
	s.outside.hosts[sbisHost] = s.world.SBIS
	return nil
}

// close ends everything. What the replicas logged is kept when something was wrong.
func (s *stage) close(clean bool) {
	s.nemesis.let(0)
	s.stopReplicas()
	slices.Reverse(s.cleanups)
	for _, f := range s.cleanups {
		f()
	}
	var errs []error
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	if s.server != nil {
		errs = append(errs, s.server.Stop(context.Background()))
	}
	if clean && !s.plan.keep {
		errs = append(errs, os.RemoveAll(s.dir))
	} else if s.dir != "" {
		fmt.Fprintln(os.Stderr, "judge: the logs of the replicas are in", s.dir)
	}
	if err := errors.Join(errs...); err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
	}
}
