//go:build e2e

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
	"acts24/store/storetest"
)

// playground is the sandbox in this process, with a proxy before its app.
type playground struct {
	*sandbox
	proxy *appProxy
	stop  func()
}

// playgroundOptions holds the options of a playground.
type playgroundOptions struct {
	empty     bool          // the app is not installed
	from      time.Time     // start of the business clock, now if zero
	reconcile time.Duration // interval of the reconciliation
	database  string        // address of its database; without it the sandbox starts a server of its own
}

var (
	closeShared = func() {}
	shared      = sync.OnceValues(func() (*playground, error) {
		p, err := openPlayground(playgroundOptions{})
		if err == nil {
			closeShared = p.stop
		}
		return p, err
	})
)

// sharedPlayground returns a sandbox for a test that uses only its own deals and changes nothing that others notice. Such tests
// share one and run in parallel.
func sharedPlayground(t *testing.T) *playground {
	t.Helper()
	t.Parallel()
	p, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func freeAddress(host string) (string, error) {
	l, err := net.Listen("tcp", host+":0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return net.JoinHostPort(host, port), err
}

// ownPlayground returns a sandbox for one test, which runs in parallel with the others and may change everything in it.
func ownPlayground(t *testing.T, w playgroundOptions) *playground {
	t.Helper()
	t.Parallel()
	w.database = newDatabase(t)
	p, err := openPlayground(w)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	return p
}

// newDatabase returns the address of a database for a sandbox: a copy of a migrated one on the server of all tests, which takes a tenth of a
// second, where starting a server takes two seconds of processor time. Portals have random keys, as in production.
func newDatabase(t *testing.T) string {
	t.Helper()
	dsn, owner := storetest.DSN(t)
	db := storetest.Connect(t, owner)
	if _, err := db.Exec(storetest.RandomKeys); err != nil {
		t.Fatal(err)
	}
	return dsn
}

// openPlayground starts a sandbox on free ports with empty folders.
func openPlayground(w playgroundOptions) (*playground, error) {
	dir, err := os.MkdirTemp("", "acts-e2e")
	if err != nil {
		return nil, err
	}
	if !w.from.IsZero() {
		if err := startClock(dir, w.from); err != nil {
			return nil, err
		}
	}
	cfg := settings{Data: dir, Empty: true, Reconcile: w.reconcile, Database: w.database, Log: cmp.Or(os.Getenv("SANDBOX_LOG"), "error")}
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Log)); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	s, err := openOnFreePorts(ctx, cfg, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})))
	if err != nil {
		cancel()
		return nil, err
	}
	p := &playground{sandbox: s}
	closeProxy, err := p.startProxy()
	if err != nil {
		cancel()
		return nil, err
	}
	done := make(chan error, 1)
	go func() { done <- s.serve(ctx) }()
	p.stop = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-done, s.close()); err != nil && !errors.Is(err, http.ErrServerClosed) {
			fmt.Fprintln(os.Stderr, "the sandbox of the tests:", err)
		}
		closeProxy()
		_ = os.RemoveAll(dir)
	})
	if !w.empty {
		err = s.connect()
	}
	if err != nil {
		p.stop()
	}
	return p, err
}

// openOnFreePorts opens a sandbox on free ports, and tries other ports when one has been taken meanwhile.
func openOnFreePorts(ctx context.Context, cfg settings, log *slog.Logger) (s *sandbox, err error) {
	for range 5 {
		for host, addr := range map[string][]*string{"localhost": {&cfg.App}, "127.0.0.1": {&cfg.Portal, &cfg.SBIS}} {
			for _, a := range addr {
				if *a, err = freeAddress(host); err != nil {
					return nil, err
				}
			}
		}
		if s, err = open(ctx, cfg, log); !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
	}
	return s, err
}

// startClock sets the start of the business clock, possibly in the past, of a sandbox that is not open yet.
func startClock(dir string, from time.Time) error {
	k, err := openStateFile(dir)
	if err != nil {
		return err
	}
	k.state.Ahead = time.Until(from)
	return k.save()
}

// startProxy starts the proxy at the app's address and gives the app another one.
func (p *playground) startProxy() (stop func(), err error) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p.proxy = newAppProxy(inner.Addr().String(), p.portal.Trace().Calls)
	server := &http.Server{Handler: p.proxy, ReadHeaderTimeout: 5 * time.Second}
	outer := p.listeners["app"]
	p.listeners["app"] = inner
	go func() { _ = server.Serve(outer) }()
	return func() { _ = server.Close() }, nil
}

func (p *playground) portalURL(path string, args ...any) string {
	return "http://" + p.cfg.Portal + fmt.Sprintf(path, args...)
}

// dealTab opens a deal's card on the tab of acts and returns the frame; b is the page.
func (p *playground) dealTab(b *tab, deal int64) *tab {
	b.t.Helper()
	b.open(p.portalURL("/crm/deal/details/%d/?tab=acts", deal))
	f := b.frame("http://" + p.cfg.App)
	f.awaitText("deal-tab")
	return f
}

// stage returns the name of a deal's stage.
func (p *playground) stage(deal int64) string {
	item := p.portal.Item(bitrix24test.Deal, deal)
	stage, _ := item["stageId"].(string)
	return p.portal.StageName(bitrix24test.Deal, stage)
}

// awaitTrue waits until a condition outside the browser becomes true.
func awaitTrue(t *testing.T, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	if err := apptest.Await(ctx, cond); err != nil {
		t.Fatalf("timed out waiting for: %s", what)
	}
}

// awaitQuiet waits until the portal has not been called for longer than the tick of the jobs.
func (p *playground) awaitQuiet(t *testing.T) {
	t.Helper()
	last, since := p.portal.Trace().Calls(), time.Now()
	awaitTrue(t, "no more calls", func() bool {
		if now := p.portal.Trace().Calls(); now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > 1200*time.Millisecond
	})
}

// documents returns the documents in the fake SBIS for the client of a deal, oldest first.
func (p *playground) documents(t *testing.T, deal int64) []sbistest.DocumentView {
	t.Helper()
	answer, err := http.Get("http://" + p.cfg.SBIS + "/_sandbox/documents.json")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var all struct{ Documents []sbistest.DocumentView }
	if err := json.NewDecoder(answer.Body).Decode(&all); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all.Documents, func(d sbistest.DocumentView) bool {
		return d.Deleted || d.Counterparty.INN != seedClients()[deal-1].INN
	})
}

// move performs an action in the fake SBIS through its JSON.
func (p *playground) move(t *testing.T, document string, move sbistest.Move) {
	t.Helper()
	answer, err := http.Post("http://"+p.cfg.SBIS+"/_sandbox/documents/"+document+"/"+string(move), "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d", move, answer.StatusCode)
	}
}
