package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// The goals of the program.
const (
	goalSize  = 20  // MB of the stripped binary
	goalReady = 150 // ms from its start to the first 200 of /readyz
	goalRSS   = 40  // MiB after start
	goalRSS8  = 48  // MiB at most while eight clients look at pages
	goalRSS64 = 128 // MiB at most while 64 do
)

const (
	starts = 9
	rest   = 2 * time.Second // after the start, for all workers to have looked once
)

// measureProgram builds actsd as it is shipped, starts it again and again, and loads the last one.
func (s *stage) measureProgram(ctx context.Context, p plan, r *report) error {
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
	times := make([]time.Duration, 0, starts)
	var c *child
	for len(times) < starts {
		if c != nil {
			if err := c.stop(); err != nil {
				return err
			}
		}
		if c, err = startChild(ctx, path, s.cfg); err != nil {
			return err
		}
		times = append(times, c.took)
	}
	r.add(line{what: "actsd, ready after", value: float64(median(times).Microseconds()) / 1000, unit: "ms", goal: goalReady,
		note: fmt.Sprintf("median of %d starts, %s to %s", starts, ms(slices.Min(times)), ms(slices.Max(times)))})
	return errors.Join(s.measureMemory(ctx, p, c, r), s.measureEvents(ctx, c, r), c.stop())
}

// measureMemory looks at the child at rest and under load. The peak only grows, so the heaviest load comes last.
func (s *stage) measureMemory(ctx context.Context, p plan, c *child, r *report) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(rest):
	}
	client := newClient()
	defer client.CloseIdleConnections()
	page := s.dealTab(c.base)
	for _, m := range []struct {
		what, field string
		clients     int
		goal        float64
	}{
		{"after start", "VmRSS", 0, goalRSS},
		{"peak at c=8", "VmHWM", 8, goalRSS8},
		{"peak at c=64", "VmHWM", most, goalRSS64},
	} {
		if m.clients > 0 {
			if _, err := page.load(ctx, client, m.clients, 2*p.each); err != nil {
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

// build makes the binary as make dist does.
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
