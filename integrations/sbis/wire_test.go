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

// isUnclear reports whether the call may have been executed or not.
func isUnclear(err error) bool { return err != nil && !NotExecuted(err) }

// The answer decides the kind of an error and whether the call was certainly not executed.
func TestErrorKinds(t *testing.T) {
	const business = `{"jsonrpc":"2.0","error":{"code":-32000,"message":"Отказ","details":"Отказ"},"id":0}`
	for name, tt := range map[string]struct {
		status      int
		answer      string
		kind        func(error) bool
		notExecuted bool
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
		"deeply nested lists":               {200, strings.Repeat("[", 1<<20), isUnclear, false},
	} {
		t.Run(name, func(t *testing.T) {
			service := newStub(t, tt.status, []byte(tt.answer))
			_, err := clientOf(t, service.URL, Login{}, sampleSession).ReadDocument(t.Context(), sampleDoc)
			if err == nil || !tt.kind(err) || NotExecuted(err) != tt.notExecuted || isUnclear(err) == tt.notExecuted {
				t.Errorf("error %v, of the expected kind %t, not executed %t; want true, %t", err, err != nil && tt.kind(err), NotExecuted(err), tt.notExecuted)
			}
		})
	}
}

func TestDeleteSucceedsWithoutResult(t *testing.T) {
	for _, answer := range []string{`{"jsonrpc":"2.0","result":null,"id":0}`, `{"jsonrpc":"2.0","id":0}`, `{"result":false}`} {
		service := newStub(t, 200, []byte(answer))
		if err := clientOf(t, service.URL, Login{}, sampleSession).DeleteDocument(t.Context(), sampleDoc); err != nil {
			t.Errorf("DeleteDocument answered with %s: %v, want no error", answer, err)
		}
	}
}

func TestInvitationOfAConnectedCounterparty(t *testing.T) {
	service := newStub(t, 500, []byte(`{"error":{"code":-32000,"message":"С контрагентом уже можно обмениваться документами"}}`))
	i, err := clientOf(t, service.URL, Login{}, sampleSession).SendInvitation(t.Context(), InvitationRequest{})
	if err != nil || i.State.Code != InvitationConnected {
		t.Errorf("invitation %+v, %v; want the state %d", i, err, InvitationConnected)
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
		t.Errorf("error %v, want an unclear result: too large", err)
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
		t.Errorf("a refused connection: %v, want an error of a call that was not executed", err)
	}

	reset := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer reset.Close()
	_, err = clientOf(t, reset.URL, Login{}, sampleSession).ReadDocument(t.Context(), sampleDoc)
	if !isUnclear(err) || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("a connection reset after sending: %v, want an unclear result without the address", err)
	}
}

func TestTimeoutOfACall(t *testing.T) {
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer slow.Close()
	defer close(release)
	c := clientOf(t, slow.URL, Login{}, sampleSession)
	c.timeout = time.Millisecond
	_, err := c.ReadDocument(t.Context(), sampleDoc)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want context.DeadlineExceeded", err)
	}
}

// deadlineRecorder records whether the session was requested with a deadline.
type deadlineRecorder struct {
	fixedSession
	hasDeadline *bool
}

func (r deadlineRecorder) Session(ctx context.Context) (Session, error) {
	_, *r.hasDeadline = ctx.Deadline()
	return r.fixedSession.Session(ctx)
}

// The timeout is that of the request to SBIS. Waiting for our database before it does not count, or a busy database would look like an
// outage of SBIS.
func TestTimeoutExcludesTheSession(t *testing.T) {
	service := newStub(t, http.StatusOK, []byte(`{"jsonrpc":"2.0","result":{"Идентификатор":"`+sampleDoc+`"},"id":0}`))
	c, hasDeadline := clientOf(t, service.URL, Login{}, sampleSession), true
	c.sessions = deadlineRecorder{sampleSession, &hasDeadline}
	if _, err := c.ReadDocument(t.Context(), sampleDoc); err != nil || hasDeadline {
		t.Errorf("the session was requested with a deadline: %t, %v; want false and no error", hasDeadline, err)
	}
}

func TestWriteNeedsOurID(t *testing.T) {
	service := newStub(t, http.StatusOK, []byte(`{"jsonrpc":"2.0","result":{},"id":0}`))
	_, err := clientOf(t, service.URL, Login{}, sampleSession).WriteDocument(t.Context(), Draft{Type: TypeOutgoingAct})
	if !NotExecuted(err) || service.calls != 0 {
		t.Errorf("WriteDocument without an id of ours: %v after %d calls, want an error without a call", err, service.calls)
	}
}

func TestNewRefusesInvalidConfig(t *testing.T) {
	valid := Config{HTTP: &http.Client{Transport: http.DefaultTransport}, AuthURL: "https://a/auth", ServiceURL: "https://a/service", OAuthURL: "https://a/oauth", Sessions: sampleSession}
	for name, change := range map[string]func(*Config){
		"no sessions":    func(c *Config) { c.Sessions = nil },
		"no client":      func(c *Config) { c.HTTP = nil },
		"no transport":   func(c *Config) { c.HTTP = &http.Client{} },
		"no address":     func(c *Config) { c.AuthURL = "" },
		"other scheme":   func(c *Config) { c.ServiceURL = "file:///etc/passwd" },
		"broken address": func(c *Config) { c.OAuthURL = "https://a b/" },
	} {
		cfg := valid
		change(&cfg)
		if _, err := New(cfg); err == nil {
			t.Errorf("New with %s returns no error", name)
		}
	}
	if _, err := New(valid); err != nil {
		t.Errorf("New with a valid config: %v", err)
	}
}
