package apptest

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store/storetest"
)

// Site is the program in a World, with a database of its own.
type Site struct {
	*World
	T         *testing.T // a subtest may replace it by its own
	Manager   *Visitor   // the responsible for the deals of the test data
	Portal    *bitrix24test.Portal
	Logs      *Logs
	Clock     *Clock
	App       *app.App
	OwnerDSN  string // of the database, as its owner
	AppConfig app.Config
	Stop      func() // stops the program; responses in progress are dropped
	quietAt   int64  // number of calls to the portal when it was last quiet

	mu       sync.Mutex
	deals    []bitrix24test.Fields
	owner    *sql.DB // connections as the owner, opened when they are needed
	ownerDSN string  // of their database: a test may replace OwnerDSN
}

// Main runs the tests of a package, many of them in parallel: there are few processors, but most tests only wait.
func Main(m *testing.M) {
	flag.Parse()
	if parallel := flag.Lookup("test.parallel"); parallel.Value.String() == parallel.DefValue {
		_ = parallel.Value.Set("4") // no error: the value is a number
	}
	os.Exit(m.Run())
}

// Start runs the program in this process with fake servers, installed and connected on every portal.
func Start(t *testing.T, portals int, change ...func(*app.Config)) *Site {
	t.Helper()
	return start(t, portals, &Clock{}, time.Now, change...)
}

// StartAt is Start at another time: that of the program and of SBIS, whose clocks run together.
func StartAt(t *testing.T, at time.Time, portals int, change ...func(*app.Config)) *Site {
	t.Helper()
	clock := &Clock{}
	clock.Advance(time.Until(at))
	return start(t, portals, clock, clock.Now, change...)
}

func start(t *testing.T, portals int, clock *Clock, sbisNow func() time.Time, change ...func(*app.Config)) *Site {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, "http://"+listener.Addr().String(), portals, sbisNow)
	dsn, owner := storetest.DSN(t)
	cfg := w.Config(dsn, 0.02)
	cfg.StatementTimeout = 0
	for _, c := range change {
		c(&cfg)
	}
	s := &Site{World: w, T: t, Logs: &Logs{t: t}, Clock: clock, OwnerDSN: owner, AppConfig: cfg}
	a, stop := s.Serve(s.Clock, listener)
	t.Cleanup(stop)
	for _, p := range w.Portals {
		if err := Connect(p, w.AppURL, OurCompany); err != nil {
			t.Fatal(err)
		}
	}
	s.App, s.Portal, s.Stop = a, w.Portals[0], stop
	s.Manager = NewVisitor(s.Portal, s.Portal.Manager(), w.AppURL)
	t.Cleanup(s.checkLinks)
	t.Cleanup(s.checkIgnoredFields)
	return s
}

// Serve runs the program on a listener until stop is called.
func (s *Site) Serve(business *Clock, listener net.Listener) (a *app.App, stop func()) {
	s.T.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	a, err := app.New(ctx, s.AppConfig, business.Now, slog.New(slog.NewTextHandler(s.Logs, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		s.T.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- a.Serve(ctx, listener) }()
	return a, sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil && err != http.ErrServerClosed {
			s.T.Errorf("serve: %v", err)
		}
		if err := a.Close(); err != nil {
			s.T.Errorf("close: %v", err)
		}
	})
}

// StartBare runs the program with portals on which it is not installed.
func StartBare(t *testing.T, portals int, options ...func(*bitrix24test.Config)) *Site {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := NewWorld(t, "http://"+listener.Addr().String(), portals, options...)
	dsn, owner := storetest.DSN(t)
	s := &Site{World: w, T: t, Logs: &Logs{t: t}, Clock: &Clock{}, OwnerDSN: owner, AppConfig: w.Config(dsn, 0.02), Portal: w.Portals[0]}
	a, stop := s.Serve(s.Clock, listener)
	t.Cleanup(stop)
	s.App, s.Manager = a, NewVisitor(s.Portal, s.Portal.Manager(), w.AppURL)
	return s
}

// AtPortal returns a site for another portal of the same world and program.
func (s *Site) AtPortal(n int) *Site {
	p := s.Portals[n]
	return &Site{World: s.World, T: s.T, Portal: p, Manager: NewVisitor(p, p.Manager(), s.AppURL), Logs: s.Logs, Clock: s.Clock,
		App: s.App, OwnerDSN: s.OwnerDSN, AppConfig: s.AppConfig}
}

// StartBeside starts a second instance of the program on the same database with its own clock.
func (s *Site) StartBeside(ahead time.Duration) (business *Clock, a *app.App, stop func()) {
	s.T.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.T.Fatal(err)
	}
	business = &Clock{}
	business.ahead.Store(s.Clock.ahead.Load() + int64(ahead))
	a, stop = s.Serve(business, listener)
	s.T.Cleanup(stop)
	return business, a, stop
}

// checkIgnoredFields checks that the portal has ignored nothing that it was sent: every object has only fields of its entity type.
func (s *Site) checkIgnoredFields() {
	for _, l := range s.Cloud.Trace().Lines() {
		if len(l.Ignored) > 0 {
			s.T.Errorf("%s: the portal ignores %v", l.Method, l.Ignored)
		}
	}
}

// checkLinks checks that notifications link to the app by its code in /marketplace/view/, as the portal requires.
func (s *Site) checkLinks() {
	for _, one := range s.Portal.Notifications() {
		if strings.Contains(one.Message, "/marketplace/app/") {
			s.T.Errorf("a notification links nowhere: %s", one.Message)
		}
	}
}

// Must fails the test when err is not nil.
func (s *Site) Must(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

// FastReconcile reconciles every second.
func FastReconcile(cfg *app.Config) { cfg.Reconcile = time.Second }

// FastProbe sets the probe interval to four seconds and the reconciliation to one second, so that some call is always due.
func FastProbe(cfg *app.Config) { cfg.Probe, cfg.Reconcile = 4*time.Second, time.Second }

// UsualLimits sets the limits of requests and of their statements to their defaults. Tests have none otherwise: the wall clock would measure
// the machine, which may be busy.
func UsualLimits(cfg *app.Config) {
	cfg.VisitPages, cfg.VisitForms, cfg.PortalPages, cfg.StatementTimeout = 50, 20, 400, 2*time.Second
}

// RemoveLimits removes the limits of calls, for tests whose setup would wait for them.
func (s *Site) RemoveLimits() {
	s.T.Helper()
	db := s.Owner()
	s.Portal.SetLimits(bitrix24test.Limits{Off: true})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			_, _ = db.ExecContext(ctx, `UPDATE budgets SET level = 0`)
			time.Sleep(20 * time.Millisecond)
		}
	}()
	s.T.Cleanup(func() { cancel(); <-done })
}

// Logs collects what the program logs, and repeats warnings in the output of the test.
type Logs struct {
	t    *testing.T
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds a line of the log.
func (l *Logs) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !bytes.Contains(b, []byte("level=INFO")) && !bytes.Contains(b, []byte("level=DEBUG")) {
		l.t.Logf("%s", b)
	}
	return l.text.Write(b)
}

// String returns what was logged until now.
func (l *Logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
