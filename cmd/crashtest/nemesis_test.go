package main

import (
	"regexp"
	"testing"
	"time"

	"acts24/cmd/crashtest/wire"
)

// countingVictim is a replica that counts what happens to it.
type countingVictim struct{ kills, pauses int }

func (v *countingVictim) Kill()               { v.kills++ }
func (v *countingVictim) Pause(time.Duration) { v.pauses++ }

// Kills do not run ahead of the managers: a slow machine would otherwise see all of them before the first act.
func TestKillsKeepInStep(t *testing.T) {
	n := newNemesis(1, regexp.MustCompile(""), time.Second)
	n.allowKills(5)
	v, commit := &countingVictim{}, wire.Point{System: "db", Kind: "COMMIT"}
	pass := func() {
		n.planStop(v)
		n.planned[v].from, n.planned[v].target = time.Time{}, commit
		n.Reach(v, commit)
	}
	for range 3 {
		pass()
	}
	if done, _ := n.progress(); done != 3 || v.kills != 3 {
		t.Fatalf("%d faults and %d kills without a limit, want 3", done, v.kills)
	}
	n.limitFaults(4)
	for range 3 {
		pass()
	}
	if done, over := n.progress(); done != 4 || v.kills != 4 || over {
		t.Fatalf("%d faults and %d kills, over %v; want 4 and one left", done, v.kills, over)
	}
	n.limitFaults(10)
	pass()
	if done, over := n.progress(); done != 5 || v.kills != 5 || !over {
		t.Fatalf("%d faults and %d kills, over %v; want 5 and none left", done, v.kills, over)
	}
}

// A spared replica is paused, but all kills are left for the others.
func TestSparedReplicaIsNotKilled(t *testing.T) {
	n := newNemesis(1, regexp.MustCompile(""), time.Second)
	spared, other := &countingVictim{}, &countingVictim{}
	n.spared = spared
	n.allowKills(5)
	n.allowPauses(5)
	commit := wire.Point{System: "db", Kind: "COMMIT"}
	for range 1000 {
		for _, v := range []*countingVictim{spared, other} {
			n.planStop(v)
			n.planned[v].from, n.planned[v].target = time.Time{}, commit
			if kill, pause := n.decide(v, commit); kill {
				v.Kill()
			} else if pause > 0 {
				v.Pause(pause)
			}
		}
	}
	if _, over := n.progress(); !over || spared.kills != 0 || other.kills != 5 || spared.pauses == 0 || spared.pauses+other.pauses != 5 {
		t.Errorf("spared %+v, other %+v, over %v", *spared, *other, over)
	}
}
