package bitrix24

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// defaultTimeout is the longest execution time of a request on the cloud (docs/contracts/bitrix24.md, "Limits").
const defaultTimeout = 60 * time.Second

// TokenSource provides the access token of the user whose rights a call uses.
type TokenSource interface {
	// Access returns the token to use now.
	Access(ctx context.Context) (string, error)
	// Renew returns a token newer than stale, which the portal has just rejected as expired (docs/contracts/bitrix24.md, "Tokens").
	Renew(ctx context.Context, stale string) (string, error)
	// Invalidate is called when the portal rejects a token that has not expired: its user was dismissed
	// (docs/contracts/bitrix24.md, "Tokens"), or the portal has another address (docs/contracts/bitrix24.md, "Verifying a request").
	Invalidate(ctx context.Context, token string, err error)
}

// Budget keeps the rate limits of a portal (docs/contracts/bitrix24.md, "Limits"). It is called before and after each request.
type Budget interface {
	// Take waits until a request that executes these methods may be sent; an error means that it must not be sent.
	Take(ctx context.Context, methods ...string) error
	// Report receives what the portal answered about its limits.
	Report(ctx context.Context, usage []Usage)
}

// Breaker decides before every call whether the portal may be called.
type Breaker interface {
	// Before returns an error when the call must not be sent. after is called with the result of the call, including a renewal
	// of the token, and returns the error for the caller.
	Before(ctx context.Context) (after func(error) error, err error)
}

// Usage is the part of an answer about the limits of one method; an empty Method means the whole portal.
type Usage struct {
	Method    string
	Operating float64 // seconds spent in this method during the last ten minutes
	ResetAt   int64   // unix time at which part of them no longer counts; 0 when the answer lacks it
	Limited   bool    // the request was refused for a limit

	Commands int     // of the method in this request
	Spent    float64 // seconds of all of them, 0 when the answer lacks it
}

// CommandCost returns the mean time of one command of the request in seconds, 0 when it is not known.
func (u Usage) CommandCost() float64 { return u.Spent / float64(max(u.Commands, 1)) }

// Config is the configuration of a Client for one portal and one of its users.
type Config struct {
	Endpoint   string        // client_endpoint confirmed for this portal, such as https://portal.bitrix24.ru/rest/
	HTTP       *http.Client  // its transport decides where calls may go; there is no default
	Timeout    time.Duration // of one request; 60 s when zero
	Tokens     TokenSource
	Budget     Budget  // nil: no limits kept
	Breaker    Breaker // nil: every call may be sent
	Patient    bool    // repeat requests that a limit refused as soon as Budget lets them pass; only for requests that change nothing
	AllowPlain bool    // allow http and IP addresses, for the sandbox and for tests
}

// Client calls the methods of one portal with the rights of one user. It is safe for concurrent use.
type Client struct {
	endpoint string
	wire     wire
	tokens   TokenSource
	budget   Budget
	breaker  Breaker
	patient  bool
}

// New returns a client of the portal at cfg.Endpoint. The client sends requests to no other host.
func New(cfg Config) (*Client, error) {
	endpoint, err := ParseEndpoint(cfg.Endpoint, cfg.AllowPlain)
	if err != nil {
		return nil, err
	}
	if cfg.Tokens == nil {
		return nil, errors.New("bitrix24: a client needs a source of tokens")
	}
	w, err := newWire(cfg.HTTP, cfg.Timeout)
	if err != nil {
		return nil, err
	}
	c := &Client{endpoint: endpoint, wire: w, tokens: cfg.Tokens, budget: cfg.Budget, breaker: cfg.Breaker, patient: cfg.Patient}
	if c.budget == nil {
		c.budget = unlimited{}
	}
	if c.breaker == nil {
		c.breaker = unlimited{}
	}
	return c, nil
}

// Call runs one method and decodes its result into out, which may be nil.
func (c *Client) Call(ctx context.Context, method string, params Params, out any) error {
	return c.call(ctx, method, params, out)
}

type unlimited struct{}

