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
	calls   []receivedCall
}

// receivedCall is one received request; Body is its decoded JSON, nil for another format.
type receivedCall struct {
	Path, ContentType, UserAgent string
	Body                         map[string]any
	Raw                          string
}

func newStubPortal(t *testing.T, answers ...http.HandlerFunc) *stubPortal {
	t.Helper()
	p := &stubPortal{answers: answers}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *stubPortal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body) // a call that the client breaks off is received too
	r.Body = io.NopCloser(bytes.NewReader(raw))
	call := receivedCall{Path: r.URL.Path, ContentType: r.Header.Get("Content-Type"), UserAgent: r.UserAgent(), Raw: string(raw)}
	_ = json.Unmarshal(raw, &call.Body)
	p.mu.Lock()
	p.calls = append(p.calls, call)
	answer := p.answers[min(len(p.calls), len(p.answers))-1]
	p.mu.Unlock()
	answer(w, r)
}

// received returns the received requests.
func (p *stubPortal) received() []receivedCall {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.calls)
}

// unguardedHTTP connects to every address, also to the servers of tests on this machine.
var unguardedHTTP = &http.Client{Transport: http.DefaultTransport}

// client returns a client of the portal with the fixed token user-token, changed by the options.
func (p *stubPortal) client(t *testing.T, options ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{HTTP: unguardedHTTP, Endpoint: p.URL + "/rest/", Tokens: FixedToken("user-token"), AllowPlain: true, Timeout: 10 * time.Second}
	for _, option := range options {
		option(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func withTokens(source TokenSource) func(*Config) { return func(c *Config) { c.Tokens = source } }
func withBudget(budget Budget) func(*Config)      { return func(c *Config) { c.Budget = budget } }

// respond answers with a status and a body.
func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// respondResult answers with status 200 and the JSON text of a result.
func respondResult(result string) http.HandlerFunc { return respond(200, `{"result":`+result+`}`) }

// redirect answers with a redirect to an address.
func redirect(status int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(status)
	}
}

const expiredBody = `{"error":"expired_token","error_description":"The access token provided has expired"}`

// renewableTokens provides token-1, renews every token to token-2, and records the renewed and the invalidated tokens.
type renewableTokens struct {
	mu          sync.Mutex
	renewed     []string
	invalidated []string
	renewErr    error
}

func (r *renewableTokens) Invalidate(_ context.Context, token string, _ error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.invalidated = append(r.invalidated, token)
}

func (r *renewableTokens) Access(context.Context) (string, error) { return "token-1", nil }

func (r *renewableTokens) Renew(_ context.Context, stale string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.renewed = append(r.renewed, stale)
	return "token-2", r.renewErr
}

// recordingBudget records the methods of each Take, separated by spaces, and the reported usage.
type recordingBudget struct {
	mu      sync.Mutex
	taken   []string
	usage   []Usage
	takeErr error
}

func (b *recordingBudget) Take(_ context.Context, methods ...string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.taken = append(b.taken, strings.Join(methods, " "))
	return b.takeErr
}

func (b *recordingBudget) Report(_ context.Context, usage []Usage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.usage = append(b.usage, usage...)
}

// asError returns the *Error in the chain of err and fails the test when there is none.
func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T) is not an *Error", err, err)
	}
	return e
}
