package bitrix24

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// defaultBound is the longest life of one request on the cloud (section 10.4).
const defaultBound = 60 * time.Second

// TokenSource gives the access token of the person or the portal whose rights a call uses.
type TokenSource interface {
	// Access returns the token to use now.
	Access(ctx context.Context) (string, error)
	// Renew returns a token newer than stale, which the portal has just called expired (section 1.5).
	Renew(ctx context.Context, stale string) (string, error)
	// Doubt hears that the portal took the token no more for another reason than its age: its person was dismissed
	// (section 1.5), or the portal has another address (section 1.6).
	Doubt(ctx context.Context, token string, err error)
}

// Budget keeps the limits of a portal (section 10.4): it is asked before each request and told what the answer said.
type Budget interface {
	// Take waits for or refuses a place for one request that runs these methods; after an error nothing is sent.
	Take(ctx context.Context, methods ...string) error
	// Report tells what the portal said about its limits.
	Report(ctx context.Context, usage []Usage)
}

// Gate stands before every call; it may know that the portal is dead.
type Gate interface {
	// Enter lets a call pass; after an error nothing is sent. left is told how the call ended, its renewal included, and gives
	// the error to hand on.
	Enter(ctx context.Context) (left func(error) error, err error)
}

// Usage is what an answer said about the limits of one method; an empty Method means the whole portal.
type Usage struct {
	Method    string
	Operating float64 // seconds spent in this method during the last ten minutes
	ResetAt   int64   // unix time at which part of them is forgotten; 0 when the answer does not say
	Limited   bool    // the request was refused for a limit
}

// Config is what a Client needs to know about one portal and one user of it.
type Config struct {
	Endpoint   string // client_endpoint confirmed for this portal, such as https://portal.bitrix24.ru/rest/
	HTTP       *http.Client
	Bound      time.Duration // of one request; 60 s when zero
	Tokens     TokenSource
	Budget     Budget // nil: no limits kept
	Gate       Gate   // nil: always open
	AllowPlain bool   // http and bare addresses, for the sandbox and for tests
}

// Client calls the methods of one portal with the rights of one token; it may be used by many goroutines.
type Client struct {
	endpoint string
	wire     wire
	tokens   TokenSource
	budget   Budget
	gate     Gate
}

// New returns a client of the portal at cfg.Endpoint, the only host it ever talks to.
func New(cfg Config) (*Client, error) {
	endpoint, err := ParseEndpoint(cfg.Endpoint, cfg.AllowPlain)
	if err != nil {
		return nil, err
	}
	if cfg.Tokens == nil {
		return nil, errors.New("bitrix24: a client needs a source of tokens")
	}
	c := &Client{endpoint: endpoint, wire: newWire(cfg.HTTP, cfg.Bound), tokens: cfg.Tokens, budget: cfg.Budget, gate: cfg.Gate}
	if c.budget == nil {
		c.budget = unlimited{}
	}
	if c.gate == nil {
		c.gate = unlimited{}
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

func (unlimited) Enter(context.Context) (func(error) error, error) {
	return func(err error) error { return err }, nil
}

// ErrNoRenewal says that a fixed token has expired: its user has to open the page again.
var ErrNoRenewal = errors.New("a user's own token is not renewed")

// FixedToken is a user's own token (AUTH_ID of section 1.2), used until it expires and never renewed.
type FixedToken string

// Access returns the token itself.
func (t FixedToken) Access(context.Context) (string, error) {
	if t == "" {
		return "", fmt.Errorf("no token: %w", ErrNoRenewal)
	}
	return string(t), nil
}

// Renew always refuses.
func (t FixedToken) Renew(context.Context, string) (string, error) { return "", ErrNoRenewal }

// Doubt changes nothing: the person opens the page again.
func (t FixedToken) Doubt(context.Context, string, error) {}

// String hides the token from logs.
func (t FixedToken) String() string { return "token" }

// GoString hides the token from logs.
func (t FixedToken) GoString() string { return "token" }
