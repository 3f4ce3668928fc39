package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"acts24/cmd/crashtest/wire"
)

// describeFaults returns lines about the kills and the other failures of the run.
func (h *harness) describeFaults() (lines []string) {
	calls, lostResponses := h.proxy.Counts()
	n := h.nemesis
	n.mu.Lock()
	defer n.mu.Unlock()
	byKills := slices.SortedFunc(maps.Keys(n.passages), func(a, b wire.Point) int {
		return cmp.Or(n.kills[b]-n.kills[a], cmp.Compare(a.String(), b.String()))
	})
	kills, killPoints := 0, 0
	var neverKilled []string
	for _, at := range byKills {
		switch {
		case n.kills[at] > 0:
			kills += n.kills[at]
			killPoints++
			lines = append(lines, fmt.Sprintf("%5d kills of %6d passages  %s", n.kills[at], n.passages[at], at))
		case wire.ChangesState(at.Kind):
			neverKilled = append(neverKilled, fmt.Sprintf("%s (%d)", at, n.passages[at]))
		}
	}
	if len(neverKilled) > 0 && kills > 0 {
		lines = append(lines, "never killed: "+strings.Join(neverKilled, ", "))
	}
	starts := 0
	for _, replica := range h.replicas {
		starts += replica.starts
	}
	return append(lines,
		fmt.Sprintf("%d kills at %d of %d points, %d restarts, %d pauses", kills, killPoints, len(n.passages), starts-len(h.replicas), n.pausesDone),
		fmt.Sprintf("without a kill: %d answers lost, %d connections to the database cut, %d portals' tokens and %d sessions ended; %d remote calls",
			lostResponses, n.closedConnections, h.expired.tokens.Load(), h.expired.sessions.Load(), calls),
		h.proxy.Writes.String())
}

// describeTimes returns how long the load took, how long the program needed to become idle afterwards, and the slowest call.
func (l *load) describeTimes(loaded, settled, slowestCall time.Duration) string {
	h := l.harness
	const tenth = 100 * time.Millisecond
	return fmt.Sprintf("load %v (last form after %v, last kill after %v), then idle after %v (waited last for: %s), slowest call %v of %v",
		loaded.Round(tenth), l.formedAfter.Round(tenth), l.killedAfter.Round(tenth), settled.Round(tenth), clip(cmp.Or(h.lastPending, "nothing"), maxPendingText),
		slowestCall.Round(time.Millisecond), h.callTimeout)
}

// maxPendingText is the number of characters of the description of pending work in the report.
const maxPendingText = 120

// clip returns at most the first characters of a text.
func clip(text string, characters int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), characters)])
}
