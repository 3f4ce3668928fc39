package app_test

import (
	"encoding/base64"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app"
)

func TestProxiesOfTheEnvironment(t *testing.T) {
	t.Setenv("ACTS_PROXIES", "10.0.0.0/8,fd00::/8")
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	if cfg, err := app.ReadConfig(); err != nil || !slices.Equal(cfg.Proxies, want) {
		t.Errorf("proxies %v, %v; want %v", cfg.Proxies, err, want)
	}
	t.Setenv("ACTS_PROXIES", "everybody")
	if _, err := app.ReadConfig(); err == nil {
		t.Error("an invalid network is accepted")
	}
	t.Setenv("ACTS_PROXIES", "")
	if cfg, err := app.ReadConfig(); err != nil || len(cfg.Proxies) != 0 {
		t.Errorf("proxies %v, %v; want none", cfg.Proxies, err)
	}
}

// A secret may stand in a file, as systemd and containers pass it.
func TestSecretsOfFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("ACTS_KEYS_FILE", file)
	write("a:MDEy\n")
	if cfg, err := app.ReadConfig(); err != nil || cfg.Keys != "a:MDEy" {
		t.Errorf("keys %q, %v", cfg.Keys, err)
	}
	for name, get := range map[string]func(app.Config) string{
		"ACTS_DATABASE_URL":  func(c app.Config) string { return c.DatabaseURL },
		"ACTS_MIGRATE_URL":   func(c app.Config) string { return c.MigrateURL },
		"ACTS_CLIENT_SECRET": func(c app.Config) string { return c.ClientSecret },
		"ACTS_SESSION_KEYS":  func(c app.Config) string { return c.SessionKeys },
	} {
		t.Setenv(name+"_FILE", file)
		if cfg, err := app.ReadConfig(); err != nil || get(cfg) != "a:MDEy" {
			t.Errorf("%s: %q, %v", name, get(cfg), err)
		}
		t.Setenv(name+"_FILE", "")
	}
	for name, tt := range map[string]struct {
		prepare func()
		words   string
	}{
		"both":    {func() { t.Setenv("ACTS_KEYS", "a:MDEy") }, "both set"},
		"empty":   {func() { t.Setenv("ACTS_KEYS", ""); write(" \n") }, "is empty"},
		"too big": {func() { write(strings.Repeat("x", 1<<20)) }, "is longer"},
		"missing": {func() { t.Setenv("ACTS_KEYS_FILE", file+"x") }, "no such file"},
	} {
		tt.prepare()
		if _, err := app.ReadConfig(); err == nil || !strings.Contains(err.Error(), tt.words) {
			t.Errorf("%s: %v, want %q", name, err, tt.words)
		}
		t.Setenv("ACTS_KEYS", "")
		t.Setenv("ACTS_KEYS_FILE", file)
		write("a:MDEy")
	}
}

// What is dangerous is refused before anything is connected, in one error.
func TestDangerousConfiguration(t *testing.T) {
	key := func(first byte, n int) string {
		raw := make([]byte, n)
		for i := range raw {
			raw[i] = first + byte(i)
		}
		return base64.StdEncoding.EncodeToString(raw)
	}
	good := app.Config{DatabaseURL: "postgres://acts_app@127.0.0.1:1/acts?sslmode=disable", Keys: "a:" + key(1, 32), SessionKeys: key(1, 64), ClientID: "app", ClientSecret: "secret",
		PublicURL: "https://acts.example", AuthURL: "https://oauth.example", SBISURL: "https://sbis.example", CallTimeout: time.Second, Window: time.Second, Lease: 2 * time.Second}
	for name, tt := range map[string]struct {
		change func(*app.Config)
		words  string
	}{
		"plain SBIS":           {func(c *app.Config) { c.SBISURL = "http://sbis.example" }, "ACTS_SBIS_URL must begin with https"},
		"plain authorization":  {func(c *app.Config) { c.AuthURL = "http://oauth.example" }, "ACTS_AUTH_URL must begin with https"},
		"plain public address": {func(c *app.Config) { c.PublicURL = "http://acts.example" }, "ACTS_PUBLIC_URL"},
		"zero key":             {func(c *app.Config) { c.Keys = "a:" + base64.StdEncoding.EncodeToString(make([]byte, 32)) }, "all bytes are equal"},
		"zero session key":     {func(c *app.Config) { c.SessionKeys = base64.StdEncoding.EncodeToString(make([]byte, 64)) }, "all bytes of a key are equal"},
		"repeated session key": {func(c *app.Config) { c.SessionKeys += "," + c.SessionKeys }, "a key is repeated"},
	} {
		cfg := good
		tt.change(&cfg)
		if _, err := app.New(t.Context(), cfg, time.Now, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), tt.words) {
			t.Errorf("%s: %v, want %q", name, err, tt.words)
		}
	}
}