func (unlimited) Take(context.Context, ...string) error { return nil }
func (unlimited) Report(context.Context, []Usage)       {}

func (unlimited) Before(context.Context) (func(error) error, error) {
	return func(err error) error { return err }, nil
}

// ErrNoRenewal means that a fixed token has expired: its user must open the page again.
var ErrNoRenewal = errors.New("a user's own token is not renewed")

// FixedToken is a user's own token (AUTH_ID of docs/contracts/bitrix24.md, "Opening"), used until it expires and never renewed.
type FixedToken string

// Access returns the token itself.
func (t FixedToken) Access(context.Context) (string, error) {
	if t == "" {
		return "", fmt.Errorf("no token: %w", ErrNoRenewal)
	}
	return string(t), nil
}

// Renew always returns ErrNoRenewal.
func (t FixedToken) Renew(context.Context, string) (string, error) { return "", ErrNoRenewal }

// Invalidate does nothing.
func (t FixedToken) Invalidate(context.Context, string, error) {}

// String hides the token from logs.
func (t FixedToken) String() string { return "token" }

// GoString hides the token from logs.
func (t FixedToken) GoString() string { return "token" }

// Params are the parameters of a method: strings, numbers, bools, nil, Amount, Bool, FileBody, Reference,
// lists and maps of these.
type Params map[string]any

// request is one HTTP request: its method, the methods that it executes, and how to read usage from its answer.
type request struct {
	method string
	runs   []string
	params Params
	usage  func(*answer) []Usage
}

var errMethodName = errors.New("not a name of a method")

// call runs one method and decodes its result into out.
func (c *Client) call(ctx context.Context, method string, params Params, out any) error {
	a, err := c.callEnvelope(ctx, method, params)
	if err != nil {
		return err
	}
	return a.decode(method, out)
}

// callEnvelope calls one method and returns its envelope.
func (c *Client) callEnvelope(ctx context.Context, method string, params Params) (*answer, error) {
	return c.guarded(ctx, request{
		method: method, runs: []string{method}, params: params,
		usage: func(a *answer) []Usage {
			if a.Time == (timing{}) {
				return nil
			}
			return []Usage{{Method: method, Operating: a.Time.Operating, ResetAt: a.Time.ResetAt, Commands: 1, Spent: a.Time.Duration}}
		},
	})
}

// guarded sends a request unless the breaker is open.
func (c *Client) guarded(ctx context.Context, r request) (*answer, error) {
	if !isMethodName(r.method) {
		return nil, notSent("call", errMethodName)
	}
	after, err := c.breaker.Before(ctx)
	if err != nil {
		return nil, notSent(r.method, err)
	}
	a, err := c.withRenewal(ctx, r)
	return a, after(err)
}

// withRenewal sends a request with the current token, and again with a new one if that has expired
// (docs/contracts/bitrix24.md, "Tokens").
func (c *Client) withRenewal(ctx context.Context, r request) (*answer, error) {
	token, err := c.tokens.Access(ctx)
	if err != nil {
		return nil, notSent(r.method, err)
	}
	a, err := c.attempt(ctx, r, token)
	if IsBadToken(err) || RedirectHost(err) != "" {
		c.tokens.Invalidate(ctx, token, err)
	}
	if !IsExpired(err) {
		return a, err
	}
	fresh, failure := c.tokens.Renew(ctx, token)
	if failure != nil {
		return nil, &Error{Method: r.method, Status: http.StatusUnauthorized, Code: "expired_token", refused: true, cause: failure}
	}
	return c.attempt(ctx, r, fresh)
}

