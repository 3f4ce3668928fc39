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
)

// point is a place on the wire where a replica can be killed: before a message is forwarded, or after its
// effect and before its response.
type point struct {
	wire  string // "db", "portal" or "sbis"
	kind  string
	after bool
}

// String returns the name of the point in the report.
func (p point) String() string {
	if p.after {
		return p.wire + " after " + p.kind
	}
	return p.wire + " before " + p.kind
}

// victim is a replica of the program.
type victim interface {
	// kill ends it immediately and returns when the process has ended.
	kill()
	// pause stops it for some time.
	pause(time.Duration)
}

// nemesis decides which replica is killed when. It waits for a replica at one point after the other, those
// with the fewest kills first, and sometimes kills at the next point that is passed.
type nemesis struct {
	killPoints *regexp.Regexp // kills only at matching points
	window     time.Duration  // in which a remote system may still execute a call
	rate       float64        // multiplies the probability of closed connections
	spared     victim         // is paused, but never killed; nil when every replica is killed

	mu     sync.Mutex
	rng    *rand.Rand
	left   int  // kills
	ahead  int  // kills and pauses that may be done by now; negative for any number
	pauses int  // pauses left
	paused int  // pauses done
	pause  bool // the next replica is paused instead of being killed

	outages, suffered int // outages of the database or the network: left, and over
	passed            map[point]int
	kills             map[point]int
	next              map[victim]*nextKill
	closed            int // connections to the database that were closed without a kill
}

// nextKill is the next kill of a replica.
type nextKill struct {
	from   time.Time // when it may begin
	target point     // where to wait for the replica
	until  time.Time // when another point is accepted, first one without kills, later any
}

// pointTimeout is how long the nemesis waits for a replica at one point.
const pointTimeout = 1200 * time.Millisecond

func newNemesis(seed uint64, only *regexp.Regexp, window time.Duration) *nemesis {
	return &nemesis{killPoints: only, window: window, rate: 1, ahead: -1, rng: rand.New(rand.NewPCG(seed, 1)), passed: map[point]int{}, kills: map[point]int{}, next: map[victim]*nextKill{}}
}

// allowKills allows a number of kills; 0 ends them and all pauses. Points passed before do not count as seen.
func (n *nemesis) allowKills(kills int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.left = kills; kills > 0 {
		clear(n.passed)
	} else {
		n.pauses, n.outages = 0, 0
	}
	n.drawPause()
}

// allowPauses allows a number of pauses.
func (n *nemesis) allowPauses(pauses int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.pauses = pauses
	n.drawPause()
}

// drawPause decides at random whether the next replica is paused or killed, in proportion to what is left.
func (n *nemesis) drawPause() {
	n.pause = n.pauses > 0 && n.rng.IntN(n.left+n.pauses) < n.pauses
}

// keepTo allows kills and pauses up to a number that grows with the progress of people: on a slow machine they would otherwise all happen before the
// first act is formed.
func (n *nemesis) keepTo(times int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ahead = times
}

// allowOutages announces a number of outages, each of which calls endOutage.
func (n *nemesis) allowOutages(outages int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.outages = outages
}

// endOutage is called when an outage is over; false means that it was the last.
func (n *nemesis) endOutage() (more bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.suffered++
	n.outages = max(n.outages-1, 0)
	return n.outages > 0
}

// allowKill allows one more kill.
func (n *nemesis) allowKill() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.left++
	n.drawPause()
}

// done returns the number of kills, pauses and outages, and whether none is left.
func (n *nemesis) done() (times int, over bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.times(), n.left+n.pauses+n.outages == 0
}

// outagesLeft returns the number of outages that are still to come.
func (n *nemesis) outagesLeft() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.outages
}

// times returns the number of kills, pauses and outages.
func (n *nemesis) times() int {
	sum := n.paused + n.suffered
	for _, k := range n.kills {
		sum += k
	}
	return sum
}

// arm is called when a replica answers: its next kill is due 20 to 180 ms later.
func (n *nemesis) arm(v victim) {
	n.mu.Lock()
	defer n.mu.Unlock()
	from := time.Now().Add(time.Duration(20+n.rng.IntN(160)) * time.Millisecond)
	next := &nextKill{from: from, until: from}
	if n.rng.IntN(4) > 0 {
		next.target, next.until = n.choose(), from.Add(pointTimeout)
	}
	n.next[v] = next
}

// choose returns a random one of the points with the highest priority.
func (n *nemesis) choose() (target point) {
	least, drawn := -1, 0
	for _, p := range n.points() {
		rank := n.priority(p)
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

// priority returns the priority of a point, lower is earlier: the number of its kills, one more for a statement
// inside a transaction, and much more for reading. Commits and remote calls come first.
func (n *nemesis) priority(p point) int {
	switch {
	case !changes(p.kind):
		return 10*n.kills[p] + 3
	case p.wire == "db" && !strings.HasPrefix(p.kind, "COMMIT"):
		return n.kills[p] + 1
	}
	return n.kills[p]
}

// points returns the points seen, in an order that the seed reproduces.
func (n *nemesis) points() []point {
	return slices.SortedFunc(maps.Keys(n.passed), func(a, b point) int { return cmp.Compare(a.String(), b.String()) })
}

// reach is called where a message passes; true means that the replica has been killed.
func (n *nemesis) reach(v victim, p point) bool {
	kill, pause := n.decide(v, p)
	switch {
	case pause > 0:
		go func() {
			v.pause(pause)
			n.arm(v)
		}()
	case kill:
		v.kill()
	}
	return kill
}

// decide returns whether a replica is killed at a point, or for how long it is stopped there.
func (n *nemesis) decide(v victim, p point) (kill bool, pause time.Duration) {
	if !n.killPoints.MatchString(p.String()) {
		return false, 0
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.passed[p]++
	next, now := n.next[v], time.Now()
	if n.left+n.pauses == 0 || n.ahead >= 0 && n.times() >= n.ahead || v == n.spared && !n.pause || next == nil || now.Before(next.from) || p != next.target && !n.acceptsInstead(next, p, now) {
		return false, 0
	}
	delete(n.next, v)
	defer n.drawPause()
	if n.pause {
		n.pauses--
		n.paused++
		return false, time.Duration((0.5 + 2.5*n.rng.Float64()) * float64(n.window))
	}
	n.left--
	n.kills[p]++
	return true, 0
}

// closesConnection closes one connection in several thousand messages: true means that this one must be closed while
// the program keeps running.
func (n *nemesis) closesConnection(v victim) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	next := n.next[v]
	if n.left+n.pauses == 0 || next == nil || time.Now().Before(next.from) || n.rng.Float64() > n.rate/1500 {
		return false
	}
	n.closed++
	return true
}

// acceptsInstead reports whether a point is accepted when the target is not passed.
func (n *nemesis) acceptsInstead(next *nextKill, p point, now time.Time) bool {
	switch waited := now.Sub(next.until); {
	case waited < 0:
		return false
	case n.kills[p] == 0 && changes(p.kind):
		return true
	case next.target != (point{}) && waited < pointTimeout/2:
		return false
	}
	return n.rng.IntN(3) == 0
}

// random returns a random number below 1 from the nemesis' own generator.
func (n *nemesis) random() float64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.rng.Float64()
}
