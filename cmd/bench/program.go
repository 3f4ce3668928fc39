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
)

const (
	starts = 9
	rest   = 2 * time.Second // time after the start in which every worker has run once
)

// measureProgram builds the release binary of actsd, starts it several times, and loads the last process.
func (h *hall) measureProgram(ctx context.Context, p plan, r *report) error {
	dir, err := os.MkdirTemp("", "acts24-bench-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "actsd")
	size, err := build(ctx, path)
	if err != nil {
		return err
	}
	r.add(line{what: "actsd, stripped binary", value: float64(size) / 1e6, unit: "MB", digits: 1, goal: goalSize})
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
	r.add(line{what: "actsd, ready after", value: inMS(times), unit: "ms", goal: goalReady, note: fmt.Sprintf("median of %d starts", starts)})
	return nil
}

// measureMemory measures the memory at rest and under load. The peak only grows, so the heaviest load comes last.
func (h *hall) measureMemory(ctx context.Context, p plan, c *child, r *report) error {
	time.Sleep(rest)
	client := newClient()
	defer client.CloseIdleConnections()
	pages, err := h.subjects(ctx, c.base, h.tenants[1])
	if err != nil {
		return err
	}
	for _, m := range []struct {
		what, field string
		clients     int
		goal        float64
	}{{"after start", "VmRSS", 0, goalRSS}, {"peak at c=8", "VmHWM", 8, goalRSS8}, {"peak at c=64", "VmHWM", most, goalRSS64}} {
		if m.clients > 0 {
			if _, err := pages[0].load(ctx, client, m.clients, 2*p.each); err != nil {
				return err
			}
		}
		kib, err := c.memory(m.field)
		if err != nil {
			return err
		}
		r.add(line{what: "actsd, RSS " + m.what, value: float64(kib) / 1024, unit: "MiB", digits: 1, goal: m.goal})
	}
	return nil
}

// build builds the binary like make dist.
func build(ctx context.Context, path string) (size int64, err error) {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "acts24/cmd/actsd")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("build actsd: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// child is actsd as a separate process.
type child struct {
	cmd  *exec.Cmd
	base string // http://127.0.0.1:port
	took time.Duration
	said bytes.Buffer // its stderr; its log is discarded
}

// tooLong is the time limit of a start or a stop.
const tooLong = 10 * time.Second

// startChild starts the program and waits until it is ready.
func startChild(ctx context.Context, path string, cfg app.Config) (*child, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("find a free port: %w", err)
	}
	cfg.Addr = l.Addr().String()
	l.Close()
	c := &child{cmd: exec.Command(path, "serve"), base: "http://" + cfg.Addr}
	c.cmd.Env, c.cmd.Stderr = apptest.Environ(cfg), &c.said
	start := time.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start actsd: %w", err)
	}
	for {
		answer, err := http.Get(c.base + "/readyz")
		if err == nil {
			answer.Body.Close()
		}
		if err == nil && answer.StatusCode == http.StatusOK {
			c.took = time.Since(start)
			return c, nil
		}
		if ctx.Err() != nil || time.Since(start) > tooLong {
			return nil, errors.Join(fmt.Errorf("actsd is not ready after %v", time.Since(start).Round(time.Millisecond)), c.stop())
		}
		time.Sleep(time.Millisecond)
	}
}

// memory returns a field of the process's status, in KiB.
func (c *child) memory(field string) (kib int64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read the memory of actsd: %w", err)
	}
	_, rest, _ := strings.Cut(string(text), "\n"+field+":")
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		return 0, fmt.Errorf("the status of actsd has no %s: %w", field, err)
	}
	return kib, nil
}

// stop sends SIGTERM to the process and waits for its end.
func (c *child) stop() error {
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	kill := time.AfterFunc(tooLong, func() { _ = c.cmd.Process.Kill() })
	defer kill.Stop()
	if err := c.cmd.Wait(); err != nil {
		return fmt.Errorf("stop actsd: %w: %s", err, strings.TrimSpace(c.said.String()))
	}
	return nil
}
