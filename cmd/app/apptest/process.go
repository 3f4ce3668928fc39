package apptest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"acts24/cmd/app"
)

// Process is actsd as a separate process.
type Process struct {
	URL  string        // http://127.0.0.1:port
	Took time.Duration // from the start to the first 200 of /readyz
	cmd  *exec.Cmd
	errs bytes.Buffer // its stderr; its log is discarded
}

// processTimeout is the time limit of a start or a stop.
const processTimeout = time.Minute

// StartProcess starts a binary of actsd at the address of cfg and waits until it is ready. For port 0 it takes a free one.
func StartProcess(ctx context.Context, path string, cfg app.Config) (_ *Process, err error) {
	if strings.HasSuffix(cfg.Addr, ":0") {
		if cfg.Addr, err = FindAddress(); err != nil {
			return nil, err
		}
	}
	p := &Process{cmd: exec.Command(path, "serve"), URL: "http://" + cfg.Addr}
	p.cmd.Env, p.cmd.Stderr = Environ(cfg), &p.errs
	start := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start actsd: %w", err)
	}
	for ; ctx.Err() == nil && time.Since(start) < processTimeout; time.Sleep(time.Millisecond) {
		answer, err := http.Get(p.URL + "/readyz")
		if err != nil {
			continue
		}
		answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			p.Took = time.Since(start)
			return p, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("actsd is not ready after %v", time.Since(start).Round(time.Millisecond)), p.Stop())
}

// ID returns the id of the process.
func (p *Process) ID() int { return p.cmd.Process.Pid }

// Memory returns a field of the status of the process, such as VmRSS, in KiB.
func (p *Process) Memory(field string) (kib int64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read the memory of actsd: %w", err)
	}
	_, rest, _ := strings.Cut(string(text), "\n"+field+":")
	_, err = fmt.Sscan(rest, &kib)
	return kib, err
}

// clockTicks is the number of units per second in which Linux gives processor time (USER_HZ).
const clockTicks = 100

// CPU returns the processor time that the process has used, with its system calls.
func (p *Process) CPU() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read the processor time of actsd: %w", err)
	}
	return parseProcessorTime(string(text))
}

// parseProcessorTime reads the processor time from the text of /proc/PID/stat.
func parseProcessorTime(stat string) (time.Duration, error) {
	_, rest, _ := strings.Cut(stat, ") ") // the name of the program may contain spaces
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("processor time: %d fields", len(fields))
	}
	user, err := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / clockTicks, errors.Join(err, err2)
}

// OpenFiles returns how many files and connections the process has open.
func (p *Process) OpenFiles() (int, error) {
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
	return len(open), err
}

// Stop sends SIGTERM to the process and waits for its end.
func (p *Process) Stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	defer time.AfterFunc(processTimeout, func() { _ = p.cmd.Process.Kill() }).Stop()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("stop actsd: %w: %.2000s", err, strings.TrimSpace(p.errs.String()))
	}
	return nil
}
