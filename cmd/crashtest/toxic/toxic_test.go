package toxic

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// start runs a server that sends every line back, behind a proxy.
func start(t *testing.T) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c) }()
		}
	}()
	p, err := Listen(l.Addr().String(), 10*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// visit sends a line over a new connection and returns what comes back.
func visit(t *testing.T, p *Proxy, line string) (string, error) {
	t.Helper()
	c, err := net.Dial("tcp", p.Addr())
	if err != nil {
		return "", err
	}
	defer c.Close()
	if _, err := io.WriteString(c, line+"\n"); err != nil {
		return "", err
	}
	return bufio.NewReader(c).ReadString('\n')
}

func TestConnectionsAreSpoiled(t *testing.T) {
	long := strings.Repeat("x", 3000)
	for kind, passes := range map[Kind]bool{None: true, Latency: true, Bandwidth: true, SlowClose: true, Slicer: true, LimitData: false, ResetPeer: false, Down: false} {
		t.Run(string(kind), func(t *testing.T) {
			p := start(t)
			p.Set(kind)
			got, err := visit(t, p, long)
			if passed := err == nil && got == long+"\n"; passed != passes {
				t.Errorf("%d bytes, %v; passed %t", len(got), err, passed)
			}
			p.Set(None)
			if got, err := visit(t, p, long); err != nil || got != long+"\n" {
				t.Errorf("afterwards %d bytes, %v", len(got), err)
			}
		})
	}
}

// A connection that hangs passes nothing until the time is over, and is closed then.
func TestTimeoutHangs(t *testing.T) {
	p := start(t)
	p.Set(Timeout)
	done := make(chan error, 1)
	go func() {
		_, err := visit(t, p, "hello")
		done <- err
	}()
	for connected := false; !connected; time.Sleep(time.Millisecond) {
		p.mu.Lock()
		connected = len(p.conns) > 0
		p.mu.Unlock()
	}
	select {
	case err := <-done:
		t.Fatalf("it did not hang: %v", err)
	default:
	}
	p.Set(None)
	if err := <-done; err == nil {
		t.Error("the line came back over a connection that hung")
	}
}

// Open connections end when the network goes down.
func TestDownClosesOpenConnections(t *testing.T) {
	p := start(t)
	c, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "a\n"); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(c)
	if line, err := r.ReadString('\n'); line != "a\n" {
		t.Fatalf("%q, %v", line, err)
	}
	p.Set(Down)
	if _, err := r.ReadString('\n'); err == nil {
		t.Error("the connection is still open")
	}
}
