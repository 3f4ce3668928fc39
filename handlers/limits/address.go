package limits

import (
	"net/http"
	"net/netip"
	"strings"
)

// Address returns the client: the peer, or what our proxies report. For IPv6 it is the /64 network of the customer.
func Address(r *http.Request, proxies []netip.Prefix) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	at := peer.Addr().Unmap()
	reported := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(reported) - 1; i >= 0 && contain(proxies, at); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(reported[i]))
		if err != nil {
			break
		}
		at = next.Unmap()
	}
	if at = at.WithZone(""); at.Is6() {
		return netip.PrefixFrom(at, 64).Masked().String()
	}
	return at.String()
}

func contain(proxies []netip.Prefix, at netip.Addr) bool {
	for _, p := range proxies {
		if p.Contains(at) {
			return true
		}
	}
	return false
}
