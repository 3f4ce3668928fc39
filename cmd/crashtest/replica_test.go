package main

import (
	"os/exec"
	"testing"
)

// A kill counts the commands that the replica was running, a start counts none.
func TestKillCountsInterruptedCommands(t *testing.T) {
	r := &replica{writes: newWrites(), process: exec.Command("sleep", "60"), exited: make(chan struct{})}
	if err := r.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = r.process.Wait() // it is killed
		close(r.exited)
	}()
	r.writes.begin(r, "portal-0", []command{{"crm.item.add", "{}"}})
	r.kill()
	if got := r.writes.counts().Interrupted; got != 1 {
		t.Errorf("%d interrupted commands after a kill, want 1", got)
	}
	r.addr = "127.0.0.1:1" // nothing listens there, and the process has ended
	r.planStopWhenReady()
	if got := r.writes.counts().Interrupted; got != 1 {
		t.Errorf("%d interrupted commands after a start, want 1", got)
	}
}
