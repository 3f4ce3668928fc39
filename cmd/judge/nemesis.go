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

// point is a place on the wire where a replica can be killed: before a message is forwarded, or after its effect
// and before its answer.
type point struct {
	wire  string // "db", "portal" or "sbis"
	kind  string
	after bool
}

// String is the point in the report.
func (p point) String() string {
	if p.after {
		return p.wire + " after " + p.kind
	}
	return p.wire + " before " + p.kind
}

// victim is a replica of the program.
type victim interface {
	// kill ends it at once and returns when it is dead.
	kill()
}

// nemesis decides who dies when. It waits for a replica at one point after the other, at those with the fewest kills
// first, and sometimes strikes wherever it can.
type nemesis struct {
	only *regexp.Regexp // points at which alone it kills

	mu    sync.Mutex
	rng   *rand.Rand
	left  int
	seen  map[point]int
	kills map[point]int
	hunts map[victim]*hunt
	cuts  int // connections to the database that were closed without a kill
}

// hunt is the next kill of a replica.
type hunt struct {
	from   time.Time // when it may begin
	target point     // where to wait for the replica
	until  time.Time // when another point will do, one without kills first, later any
}

// patience is how long a replica is waited for at one point.
const patience = 1200 * time.Millisecond

func newNemesis(seed uint64, only *regexp.Regexp) *nemesis {
	return &nemesis{only: only, rng: rand.New(rand.NewPCG(seed, 1)), seen: map[point]int{}, kills: map[point]int{}, hunts: map[victim]*hunt{}}
}

// let gives the nemesis a number of kills; 0 ends them. What passed before does not count as seen.
func (n *nemesis) let(kills int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.left = kills; kills > 0 {
		clear(n.seen)
	}
}

// grant gives the nemesis one kill more.
func (n *nemesis) grant() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.left++
}

// done tells how many kills there were, and whether none is left.
func (n *nemesis) done() (kills int, over bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, k := range n.kills {
		kills += k
	}
	return kills, n.left == 0
}

// arm is told that a replica answers: some 20 to 180 ms later the next hunt for it begins.
func (n *nemesis) arm(v victim) {
	n.mu.Lock()
	defer n.mu.Unlock()
	from := time.Now().Add(time.Duration(20+n.rng.IntN(160)) * time.Millisecond)
	h := &hunt{from: from, until: from}
	if n.rng.IntN(4) > 0 {
		h.target, h.until = n.choose(), from.Add(patience)
	}
	n.hunts[v] = h
}

// choose draws one of the points whose turn it is.
func (n *nemesis) choose() (target point) {
	least, drawn := -1, 0
	for _, p := range n.points() {
		turn := n.turn(p)
		switch {
		case least < 0 || turn < least:
			target, least, drawn = p, turn, 1
		case turn == least:
			if drawn++; n.rng.IntN(drawn) == 0 {
				target = p
			}
		}
	}
	return target
}

// turn says how late a point comes: after others with fewer kills; a statement inside a transaction a kill later than
// a commit and a call to the outside, mere reading much later.
func (n *nemesis) turn(p point) int {
	switch {
	case !changes(p.kind):
		return 10*n.kills[p] + 3
	case p.wire == "db" && !strings.HasPrefix(p.kind, "COMMIT"):
		return n.kills[p] + 1
	}
	return n.kills[p]
}

// points are those seen, in an order that the seed can repeat.
func (n *nemesis) points() []point {
	return slices.SortedFunc(maps.Keys(n.seen), func(a, b point) int { return cmp.Compare(a.String(), b.String()) })
}

// passes is called where a message passes; true means that the replica is dead now.
func (n *nemesis) passes(v victim, p point) bool {
	if !n.condemns(v, p) {
		return false
	}
	v.kill()
	return true
}

func (n *nemesis) condemns(v victim, p point) bool {
	if !n.only.MatchString(p.String()) {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen[p]++
	h, now := n.hunts[v], time.Now()
	if n.left == 0 || h == nil || now.Before(h.from) || p != h.target && !n.willDo(h, p, now) {
		return false
	}
	delete(n.hunts, v)
	n.left--
	n.kills[p]++
	return true
}

// severs closes one connection in some thousand messages: true means that this one is to be closed, while the program lives.
func (n *nemesis) severs(v victim) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	h := n.hunts[v]
	if n.left == 0 || h == nil || time.Now().Before(h.from) || n.rng.IntN(1500) > 0 {
		return false
	}
	n.cuts++
	return true
}

// willDo tells whether a point is good enough when the target does not come.
func (n *nemesis) willDo(h *hunt, p point, now time.Time) bool {
	switch waited := now.Sub(h.until); {
	case waited < 0:
		return false
	case n.kills[p] == 0 && changes(p.kind):
		return true
	case h.target != (point{}) && waited < patience/2:
		return false
	}
	return n.rng.IntN(3) == 0
}

// draw is a number below 1 from the nemesis' own dice.
func (n *nemesis) draw() float64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.rng.Float64()
}
