package sbis

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestErrorKinds(t *testing.T) {
	const business = `{"jsonrpc":"2.0","error":{"code":-32000,"message":"Отказ","details":"Отказ"},"id":0}`
	for name, tt := range map[string]struct {
		status  int
		answer  string
		kind    func(error) bool
		notDone bool
	}{
		"business error with HTTP 500":      {500, business, IsRefused, true},
		"business error with HTTP 200":      {200, business, IsRefused, true},
		"string error is the session":       {200, `{"error":"Not authorized.","id":-1}`, IsSession, true},
		"another string error is unclear":   {200, `{"error":"Oops"}`, isUnclear, false},
		"code −32001 is the session":        {200, `{"error":{"code":-32001,"message":"x"}}`, IsSession, true},
		"code as a string":                  {200, `{"error":{"code":"-32000","message":"x"}}`, IsRefused, true},
		"401 without a body":                {401, ``, IsSession, true},
		"401 with a result":                 {401, `{"jsonrpc":"2.0","result":{}}`, IsSession, true},
		"non-fatal by class, lower case":    {500, `{"error":{"code":-32000,"data":{"classid":"{00000000-0000-0000-0000-1aa0000f1002}"}}}`, Temporary, true},
		"data is a list":                    {500, `{"error":{"code":-32000,"message":"x","data":[]}}`, IsRefused, true},
		"a missing document":                {500, `{"error":{"code":-32000,"message":"Документ 5b9ad7f0 не найден"}}`, IsNotFound, true},
		"a missing certificate":             {500, `{"error":{"code":-32000,"message":"Для документа не найден сертификат"}}`, IsRefused, true},
		"internal error":                    {500, `{"error":{"code":-32603,"message":"x"}}`, isUnclear, false},
		"HTML with 200":                     {200, `<html>Работы</html>`, isUnclear, false},
		"HTML with 500":                     {500, `<html>`, isUnclear, false},
		"HTML with 503":                     {503, `<html>`, isUnclear, false},
		"HTML with 429":                     {429, `<html>`, Temporary, true},
		"HTML with 404 is no lost document": {404, `<html>`, Temporary, true},
		"redirect is not followed":          {302, ``, isUnclear, false},
		"cut JSON":                          {200, `{"jsonrpc":"2.0","result":{"Идентиф`, isUnclear, false},
		"another document":                  {200, `{"jsonrpc":"2.0","result":{"Идентификатор":"other"}}`, isUnclear, false},
		"result of another kind":            {200, `{"jsonrpc":"2.0","result":"text"}`, isUnclear, false},
		"result is null":                    {200, `{"jsonrpc":"2.0","result":null}`, isUnclear, false},
		"result is missing":                 {200, `{"jsonrpc":"2.0","id":0}`, isUnclear, false},
		"deep nonsense":                     {200, strings.Repeat("[", 1<<20), isUnclear, false},
	} {
		t.Run(name, func(t *testing.T) {
			service := newStub(t, tt.status, []byte(tt.answer))
			_, err := clientOf(t, service.URL, Login{}, sampleSession).ReadDocument(t.Context(), sampleDoc)
			if err == nil || !tt.kind(err) || NotExecuted(err) != tt.notDone || isUnclear(err) == tt.notDone {
				t.Errorf("error %v (not executed: %v) is of the wrong kind", err, NotExecuted(err))
			}
		})
	}
}

func TestDeleteSucceedsWithoutResult(t *testing.T) {
	for _, answer := range []string{`{"jsonrpc":"2.0","result":null,"id":0}`, `{"jsonrpc":"2.0","id":0}`, `{"result":false}`} {
		service := newStub(t, 200, []byte(answer))
		if err := clientOf(t, service.URL, Login{}, sampleSession).DeleteDocument(t.Context(), sampleDoc); err != nil {
			t.Errorf("%s: %v", answer, err)
		}
	}
}

