// Package outbound decides to which addresses the program connects. The names of portals come from outside and may resolve to anything, so
// the address of the connection itself is checked, after the name was resolved and before anything is sent.
package outbound

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"syscall"
)

// ErrRefused means that a connection was not made because of its address.
var ErrRefused = errors.New("outgoing connection refused")

// Guard decides which outgoing connections are allowed.
type Guard struct {
	Any      bool           // all of them: the sandbox and tests
	Networks []netip.Prefix // networks that are not public and may be reached: of self-hosted portals, of our own proxy
	Ports    []uint16
}

// Control is the Control of a net.Dialer: it is called with the address of every connection before it is made.
func (g Guard) Control(_, address string, _ syscall.RawConn) error {
	if g.Any {
		return nil
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if !slices.Contains(g.Ports, at.Port()) {
		return fmt.Errorf("%w: port %d is not configured", ErrRefused, at.Port())
	}
	ip := at.Addr().WithZone("")
	if !isPublic(ip) && !slices.ContainsFunc(g.Networks, func(n netip.Prefix) bool { return n.Contains(ip) }) {
		return fmt.Errorf("%w: the address is not public", ErrRefused)
	}
	return nil
}

// notPublic are the networks of the registries of IANA (iana-ipv4-special-registry, iana-ipv6-special-registry) that do not lead to a host of
// the public internet, or that carry the IPv4 address of another host inside an IPv6 address.
var notPublic = parseNetworks(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	"5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)

func parseNetworks(networks ...string) (list []netip.Prefix) {
	for _, n := range networks {
		list = append(list, netip.MustParsePrefix(n))
	}
	return list
}

// isPublic reports whether ip is the address of a host of the public internet.
func isPublic(ip netip.Addr) bool {
	return ip.IsValid() && !ip.Is4In6() && !slices.ContainsFunc(notPublic, func(n netip.Prefix) bool { return n.Contains(ip) })
}
