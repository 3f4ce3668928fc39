package main

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"acts24/cmd/crashtest/wire"
)

// nemesis decides which replica is killed or paused when. It waits for a replica at one point after the other, those
// with the fewest kills first, and sometimes stops it at the next point that is passed. The name is that of Jepsen.
type nemesis struct {
	killPoints *regexp.Regexp // kills and pauses only at matching points
	window     time.Duration  // in which a remote system may still execute a call
	rate       float64        // multiplies the probability of closed connections
	spared     wire.Victim    // is paused, but never killed; nil when every replica is killed

	mu                sync.Mutex
	rng               *rand.Rand
	killsLeft         int
	pausesLeft        int
	outagesLeft       int // of the database or the network
	pausesDone        int
	outagesDone       int
	maxFaults         int  // kills, pauses and outages that may be done by now; negative for any number
	pauseNext         bool // the next replica is paused instead of being killed
	passages          map[wire.Point]int
	kills             map[wire.Point]int
	planned           map[wire.Victim]*plannedStop
	closedConnections int // connections to the database that were closed without a kill
}

// plannedStop is the next kill or pause of a replica.
type plannedStop struct {
	from   time.Time  // when it may begin
	target wire.Point // where to wait for the replica
	until  time.Time  // when another point is accepted, first one without kills, later any
}

// pointTimeout is how long the nemesis waits for a replica at one point.
const pointTimeout = 1200 * time.Millisecond

func newNemesis(seed uint64, killPoints *regexp.Regexp, window time.Duration) *nemesis {
	return &nemesis{killPoints: killPoints, window: window, rate: 1, maxFaults: -1, rng: newRand(seed, nemesisStream),
		passages: map[wire.Point]int{}, kills: map[wire.Point]int{}, planned: map[wire.Victim]*plannedStop{}}
}

// allowKills allows a number of kills. Points passed before do not count as seen.
func (n *nemesis) allowKills(kills int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.killsLeft = kills; kills > 0 {
		clear(n.passages)
	}
	n.drawPause()
}

// allowKill allows one more kill.
func (n *nemesis) allowKill() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.killsLeft++
	n.drawPause()
}

// allowPauses allows a number of pauses.
func (n *nemesis) allowPauses(pauses int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.pausesLeft = pauses
	n.drawPause()
}

// allowOutages announces a number of outages, each of which calls endOutage.
func (n *nemesis) allowOutages(outages int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.outagesLeft = outages
}

// endFaults cancels the kills, pauses and outages that are left.
func (n *nemesis) endFaults() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.killsLeft, n.pausesLeft, n.outagesLeft, n.pauseNext = 0, 0, 0, false
}

// drawPause decides at random whether the next replica is paused or killed, in proportion to what is left.
func (n *nemesis) drawPause() {
	n.pauseNext = n.pausesLeft > 0 && n.rng.IntN(n.killsLeft+n.pausesLeft) < n.pausesLeft
}

// limitFaults allows kills and pauses only while fewer than limit faults are done. The limit grows with the progress of the managers: on a slow
// machine all kills would otherwise happen before the first act is formed.
func (n *nemesis) limitFaults(limit int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.maxFaults = limit
}

// endOutage is called when an outage is over; false means that it was the last.
func (n *nemesis) endOutage() (more bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.outagesDone++
	n.outagesLeft = max(n.outagesLeft-1, 0)
	return n.outagesLeft > 0
}

// progress returns the number of kills, pauses and outages that are done, and whether none is left.
func (n *nemesis) progress() (done int, over bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.faultsDone(), n.killsLeft+n.pausesLeft+n.outagesLeft == 0
}

// FaultsOver reports whether no kill, pause or outage is left.
func (n *nemesis) FaultsOver() bool {
	_, over := n.progress()
	return over
}

// remainingOutages returns the number of outages that are still to come.
func (n *nemesis) remainingOutages() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.outagesLeft
}

// faultsDone returns the number of kills, pauses and outages that are done.
func (n *nemesis) faultsDone() int {
	sum := n.pausesDone + n.outagesDone
	for _, k := range n.kills {
		sum += k
	}
	return sum
}

