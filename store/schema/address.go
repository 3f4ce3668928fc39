package schema

import (
	"net/netip"
	"strings"

	"github.com/lib/pq"
)

// IsUnencrypted reports whether connections to an address of PostgreSQL cross a network without TLS.
func IsUnencrypted(dsn string) bool {
	config, err := pq.NewConfig(dsn)
	if err != nil || config.SSLMode != pq.SSLModeDisable {
		return false
	}
	host := config.Host
	if host == "" || host == "localhost" || strings.HasPrefix(host, "/") {
		return false
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err != nil || !ip.IsLoopback()
}
