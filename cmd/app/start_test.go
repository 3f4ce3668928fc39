package app_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/store/storetest"
)

// databaseBehind returns an address of the database of dsn at which the first connections are closed without an answer.
func databaseBehind(t *testing.T, dsn string, closed int) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	words := map[string]string{}
	for _, word := range strings.Fields(dsn) {
		name, value, _ := strings.Cut(word, "=")
		words[name] = strings.Trim(value, "'")
	}
	go func() {
		for n := 0; ; n++ {
			program, err := listener.Accept()
			if err != nil {
				return
			}
			if n < closed {
				program.Close()
				continue
			}
			server, err := net.Dial("unix", words["host"]+"/.s.PGSQL."+words["port"])
			if err != nil {
				t.Errorf("connect to %s: %v", dsn, err)
				return
			}
			go func() { _, _ = io.Copy(server, program); server.Close() }()
			go func() { _, _ = io.Copy(program, server); program.Close() }()
		}
	}()
	host, port, _ := net.SplitHostPort(listener.Addr().String())
	return "host='" + host + "' port='" + port + "' user='" + words["user"] + "' dbname='" + words["dbname"] + "' sslmode='disable'"
}

// A start waits for a database that does not answer yet: a service manager would give up after some starts that fail. A refusal ends it.
func TestStartWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	dsn, _ := storetest.DSN(t)
	cfg := apptest.NewWorld(t, "http://127.0.0.1:1", 1).Config(databaseBehind(t, dsn, 1), 1)
	var log bytes.Buffer
	a, err := app.New(t.Context(), cfg, time.Now, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if n := strings.Count(log.String(), "the start waits for it"); n != 1 {
		t.Errorf("the log has %d warnings, want 1:\n%s", n, log.String())
	}
	cfg.DatabaseURL = strings.Replace(dsn, "t_", "no_t_", 1)
	if _, err := app.New(t.Context(), cfg, time.Now, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("with an unknown database the start ends with %v", err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	cfg.DatabaseURL = databaseBehind(t, dsn, 1<<30)
	if _, err := app.New(ctx, cfg, time.Now, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a start that was stopped ends without an error")
	}
}