// planStop plans the next kill or pause of a replica that has become ready, 20 to 180 ms later.
func (n *nemesis) planStop(v wire.Victim) {
	n.mu.Lock()
	defer n.mu.Unlock()
	from := time.Now().Add(time.Duration(20+n.rng.IntN(160)) * time.Millisecond)
	stop := &plannedStop{from: from, until: from}
	if n.rng.IntN(4) > 0 {
		stop.target, stop.until = n.choosePoint(), from.Add(pointTimeout)
	}
	n.planned[v] = stop
}

// choosePoint returns a random one of the points with the lowest rank.
func (n *nemesis) choosePoint() (target wire.Point) {
	least, drawn := -1, 0
	for _, p := range n.points() {
		rank := n.rank(p)
		switch {
		case least < 0 || rank < least:
			target, least, drawn = p, rank, 1
		case rank == least:
			if drawn++; n.rng.IntN(drawn) == 0 {
				target = p
			}
		}
	}
	return target
}

// rank returns the rank of a point, the lowest comes first: the number of its kills, one more for a statement inside a
// transaction, and much more for reading. Commits and remote calls that change something come first.
func (n *nemesis) rank(p wire.Point) int {
	switch {
	case !wire.ChangesState(p.Kind):
		return 10*n.kills[p] + 3
	case p.System == "db" && !strings.HasPrefix(p.Kind, "COMMIT"):
		return n.kills[p] + 1
	}
	return n.kills[p]
}

// points returns the points seen, in an order that the seed reproduces.
func (n *nemesis) points() []wire.Point {
	return slices.SortedFunc(maps.Keys(n.passages), func(a, b wire.Point) int { return cmp.Compare(a.String(), b.String()) })
}

// Reach is called when a replica passes a point, and kills or pauses it there if that is due; true means that it has been killed.
func (n *nemesis) Reach(v wire.Victim, p wire.Point) (killed bool) {
	kill, pause := n.decide(v, p)
	switch {
	case pause > 0:
		go func() {
			v.Pause(pause)
			n.planStop(v)
		}()
	case kill:
		v.Kill()
	}
	return kill
}

// decide returns whether a replica is killed at a point, or for how long it is paused there.
func (n *nemesis) decide(v wire.Victim, p wire.Point) (kill bool, pause time.Duration) {
	if !n.killPoints.MatchString(p.String()) {
		return false, 0
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.passages[p]++
	stop, now := n.planned[v], time.Now()
	if !n.mayStop(v) || stop == nil || now.Before(stop.from) || p != stop.target && !n.acceptsInstead(stop, p, now) {
		return false, 0
	}
	delete(n.planned, v)
	defer n.drawPause()
	if n.pauseNext {
		n.pausesLeft--
		n.pausesDone++
		return false, time.Duration((0.5 + 2.5*n.rng.Float64()) * float64(n.window))
	}
	n.killsLeft--
	n.kills[p]++
	return true, 0
}

// mayStop reports whether a replica may be killed or paused now: something is left, it is not ahead of the managers, and the replica is not spared.
func (n *nemesis) mayStop(v wire.Victim) bool {
	if n.killsLeft+n.pausesLeft == 0 || n.maxFaults >= 0 && n.faultsDone() >= n.maxFaults {
		return false
	}
	return v != n.spared || n.pauseNext
}

// DrawConnectionCut decides at random, at the usual rate for one message in 1500, that its connection must be closed while the program keeps running, and
// counts it.
func (n *nemesis) DrawConnectionCut(v wire.Victim) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	stop := n.planned[v]
	if n.killsLeft+n.pausesLeft == 0 || stop == nil || time.Now().Before(stop.from) || n.rng.Float64() > n.rate/1500 {
		return false
	}
	n.closedConnections++
	return true
}

// acceptsInstead reports whether a point is accepted when the target is not passed.
func (n *nemesis) acceptsInstead(stop *plannedStop, p wire.Point, now time.Time) bool {
	switch waited := now.Sub(stop.until); {
	case waited < 0:
		return false
	case n.kills[p] == 0 && wire.ChangesState(p.Kind):
		return true
	case stop.target != (wire.Point{}) && waited < pointTimeout/2:
		return false
	}
	return n.rng.IntN(3) == 0
}

// Random returns a random number below 1 from the nemesis' own generator.
func (n *nemesis) Random() float64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.rng.Float64()
}
