package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
)

// processTimeout is the time limit of a start or a stop.
const processTimeout = time.Minute

// replica is actsd as a separate process.
type replica struct {
	cmd  *exec.Cmd
	errs bytes.Buffer // its log, which has errors only
}

// startReplica starts the program and waits until it is ready.
func startReplica(ctx context.Context, program string, cfg app.Config) (*replica, error) {
	r := &replica{cmd: exec.Command(program, "serve")}
	r.cmd.Env, r.cmd.Stderr = apptest.Environ(cfg), &r.errs
	if err := r.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start actsd: %w", err)
	}
	for until := time.Now().Add(processTimeout); ctx.Err() == nil && time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		answer, err := http.Get("http://" + cfg.Addr + "/readyz")
		if err != nil {
			continue
		}
		answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return r, nil
		}
	}
	return nil, errors.Join(errors.New("actsd is not ready"), r.stop())
}

// ticks is the number of units per second in which Linux gives processor time (USER_HZ).
const ticks = 100

// cpu returns the processor time that the process has used.
func (r *replica) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", r.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("processor time of actsd: %w", err)
	}
	return processorTime(string(text))
}

// processorTime reads the processor time of a process and its system calls from /proc/PID/stat.
func processorTime(stat string) (time.Duration, error) {
	_, rest, _ := strings.Cut(stat, ") ") // the name of the program may contain spaces
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("processor time: %d fields", len(fields))
	}
	user, err := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / ticks, errors.Join(err, err2)
}

// stop sends SIGTERM to the process and waits for its end.
func (r *replica) stop() error {
	_ = r.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	defer time.AfterFunc(processTimeout, func() { _ = r.cmd.Process.Kill() }).Stop()
	if err := r.cmd.Wait(); err != nil {
		return fmt.Errorf("stop actsd: %w: %.2000s", err, strings.TrimSpace(r.errs.String()))
	}
	return nil
}

// freeAddr returns an address of this machine on which nothing listens.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}
