package bitrix24

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// closeAfter sends a raw beginning of an answer and closes the connection; after an empty one it resets the connection.
func closeAfter(beginning string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		if tcp, isTCP := conn.(*net.TCPConn); isTCP && beginning == "" {
			_ = tcp.SetLinger(0)
		}
		_, _ = io.WriteString(conn, beginning)
		_ = conn.Close()
	}
}

func TestUnclearOutcomes(t *testing.T) {
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		cause  error // nil: any
	}{
		"reset without an answer":  {closeAfter(""), nil},
		"closed without an answer": {closeAfter(" "), nil},
		"cut in the middle":        {closeAfter("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"result\":{\"item\""), io.ErrUnexpectedEOF},
		"cut JSON of full length":  {respond(200, `{"result":{"item":{"id":5`), ErrUnreadable},
		"HTML of a balancer":       {respond(502, `<html><body>502 Bad Gateway</body></html>`), ErrUnreadable},
		"HTML with status 200":     {respond(200, `<html>Портал переехал</html>`), ErrUnreadable},
		"a warning before JSON":    {respond(200, `<br />Warning {"result":1}`), ErrUnreadable},
		"empty":                    {respond(200, ``), ErrUnreadable},
		"null":                     {respond(200, `null`), ErrUnreadable},
		"a list":                   {respond(200, `[]`), ErrUnreadable},
		"neither result nor error": {respond(200, `{"time":{}}`), ErrUnreadable},
		"500 without a code":       {respond(500, `{"error":"","error_description":""}`), nil},
		"500 with a result":        {respond(500, `{"result":1}`), ErrUnreadable},
		"500 with a code":          {respond(500, `{"error":"INTERNAL_SERVER_ERROR"}`), nil},
		"unknown code":             {respond(400, `{"error":"ERROR_CORE","error_description":"Email send error."}`), nil},
		"encoding of the answer":   {respond(200, `{"error":"WRONG_ENCODING"}`), nil},
		"status 304":               {respond(304, ``), ErrUnreadable},
		"too long":                 {func(w http.ResponseWriter, _ *http.Request) { writeSpaces(w, maxAnswer+10) }, ErrTooLarge},
		"a gzip bomb":              {gzipBomb, ErrTooLarge},
		"not really gzip":          {notGzip, nil},
	} {
		t.Run(name, func(t *testing.T) {
			err := newStubPortal(t, tt.answer).client(t).Call(context.Background(), "crm.item.add", nil, nil)
			e := asError(t, err)
			if NotExecuted(err) || tt.cause != nil && !errors.Is(err, tt.cause) {
				t.Errorf("error %v (%+v); want an unclear outcome, cause %v", err, e, tt.cause)
			}
			if strings.Contains(err.Error(), "user-token") || strings.Contains(err.Error(), "<") {
				t.Errorf("the message holds a body or token: %v", err)
			}
		})
	}
}

func TestGarbageIsNotQuoted(t *testing.T) {
	for _, garbage := range []string{
		"SECRET is not HTTP\r\n\r\n", "HTTP/1.1 SECRET\r\n\r\n", "HTTP/1.1 200 OK\r\nSECRET\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nSECRET",
	} {
		err := newStubPortal(t, closeAfter(garbage)).client(t).Call(context.Background(), "profile", nil, nil)
		if err == nil || NotExecuted(err) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("answer %q: error %v; want an unclear outcome without SECRET", garbage, err)
		}
	}
}

// writeSpaces writes at least n spaces unless the connection is closed before.
func writeSpaces(w io.Writer, n int) {
	chunk := bytes.Repeat([]byte(" "), 1<<16)
	for ; n > 0; n -= len(chunk) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func gzipBomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	writeSpaces(z, 8*maxAnswer)
	_ = z.Close()
}

func notGzip(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	_, _ = io.WriteString(w, `{"result":1}`)
}

