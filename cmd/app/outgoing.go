package app

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"acts24/integrations/outbound"
)

// client returns the HTTP client of all outgoing calls (docs/security.md, "Outgoing connections").
func (c Config) client() (*http.Client, error) {
	guard := outbound.Guard{Any: c.AllowPlain, Networks: c.AllowNetworks, Ports: append([]uint16{443}, c.AllowPorts...)}
	for _, server := range []string{c.AuthURL, c.SBISURL} {
		u, err := url.Parse(server)
		if err != nil {
			return nil, fmt.Errorf("the address of a server: %w", err)
		}
		if u.Port() == "" {
			continue
		}
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil {
			return nil, fmt.Errorf("the port of %s: %w", u.Host, err)
		}
		guard.Ports = append(guard.Ports, uint16(port))
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: guard.Control}
	return &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 8, IdleConnTimeout: 90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second, DialContext: dialer.DialContext}}, nil
}
