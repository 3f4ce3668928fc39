package toxic

import (
	"bufio"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// startEcho runs a server that sends everything back, behind a proxy with this delay.
func startEcho(t *testing.T, delay time.Duration) *Proxy {
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
	p, err := Listen(l.Addr().String(), delay)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// echo sends a line over a new connection and returns the line that comes back.
func echo(t *testing.T, p *Proxy, line string) (string, error) {
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
			p := startEcho(t, 10*time.Millisecond)
			p.Set(kind)
			got, err := echo(t, p, long)
			if passed := err == nil && got == long+"\n"; passed != passes {
				t.Errorf("%d bytes, %v; passed %t", len(got), err, passed)
			}
			p.Set(None)
			if got, err := echo(t, p, long); err != nil || got != long+"\n" {
				t.Errorf("afterwards %d bytes, %v", len(got), err)
			}
		})
	}
}

// What slows a connection down takes at least the time of its kind, in both directions.
func TestConnectionsAreSlowedDown(t *testing.T) {
	long := strings.Repeat("x", 1999)
	for kind, least := range map[Kind]time.Duration{Latency: 20 * time.Millisecond, Bandwidth: 2 * 2000 * time.Second / bandwidth} {
		t.Run(string(kind), func(t *testing.T) {
			p := startEcho(t, 20*time.Millisecond)
			p.Set(kind)
			began := time.Now()
			if _, err := echo(t, p, long); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took < least {
				t.Errorf("the line came back after %v, want at least %v", took, least)
			}
		})
	}
}

// The end of a connection comes late.
func TestSlowClose(t *testing.T) {
	const delay = 50 * time.Millisecond
	p := startEcho(t, delay)
	p.Set(SlowClose)
	c, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	began := time.Now()
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(c); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < delay {
		t.Errorf("the connection ended after %v, want at least %v", took, delay)
	}
}

// Data come in pieces and complete.
func TestSlicer(t *testing.T) {
	p := startEcho(t, time.Millisecond)
	p.Set(Slicer)
	reader, writer := net.Pipe() // each read returns what one write has sent
	defer reader.Close()
	go func() {
		passed := 0
		p.pass(writer, make([]byte, 2*sliceBytes+1), &passed)
		writer.Close()
	}()
	var pieces []int
	for buffer := make([]byte, 1024); ; {
		n, err := reader.Read(buffer)
		if err != nil {
			break
		}
		pieces = append(pieces, n)
	}
	if want := []int{sliceBytes, sliceBytes, 1}; !slices.Equal(pieces, want) {
		t.Errorf("pieces of %v bytes, want %v", pieces, want)
	}
}

// A connection that hangs passes nothing until the time is over, and is closed then.
func TestTimeoutHangs(t *testing.T) {
	p := startEcho(t, 10*time.Millisecond)
	p.Set(Timeout)
	done := make(chan error, 1)
	go func() {
		_, err := echo(t, p, "hello")
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
	p := startEcho(t, 10*time.Millisecond)
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