func TestGzipIsRead(t *testing.T) {
	p := newStubPortal(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, "\uFEFF"+`{"result":"да"}`)
		_ = z.Close()
	})
	var out Text
	if err := p.client(t).Call(context.Background(), "scope", nil, &out); err != nil || out != "да" {
		t.Errorf("Call = %q, %v; want да", out, err)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	target := newStubPortal(t, respondResult(`true`))
	for name, tt := range map[string]struct {
		status   int
		location string
		host     string
	}{
		"the portal was renamed": {302, "https://New.bitrix24.ru/rest/profile", "new.bitrix24.ru"},
		"renamed for good":       {301, "https://new.bitrix24.ru/", "new.bitrix24.ru"},
		"307 repeats the body":   {307, target.URL + "/rest/", strings.TrimPrefix(target.URL, "http://")},
		"308 repeats the body":   {308, target.URL + "/rest/", strings.TrimPrefix(target.URL, "http://")},
		"a broken host":          {302, "https://a@b\\c/", ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := newStubPortal(t, redirect(tt.status, tt.location)).client(t).Call(context.Background(), "profile", nil, nil)
			if e := asError(t, err); e.Status != tt.status || RedirectHost(err) != tt.host || !NotExecuted(err) {
				t.Errorf("error %+v, redirect to %q; want status %d, redirect to %q, not executed", e, RedirectHost(err), tt.status, tt.host)
			}
		})
	}
	if len(target.received()) != 0 {
		t.Error("a redirect was followed")
	}
}

func TestDialErrorsAreNotExecuted(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	address := closed.URL
	closed.Close()
	for name, endpoint := range map[string]string{
		"a closed port": address + "/rest/",
		"no such host":  "http://portal.invalid/rest/",
	} {
		t.Run(name, func(t *testing.T) {
			c, err := New(Config{HTTP: unguardedHTTP, Endpoint: endpoint, Tokens: FixedToken("t"), AllowPlain: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Call(context.Background(), "profile", nil, nil); !NotExecuted(err) || asError(t, err).Status != 0 {
				t.Errorf("error %v; want not executed, without a status", err)
			}
		})
	}
}

func TestTLSFailureIsNotExecuted(t *testing.T) {
	s := httptest.NewUnstartedServer(respondResult(`true`))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // the failed handshake is expected
	s.StartTLS()
	defer s.Close()
	c, err := New(Config{HTTP: unguardedHTTP, Endpoint: s.URL + "/rest/", Tokens: FixedToken("t"), AllowPlain: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Call(context.Background(), "profile", nil, nil); !NotExecuted(err) {
		t.Errorf("error %v; want not executed: the certificate is not trusted", err)
	}
}

// The portal reads the call and never answers; synctest advances the clock to the timeout.
func TestCallTimeout(t *testing.T) {
	for timeout, want := range map[time.Duration]time.Duration{5 * time.Second: 5 * time.Second, 0: defaultTimeout} {
		synctest.Test(t, func(t *testing.T) {
			ours, theirs := net.Pipe()
			defer func() { _ = theirs.Close() }()
			go func() { _, _ = io.Copy(io.Discard, theirs) }()
			transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return ours, nil }}
			c, err := New(Config{HTTP: &http.Client{Transport: transport}, Endpoint: "http://portal.example/rest/", Tokens: FixedToken("t"), AllowPlain: true, Timeout: timeout})
			if err != nil {
				t.Fatal(err)
			}
			started := time.Now()
			err = c.Call(t.Context(), "crm.item.add", nil, nil)
			if took := time.Since(started); took != want || !errors.Is(err, context.DeadlineExceeded) || NotExecuted(err) {
				t.Errorf("timeout %s: error %v after %s, not executed %v; want DeadlineExceeded after %s, unclear outcome", timeout, err, took, NotExecuted(err), want)
			}
		})
	}
}

func TestCallOfACanceledContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := newStubPortal(t, respondResult(`true`)).client(t).Call(ctx, "crm.item.add", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v; want Canceled", err)
	}
}
