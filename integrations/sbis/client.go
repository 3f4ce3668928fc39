// Package sbis is a client of the exchange API of SBIS (Saby): JSON-RPC methods, sessions, the
// feed of changes and file links. It has no knowledge of acts. docs/contracts/sbis.md
// describes the API with sources.
package sbis

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// defaultTimeout is the timeout of a call without one in the configuration.
const defaultTimeout = 60 * time.Second

// Config is the configuration of a Client (docs/contracts/sbis.md, "Addresses" and "Ways in").
type Config struct {
	AuthURL    string // …/auth/service/: login, logout, session check
	ServiceURL string // …/service/?srv=1: every other method
	OAuthURL   string // …/oauth/service/: token of an application

	HTTP     *http.Client  // its transport decides where calls may go, there is no default; its redirect policy is replaced
	Timeout  time.Duration // of one request to SBIS; waiting for our own locks does not count
	Login    Login
	Sessions SessionSource
	Breaker  Breaker // nil: every call may be sent

	UserAgent string   // "acts24" by default
	Protocol  int      // the member "protocol" that some clients send; 0 omits it (docs/contracts/sbis.md, "Envelope")
	FileHosts []string // additional allowed hosts of file links
}

// Breaker decides before every call whether SBIS may be called.
type Breaker interface {
	// Before returns an error when the call must not be sent. after is called with the result of the call, including a login, and
	// returns the error for the caller.
	Before(ctx context.Context) (after func(error) error, err error)
}

type noBreaker struct{}

func (noBreaker) Before(context.Context) (func(error) error, error) {
	return func(err error) error { return err }, nil
}

// Client calls SBIS for one account. It is safe for concurrent use.
type Client struct {
	auth, service, oauth string
	hosts                fileHosts

	http      *http.Client
	timeout   time.Duration
	login     Login
	sessions  SessionSource
	breaker   Breaker
	userAgent string
	protocol  int
}

// New checks the configuration and returns a client. It makes no call.
func New(cfg Config) (*Client, error) {
	if cfg.Sessions == nil {
		return nil, errors.New("sbis: no session source")
	}
	if cfg.HTTP == nil || cfg.HTTP.Transport == nil {
		return nil, errors.New("sbis: HTTP needs a client with a transport, which decides where calls may go")
	}
	hosts, err := allowHosts(cfg)
	if err != nil {
		return nil, err
	}
	if cfg.Breaker == nil {
		cfg.Breaker = noBreaker{}
	}
	return &Client{
		auth: cfg.AuthURL, service: cfg.ServiceURL, oauth: cfg.OAuthURL, hosts: hosts,
		http:      withoutRedirects(cfg.HTTP),
		timeout:   positiveOr(cfg.Timeout, defaultTimeout),
		login:     cfg.Login,
		sessions:  cfg.Sessions,
		breaker:   cfg.Breaker,
		userAgent: nonEmpty(cfg.UserAgent, "acts24"),
		protocol:  cfg.Protocol,
	}, nil
}

// withoutRedirects returns a copy of h that does not follow redirects, so that a session header is never sent to an address named by an
// answer.
func withoutRedirects(h *http.Client) *http.Client {
	own := *h
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// allowHosts checks the configured addresses and returns the allowed hosts of file links.
func allowHosts(cfg Config) (fileHosts, error) {
	hosts := fileHosts{}
	for _, address := range []string{cfg.AuthURL, cfg.ServiceURL, cfg.OAuthURL} {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			return nil, fmt.Errorf("sbis: %q is not an address of the service", address)
		}
		hosts.add(u.Host, u.Scheme)
	}
	for _, host := range cfg.FileHosts {
		hosts.add(host, "https")
	}
	return hosts, nil
}

// call calls a method at the service address with the account's session. An ended session is renewed once and the call repeated once
// (docs/contracts/sbis.md, "Session" and "Errors").
func (c *Client) call(ctx context.Context, method string, params, out any) error {
	return c.withSession(ctx, func(s Session) error {
		return c.rpc(ctx, c.service, s, method, params, out)
	})
}

// withSession runs a call unless the breaker is open.
func (c *Client) withSession(ctx context.Context, run func(Session) error) error {
	after, err := c.breaker.Before(ctx)
	if err != nil {
		return loginError(err)
	}
	return after(c.inSession(ctx, run))
}

// inSession calls run with a session, and once more with a new session when SBIS refuses the first.
func (c *Client) inSession(ctx context.Context, run func(Session) error) error {
	s, err := c.sessions.Session(ctx)
	if err != nil {
		return loginError(err)
	}
	if s.Value != "" {
		if err := run(s); !IsSession(err) {
			return err
		}
	}
	fresh, err := c.sessions.Renew(ctx, s.Value, c.logIn)
	if err != nil {
		return loginError(err)
	}
	return run(fresh)
}

func positiveOr(d, fallback time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return fallback
}

func nonEmpty(s, fallback string) string {
	if s != "" {
		return s
	}
	return fallback
}
