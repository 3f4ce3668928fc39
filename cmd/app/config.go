// Package app reads the configuration and wires the program: database, clients, use cases, pages and workers.
package app

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"acts24/workflow"
)

// Config is the program's configuration, read from the environment.
type Config struct {
	Addr         string         `env:"ACTS_ADDR" envDefault:":8080"`
	PublicURL    string         `env:"ACTS_PUBLIC_URL"`   // our public address: https://acts.example.ru
	DatabaseURL  string         `env:"ACTS_DATABASE_URL"` // for the role acts_app
	MigrateURL   string         `env:"ACTS_MIGRATE_URL"`  // for the role acts_owner, only for actsd migrate
	ClientID     string         `env:"ACTS_CLIENT_ID"`
	ClientSecret string         `env:"ACTS_CLIENT_SECRET,unset"`
	AuthURL      string         `env:"ACTS_AUTH_URL" envDefault:"https://oauth.bitrix24.tech"`
	SBISURL      string         `env:"ACTS_SBIS_URL" envDefault:"https://online.sbis.ru"`
	Keys         string         `env:"ACTS_KEYS,unset"`         // id:base64 of 32 bytes, comma separated, the newest first
	SessionKeys  string         `env:"ACTS_SESSION_KEYS,unset"` // base64 of 64 bytes, comma separated, the newest first
	Proxies      []netip.Prefix `env:"ACTS_PROXIES"`            // our proxies, whose X-Forwarded-For is trusted
	AllowPlain   bool           `env:"ACTS_ALLOW_PLAIN"`        // allow portals over http: the sandbox and tests only

	AllowNetworks []netip.Prefix `env:"ACTS_ALLOW_NETWORKS"` // private networks that may be called: of self-hosted portals, of our own proxy
	AllowPorts    []uint16       `env:"ACTS_ALLOW_PORTS"`    // ports that may be called besides 443 and those of the servers above

	CallTimeout time.Duration `env:"ACTS_CALL_TIMEOUT" envDefault:"60s"` // timeout of a call to a remote system
	Window      time.Duration `env:"ACTS_CALL_WINDOW" envDefault:"75s"`
	Lease       time.Duration `env:"ACTS_TASK_LEASE" envDefault:"90s"`
	Login       time.Duration `env:"ACTS_LOGIN_LEASE" envDefault:"40s"`  // time limit for one replica to refresh a token or log in
	Retry       time.Duration `env:"ACTS_RETRY_MOST" envDefault:"300s"`  // longest delay between two attempts of a delivery
	PageTimeout time.Duration `env:"ACTS_PAGE_TIMEOUT" envDefault:"10s"` // timeout of a remote call while a user waits for the page
	PollFast    time.Duration `env:"ACTS_POLL_FAST" envDefault:"30s"`
	PollSlow    time.Duration `env:"ACTS_POLL_SLOW" envDefault:"60s"`
	PollIdle    time.Duration `env:"ACTS_POLL_IDLE" envDefault:"300s"`
	Reconcile   time.Duration `env:"ACTS_RECONCILE_INTERVAL" envDefault:"300s"` // between two comparisons with the CRM of a portal
	Probe       time.Duration `env:"ACTS_PROBE" envDefault:"300s"`              // between two attempts to reach a portal or account that does not answer

	PageConnections int `env:"ACTS_PAGE_CONNECTIONS" envDefault:"8"`
	JobConnections  int `env:"ACTS_JOB_CONNECTIONS" envDefault:"8"`
	FormConnections int `env:"ACTS_FORM_CONNECTIONS" envDefault:"2"` // for the public form

	VisitPages  int `env:"ACTS_VISIT_PAGES" envDefault:"50"`   // requests of one visitor a second, with a burst of twice as many; 0 for no limit
	VisitForms  int `env:"ACTS_VISIT_FORMS" envDefault:"20"`   // forms of one visitor a second
	PortalPages int `env:"ACTS_PORTAL_PAGES" envDefault:"400"` // requests of one portal a second, with a burst of twice as many
}

// ReadConfig reads the environment and returns one error that lists everything missing for actsd serve.
func ReadConfig() (Config, error) {
	cfg, err := env.ParseAs[Config]()
	if err != nil {
		return cfg, fmt.Errorf("read the environment: %w", err)
	}
	return cfg, nil
}

// check returns an error that lists everything missing for actsd serve.
func (c Config) check() error {
	var errs []error
	need := func(ok bool, what string) {
		if !ok {
			errs = append(errs, errors.New(what))
		}
	}
	need(c.DatabaseURL != "", "ACTS_DATABASE_URL is not set: give the address of PostgreSQL for the role acts_app")
	need(c.Keys != "", "ACTS_KEYS is not set: id:base64 of 32 random bytes, for example \"a:$(openssl rand -base64 32)\"")
	need(c.SessionKeys != "", "ACTS_SESSION_KEYS is not set: base64 of 64 random bytes, for example \"$(openssl rand -base64 64 | tr -d '\\n')\"")
	need(c.ClientID != "" && c.ClientSecret != "", "ACTS_CLIENT_ID and ACTS_CLIENT_SECRET are not set: Bitrix24 shows them where the app is registered")
	need(strings.HasPrefix(c.PublicURL, "https://") || c.AllowPlain, "ACTS_PUBLIC_URL must be our https address as portals see it")
	need(c.Lease > c.CallTimeout, "ACTS_TASK_LEASE must be longer than ACTS_CALL_TIMEOUT")
	need(c.Window >= c.CallTimeout, "ACTS_CALL_WINDOW must not be shorter than ACTS_CALL_TIMEOUT")
	return errors.Join(errs...)
}

func (c Config) timing() workflow.Timing {
	t := workflow.DefaultTiming
	t.CallTimeout, t.Window, t.Lease, t.Retry = c.CallTimeout, c.Window, c.Lease, cmp.Or(c.Retry, t.Retry)
	t.PollFast, t.PollSlow, t.PollIdle, t.Reconcile = c.PollFast, c.PollSlow, c.PollIdle, cmp.Or(c.Reconcile, t.Reconcile)
	t.Probe = cmp.Or(c.Probe, t.Probe)
	return t
}

// sessionKeys returns pairs of a hash key and a block key.
func (c Config) sessionKeys() ([][]byte, error) {
	var pairs [][]byte
	for _, text := range strings.Split(c.SessionKeys, ",") {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil || len(raw) != 64 {
			return nil, errors.New("ACTS_SESSION_KEYS: want base64 of 64 bytes")
		}
		pairs = append(pairs, raw[:32], raw[32:])
	}
	return pairs, nil
}
