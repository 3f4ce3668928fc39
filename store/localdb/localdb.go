// Package localdb runs a PostgreSQL server for the sandbox, tests and tools from the binaries of this machine.
//
// A server has one folder for its cluster, its socket and its log. It listens on that socket only and
// trusts whoever may open the folder (mode 0700). It keeps running when the program is killed: the next Start
// attaches to it. Nothing that a durable server has stored is ever deleted here.
package localdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// Superuser is the role that initdb creates; the folder's owner needs no password for it.
const Superuser = "postgres"

const (
	startTimeout = 5 * time.Minute // recovery after a crash may read a lot of log
	stopTimeout  = time.Minute     // the last checkpoint of a durable server takes seconds
)

// Options set the folder of a server and how it treats its data.
type Options struct {
	Dir            string // folder of the server, made when absent
	Durable        bool   // false is faster, but a crash of the machine may damage the data
	MaxConnections int    // 0 leaves the default of PostgreSQL
}

// Server is a running PostgreSQL that this process uses.
type Server struct {
	home  home
	users *os.File      // lock shared by all processes that use the server
	ended chan struct{} // closed when the server that we launched has ended; nil when attached
	leave func()        // called when our use ends, may be nil

	options Options // with which it is launched again
}

// Start attaches to the server of the folder or launches it, with a fresh cluster in an empty folder.
func Start(ctx context.Context, o Options) (*Server, error) {
	h, err := prepare(o.Dir)
	if err != nil {
		return nil, err
	}
	return open(ctx, h, o, false)
}

// open does the work of Start under the lock of the folder. With afresh the cluster of a server that does not run is
// deleted first.
func open(ctx context.Context, h home, o Options, afresh bool) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	startLock, err := lock(ctx, h.path("lock"), syscall.LOCK_EX)
	if err != nil {
		return nil, fmt.Errorf("wait for another start in %s: %w", h.dir, err)
	}
	defer startLock.Close()
	s := &Server{home: h, options: o}
	if s.users, err = lock(ctx, h.path("users"), syscall.LOCK_SH); err != nil {
		return nil, fmt.Errorf("register as a user of %s: %w", h.dir, err)
	}
	if err := s.run(ctx, o, afresh); err != nil {
		s.users.Close()
		return nil, err
	}
	return s, nil
}

// run starts the server unless it answers already.
func (s *Server) run(ctx context.Context, o Options, afresh bool) error {
	var state serverState
	err := poll(ctx, 10*time.Millisecond, func() (bool, error) {
		state = s.home.probe(ctx)
		return state != starting, nil
	})
	if err != nil || state == ready {
		return err
	}
	if afresh {
		if err := os.RemoveAll(s.home.path(clusterDir)); err != nil {
			return fmt.Errorf("clear the disposable cluster: %w", err)
		}
	}
	bin, err := s.home.binaries()
	if err != nil {
		return err
	}
	if err := s.home.initdb(ctx, bin, o.Durable); err != nil {
		return err
	}
	s.ended, err = s.home.launch(ctx, bin, o)
	return err
}

// Dir is the folder in use. It differs from Options.Dir when the account that runs the server cannot
// reach that one, as under the home of root.
func (s *Server) Dir() string { return s.home.dir }

// DSN is the connection string of a user and a database of this server.
func (s *Server) DSN(user, database string) string { return s.home.dsn(user, database) }

// Restart ends the server as pg_ctl stop -m immediate does, which is like a crash, and launches it again. It launches a server that has ended by
// itself, and fails while that cannot be launched, for example because its disk is full.
func (s *Server) Restart(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if pid := s.home.pid(); pid != 0 && serves(pid) {
		if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("restart PostgreSQL in %s: %w", s.home.dir, err)
		}
		if err := poll(ctx, 5*time.Millisecond, func() (bool, error) { return !serves(pid), nil }); err != nil {
			return fmt.Errorf("restart PostgreSQL in %s: process %d does not end: %w", s.home.dir, pid, err)
		}
	}
	bin, err := s.home.binaries()
	if err != nil {
		return err
	}
	s.ended, err = s.home.launch(ctx, bin, s.options)
	return err
}

// Answers reports whether the server accepts connections.
func (s *Server) Answers(ctx context.Context) bool { return s.home.probe(ctx) == ready }

// Stop ends our use. The last user stops the server: sessions are cut, data are written, up to a minute.
func (s *Server) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	if s.leave != nil {
		defer s.leave()
	}
	startLock, err := lock(ctx, s.home.path("lock"), syscall.LOCK_EX)
	if err != nil {
		return fmt.Errorf("stop PostgreSQL in %s: %w", s.home.dir, err)
	}
	defer startLock.Close()
	defer s.users.Close()
	err = syscall.Flock(int(s.users.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil // somebody else still works with it
	}
	if err != nil {
		return fmt.Errorf("stop PostgreSQL in %s: %w", s.home.dir, err)
	}
	return s.home.interrupt(ctx, s.ended)
}
