package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// serverState is the result of a connection attempt.
type serverState int

const (
	stopped  serverState = iota // nothing listens
	starting                    // recovering or shutting down
	ready
)

// errTaken is a folder still held by the remains of a killed server.
var errTaken = errors.New("the folder is held by a server that is going down")

// releaseTimeout is how long the processes of a killed server may need to end.
const releaseTimeout = 10 * time.Second

// probe tries to connect to the socket. Any refusal but "not yet" comes from a working server.
func (h home) probe(ctx context.Context) serverState {
	db, err := sql.Open("postgres", h.dsn(Superuser, Superuser)+" connect_timeout='5'")
	if err != nil {
		return stopped
	}
	defer db.Close()
	err = db.PingContext(ctx)
	switch {
	case pq.As(err, pqerror.CannotConnectNow) != nil:
		return starting
	case err == nil || pq.As(err) != nil:
		return ready
	}
	return stopped
}

// launch starts the server after the processes of a killed one have ended.
func (h home) launch(ctx context.Context, bin installation, o Options) (chan struct{}, error) {
	var ended chan struct{}
	released, cancel := context.WithTimeout(ctx, releaseTimeout)
	defer cancel()
	var last error
	err := poll(released, 100*time.Millisecond, func() (bool, error) {
		h.dropStaleLocks()
		ended, last = h.startOnce(ctx, bin, o)
		if errors.Is(last, errTaken) {
			return false, nil
		}
		return last == nil, last
	})
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL in %s: %w", h.dir, last)
	}
	return ended, nil
}

// startOnce starts the server and waits until it answers or gives up.
func (h home) startOnce(ctx context.Context, bin installation, o Options) (chan struct{}, error) {
	log, err := os.OpenFile(h.path("server.log"), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	before, err := log.Stat()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(filepath.Join(bin.dir, "postgres"), h.arguments(o)...)
	h.configure(cmd)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // the log explains more than the exit code
		close(ended)
	}()
	err = h.await(ctx, ended)
	switch {
	case errors.Is(err, errEnded):
		text := make([]byte, 16<<10)
		n, _ := log.ReadAt(text, before.Size())
		return nil, diagnose(text[:n])
	case err != nil:
		_ = cmd.Process.Signal(syscall.SIGINT)
		return nil, err
	}
	return ended, nil
}

// arguments returns the arguments of postgres.
func (h home) arguments(o Options) []string {
	args := []string{"-D", h.path(clusterDir), "-k", h.dir, "-p", port, "-c", "listen_addresses="}
	if !o.Durable {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off",
			"-c", "full_page_writes=off", "-c", "autovacuum=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0",
			"-c", "checkpoint_timeout=1h", "-c", "max_wal_size=8GB", "-c", "update_process_title=off", "-c", "track_counts=off")
	}
	if o.MaxConnections > 0 {
		args = append(args, "-c", "max_connections="+strconv.Itoa(o.MaxConnections))
	}
	return args
}

// errEnded means that the server ended before it answered.
var errEnded = errors.New("PostgreSQL ended while starting")

// await waits until the server answers or, when ended is not nil, has ended.
func (h home) await(ctx context.Context, ended chan struct{}) error {
	return poll(ctx, 5*time.Millisecond, func() (bool, error) {
		select {
		case <-ended:
			return false, errEnded
		default:
			return h.probe(ctx) == ready, nil
		}
	})
}

// diagnose turns what a failed start has logged into an error.
func diagnose(log []byte) error {
	text := string(log)
	if strings.Contains(text, "lock file") && strings.Contains(text, "already exists") || strings.Contains(text, "is still in use") {
		return fmt.Errorf("%w: %s", errTaken, lastLines(log, 2))
	}
	return fmt.Errorf("%w: %s", errEnded, lastLines(log, 3))
}
