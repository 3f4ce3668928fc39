package localdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// pidFile is where a running server writes its process id.
func (h home) pidFile() string { return h.path(filepath.Join(clusterDir, "postmaster.pid")) }

// pid is the id of the server's first process, 0 when there is none.
func (h home) pid() int { return readPID(h.pidFile()) }

// readPID reads the process id in the first line of a lock file, 0 when there is none.
func readPID(file string) int {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, _ := strconv.Atoi(strings.TrimSpace(line))
	return max(pid, 0)
}

// dropStaleLocks removes the lock files that name a dead or a foreign process. PostgreSQL does so itself
// except for a zombie that nobody reaps and for an id that another program has got meanwhile. Children
// of the dead server still guard the data by their shared memory.
func (h home) dropStaleLocks() {
	for _, file := range []string{h.pidFile(), h.path(".s.PGSQL." + port + ".lock")} {
		if pid := readPID(file); pid != 0 && !serves(pid) {
			_ = os.Remove(file) // if it stays, the start reports why it fails
		}
	}
}

// serves reports whether the process is a running PostgreSQL.
func serves(pid int) bool {
	if err := syscall.Kill(pid, 0); err != nil {
		return errors.Is(err, syscall.EPERM)
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true // no such folder on this system: trust the signal
	}
	// 4242 (postgres) S 1 ...
	_, rest, _ := strings.Cut(string(text), "(")
	name, state, _ := strings.Cut(rest, ") ")
	return strings.HasPrefix(name, "post") && !strings.HasPrefix(state, "Z")
}

// interrupt requests a fast shutdown of the server and waits for its end.
func (h home) interrupt(ctx context.Context, ended chan struct{}) error {
	pid := h.pid()
	if pid == 0 || !serves(pid) {
		return nil
	}
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stop PostgreSQL in %s: %w", h.dir, err)
	}
	err := poll(ctx, 5*time.Millisecond, func() (bool, error) {
		select {
		case <-ended: // reaped by us
			return true, nil
		default:
			return !serves(pid), nil
		}
	})
	if err != nil {
		return fmt.Errorf("PostgreSQL in %s (process %d) is still writing its data: %w", h.dir, pid, err)
	}
	return nil
}
