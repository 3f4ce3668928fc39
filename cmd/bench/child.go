package main

import (
	"bytes"
	"context"
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

// child is actsd as a process of its own.
type child struct {
	cmd  *exec.Cmd
	base string // http://127.0.0.1:port
	took time.Duration
	said bytes.Buffer // its stderr; its log is not kept
}

// tooLong is when a start is given up.
const tooLong = 10 * time.Second

// startChild starts the program and waits until it says that it is ready.
func startChild(ctx context.Context, path string, cfg app.Config) (*child, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	cfg.Addr = addr
	c := &child{cmd: exec.Command(path, "serve"), base: "http://" + addr}
	c.cmd.Env, c.cmd.Stderr = apptest.Environ(cfg), &c.said
	start := time.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start actsd: %w", err)
	}
	client := newClient()
	defer client.CloseIdleConnections()
	for !c.ready(ctx, client) {
		if ctx.Err() != nil || time.Since(start) > tooLong {
			_ = c.stop()
			return nil, fmt.Errorf("actsd is not ready after %v: %s", time.Since(start).Round(time.Millisecond), strings.TrimSpace(c.said.String()))
		}
		time.Sleep(time.Millisecond)
	}
	c.took = time.Since(start)
	return c, nil
}

func (c *child) ready(ctx context.Context, client *http.Client) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/readyz", nil)
	if err != nil {
		return false
	}
	answer, err := client.Do(r)
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// memory reads a field of the process's status, in KiB.
func (c *child) memory(field string) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read the memory of actsd: %w", err)
	}
	_, rest, ok := strings.Cut(string(text), "\n"+field+":")
	number, _, _ := strings.Cut(strings.TrimSpace(rest), " kB")
	kib, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil {
		return 0, fmt.Errorf("the status of actsd has no %s", field)
	}
	return kib, nil
}

// stop asks the process to end, as an operator would, and waits for it.
func (c *child) stop() error {
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	kill := time.AfterFunc(tooLong, func() { _ = c.cmd.Process.Kill() })
	defer kill.Stop()
	if err := c.cmd.Wait(); err != nil {
		return fmt.Errorf("stop actsd: %w: %s", err, strings.TrimSpace(c.said.String()))
	}
	return nil
}

// freeAddr is an address that nobody listens on.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}
