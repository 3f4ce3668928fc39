package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"acts24/handlers"
	"acts24/handlers/web"
	"acts24/integrations/crm"
	"acts24/integrations/edo"
	"acts24/jobs"
	"acts24/store"
	"acts24/store/recovery"
	"acts24/store/reseal"
	"acts24/store/schema"
	"acts24/workflow/usecases"
)

// stopTimeout is how long a stopping process waits for requests and background work in progress, both together.
const stopTimeout = 20 * time.Second

// startRetry is the wait between two attempts of a start to reach the database.
const startRetry = time.Second

// App is the wired program before it listens.
type App struct {
	cfg       Config
	pages     *store.DB
	jobs      *store.DB
	forms     *store.DB     // for the public form
	health    *store.DB     // one connection for /readyz
	service   *usecases.All // over the pool for jobs
	scheduler *jobs.Scheduler
	handler   http.Handler
	log       *slog.Logger
	metrics   *metrics
	stopping  atomic.Bool
	grace     func(context.Context) (context.Context, context.CancelFunc) // limits the wait of a stop; tests replace it
}

// Run serves until ctx is cancelled. now returns business time; machine time is PostgreSQL's.
func Run(ctx context.Context, cfg Config, now func() time.Time, log *slog.Logger) error {
	a, err := New(ctx, cfg, now, log)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	return errors.Join(a.Serve(ctx, listener), a.Close())
}

// New connects to the database and wires the program. It waits for a database that cannot be reached, until ctx is cancelled, since a service manager
// gives up after some starts that fail. It returns an error when the schema is older than this binary.
func New(ctx context.Context, cfg Config, now func() time.Time, log *slog.Logger) (*App, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	a := &App{cfg: cfg, log: slog.New(web.LogHandler(log.Handler())), metrics: newMetrics()}
	a.grace = func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, stopTimeout)
	}
	keys, err := store.ParseKeys(cfg.Keys)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if err := a.connect(keys); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	held, err := a.examine(ctx, keys)
	for ; ctx.Err() == nil && isUnreachable(err); held, err = a.examine(ctx, keys) {
		log.WarnContext(ctx, "the database cannot be reached, the start waits for it", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(startRetry):
		}
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if held > 0 {
		log.WarnContext(ctx, "the database was restored from a backup: nothing is sent until `actsd reconcile --yes`", "portals", held)
	}
	for _, text := range cfg.warnings() {
		log.WarnContext(ctx, "configuration", "warning", text)
	}
	return a, a.wire(now)
}

// examine checks that the schema and the keys fit the database, and returns how many portals are held because it was restored from a backup.
func (a *App) examine(ctx context.Context, keys *store.Keys) (held int, err error) {
	if err := schema.CheckVersion(ctx, a.cfg.DatabaseURL); err != nil {
		return 0, err
	}
	if err := reseal.CheckKeys(ctx, a.jobs, keys); err != nil {
		return 0, err
	}
	return recovery.Detect(ctx, a.jobs)
}

// connect makes the pools of connections. None of them takes connections from another: /readyz and the public form answer whatever the
// visitors of portals do.
func (a *App) connect(keys *store.Keys) (err error) {
	for _, pool := range []struct {
		db **store.DB
		o  store.Options
	}{
		{&a.pages, store.Options{Connections: a.cfg.PageConnections, OfPortal: maxPortalConnections(a.cfg.PageConnections), StatementTimeout: a.cfg.StatementTimeout}},
		{&a.jobs, store.Options{Connections: a.cfg.JobConnections}},
		{&a.forms, store.Options{Connections: cmp.Or(a.cfg.FormConnections, 2), StatementTimeout: a.cfg.StatementTimeout}},
		{&a.health, store.Options{Connections: 1, StatementTimeout: a.cfg.StatementTimeout}},
	} {
		if *pool.db, err = store.Open(a.cfg.DatabaseURL, keys, pool.o); err != nil {
			return err
		}
	}
	return nil
}

// maxPortalConnections returns how many of the connections for pages one portal may use at a time: a quarter is left to the others.
func maxPortalConnections(connections int) int { return connections - (connections+3)/4 }

