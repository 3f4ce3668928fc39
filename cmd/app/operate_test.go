package app_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/store"
	"acts24/store/people"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	var out bytes.Buffer
	if err := app.Check(t.Context(), s.AppConfig, &out); err != nil {
		t.Errorf("%v\n%s", err, &out)
	}
	for _, want := range []string{"ok    configuration", "ok    schema", " as acts_app", "ok    the role is bound by row-level security", "ok    keys in use: t", s.SBIS.URL() + " answers"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, &out)
		}
	}
	for name, tt := range map[string]struct {
		change func(*app.Config)
		words  string
	}{
		"the owner of the tables": {func(c *app.Config) { c.DatabaseURL = s.OwnerDSN }, "FAIL  the role is bound by row-level security"},
		"another key":             {func(c *app.Config) { c.Keys = "b:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=" }, `lacks the keys ["t"]`},
		"SBIS is away":            {func(c *app.Config) { c.SBISURL = "http://127.0.0.1:1" }, "FAIL  http://127.0.0.1:1 answers"},
		"no settings":             {func(c *app.Config) { c.ClientSecret = "" }, "FAIL  configuration: ACTS_CLIENT_ID"},
	} {
		cfg := s.AppConfig
		tt.change(&cfg)
		out.Reset()
		if err := app.Check(t.Context(), cfg, &out); err == nil || !strings.Contains(out.String(), tt.words) {
			t.Errorf("%s: %v, want %q in\n%s", name, err, tt.words, &out)
		}
	}
}

// addVisits stores so many visits with sealed tokens under the present keys.
func addVisits(s *apptest.Site, visits int) {
	s.T.Helper()
	keys, err := store.ParseKeys(s.AppConfig.Keys)
	s.Must(err)
	db, err := store.Open(s.AppConfig.DatabaseURL, keys, store.Options{Connections: 1})
	s.Must(err)
	s.Must(db.InTx(s.T.Context(), 1, func(tx store.Tx) error {
		for range visits {
			if _, err := tx.Visits().Add(s.T.Context(), people.NewVisit{User: 1, Token: "token", TokenFor: time.Hour, VisitFor: time.Hour}); err != nil {
				return err
			}
		}
		return nil
	}))
	s.Must(db.Close())
}

// restart stops the program and starts it at the same address with other keys.
func restart(s *apptest.Site, keys string) {
	s.T.Helper()
	s.Stop()
	s.AppConfig.Keys = keys
	listener, err := net.Listen("tcp", strings.TrimPrefix(s.AppURL, "http://"))
	s.Must(err)
	s.App, s.Stop = s.Serve(s.Clock, listener)
	s.T.Cleanup(s.Stop)
}

