package app_test

import (
	"net/netip"
	"slices"
	"testing"

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
