package wire

import (
	"bufio"
	"fmt"
	"net"
	"regexp"
	"sync"
)

// DBProxy is the database proxy of one replica. It kills the replica before a statement is forwarded, or after
// its execution and before its response.
type DBProxy struct {
	socket   string // of the server
	listener net.Listener
	nemesis  Nemesis
	victim   Victim
}

// dsnAddress matches the folder of the socket and the port in a connection string of localdb.
var dsnAddress = regexp.MustCompile(`host='([^']*)' port='([^']*)'`)

// StartDBProxy starts the database proxy of one replica.
func StartDBProxy(dsn string, n Nemesis, v Victim) (*DBProxy, error) {
	found := dsnAddress.FindStringSubmatch(dsn)
	if found == nil {
		return nil, fmt.Errorf("the connection string has no host and port")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the database: %w", err)
	}
	p := &DBProxy{socket: found[1] + "/.s.PGSQL." + found[2], listener: listener, nemesis: n, victim: v}
	go p.serve()
	return p, nil
}

// Addr returns the address at which the proxy listens.
func (p *DBProxy) Addr() string { return p.listener.Addr().String() }

// Close ends the proxy; connections that are open stay open.
func (p *DBProxy) Close() error { return p.listener.Close() }

// DSN returns the connection string of a database behind a proxy.
func DSN(addr, user, database string) string {
	host, port, _ := net.SplitHostPort(addr) // it is the address of a listener
	return fmt.Sprintf("host='%s' port='%s' user='%s' dbname='%s' sslmode='disable'", host, port, user, database)
}

func (p *DBProxy) serve() {
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
		c := &dbConnection{proxy: p, program: program, server: server, statements: newStatementTracker()}
		go c.forwardRequests()
		go c.forwardResponses()
	}
}

// killOrCut lets the nemesis kill the replica or cut the connection at a statement; true means that the connection ends here.
func (p *DBProxy) killOrCut(kind string, after bool) (ended bool) {
	return p.nemesis.Reach(p.victim, Point{"db", kind, after}) || p.nemesis.DrawConnectionCut(p.victim)
}

// dbConnection is one connection of the program to the database.
type dbConnection struct {
	proxy           *DBProxy
	program, server net.Conn
	statements      statementTracker

	mu       sync.Mutex
	expected []string // kinds of statements whose ReadyForQuery is still expected, "" for a prepare
}

// close ends both sides.
func (c *dbConnection) close() {
	c.program.Close()
	c.server.Close()
}

// forwardRequests forwards messages of the program.
func (c *dbConnection) forwardRequests() {
	defer c.close()
	from, to := bufio.NewReader(c.program), bufio.NewWriter(c.server)
	m, err := readStartup(from)
	for err == nil {
		run, done, awaits := "", "", false
		if m.typ != 0 {
			run, done, awaits = c.statements.follow(m)
		}
		if run != "" && c.proxy.killOrCut(run, false) {
			return
		}
		if awaits {
			c.mu.Lock()
			c.expected = append(c.expected, done)
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
	defer c.close()
	from, to := bufio.NewReader(c.server), bufio.NewWriter(c.program)
	var buffered []message
	for {
		m, err := readMessage(from)
		if err != nil {
			return
		}
		buffered = append(buffered, m)
		ready := m.typ == msgReadyForQuery
		if !ready && (c.awaitsResponse() || from.Buffered() > 0) {
			continue
		}
		if ready {
			if kind := c.completeStatement(); kind != "" && c.proxy.killOrCut(kind, true) {
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

// awaitsResponse reports whether the database has still to complete a message of the program.
func (c *dbConnection) awaitsResponse() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.expected) > 0
}

// completeStatement removes the statement that the database has just completed from the expected ones and returns its kind.
func (c *dbConnection) completeStatement() (kind string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.expected) > 0 {
		kind, c.expected = c.expected[0], c.expected[1:]
	}
	return kind
}