// The program starts with a new key before the old one, seals everything again while it serves, and starts without the old key only then. The
// environment variable ACTS_RESEAL_ROWS sets another number of rows.
func TestKeyRotation(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	rows, _ := strconv.Atoi(cmp.Or(os.Getenv("ACTS_RESEAL_ROWS"), "600"))
	addVisits(s, rows)
	s.DealTab(s.Deal(1))
	old, fresh := s.AppConfig.Keys, "b:"+base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789ABCDEF"))
	alone := s.AppConfig
	alone.Keys = fresh
	if _, err := app.New(t.Context(), alone, s.Clock.Now, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), `lacks the keys ["t"]`) {
		t.Fatalf("without the key that secrets need the program starts: %v", err)
	}
	restart(s, fresh+","+old)
	s.RemoveLimits()

	var requests, failed atomic.Int64
	load, stop := context.WithCancel(t.Context())
	var visitors sync.WaitGroup
	for range 4 {
		visitors.Go(func() { // a visit is opened, which seals a token, and read
			for load.Err() == nil {
				v := apptest.NewVisitor(s.Portal, s.Portal.Manager(), s.AppURL)
				opened, err := v.OpenDeal(s.Deal(1))
				again, err2 := s.Manager.Get(fmt.Sprintf("/p/1/deals/%d", s.Deal(1)))
				requests.Add(2)
				if err != nil || err2 != nil || opened.Status != http.StatusOK || again.Status != http.StatusOK {
					failed.Add(1)
					t.Errorf("opened %d, %v; read %d, %v", opened.Status, err, again.Status, err2)
				}
			}
		})
	}
	s.Await("the load", func() bool { return requests.Load() > 8 })
	var out bytes.Buffer
	err := app.Reseal(t.Context(), s.AppConfig, &out)
	stop()
	visitors.Wait()
	if err != nil || !strings.Contains(out.String(), "keys in use: b\n") {
		t.Fatalf("%v\n%s", err, &out)
	}
	t.Logf("%d requests during %s, %d failed", requests.Load(), strings.ReplaceAll(strings.TrimSpace(out.String()), "\n", "; "), failed.Load())
	if n := s.Count(`visits WHERE token <> '' AND substring(token FROM 2 FOR get_byte(token, 0)) <> 'b'`); n != 0 || s.Count("visits") < rows {
		t.Errorf("%d of %d visits are sealed under another key", n, s.Count("visits"))
	}
	restart(s, fresh)
	s.DealTab(s.Deal(1))
	alone.Keys = old
	if _, err := app.New(t.Context(), alone, s.Clock.Now, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), `lacks the keys ["b"]`) {
		t.Errorf("without the new key the program starts: %v", err)
	}
}

func TestTenants(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	var out bytes.Buffer
	if err := app.Tenants(t.Context(), s.AppConfig, &out); err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Portals {
		if line := regexp.MustCompile(regexp.QuoteMeta(p.URL()) + ` +active`); !line.MatchString(out.String()) {
			t.Errorf("%s is missing in\n%s", p.URL(), &out)
		}
	}
}

// The metrics count requests, calls, work, tasks and connections, and name no portal, person or address.
func TestMetrics(t *testing.T) {
	t.Parallel()
	address := apptest.FreeAddress(t)
	s := apptest.Start(t, 1, func(c *app.Config) { c.MetricsAddr = address })
	s.HandOver(s.Deal(1))
	for _, want := range []string{
		`acts24_request_seconds_count{route="GET /p/{portal}/deals/{deal}",status="200"}`, `acts24_call_seconds_count{outcome="200",remote="bitrix24 authorization"}`,
		`acts24_call_seconds_count{outcome="200",remote="sbis"}`, `acts24_work_total{kind="deliver tasks",outcome="done"}`, `acts24_pool_connections_limit{pool="pages"} 4`,
		`acts24_portals{state="active"} 1`, `acts24_breakers_open{remote="sbis"} 0`, "acts24_overview_up 1", "go_build_info",
	} {
		s.Await(want, func() bool { return strings.Contains(metricsOf(t, address), want) })
	}
	text := metricsOf(t, address)
	for _, secret := range []string{s.Portal.MemberID(), s.Portal.URL(), "/p/1", "Московские"} {
		if strings.Contains(text, secret) {
			t.Errorf("the metrics contain %q", secret)
		}
	}
}

func metricsOf(t *testing.T, address string) string {
	t.Helper()
	answer, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// Every request has a line in the log with its route, status, portal and user, and all lines of a request carry its id.
func TestAccessLog(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1)) // opens the app
	s.RegistryPage("q=секретное")
	line := regexp.MustCompile(`level=INFO msg=request route="GET /p/\{portal\}/acts" status=200 bytes=\d+ ms=\d+ act="" request=\w{12} portal=1 user=\d+`)
	s.Await("the line of the request", func() bool { return line.MatchString(s.Logs.String()) })
	for _, secret := range []string{"секретное", "q=", "/p/1/"} {
		if strings.Contains(s.Logs.String(), secret) {
			t.Errorf("the log contains %q", secret)
		}
	}
}
