package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store"
	"acts24/store/localdb"
)

const database = "acts24"

// stage is what is measured and the world around it.
type stage struct {
	server   *localdb.Server
	super    *sql.DB // as the superuser, to whom no policy applies
	world    *apptest.World
	cfg      app.Config // of the program as it is measured
	visits   []string   // Cookie headers
	deals    []string   // addresses of deal tabs
	acts     []string   // addresses of act pages
	cleanups []func()
}

// log keeps what is worth a look; the bench itself speaks through its table.
var log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))

// open brings up the database and a world of so many portals, and has f work in it while the whole program runs, its waiting constants
// shortened by factor.
func (s *stage) open(ctx context.Context, portals int, factor float64, f func(context.Context) error) (err error) {
	defer recoverFailure(&err)
	if err := s.openDatabase(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	enterprise := func(c *bitrix24test.Config) {
		c.License, c.Limits = "ru_ent250", bitrix24test.Limits{Burst: 250, PerSecond: 5}
	}
	s.world = apptest.NewWorld(s, "http://"+listener.Addr().String(), portals, enterprise)
	dsn := s.server.DSN(store.AppRole, database)
	s.cfg = s.world.Config(dsn, 1)
	hurried := s.world.Config(dsn, factor)
	hurried.Keys, hurried.SessionKeys = s.cfg.Keys, s.cfg.SessionKeys
	return s.whileServing(ctx, hurried, listener, f)
}

func (s *stage) openDatabase(ctx context.Context) (err error) {
	if s.server, err = localdb.Temp(ctx); err != nil {
		return err
	}
	if err := store.Provision(ctx, s.server.DSN(localdb.Superuser, localdb.Superuser), database); err != nil {
		return err
	}
	if err := store.Migrate(ctx, s.server.DSN(store.OwnerRole, database)); err != nil {
		return err
	}
	s.super, err = sql.Open("postgres", s.server.DSN(localdb.Superuser, database))
	return err
}

// whileServing runs the whole program in this process as long as f works.
func (s *stage) whileServing(ctx context.Context, cfg app.Config, listener net.Listener, f func(context.Context) error) error {
	a, err := app.New(ctx, cfg, time.Now, log)
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- a.Serve(serving, listener) }()
	err = f(ctx)
	stop()
	if served := <-done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, a.Close())
}

// exec changes something behind the program's back.
func (s *stage) exec(ctx context.Context, query string) error {
	if _, err := s.super.ExecContext(ctx, query); err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	return nil
}

// failure is what the world could not do.
type failure string

func recoverFailure(err *error) {
	switch f := recover().(type) {
	case nil:
	case failure:
		*err = errors.New(string(f))
	default:
		panic(f)
	}
}

// Helper, Cleanup and Fatalf make the stage what apptest asks for.
func (s *stage) Helper() {}

// Cleanup keeps what is to be done at the end.
func (s *stage) Cleanup(f func()) { s.cleanups = append(s.cleanups, f) }

// Fatalf gives up.
func (s *stage) Fatalf(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }

// close ends the world, then the database. A bench that was cut off gets here too.
func (s *stage) close() error {
	err := s.endWorld()
	if s.super != nil {
		err = errors.Join(err, s.super.Close())
	}
	if s.server != nil {
		err = errors.Join(err, s.server.Stop(context.Background()))
	}
	return err
}

func (s *stage) endWorld() (err error) {
	defer recoverFailure(&err)
	for _, end := range slices.Backward(s.cleanups) {
		end()
	}
	return nil
}
