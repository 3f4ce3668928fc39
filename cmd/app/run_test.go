package app_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
)

// A stop finishes the form that is being sent, and gives up at the end of the grace time a call to a remote system that never answers.
func TestStopWithWorkInProgress(t *testing.T) {
	t.Parallel()
	var silent atomic.Bool
	calls, end := make(chan struct{}, 100), make(chan struct{})
	s := apptest.Start(t, 1, func(cfg *app.Config) {
		sbis, err := url.Parse(cfg.SBISURL)
		if err != nil {
			t.Fatal(err)
		}
		proxy := httputil.NewSingleHostReverseProxy(sbis)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if silent.Load() {
				calls <- struct{}{}
				<-end
				return
			}
			r.Host = sbis.Host
			proxy.ServeHTTP(w, r)
		}))
		t.Cleanup(server.Close)
		cfg.SBISURL, cfg.CallTimeout, cfg.Window, cfg.Lease = server.URL, time.Hour, time.Hour, 2*time.Hour
	})
	t.Cleanup(func() { close(end) })
	_, action, form := s.DealTab(s.Deal(1))
	s.Stop()
	address := strings.TrimPrefix(s.AppURL, "http://")
	listener, err := net.Listen("tcp", address)
	s.Must(err)
	ctx, stop := context.WithCancel(t.Context())
	a, err := app.New(ctx, s.AppConfig, s.Clock.Now, slog.New(slog.DiscardHandler))
	s.Must(err)
	grace, endGrace := context.WithCancel(t.Context())
	a.SetGrace(grace)
	served := make(chan error, 1)
	silent.Store(true)
	go func() { served <- a.Serve(ctx, listener) }()
	<-calls

	conn, err := net.Dial("tcp", address)
	s.Must(err)
	defer conn.Close()
	body := form.Encode()
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n"+
		"Expect: 100-continue\r\n\r\n", action, address, s.AppURL, s.Manager.Cookies(action), len(body))
	s.Must(err)
	reader := bufio.NewReader(conn)
	if line, err := reader.ReadString('\n'); err != nil || !strings.Contains(line, " 100 ") {
		t.Fatalf("the handler does not read the form: %q, %v", line, err)
	}
	_, err = reader.ReadString('\n') // the empty line after it
	s.Must(err)

	stop()
	for err == nil { // until it accepts no more connections
		var one net.Conn
		if one, err = net.Dial("tcp", address); err == nil {
			one.Close()
		}
	}
	_, err = io.WriteString(conn, body)
	s.Must(err)
	answer, err := http.ReadResponse(reader, nil)
	s.Must(err)
	answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther || s.Count("acts") != 1 {
		t.Errorf("the form answers %d, %d acts", answer.StatusCode, s.Count("acts"))
	}
	select {
	case err := <-served:
		t.Errorf("the program ended before the grace time, with a call in progress: %v", err)
	default:
	}
	endGrace()
	if err := <-served; !errors.Is(err, context.Canceled) {
		t.Errorf("the end of the grace time: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}
