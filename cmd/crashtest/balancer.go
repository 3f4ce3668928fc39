package main

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// balancer is the load balancer: it forwards every connection to a replica that answers.
type balancer struct {
	listener net.Listener
	replicas []*replica
	next     atomic.Uint64
}

func newBalancer() (*balancer, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	return &balancer{listener: l}, err
}

func (b *balancer) url() string { return "http://" + b.listener.Addr().String() }

func (b *balancer) serve() {
	for {
		conn, err := b.listener.Accept()
		if err != nil {
			return
		}
		go b.forward(conn)
	}
}

func (b *balancer) forward(visitor net.Conn) {
	defer visitor.Close()
	program, err := b.dial()
	if err != nil {
		return
	}
	defer program.Close()
	go func() {
		_, _ = io.Copy(program, visitor)
		program.Close()
	}()
	_, _ = io.Copy(visitor, program)
}

// dial connects to a running replica, waiting some seconds if necessary.
func (b *balancer) dial() (net.Conn, error) {
	for range 1000 {
		r := b.replicas[b.next.Add(1)%uint64(len(b.replicas))]
		if conn, err := net.DialTimeout("tcp", r.addr, time.Second); err == nil {
			return conn, nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return nil, errors.New("no replica answers")
}
