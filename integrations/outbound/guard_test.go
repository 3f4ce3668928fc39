package outbound

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestGuard(t *testing.T) {
	guard := Guard{Ports: []uint16{443, 8443}, Networks: []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("fd00:1::/32")}}
	for address, allowed := range map[string]bool{
		"93.184.216.34:443": true, "93.184.216.34:8443": true, "[2a00:1450:4010:c05::71]:443": true,
		"10.20.3.4:443": true, "[fd00:1::5]:443": true, // in Networks
		"93.184.216.34:80": false, "93.184.216.34:5432": false, "10.20.3.4:22": false,
		"127.0.0.1:443": false, "127.9.9.9:443": false, "[::1]:443": false, "0.0.0.0:443": false, "[::]:443": false,
		"10.21.0.1:443": false, "172.16.0.1:443": false, "172.31.255.255:443": false, "192.168.1.1:443": false,
		"169.254.169.254:443": false, "[fe80::1%eth0]:443": false, "[fec0::1]:443": false,
		"100.64.0.1:443": false, "100.127.255.255:443": false, "[fd00:2::5]:443": false, "[fc00::1]:443": false,
		"[::ffff:127.0.0.1]:443": false, "[::ffff:10.0.0.1]:443": false, "[::ffff:93.184.216.34]:443": false, "[::127.0.0.1]:443": false,
		"[64:ff9b::7f00:1]:443": false, "[2002:7f00:1::]:443": false, "[2001:0:1::1]:443": false,
		"224.0.0.1:443": false, "255.255.255.255:443": false, "[ff02::1]:443": false, "198.18.0.1:443": false,
		"172.32.0.1:443": true, "100.128.0.1:443": true, "11.0.0.1:443": true, // beside networks that are not public
		"portal.example:443": false, "": false,
	} {
		err := guard.Control("tcp", address, nil)
		if (err == nil) != allowed || err != nil && !errors.Is(err, ErrRefused) {
			t.Errorf("Control of %q: error %v; want allowed %v", address, err, allowed)
		}
		if err := (Guard{Any: true}).Control("tcp", address, nil); err != nil {
			t.Errorf("Control of %q with Any: %v, want it allowed", address, err)
		}
	}
}

// A public name that resolves to this machine is refused before a connection is made.
func TestNamesThatResolveToThisMachine(t *testing.T) {
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	local := netip.MustParseAddrPort(strings.TrimPrefix(server.URL, "https://"))
	resolver := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nameServer(local.Addr()), nil }}
	dial := func(g Guard) error {
		d := net.Dialer{Resolver: resolver, Control: g.Control}
		conn, err := d.DialContext(t.Context(), "tcp", net.JoinHostPort("portal.example", fmt.Sprint(local.Port())))
		if err == nil {
			_ = conn.Close()
		}
		return err
	}
	if err := dial(Guard{Ports: []uint16{local.Port()}}); !errors.Is(err, ErrRefused) {
		t.Errorf("a name that resolves to this machine: %v, want ErrRefused", err)
	}
	var op *net.OpError
	if err := dial(Guard{}); !errors.As(err, &op) || op.Op != "dial" { // by which the clients recognize that nothing was sent
		t.Errorf("a port that is not configured: %v, want a net.OpError of dial", err)
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections were made, want none", n)
	}
	if err := dial(Guard{Ports: []uint16{local.Port()}, Networks: []netip.Prefix{netip.PrefixFrom(local.Addr(), 32)}}); err != nil {
		t.Errorf("an address in Networks: %v, want a connection", err)
	}
}

// nameServer returns a connection to a name server that answers every question with one IPv4 address.
func nameServer(ip netip.Addr) net.Conn {
	client, server := net.Pipe()
	go func() {
		defer server.Close()
		buf := make([]byte, 2048)
		n, err := server.Read(buf) // over a stream two bytes of length come first
		if err != nil || n < 14 {
			return
		}
		question := buf[2:n]
		end := 12
		for question[end] != 0 {
			end += int(question[end]) + 1
		}
		kind := question[end+2]
		answer := append([]byte{question[0], question[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, question[12:end+5]...)
		if kind == 1 { // A
			answer[7] = 1
			answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
			answer = append(answer, ip.AsSlice()...)
		}
		_ = server.SetDeadline(time.Now().Add(time.Minute))
		_, _ = server.Write(append([]byte{byte(len(answer) >> 8), byte(len(answer))}, answer...))
	}()
	return client
}
