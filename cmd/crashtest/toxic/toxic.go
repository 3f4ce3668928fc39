// Package toxic forwards TCP connections and spoils them: it makes them slow, cuts them or lets them hang, as broken networks do.
package toxic

import (
	"io"
	"net"
	"sync"
	"time"
)

// Kind is the way in which connections are spoiled.
type Kind string

// The kinds, named as those of toxiproxy.
const (
	None      Kind = ""
	Latency   Kind = "latency"    // every part comes late, by a varying time
	Bandwidth Kind = "bandwidth"  // few bytes a second pass
	SlowClose Kind = "slow_close" // the end of a connection comes late
	Timeout   Kind = "timeout"    // nothing passes, the connection stays open
	ResetPeer Kind = "reset_peer" // connections are reset
	Slicer    Kind = "slicer"     // data come in small pieces
	LimitData Kind = "limit_data" // a connection is closed after some data
	Down      Kind = "down"       // new connections are refused, old ones are closed
)

// Kinds lists all kinds except None.
var Kinds = []Kind{Latency, Bandwidth, SlowClose, Timeout, ResetPeer, Slicer, LimitData, Down}

// Proxy forwards the connections of one address.
type Proxy struct {
	listener net.Listener
	target   string
	delay    time.Duration // of Latency and SlowClose

	mu      sync.Mutex
	kind    Kind
	conns   map[net.Conn]bool
	changed chan struct{} // closed when the kind changes
}

// The sizes of the kinds.
const (
	limitDataBytes = 2048   // that LimitData lets pass before it closes a connection
	sliceBytes     = 64     // of a piece of Slicer
	bandwidth      = 20_000 // bytes per second of Bandwidth
)

// Listen starts a proxy to a TCP address. delay is the time by which Latency and SlowClose slow connections down.
func Listen(target string, delay time.Duration) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: l, target: target, delay: delay, conns: map[net.Conn]bool{}, changed: make(chan struct{})}
	go p.serve()
	return p, nil
}

// Addr is the address on which the proxy listens.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Set spoils connections from now on in the way of a kind; None ends it.
func (p *Proxy) Set(k Kind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kind = k
	close(p.changed)
	p.changed = make(chan struct{})
	if k != Down && k != ResetPeer {
		return
	}
	for c := range p.conns {
		p.cut(c, k == ResetPeer)
	}
}

// Close stops listening and closes all connections.
func (p *Proxy) Close() error {
	err := p.listener.Close()
	p.Set(Down)
	return err
}

// current returns the kind, and a channel that is closed when it changes.
func (p *Proxy) current() (Kind, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kind, p.changed
}

// cut closes a connection, with a reset instead of the usual end if wanted.
func (p *Proxy) cut(c net.Conn, reset bool) {
	if tcp, ok := c.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0) // the connection is closed below in any case
	}
	_ = c.Close()
}

func (p *Proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		if k, _ := p.current(); k == Down || k == ResetPeer {
			p.cut(client, true)
			continue
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			p.cut(client, true)
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = true, true
		p.mu.Unlock()
		var both sync.WaitGroup
		both.Go(func() { p.forward(client, server) })
		both.Go(func() { p.forward(server, client) })
		go func() {
			both.Wait()
			p.mu.Lock()
			defer p.mu.Unlock()
			delete(p.conns, client)
			delete(p.conns, server)
		}()
	}
}

// forward copies one direction until either side ends.
func (p *Proxy) forward(from, to net.Conn) {
	defer p.end(from, to)
	buffer := make([]byte, 16<<10)
	passed := 0
	for {
		n, err := from.Read(buffer)
		if n > 0 && !p.pass(to, buffer[:n], &passed) {
			return
		}
		if err != nil {
			return
		}
	}
}

// pass writes data as the present kind lets it; false ends the connection. passed counts the bytes that LimitData has let pass.
func (p *Proxy) pass(to net.Conn, data []byte, passed *int) bool {
	size := len(data)
	switch k, changed := p.current(); k {
	case Latency:
		time.Sleep(p.delay/2 + time.Duration(len(data)%7)*p.delay/6)
	case Bandwidth:
		time.Sleep(time.Duration(len(data)) * time.Second / bandwidth)
	case Timeout:
		<-changed
		return false // the program has closed the connection, or gets an error when it writes next
	case LimitData:
		if *passed += len(data); *passed > limitDataBytes {
			return false
		}
	case Slicer:
		size = sliceBytes
	}
	for len(data) > 0 {
		n := min(size, len(data))
		if _, err := to.Write(data[:n]); err != nil {
			return false
		}
		data = data[n:]
	}
	return true
}

// end closes both sides, late under SlowClose.
func (p *Proxy) end(from, to io.Closer) {
	if k, _ := p.current(); k == SlowClose {
		time.Sleep(p.delay)
	}
	_ = from.Close()
	_ = to.Close()
}
