package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"acts24/cmd/app/apptest"
)

// The goals of the program.
const (
	goalSize  = 25  // MB of the stripped binary
	goalReady = 150 // ms from the start to the first 200 of /readyz
	goalRSS   = 40  // MiB after start
	goalRSS8  = 48  // MiB at most under the load of eight clients
	goalRSS64 = 128 // MiB at most under the load of 64

	starts = 9 // of the program, to take the median of
)

// buildProgram builds the release binary of actsd like make dist, and returns its path.
func buildProgram(ctx context.Context) (path string, err error) {
	path = filepath.Join(tenantsDir, "actsd")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "acts24/cmd/actsd")
	build.Env, build.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build actsd: %w", err)
	}
	return path, nil
}

// measureProgram measures the size of the program, starts it several times, and loads the last process.
func (h *harness) measureProgram(ctx context.Context, p plan, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	printFigure(figure{name: "actsd, stripped binary", value: float64(info.Size()) / 1e6, unit: "MB", goal: goalSize})
	var times []float64
	for n := range starts {
		process, err := apptest.StartProcess(ctx, path, h.cfg)
		if err != nil {
			return err
		}
		times = append(times, inMS(process.Took))
		if n == starts-1 {
			err = h.measureMemory(ctx, p, process)
		}
		if err := errors.Join(err, process.Stop()); err != nil {
			return err
		}
	}
	printFigure(figure{name: "actsd, ready after", value: median(times), unit: "ms", goal: goalReady, note: fmt.Sprintf("median of %d starts", starts)})
	return nil
}

// measureMemory measures the memory at rest and under load. The peak only grows, so the heaviest load comes last.
func (h *harness) measureMemory(ctx context.Context, p plan, process *apptest.Process) error {
	time.Sleep(2 * time.Second) // every worker has run once
	page := h.tenants[1].listTargets(process.URL)[0]
	for _, m := range []struct {
		name    string
		field   string // of /proc/PID/status
		clients int
		goal    float64
	}{{"after start", "VmRSS", 0, goalRSS}, {"peak at c=8", "VmHWM", 8, goalRSS8}, {"peak at c=64", "VmHWM", 64, goalRSS64}} {
		if m.clients > 0 {
			if _, err := page.load(ctx, m.clients, 2*p.loadTime); err != nil {
				return err
			}
		}
		kib, err := process.Memory(m.field)
		if err != nil {
			return err
		}
		printFigure(figure{name: "actsd, RSS " + m.name, value: float64(kib) / 1024, unit: "MiB", goal: m.goal})
	}
	return nil
}
