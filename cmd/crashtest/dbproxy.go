package main

import (
	"bufio"
	"fmt"
	"net"
	"regexp"
	"sync"
)

// dbProxy is the database proxy of one replica. It kills the replica before a statement is forwarded, or after
// its execution and before its response.
type dbProxy struct {
	socket   string // of the server
	listener net.Listener
	nemesis  *nemesis
	victim   victim
}

var address = regexp.MustCompile(`host='([^']*)' port='([^']*)'`)

// startDBProxy starts the database proxy of one replica.
func startDBProxy(dsn string, n *nemesis, v victim) (*dbProxy, error) {
	found := address.FindStringSubmatch(dsn)
	if found == nil {
		return nil, fmt.Errorf("the database address has no socket")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the database: %w", err)
	}
	p := &dbProxy{socket: found[1] + "/.s.PGSQL." + found[2], listener: listener, nemesis: n, victim: v}
	go p.serve()
	return p, nil
}

// dsnOf returns the connection string of a database behind a proxy.
func dsnOf(addr, user, database string) string {
	host, port, _ := net.SplitHostPort(addr)
	return fmt.Sprintf("host='%s' port='%s' user='%s' dbname='%s' sslmode='disable'", host, port, user, database)
}

func (p *dbProxy) serve() {
	for {
		program, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", p.socket)
		if err != nil {
			program.Close()
			continue
		}
		c := &dbConnection{proxy: p, program: program, server: server, statements: statements{kinds: map[string]string{}}}
		go c.forwardRequests()
		go c.forwardResponses()
	}
}

// interrupts reports whether the connection ends here, because the replica was killed or the connection is cut.
func (p *dbProxy) interrupts(kind string, after bool) bool {
	return p.nemesis.reach(p.victim, point{"db", kind, after}) || p.nemesis.closesConnection(p.victim)
}

// dbConnection is one connection of the program to the database.
type dbConnection struct {
	proxy           *dbProxy
	program, server net.Conn
	statements      statements

	mu    sync.Mutex
	await []string // kinds whose ReadyForQuery is still expected, "" for a prepare
}

func (c *dbConnection) end() {
	c.program.Close()
	c.server.Close()
}

// forwardRequests forwards messages of the program.
func (c *dbConnection) forwardRequests() {
	defer c.end()
	from, to := bufio.NewReader(c.program), bufio.NewWriter(c.server)
	m, err := readStartup(from)
	for err == nil {
		run, done, awaits := "", "", false
		if m.kind != 0 {
			run, done, awaits = c.statements.handle(m)
		}
		if run != "" && c.proxy.interrupts(run, false) {
			return
		}
		if awaits {
			c.mu.Lock()
			c.await = append(c.await, done)
			c.mu.Unlock()
		}
		if _, err = to.Write(m.raw); err != nil {
			return
		}
		if from.Buffered() == 0 {
			if err = to.Flush(); err != nil {
				return
			}
		}
		m, err = readMessage(from)
	}
}

// forwardResponses forwards messages of the database; the response of a statement is buffered until it is complete.
func (c *dbConnection) forwardResponses() {
	defer c.end()
	from, to := bufio.NewReader(c.server), bufio.NewWriter(c.program)
	var buffered []message
	for {
		m, err := readMessage(from)
		if err != nil {
			return
		}
		buffered = append(buffered, m)
		ready := m.kind == 'Z'
		if !ready && (c.waiting() || from.Buffered() > 0) {
			continue
		}
		if ready {
			if kind := c.next(); kind != "" && c.proxy.interrupts(kind, true) {
				return
			}
		}
		for _, m := range buffered {
			if _, err := to.Write(m.raw); err != nil {
				return
			}
		}
		buffered = buffered[:0]
		if err := to.Flush(); err != nil {
			return
		}
	}
}

func (c *dbConnection) waiting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.await) > 0
}

// next returns the kind of the statement that the database has just completed.
func (c *dbConnection) next() (kind string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.await) > 0 {
		kind, c.await = c.await[0], c.await[1:]
	}
	return kind
}