// wire creates a service over each pool: for pages, for the public form and for jobs.
func (a *App) wire(now func() time.Time) error {
	sessionKeys, err := a.cfg.sessionKeys()
	if err != nil {
		return err
	}
	timing, login := a.cfg.timing(), cmp.Or(a.cfg.Login, 40*time.Second)
	client, err := a.cfg.client()
	if err != nil {
		return err
	}
	crmClient, edoClient := *client, *client
	crmClient.Transport = jobs.WithinLease(a.metrics.remote(a.remoteOfCRM, client.Transport), time.Now)
	edoClient.Transport = jobs.WithinLease(a.metrics.remote(func(*http.Request) string { return "sbis" }, client.Transport), time.Now)
	a.metrics.addDatabase(a.jobs, map[string]*store.DB{"pages": a.pages, "jobs": a.jobs, "forms": a.forms})
	service := func(db *store.DB, person bool) *usecases.All {
		c := crm.New(crm.Config{AuthURL: a.cfg.AuthURL, ClientID: a.cfg.ClientID, ClientSecret: a.cfg.ClientSecret, PublicURL: a.cfg.PublicURL,
			HTTP: &crmClient, Timeout: a.cfg.CallTimeout, PageTimeout: a.cfg.PageTimeout, RenewalLease: login, Probe: timing.Probe, AllowPlain: a.cfg.AllowPlain, Patient: a.cfg.patient, OnWait: a.cfg.onWait}, db)
		e := edo.New(edo.Config{URL: a.cfg.SBISURL, HTTP: &edoClient, Timeout: a.cfg.CallTimeout, LoginLease: login, Probe: timing.Probe, Interactive: person, Program: programName(debug.ReadBuildInfo())}, db)
		return usecases.New(db, c, e, timing, strings.TrimRight(a.cfg.PublicURL, "/"), now, a.wake, a.log)
	}
	a.service = service(a.jobs, false)
	a.scheduler = jobs.New(a.jobs, a.service, timing, a.metrics.step, a.log)
	limits := handlers.Limits{VisitPages: a.cfg.VisitPages, VisitForms: a.cfg.VisitForms, PortalPages: a.cfg.PortalPages}
	a.handler = handlers.New(handlers.Config{SessionKeys: sessionKeys, Visit: timing.Visit, Proxies: a.cfg.Proxies, MachineNow: time.Now, Limits: limits, Observe: a.metrics.request},
		handlers.Databases{Pages: a.pages, Exports: a.jobs, Forms: a.forms}, service(a.pages, true), service(a.forms, true), now, a.ready, a.log).Handler()
	return nil
}

// remoteOfCRM names the remote system of a call of the CRM's client: its portal, or the authorization server of all portals.
func (a *App) remoteOfCRM(r *http.Request) string {
	if strings.HasPrefix(a.cfg.AuthURL, r.URL.Scheme+"://"+r.URL.Host) {
		return "bitrix24 authorization"
	}
	return "bitrix24"
}

func (a *App) wake() { a.scheduler.Wake() }

// Wake wakes the workers immediately; the sandbox calls it after moving its clock.
func (a *App) Wake() { a.scheduler.Wake() }

// Handler returns the HTTP handler, for tests.
func (a *App) Handler() http.Handler { return a.handler }

func (a *App) ready() error {
	if a.stopping.Load() {
		return errors.New("stopping")
	}
	ctx := context.Background()
	if limit := a.cfg.StatementTimeout; limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, min(limit, time.Second))
		defer cancel()
	}
	return a.health.Ping(ctx)
}

// Serve accepts requests on the listener and runs the scheduler until ctx is cancelled, then waits for running work.
func (a *App) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{Handler: a.handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: a.cfg.CallTimeout + 30*time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug)}
	if err := sweepTemporary(os.TempDir(), time.Now()); err != nil {
		a.log.WarnContext(ctx, "temporary files not removed", "err", err)
	}
	if err := a.scheduler.Start(ctx); err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if a.cfg.MetricsAddr != "" {
		if err := a.metrics.serve(ctx, a.cfg.MetricsAddr, a.log); err != nil {
			return err
		}
	}
	a.log.InfoContext(ctx, "serving", "addr", listener.Addr().String())
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	a.stopping.Store(true)
	stop, cancel := a.grace(context.WithoutCancel(ctx))
	defer cancel()
	worked := make(chan error, 1)
	go func() { worked <- a.scheduler.Stop(stop) }() // while visitors still wait: both together have the time of stopTimeout
	return errors.Join(server.Shutdown(stop), <-worked)
}

// Close closes the connections to the database.
func (a *App) Close() error {
	var errs []error
	for _, db := range []*store.DB{a.pages, a.jobs, a.forms, a.health} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}
