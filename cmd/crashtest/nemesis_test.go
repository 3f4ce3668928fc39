package main

import (
	"regexp"
	"testing"
	"time"
)

// immortal is a replica that survives.
type immortal struct{}

func (immortal) kill()               {}
func (immortal) pause(time.Duration) {}

// Kills do not run ahead of the people: a slow machine would otherwise see all of them before the first act.
func TestKillsKeepInStep(t *testing.T) {
	n := newNemesis(1, regexp.MustCompile(""), time.Second)
	n.allowKills(5)
	try := func() {
		n.arm(immortal{})
		n.next[immortal{}].from, n.next[immortal{}].target = time.Time{}, point{"db", "COMMIT", false}
		n.reach(immortal{}, point{"db", "COMMIT", false})
	}
	for range 3 {
		try()
	}
	if kills, _ := n.done(); kills != 3 {
		t.Fatalf("%d kills without a limit, want 3", kills)
	}
	n.keepTo(4)
	for range 3 {
		try()
	}
	if kills, over := n.done(); kills != 4 || over {
		t.Fatalf("%d kills, want 4 and one left", kills)
	}
	n.keepTo(10)
	try()
	if kills, over := n.done(); kills != 5 || !over {
		t.Fatalf("%d kills, want 5 and none left", kills)
	}
}
