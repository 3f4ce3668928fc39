package bitrix24

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// hangUp closes the connection after the execution, in different ways.
func hangUp(before string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		if tcp, ok := conn.(*net.TCPConn); ok && before == "" {
			_ = tcp.SetLinger(0)
		}
		_, _ = io.WriteString(conn, before)
		_ = conn.Close()
	}
}

func TestUnclearEnds(t *testing.T) {
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		cause  error
	}{
		"reset after the work":     {hangUp(""), nil},
		"closed without an answer": {hangUp(" "), nil},
		"cut in the middle":        {hangUp("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"result\":{\"item\""), io.ErrUnexpectedEOF},
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
		"too long":                 {func(w http.ResponseWriter, _ *http.Request) { pour(w, maxAnswer+10) }, ErrTooLarge},
		"a gzip bomb":              {bomb, ErrTooLarge},
		"not really gzip":          {notGzip, nil},
	} {
		t.Run(name, func(t *testing.T) {
			err := newStubPortal(t, tt.answer).client(t).Call(context.Background(), "crm.item.add", nil, nil)
			e := asError(t, err)
			if NotExecuted(err) || tt.cause != nil && !errors.Is(err, tt.cause) {
				t.Errorf("error %v (%+v); want unclear, %v", err, e, tt.cause)
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
		err := newStubPortal(t, hangUp(garbage)).client(t).Call(context.Background(), "profile", nil, nil)
		if err == nil || NotExecuted(err) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("error %v", err)
		}
	}
}

func pour(w io.Writer, n int) {
	chunk := bytes.Repeat([]byte(" "), 1<<16)
	for ; n > 0; n -= len(chunk) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	pour(z, 8*maxAnswer)
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
		t.Errorf("Call = %q, %v", out, err)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	canary := newStubPortal(t, ok(`true`))
	for name, tt := range map[string]struct {
		status   int
		location string
		host     string
	}{
		"the portal was renamed": {302, "https://New.bitrix24.ru/rest/profile", "new.bitrix24.ru"},
		"permanently":            {301, "https://new.bitrix24.ru/", "new.bitrix24.ru"},
		"with the body":          {307, canary.URL + "/rest/", strings.TrimPrefix(canary.URL, "http://")},
		"with the body, too":     {308, canary.URL + "/rest/", strings.TrimPrefix(canary.URL, "http://")},
		"a broken host":          {302, "https://a@b\\c/", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newStubPortal(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", tt.location)
				w.WriteHeader(tt.status)
			})
			err := p.client(t).Call(context.Background(), "profile", nil, nil)
			if e := asError(t, err); e.Status != tt.status || RedirectHost(err) != tt.host || !NotExecuted(err) {
				t.Errorf("error %+v; want a redirect to %q", e, tt.host)
			}
		})
	}
	if len(canary.received()) != 0 {
		t.Error("a redirect was followed")
	}
}

func TestDialErrorsAreNotExecuted(t *testing.T) {
	dead := httptest.NewServer(http.NotFoundHandler())
	address := dead.URL
	dead.Close()
	for name, endpoint := range map[string]string{
		"nobody listens": address + "/rest/",
		"no such host":   "http://portal.invalid/rest/",
	} {
		t.Run(name, func(t *testing.T) {
			c, err := New(Config{HTTP: direct, Endpoint: endpoint, Tokens: FixedToken("t"), AllowPlain: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Call(context.Background(), "profile", nil, nil); !NotExecuted(err) || asError(t, err).Status != 0 {
				t.Errorf("error %v; want not executed", err)
			}
		})
	}
}

func TestTLSFailureIsNotExecuted(t *testing.T) {
	s := httptest.NewTLSServer(ok(`true`))
	s.Config.ErrorLog = nil
	defer s.Close()
	c, err := New(Config{HTTP: direct, Endpoint: s.URL + "/rest/", Tokens: FixedToken("t"), AllowPlain: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Call(context.Background(), "profile", nil, nil); !NotExecuted(err) {
		t.Errorf("error %v; want not executed: the certificate is not trusted", err)
	}
}

func TestBoundOfACall(t *testing.T) {
	release := make(chan struct{})
	p := newStubPortal(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	err := p.client(t, 30*time.Millisecond).Call(context.Background(), "crm.item.add", nil, nil)
	if !errors.Is(err, context.DeadlineExceeded) || NotExecuted(err) {
		t.Errorf("error %v; want a time-out with an unclear end", err)
	}
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if err := p.client(t).Call(done, "crm.item.add", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v; want canceled", err)
	}
}