func TestAlreadyConnectedIsSuccess(t *testing.T) {
	service := newStub(t, 500, []byte(`{"error":{"code":-32000,"message":"С контрагентом уже можно обмениваться документами"}}`))
	i, err := clientOf(t, service.URL, Login{}, sampleSession).SendInvitation(t.Context(), InvitationRequest{})
	if err != nil || i.State.Code != InvitationConnected {
		t.Errorf("invitation %+v, %v", i, err)
	}
}

func TestAnswerIsCapped(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		chunk := bytes.Repeat([]byte(" "), 1<<20)
		for range 32 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}))
	defer service.Close()
	_, err := clientOf(t, service.URL, Login{}, sampleSession).ReadDocument(t.Context(), sampleDoc)
	if !isUnclear(err) || !strings.Contains(err.Error(), "too large") {
		t.Errorf("error %v, want a cap", err)
	}
}

func TestTransportErrors(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + closed.Addr().String()
	_ = closed.Close()
	if _, err := clientOf(t, address, Login{}, sampleSession).ReadDocument(t.Context(), sampleDoc); !NotExecuted(err) {
		t.Errorf("nobody listens: %v must count as not executed", err)
	}

	reset := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer reset.Close()
	_, err = clientOf(t, reset.URL, Login{}, sampleSession).ReadDocument(t.Context(), sampleDoc)
	if !isUnclear(err) || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("reset after sending: %v must be unclear and name no address", err)
	}
}

func TestBoundOfCall(t *testing.T) {
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer slow.Close()
	defer close(release)
	c := clientOf(t, slow.URL, Login{}, sampleSession)
	c.timeout = time.Millisecond
	_, err := c.ReadDocument(t.Context(), sampleDoc)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want the deadline", err)
	}
}

// hurried records whether the session was requested with a deadline.
type hurried struct {
	fixedSession
	is *bool
}

func (h hurried) Session(ctx context.Context) (Session, error) {
	_, *h.is = ctx.Deadline()
	return h.fixedSession.Session(ctx)
}

// The timeout is that of the request to SBIS. Waiting for our database before it does not count, or a busy database would look like an
// outage of SBIS.
func TestBoundCountsTheExchangeAlone(t *testing.T) {
	service := newStub(t, http.StatusOK, []byte(`{"jsonrpc":"2.0","result":{"Идентификатор":"`+sampleDoc+`"},"id":0}`))
	c, is := clientOf(t, service.URL, Login{}, sampleSession), true
	c.sessions = hurried{sampleSession, &is}
	if _, err := c.ReadDocument(t.Context(), sampleDoc); err != nil || is {
		t.Errorf("the session was asked for under a deadline: %v, %v", is, err)
	}
}

func TestWriteNeedsOurID(t *testing.T) {
	c := clientOf(t, "http://127.0.0.1:1", Login{}, sampleSession)
	if _, err := c.WriteDocument(t.Context(), Draft{Type: TypeOutgoingAct}); !NotExecuted(err) {
		t.Errorf("a document without an id of ours was sent: %v", err)
	}
}

func TestNewRefusesNonsense(t *testing.T) {
	good := Config{HTTP: &http.Client{Transport: http.DefaultTransport}, AuthURL: "https://a/auth", ServiceURL: "https://a/service", OAuthURL: "https://a/oauth", Sessions: sampleSession}
	for name, change := range map[string]func(*Config){
		"no sessions":    func(c *Config) { c.Sessions = nil },
		"no client":      func(c *Config) { c.HTTP = nil },
		"no transport":   func(c *Config) { c.HTTP = &http.Client{} },
		"no address":     func(c *Config) { c.AuthURL = "" },
		"other scheme":   func(c *Config) { c.ServiceURL = "file:///etc/passwd" },
		"broken address": func(c *Config) { c.OAuthURL = "https://a b/" },
	} {
		cfg := good
		if change(&cfg); func() bool { _, err := New(cfg); return err == nil }() {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := New(good); err != nil {
		t.Error(err)
	}
}
