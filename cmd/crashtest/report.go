package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"acts24/cmd/crashtest/wire"
)

// report holds the violations in the order of the rules.
type report struct {
	found  state
	broken map[string][]string // by rule
	lines  []string            // about the failures, the times, and the use of memory
}

// checkState checks a state with all rules.
func checkState(s state) *report {
	r := &report{found: s, broken: map[string][]string{}}
	for _, rule := range rules {
		if broken := rule.check(&r.found); len(broken) > 0 {
			r.broken[rule.name] = broken
		}
	}
	return r
}

// clean reports whether no rule is broken.
func (r *report) clean() bool { return len(r.broken) == 0 }

// maxViolations is the number of violations printed per rule.
const maxViolations = 10

// print writes the report.
func (r *report) print(w io.Writer) {
	for _, line := range r.lines {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintf(w, "%d acts, %d documents in SBIS, %d items, %d comments, %d notifications\n",
		len(r.found.Acts), len(r.found.Documents), len(r.found.Items), len(r.found.Comments), len(r.found.Notifications))
	fmt.Fprintf(w, "%d acts on paper, %d letters, %d copies in cards, %d reminders, %d status tasks, %d counterparties asked\n",
		len(r.found.Papers), len(r.found.Letters), len(r.found.CardFiles), len(r.found.Reminders), len(r.found.StatusTasks), len(r.found.AskedDeals))
	fmt.Fprintln(w, r.found.describeAfterSending())
	for _, rule := range rules {
		broken := r.broken[rule.name]
		mark := "ok  "
		if len(broken) > 0 {
			mark = fmt.Sprintf("%-4d", len(broken))
		}
		fmt.Fprintln(w, mark, rule.name)
		for _, b := range broken[:min(len(broken), maxViolations)] {
			fmt.Fprintln(w, "        ", b)
		}
	}
	fmt.Fprintln(w, r.describeInvariants())
	for _, act := range r.found.violators[:min(len(r.found.violators), maxViolations)] {
		fmt.Fprintf(w, "act %s:\n", act)
		for _, line := range r.found.describe(act) {
			fmt.Fprintln(w, "    ", line)
		}
	}
	if r.clean() {
		fmt.Fprintln(w, "crashtest: nothing lost or duplicated")
		return
	}
	fmt.Fprintf(w, "crashtest: %d of %d rules broken\n", len(r.broken), len(rules))
	if r.found.SlowestCall > r.found.CallTimeout {
		fmt.Fprintln(w, "crashtest: a call took longer than its timeout: the machine is slow, try a larger -factor")
	}
}

// describeInvariants returns for each invariant that rules contribute to how many of these rules are broken.
func (r *report) describeInvariants() string {
	all, broken := map[string]int{}, map[string]int{}
	for _, rule := range rules {
		for _, id := range strings.Fields(rule.shows) {
			all[id]++
			if len(r.broken[rule.name]) > 0 {
				broken[id]++
			}
		}
	}
	var counts []string
	for _, id := range slices.SortedFunc(maps.Keys(all), func(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) }) {
		counts = append(counts, fmt.Sprintf("%s %d of %d", id, broken[id], all[id]))
	}
	return "broken rules by invariant: " + strings.Join(counts, ", ")
}

// describeAfterSending returns how often what happened to acts after they were sent.
func (s *state) describeAfterSending() string {
	recalls, ourProposals, theirProposals, annulled, packages, letters, badges, robotCalls := 0, 0, 0, 0, 0, 0, 0, 0
	for _, d := range s.Documents {
		recalls += d.OurRecalls
		ourProposals += d.OurRequests - d.OurRecalls
		theirProposals += d.Proposals - (d.OurRequests - d.OurRecalls)
		if d.Annulled {
			annulled++
		}
	}
	for _, a := range s.Attempts {
		if a.Package == "complete" {
			packages++
		}
	}
	for _, l := range s.Letters {
		if l.Purpose == "reminder" {
			letters++
		}
	}
	for _, b := range s.Badges {
		badges += b.Activities
	}
	for _, r := range s.RobotRuns {
		robotCalls += r.Accepted
	}
	return fmt.Sprintf("%d recalls, %d proposals to annul by us and %d by counterparties, %d annulled, %d signed packages, %d reminder letters, %d badges, %d robots called %d times",
		recalls, ourProposals, theirProposals, annulled, packages, letters, badges, len(s.RobotRuns), robotCalls)
}

// addFaults describes the kills and the other failures of the run.
func (r *report) addFaults(h *harness) {
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
			r.lines = append(r.lines, fmt.Sprintf("%5d kills of %6d passages  %s", n.kills[at], n.passages[at], at))
		case wire.ChangesState(at.Kind):
			neverKilled = append(neverKilled, fmt.Sprintf("%s (%d)", at, n.passages[at]))
		}
	}
	if len(neverKilled) > 0 && kills > 0 {
		r.lines = append(r.lines, "never killed: "+strings.Join(neverKilled, ", "))
	}
	starts := 0
	for _, replica := range h.replicas {
		starts += replica.starts
	}
	r.lines = append(r.lines,
		fmt.Sprintf("%d kills at %d of %d points, %d restarts, %d pauses", kills, killPoints, len(n.passages), starts-len(h.replicas), n.pausesDone),
		fmt.Sprintf("without a kill: %d answers lost, %d connections to the database cut, %d portals' tokens and %d sessions ended; %d remote calls",
			lostResponses, n.closedConnections, h.expired.tokens.Load(), h.expired.sessions.Load(), calls),
		h.proxy.Writes.String())
}

// addTimes describes how long the load took, how long the program needed to become idle afterwards, and the slowest call.
func (r *report) addTimes(h *harness, l *load, loaded, settled time.Duration) {
	const tenth = 100 * time.Millisecond
	r.lines = append(r.lines, fmt.Sprintf("load %v (last form after %v, last kill after %v), then idle after %v (waited last for: %s), slowest call %v of %v",
		loaded.Round(tenth), l.formedAfter.Round(tenth), l.killedAfter.Round(tenth), settled.Round(tenth), clip(cmp.Or(h.lastPending, "nothing"), maxPendingText),
		r.found.SlowestCall.Round(time.Millisecond), r.found.CallTimeout))
}

// maxPendingText is the number of characters of the description of pending work in the report.
const maxPendingText = 120

// clip returns at most the first characters of a text.
func clip(text string, characters int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), characters)])
}