// attempt sends an HTTP request within the budget and reports its usage; a patient client sends it again while a limit refuses it.
func (c *Client) attempt(ctx context.Context, r request, token string) (*answer, error) {
	body, err := r.body(token)
	if err != nil {
		return nil, notSent(r.method, err)
	}
	for {
		if err := c.budget.Take(ctx, r.runs...); err != nil {
			return nil, notSent(r.method, err)
		}
		a, err := c.send(ctx, r.method, body, token)
		usage := r.report(a, err)
		if len(usage) > 0 {
			c.budget.Report(ctx, usage)
		}
		fromPortal := err == nil || IsLimit(err) // a 503 without a code comes from a load balancer; its portal may be closed
		if !c.patient || !fromPortal || !slices.ContainsFunc(usage, func(u Usage) bool { return u.Limited }) {
			return a, err
		}
	}
}

func (c *Client) send(ctx context.Context, method string, body payload, token string) (*answer, error) {
	reply, err := c.wire.post(ctx, method, c.endpoint+method+".json", typeJSON, body)
	if err != nil {
		return nil, err
	}
	a, err := readAnswer(method, reply)
	if a != nil {
		a.secret = token
	}
	var e *Error
	if errors.As(err, &e) {
		e.redact(token)
		e.resetAt = max(e.resetAt, retryAfter(reply.header))
	}
	return a, err
}

// body encodes the parameters and the token as JSON, which keeps nested values exact
// (docs/contracts/bitrix24.md, "Calls and answers").
func (r request) body(token string) (payload, error) {
	all := make(Params, len(r.params)+1)
	for name, value := range r.params {
		all[name] = value
	}
	all["auth"] = token
	return newPayload(all)
}

// plainJSON encodes JSON without escaping <, > and &.
func plainJSON(value any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return nil, errParameter
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// isMethodName reports whether a name has only letters, digits, underscores and single dots, so that it cannot change the address.
func isMethodName(name string) bool {
	dot := true
	for _, r := range name {
		if r == '.' && dot || r != '.' && !isWordRune(r) {
			return false
		}
		dot = r == '.'
	}
	return name != "" && !dot && len(name) <= 100
}

// report returns the operating time of each executed method and the limit that refused the request.
func (r request) report(a *answer, err error) []Usage {
	var usage []Usage
	if a != nil {
		usage = r.usage(a)
	}
	var e *Error
	if errors.As(err, &e) && e.limited() {
		usage = append(usage, Usage{Method: r.limitedMethod(e), ResetAt: e.resetAt, Limited: true})
	}
	return usage
}

// limited reports whether a limit refused the request, also when a load balancer answered without JSON.
func (e *Error) limited() bool {
	return e.Status == http.StatusTooManyRequests || e.Status == http.StatusServiceUnavailable || e.meaning().is(limit)
}

// limitedMethod returns the method whose operating time is used up, or "" when the limit concerns the whole portal
// (docs/contracts/bitrix24.md, "Limits").
func (r request) limitedMethod(e *Error) string {
	if len(r.runs) == 1 && (e.Status == http.StatusTooManyRequests || hasCode(e, "operation_time_limit")) {
		return r.runs[0]
	}
	return ""
}

// retryAfter returns the unix time of Retry-After relative to the Date of the answer; 0 without one.
func retryAfter(h http.Header) int64 {
	seconds, err := strconv.ParseInt(h.Get("Retry-After"), 10, 64)
	if err != nil || seconds <= 0 || seconds > 24*3600 {
		return 0
	}
	sent, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return sent.Unix() + seconds
}

// usageByMethod merges the times of several commands into one value per method. The sum of the last minutes only grows within a
// request, so the largest value is the latest.
type usageByMethod map[string]Usage

func (u usageByMethod) add(method string, s timing) {
	if s == (timing{}) {
		return
	}
	known := u[method]
	if s.Operating >= known.Operating {
		known.Operating, known.ResetAt = s.Operating, max(s.ResetAt, known.ResetAt)
	}
	known.Method = method
	known.Commands++
	known.Spent += s.Duration
	u[method] = known
}

func (u usageByMethod) markLimited(method string) {
	known := u[method]
	known.Method, known.Limited = method, true
	u[method] = known
}

func (u usageByMethod) list() []Usage {
	usage := make([]Usage, 0, len(u))
	for _, method := range sortedKeys(u) {
		usage = append(usage, u[method])
	}
	return usage
}
