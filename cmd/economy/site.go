package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store/localdb"
	"acts24/store/schema"
	"acts24/store/storetest"
)

const database = "acts24"

// site is replicas of the program with their database and world.
type site struct {
	server   *localdb.Server
	db       *sql.DB // as superuser, to whom row-level security does not apply
	world    *apptest.World
	cfg      app.Config // of the replicas, except their addresses
	replicas []*apptest.Process
	cleanups []func()
}

// options describe a site.
type options struct {
	portals, replicas int
	changePortal      func(*bitrix24test.Config) // changes each portal; may be nil
	configure         func(*app.Config)          // changes the configuration of the program; may be nil
}

// openSite starts the database, the world and the replicas, and installs the app on every portal, each with its own account at SBIS.
func openSite(ctx context.Context, program string, o options) (s *site, err error) {
	s = &site{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if err := s.openDatabase(ctx); err != nil {
		return s, err
	}
	addr, err := apptest.FindAddress()
	if err != nil {
		return s, err
	}
	var change []func(*bitrix24test.Config)
	if o.changePortal != nil {
		change = append(change, o.changePortal)
	}
	s.world = apptest.NewWorld(s, "http://"+addr, o.portals, change...)
	cfg := s.world.Config(s.server.DSN(schema.AppRole, database), 1)
	cfg.Reconcile = time.Hour // would add its own calls to those that are measured
	cfg.JobConnections, cfg.LogLevel = 8, 8
	if o.configure != nil {
		o.configure(&cfg)
	}
	s.cfg = cfg
	for n := range o.replicas {
		cfg.Addr = addr
		if n > 0 {
			if cfg.Addr, err = apptest.FindAddress(); err != nil {
				return s, err
			}
		}
		r, err := apptest.StartProcess(ctx, program, cfg)
		if err != nil {
			return s, err
		}
		s.replicas = append(s.replicas, r)
	}
	return s, s.connect(ctx)
}

func (s *site) openDatabase(ctx context.Context) (err error) {
	if s.server, err = localdb.Temp(ctx); err != nil {
		return err
	}
	if err := schema.Provision(ctx, s.server.DSN(localdb.Superuser, localdb.Superuser), database); err != nil {
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

// connect installs the app on every portal, some portals at once, and waits until their deals are copied.
func (s *site) connect(ctx context.Context) error {
	work := make(chan int, len(s.world.Portals))
	for n := range s.world.Portals {
		s.world.SBIS.AddAccount(apptest.Account(n))
		work <- n
	}
	close(work)
	errs := make([]error, len(s.world.Portals))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for n := range work {
				errs[n] = apptest.ConnectTo(apptest.Account(n), s.world.Portals[n], s.world.AppURL, apptest.OurCompany)
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return s.await(ctx, 5*time.Minute, `SELECT (SELECT count(*) FROM backfills WHERE NOT done) + (SELECT count(*) FROM tasks)`)
}

// await waits until a query returns zero.
func (s *site) await(ctx context.Context, timeout time.Duration, query string, args ...any) error {
	left := -1
	for until := time.Now().Add(timeout); time.Now().Before(until) && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		if err := s.db.QueryRowContext(ctx, query, args...).Scan(&left); err != nil {
			return fmt.Errorf("%.60s: %w", query, err)
		}
		if left == 0 {
			return nil
		}
	}
	return fmt.Errorf("%.80s: still %d after %v", query, left, timeout)
}

// exec runs statements.
func (s *site) exec(ctx context.Context, query string, args ...any) error {
	if _, err := s.db.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("%.60s: %w", query, err)
	}
	return nil
}

// portalID returns the id of the n-th portal in the database.
func (s *site) portalID(ctx context.Context, n int) (id int64, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT id FROM portals WHERE member_id = $1`, s.world.Portals[n].MemberID()).Scan(&id)
	return id, err
}

// cpu returns the processor time that the replicas have used.
func (s *site) cpu() (sum time.Duration, err error) {
	for _, r := range s.replicas {
		used, err := r.CPU()
		if err != nil {
			return 0, err
		}
		sum += used
	}
	return sum, nil
}

func (s *site) close() (err error) {
	for _, r := range s.replicas {
		err = errors.Join(err, r.Stop())
	}
	for _, f := range slices.Backward(s.cleanups) {
		f()
	}
	if s.db != nil {
		err = errors.Join(err, s.db.Close())
	}
	if s.server != nil {
		err = errors.Join(err, s.server.Stop(context.Background()))
	}
	return err
}

// Helper, Cleanup and Fatalf implement apptest.TB.
func (s *site) Helper() {}

// Cleanup registers a function to be called at the end.
func (s *site) Cleanup(f func()) { s.cleanups = append(s.cleanups, f) }

// Fatalf ends the program; it is called only while the world is being opened.
func (s *site) Fatalf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "economy: "+format+"\n", args...)
	os.Exit(2)
}
