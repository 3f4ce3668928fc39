package bitrix24

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// stubPortal answers requests with given answers in order and repeats the last one.
type stubPortal struct {
	*httptest.Server
	mu      sync.Mutex
	answers []http.HandlerFunc
	seen    []receivedCall
}

// receivedCall is one received request.
type receivedCall struct {
	Path, Type, Agent string
	Body              map[string]any
	Raw               string
}

func newStubPortal(t *testing.T, answers ...http.HandlerFunc) *stubPortal {
	t.Helper()
	p := &stubPortal{answers: answers}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *stubPortal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(raw))
	a := receivedCall{Path: r.URL.Path, Type: r.Header.Get("Content-Type"), Agent: r.UserAgent(), Raw: string(raw)}
	_ = json.Unmarshal(raw, &a.Body)
	p.mu.Lock()
	p.seen = append(p.seen, a)
	answer := p.answers[min(len(p.seen), len(p.answers))-1]
	p.mu.Unlock()
	answer(w, r)
}

// received returns the received requests.
func (p *stubPortal) received() []receivedCall {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.seen)
}

// direct connects to the servers of tests.
var direct = &http.Client{Transport: http.DefaultTransport}

// client returns a client of the portal with the tokens and budget given, a fixed token by default.
func (p *stubPortal) client(t *testing.T, parts ...any) *Client {
	t.Helper()
	cfg := Config{HTTP: direct, Endpoint: p.URL + "/rest/", Tokens: FixedToken("user-token"), AllowPlain: true, Timeout: 10 * time.Second}
	for _, part := range parts {
		switch part := part.(type) {
		case TokenSource:
			cfg.Tokens = part
		case Budget:
			cfg.Budget = part
		case time.Duration:
			cfg.Timeout = part
		case *http.Client:
			cfg.HTTP = part
		case patience:
			cfg.Patient = true
		}
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// patience makes a client patient.
type patience struct{}

// respond answers with a status and a body.
func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func ok(result string) http.HandlerFunc { return respond(200, `{"result":`+result+`}`) }

const expiredBody = `{"error":"expired_token","error_description":"The access token provided has expired"}`

// renewing is a token source that returns token-1, token-2, … and counts renewals.
type renewing struct {
	mu      sync.Mutex
	renewed int
	stale   []string
	doubts  []string
	err     error
}

func (r *renewing) Invalidate(_ context.Context, token string, _ error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.doubts = append(r.doubts, token)
}

func (r *renewing) Access(context.Context) (string, error) { return "token-1", nil }

func (r *renewing) Renew(_ context.Context, stale string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.renewed++
	r.stale = append(r.stale, stale)
	return "token-2", r.err
}

// ledger is a budget that records its calls.
type ledger struct {
	mu     sync.Mutex
	taken  []string
	usage  []Usage
	refuse error
}

func (l *ledger) Take(_ context.Context, methods ...string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken = append(l.taken, strings.Join(methods, " "))
	return l.refuse
}

func (l *ledger) Report(_ context.Context, usage []Usage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.usage = append(l.usage, usage...)
}

func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T) is not an *Error", err, err)
	}
	return e
}
