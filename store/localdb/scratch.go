package localdb

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// scratchOptions are the options of servers with disposable data.
var scratchOptions = Options{MaxConnections: 200}

// Temp launches a fast server with a folder of its own, which Stop deletes. Should this process be
// killed, the server ends and cleans up by itself after idleMinutes.
func Temp(ctx context.Context) (*Server, error) {
	dir, err := os.MkdirTemp(scratch(), "acts24-test-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	s, err := scratchServer(ctx, dir, true)
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	leave := s.leave
	s.leave = func() {
		leave()
		os.RemoveAll(s.home.dir)
		os.RemoveAll(dir) // another one when the account could not reach it
	}
	return s, nil
}

// Shared attaches to the fast server that all test processes of this user share, or launches it with an
// empty cluster. Test binaries have no common end, hence none of them calls Stop: the server ends by
// itself when no process has used it for idleMinutes, and starts empty the next time.
func Shared(ctx context.Context) (*Server, error) {
	name := "acts24-tests-of-" + strconv.Itoa(os.Geteuid())
	return scratchServer(ctx, filepath.Join(scratch(), name), false)
}

// scratchServer opens a throwaway server, marks it as used and starts the watchdog of a new one.
func scratchServer(ctx context.Context, dir string, alone bool) (*Server, error) {
	h, err := prepare(dir)
	if err != nil {
		return nil, err
	}
	if err := h.markInUse(); err != nil { // before looking for the server, so that it does not end meanwhile
		return nil, fmt.Errorf("mark the use of %s: %w", h.dir, err)
	}
	s, err := open(ctx, h, scratchOptions, true)
	if err != nil {
		return nil, err
	}
	dismiss := func() {}
	if s.ended != nil {
		if dismiss, err = h.watch(alone); err != nil {
			_ = s.Stop(ctx)
			return nil, fmt.Errorf("watch over the test server: %w", err)
		}
	}
	stop := make(chan struct{})
	go h.keepInUse(stop)
	s.leave = func() {
		close(stop)
		dismiss()
	}
	return s, nil
}

// scratch returns a folder in memory when there is plenty of it, else the temporary folder.
func scratch() string {
	const shm, enough = "/dev/shm", 1 << 30
	var st syscall.Statfs_t
	if err := syscall.Statfs(shm, &st); err == nil && st.Bavail*uint64(st.Bsize) >= enough {
		return shm
	}
	return os.TempDir()
}

// idleMinutes is how long a throwaway server outlives its last user.
const idleMinutes = 10

// watchdog ends the server $1 when the beat file is older than $2 minutes, then deletes the folder $3.
const watchdog = `
while sleep 20; do
	[ "$(head -n 1 pgdata/postmaster.pid 2>/dev/null)" = "$1" ] || exit 0
	[ -z "$(find beat -mmin -"$2" 2>/dev/null)" ] || continue
	kill -INT "$1"
	while kill -0 "$1" 2>/dev/null; do sleep 1; done
	[ -z "$3" ] || rm -rf "$3"
	exit 0
done`

// watch starts a shell that outlives this process and ends the server when nobody uses it. A folder that is shared
// stays: another process may be about to start in it.
func (h home) watch(alone bool) (dismiss func(), err error) {
	args := []string{"-c", watchdog, "acts24-watchdog", strconv.Itoa(h.pid()), strconv.Itoa(idleMinutes), ""}
	if alone {
		args[len(args)-1] = h.dir
	}
	cmd := exec.Command("/bin/sh", args...)
	h.configure(cmd)
	cmd.Dir = h.dir
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	gone := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(gone)
	}()
	return func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) // the shell and its sleep
		<-gone
	}, nil
}

// markInUse writes the file that shows that the server is in use.
func (h home) markInUse() error { return os.WriteFile(h.path("beat"), []byte("in use\n"), 0o644) }

// keepInUse marks the server as in use every minute until stop is closed.
func (h home) keepInUse(stop chan struct{}) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			_ = h.markInUse() // if the folder is deleted, the next query fails
		}
	}
}
