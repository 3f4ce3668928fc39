package main

import (
	"os/exec"
	"testing"

	"acts24/cmd/crashtest/wire"
)

// A kill is recorded once, while the replica runs its commands; a start records none.
func TestKillIsRecorded(t *testing.T) {
	kills := 0
	r := &replica{recordKill: func(wire.Victim) { kills++ }, process: exec.Command("sleep", "60"), exited: make(chan struct{})}
	if err := r.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = r.process.Wait() // it is killed
		close(r.exited)
	}()
	r.Kill()
	if kills != 1 {
		t.Errorf("%d kills recorded after a kill, want 1", kills)
	}
	r.addr = "127.0.0.1:1" // nothing listens there, and the process has ended
	r.planStopWhenReady()
	if kills != 1 {
		t.Errorf("%d kills recorded after a start, want 1", kills)
	}
}
