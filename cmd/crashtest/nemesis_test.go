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

// mortal is a replica that counts what happens to it.
type mortal struct{ kills, pauses int }

func (m *mortal) kill()               { m.kills++ }
func (m *mortal) pause(time.Duration) { m.pauses++ }

// A spared replica is paused, but all kills are left for the others.
func TestSparedReplicaIsNotKilled(t *testing.T) {
	n := newNemesis(1, regexp.MustCompile(""), time.Second)
	spared, other := &mortal{}, &mortal{}
	n.spared = spared
	n.allowKills(5)
	n.allowPauses(5)
	commit := point{"db", "COMMIT", false}
	for range 1000 {
		for _, v := range []*mortal{spared, other} {
			n.arm(v)
			n.next[v].from, n.next[v].target = time.Time{}, commit
			if kill, pause := n.decide(v, commit); kill {
				v.kill()
			} else if pause > 0 {
				v.pause(pause)
			}
		}
	}
	if _, over := n.done(); !over || spared.kills != 0 || other.kills != 5 || spared.pauses == 0 || spared.pauses+other.pauses != 5 {
		t.Errorf("spared %+v, other %+v, over %v", *spared, *other, over)
	}
}
