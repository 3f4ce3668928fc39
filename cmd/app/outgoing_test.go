package app

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"acts24/integrations/outbound"
)

// The program calls a server of a private network only when its network is configured, and the sandbox any.
func TestOutgoingCalls(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	for name, tt := range map[string]struct {
		cfg  Config
		want bool
	}{
		"production":                       {Config{}, false},
		"its port is one of ours":          {Config{SBISURL: server.URL}, false},
		"its network, and no port":         {Config{AllowNetworks: loopback}, false},
		"its network and the port of SBIS": {Config{AllowNetworks: loopback, SBISURL: server.URL}, true},
		"the sandbox":                      {Config{AllowPlain: true}, true},
	} {
		client, err := tt.cfg.client()
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Get(server.URL)
		if err == nil {
			answer.Body.Close()
		}
		if (err == nil) != tt.want || err != nil && !errors.Is(err, outbound.ErrRefused) {
			t.Errorf("%s: %v; want called %v", name, err, tt.want)
		}
	}
	if _, err := (Config{AuthURL: "https://oauth.example:99999"}).client(); err == nil {
		t.Error("an impossible port is accepted")
	}
}
