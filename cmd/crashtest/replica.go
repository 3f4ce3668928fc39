package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"acts24/cmd/crashtest/wire"
)

// replica is a child process that runs the program and is started again until it is stopped.
type replica struct {
	name       string
	program    string // path of actsd
	addr       string
	metrics    string // address of its metrics
	env        []string
	log        *os.File
	nemesis    *nemesis
	recordKill func(wire.Victim) // counts the commands that the replica runs when it is killed

	done chan struct{} // closed when run has returned

	mu       sync.Mutex
	process  *exec.Cmd
	exited   chan struct{} // closed when process has ended
	killed   bool          // process was killed by the test
	stopped  bool          // the program is not started again
	starts   int
	failures []string // unexpected ends, and starts and stops that did not succeed
}

// maxFailures is the number of failures after which a replica is given up.
const maxFailures = 20

// run starts the program whenever it is not running, until it is stopped or has failed too often.
func (r *replica) run() {
	defer close(r.done)
	for r.start() {
		go r.planStopWhenReady()
		err := r.process.Wait()
		r.mu.Lock()
		close(r.exited)
		if !r.killed && (!r.stopped || err != nil) {
			r.failures = append(r.failures, fmt.Sprintf("%s ended by itself: %v", r.name, err))
		}
		r.mu.Unlock()
	}
}

// start starts the program; false means that it must not or cannot run.
func (r *replica) start() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped || len(r.failures) > maxFailures {
		return false
	}
	r.process = exec.Command(r.program, "serve")
	r.process.Env, r.process.Stdout, r.process.Stderr = r.env, r.log, r.log
	r.exited, r.killed = make(chan struct{}), false
	r.starts++
	if err := r.process.Start(); err != nil {
		r.failures = append(r.failures, fmt.Sprintf("%s does not start: %v", r.name, err))
		return false
	}
	return true
}

// planStopWhenReady lets the nemesis plan the next kill or pause when the program accepts connections.
func (r *replica) planStopWhenReady() {
	r.mu.Lock()
	ended := r.exited
	r.mu.Unlock()
	for {
		conn, err := net.DialTimeout("tcp", r.addr, time.Second)
		if err == nil {
			conn.Close()
			r.nemesis.planStop(r)
			return
		}
		select {
		case <-ended:
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Kill ends the process with SIGKILL and returns when it has ended.
func (r *replica) Kill() {
	r.mu.Lock()
	r.killed = true
	ended := r.exited
	r.recordKill(r)
	_ = r.process.Process.Kill() // it may have ended already
	r.mu.Unlock()
	<-ended
}

// Pause stops the process with SIGSTOP for some time.
func (r *replica) Pause(d time.Duration) {
	r.mu.Lock()
	process := r.process.Process
	r.mu.Unlock()
	_ = process.Signal(syscall.SIGSTOP) // it may have ended already
	time.Sleep(d)
	_ = process.Signal(syscall.SIGCONT)
}

// stop terminates the program and waits for its end; a program that does not end is killed.
func (r *replica) stop(ctx context.Context) {
	r.mu.Lock()
	r.stopped = true
	if r.process != nil {
		_ = r.process.Process.Signal(syscall.SIGTERM) // it may have ended already
	}
	r.mu.Unlock()
	select {
	case <-r.done:
	case <-ctx.Done():
		r.Kill()
		r.mu.Lock()
		r.failures = append(r.failures, r.name+" did not stop after SIGTERM and was killed")
		r.mu.Unlock()
	}
}

// dumpStacks ends the program for good after it has written the stacks of its goroutines to its log.
func (r *replica) dumpStacks() {
	r.mu.Lock()
	r.stopped, r.killed = true, true
	_ = r.process.Process.Signal(syscall.SIGQUIT) // it may have ended already
	r.mu.Unlock()
	<-r.done
}

// reportedFailures returns the unexpected ends of the program, and its failed starts and stops.
func (r *replica) reportedFailures() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failures
}

// freeAddr returns an unused address. Its port is below the ephemeral ports of the system, so a killed
// replica can use it again.
func freeAddr() (string, error) {
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000)))
		if err == nil {
			defer l.Close()
			return l.Addr().String(), nil
		}
	}
	return "", errors.New("no free port")
}
