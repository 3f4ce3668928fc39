// Package app reads the configuration and wires the program: database, clients, use cases, pages and workers.
package app

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"acts24/acts"
	"acts24/store/schema"
	"acts24/workflow"
)

// Config is the program's configuration, read from the environment.
type Config struct {
	Addr         string         `env:"ACTS_ADDR" envDefault:"127.0.0.1:8080"`
	MetricsAddr  string         `env:"ACTS_METRICS_ADDR"` // internal address of the metrics, none when it is empty
	PublicURL    string         `env:"ACTS_PUBLIC_URL"`   // our public address: https://acts.example.ru
	DatabaseURL  string         `env:"ACTS_DATABASE_URL"` // for the role acts_app
	MigrateURL   string         `env:"ACTS_MIGRATE_URL"`  // for the role acts_owner, only for actsd migrate
	LogLevel     slog.Level     `env:"ACTS_LOG_LEVEL" envDefault:"info"`
	AllowRoot    bool           `env:"ACTS_ALLOW_ROOT"` // actsd serve may run as root
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

	StatementTimeout time.Duration `env:"ACTS_STATEMENT_TIMEOUT" envDefault:"2s"` // of one statement of a page, by the wall clock; 0 for none

	VisitPages  int `env:"ACTS_VISIT_PAGES" envDefault:"50"`   // requests of one visitor a second, with a burst of twice as many; 0 for no limit
	VisitForms  int `env:"ACTS_VISIT_FORMS" envDefault:"20"`   // forms of one visitor a second
	PortalPages int `env:"ACTS_PORTAL_PAGES" envDefault:"400"` // requests of one portal a second, with a burst of twice as many

	patient bool                                           // of crm.Config, for commands that only read
	onWait  func(portal acts.PortalID, wait time.Duration) // of crm.Config
}

// secrets are the variables that hold secrets. Each can be replaced by a file: ACTS_KEYS_FILE names a file with the value of ACTS_KEYS.
var secrets = []string{"ACTS_DATABASE_URL", "ACTS_MIGRATE_URL", "ACTS_CLIENT_SECRET", "ACTS_KEYS", "ACTS_SESSION_KEYS"}

// maxSecret is the largest size of a file with a secret.
const maxSecret = 64 << 10

// ReadConfig reads the environment and the files of secrets that it names.
func ReadConfig() (Config, error) {
	vars := env.ToMap(os.Environ())
	for _, name := range secrets {
		file := vars[name+"_FILE"]
		if file == "" {
			continue
		}
		if vars[name] != "" {
			return Config{}, fmt.Errorf("%s and %s_FILE are both set: leave one", name, name)
		}
		value, err := readSecret(file)
		if err != nil {
			return Config{}, fmt.Errorf("%s_FILE: %w", name, err)
		}
		vars[name] = value
	}
	cfg, err := env.ParseAsWithOptions[Config](env.Options{Environment: vars})
	if err != nil {
		return cfg, fmt.Errorf("read the environment: %w", err)
	}
	return cfg, nil
}

// readSecret reads a file with one secret; white space at its ends is not part of the secret.
func readSecret(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	value, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	switch {
	case err != nil:
		return "", err
	case len(value) > maxSecret:
		return "", fmt.Errorf("%s is longer than %d bytes", file, maxSecret)
	case len(bytes.TrimSpace(value)) == 0:
		return "", fmt.Errorf("%s is empty", file)
	}
	return string(bytes.TrimSpace(value)), nil
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
	need(isHTTPS(c.PublicURL) || c.AllowPlain, "ACTS_PUBLIC_URL must be our https address as portals see it")
	need(isHTTPS(c.SBISURL) || c.AllowPlain, "ACTS_SBIS_URL must begin with https://: logins and documents go there")
	need(isHTTPS(c.AuthURL) || c.AllowPlain, "ACTS_AUTH_URL must begin with https://: tokens and the secret of the app go there")
	need(c.Lease > c.CallTimeout, "ACTS_TASK_LEASE must be longer than ACTS_CALL_TIMEOUT")
	need(c.Window >= c.CallTimeout, "ACTS_CALL_WINDOW must not be shorter than ACTS_CALL_TIMEOUT")
	if c.SessionKeys != "" {
		_, err := c.sessionKeys()
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func isHTTPS(address string) bool { return strings.HasPrefix(address, "https://") }

// warnings lists what is allowed and dangerous.
func (c Config) warnings() (list []string) {
	if schema.IsUnencrypted(c.DatabaseURL) {
		list = append(list, "sslmode=disable in ACTS_DATABASE_URL: everything between the program and PostgreSQL is readable on the network")
	}
	if c.AllowPlain {
		list = append(list, "ACTS_ALLOW_PLAIN is set: tokens and documents may travel unencrypted; for the sandbox and tests only")
	}
	return list
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
		switch {
		case err != nil || len(raw) != 64:
			return nil, errors.New("ACTS_SESSION_KEYS: want base64 of 64 bytes")
		case bytes.Count(raw, raw[:1]) == len(raw):
			return nil, errors.New("ACTS_SESSION_KEYS: all bytes of a key are equal; generate one with: openssl rand -base64 64 | tr -d '\\n'")
		case slices.ContainsFunc(pairs, func(half []byte) bool { return bytes.Equal(half, raw[:32]) }):
			return nil, errors.New("ACTS_SESSION_KEYS: a key is repeated")
		}
		pairs = append(pairs, raw[:32], raw[32:])
	}
	return pairs, nil
}
