package main

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// front is the site's one address: it gives every connection to a replica that answers.
type front struct {
	listener net.Listener
	replicas []*replica
	next     atomic.Uint64
}

func newFront() (*front, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	return &front{listener: l}, err
}

func (f *front) url() string { return "http://" + f.listener.Addr().String() }

func (f *front) serve() {
	for {
		conn, err := f.listener.Accept()
		if err != nil {
			return
		}
		go f.pass(conn)
	}
}

func (f *front) pass(visitor net.Conn) {
	defer visitor.Close()
	program, err := f.dial()
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

// dial finds a replica that lives, for some seconds if it must.
func (f *front) dial() (net.Conn, error) {
	for range 1000 {
		r := f.replicas[f.next.Add(1)%uint64(len(f.replicas))]
		if conn, err := net.DialTimeout("tcp", r.addr, time.Second); err == nil {
			return conn, nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return nil, errors.New("no replica answers")
}
