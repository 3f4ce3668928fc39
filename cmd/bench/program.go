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
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
)

// The goals of the program.
const (
	goalSize  = 25  // MB of the stripped binary
	goalReady = 150 // ms from the start to the first 200 of /readyz
	goalRSS   = 40  // MiB after start
	goalRSS8  = 48  // MiB at most under the load of eight clients
	goalRSS64 = 128 // MiB at most under the load of 64

	starts = 9
	rest   = 2 * time.Second // time after the start in which every worker has run once
)

// measureProgram builds the release binary of actsd like make dist, starts it several times, and loads the last process.
func (h *harness) measureProgram(ctx context.Context, p plan, r *report) error {
	path := filepath.Join(tenantsDir, "actsd")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "acts24/cmd/actsd")
	build.Env, build.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build actsd: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	r.add(line{what: "actsd, stripped binary", value: float64(info.Size()) / 1e6, unit: "MB", goal: goalSize})
	var times []time.Duration
	for range starts {
		c, err := startChild(ctx, path, h.cfg)
		if err != nil {
			return err
		}
		if times = append(times, c.took); len(times) == starts {
			err = h.measureMemory(ctx, p, c, r)
		}
		if err := errors.Join(err, c.stop()); err != nil {
			return err
		}
	}
	printProgress("load a neighbour of a loud visitor")
	if err := h.measureNeighbour(ctx, path, r); err != nil {
		return err
	}
	r.add(line{what: "actsd, ready after", value: inMS(times), unit: "ms", goal: goalReady, note: fmt.Sprintf("median of %d starts", starts)})
	return nil
}

// measureMemory measures the memory at rest and under load. The peak only grows, so the heaviest load comes last.
func (h *harness) measureMemory(ctx context.Context, p plan, c *child, r *report) error {
	time.Sleep(rest)
	pages, err := h.subjects(ctx, c.base, h.tenants[1])
	if err != nil {
		return err
	}
	for _, m := range []struct {
		what, field string
		clients     int
		goal        float64
	}{{"after start", "VmRSS", 0, goalRSS}, {"peak at c=8", "VmHWM", 8, goalRSS8}, {"peak at c=64", "VmHWM", maxClients, goalRSS64}} {
		if m.clients > 0 {
			if _, err := pages[0].load(ctx, m.clients, 2*p.each); err != nil {
				return err
			}
		}
		kib, err := c.memory(m.field)
		if err != nil {
			return err
		}
		r.add(line{what: "actsd, RSS " + m.what, value: float64(kib) / 1024, unit: "MiB", goal: m.goal})
	}
	return nil
}

// child is actsd as a separate process.
type child struct {
	cmd  *exec.Cmd
	base string // http://127.0.0.1:port
	took time.Duration
	errs bytes.Buffer // its stderr; its log is discarded
}

// processTimeout is the time limit of a start or a stop.
const processTimeout = 10 * time.Second

// startChild starts the program and waits until it is ready.
func startChild(ctx context.Context, path string, cfg app.Config) (*child, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // finds a free port
	if err != nil {
		return nil, err
	}
	cfg.Addr = l.Addr().String()
	l.Close()
	c := &child{cmd: exec.Command(path, "serve"), base: "http://" + cfg.Addr}
	c.cmd.Env, c.cmd.Stderr = apptest.Environ(cfg), &c.errs
	start := time.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start actsd: %w", err)
	}
	for ; ctx.Err() == nil && time.Since(start) < processTimeout; time.Sleep(time.Millisecond) {
		answer, err := http.Get(c.base + "/readyz")
		if err != nil {
			continue
		}
		answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			c.took = time.Since(start)
			return c, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("actsd is not ready after %v", time.Since(start).Round(time.Millisecond)), c.stop())
}

// memory returns a field of the process's status, in KiB.
func (c *child) memory(field string) (kib int64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read the memory of actsd: %w", err)
	}
	_, rest, _ := strings.Cut(string(text), "\n"+field+":")
	_, err = fmt.Sscan(rest, &kib)
	return kib, err
}

// stop sends SIGTERM to the process and waits for its end.
func (c *child) stop() error {
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	defer time.AfterFunc(processTimeout, func() { _ = c.cmd.Process.Kill() }).Stop()
	if err := c.cmd.Wait(); err != nil {
		return fmt.Errorf("stop actsd: %w: %s", err, strings.TrimSpace(c.errs.String()))
	}
	return nil
}
