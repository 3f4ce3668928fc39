package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// report holds the violations in the order of the rules.
type report struct {
	found  state
	broken map[string][]string // by rule
	lines  []string            // about the kills
}

// verdict checks a state with the rules.
func verdict(s state) *report {
	r := &report{found: s, broken: map[string][]string{}}
	for _, rule := range rules {
		if broken := rule.check(&r.found); len(broken) > 0 {
			r.broken[rule.name] = broken
		}
	}
	return r
}

func (r *report) clean() bool { return len(r.broken) == 0 }

// maxBroken is the number of violations printed per rule.
const maxBroken = 10

// print writes the report.
func (r *report) print(w io.Writer) {
	for _, line := range r.lines {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintf(w, "%d acts, %d documents in SBIS, %d items, %d comments, %d notifications\n",
		len(r.found.Acts), len(r.found.Documents), len(r.found.Items), len(r.found.Comments), len(r.found.Notices))
	fmt.Fprintf(w, "%d acts on paper, %d letters, %d copies in cards, %d reminders, %d status tasks, %d counterparties asked\n",
		len(r.found.Papers), len(r.found.Letters), len(r.found.CardFiles), len(r.found.Reminders), len(r.found.StatusTasks), len(r.found.Asked))
	fmt.Fprintln(w, r.found.afterSending())
	for _, rule := range rules {
		broken := r.broken[rule.name]
		mark := "ok  "
		if len(broken) > 0 {
			mark = fmt.Sprintf("%-4d", len(broken))
		}
		fmt.Fprintln(w, mark, rule.name)
		for _, b := range broken[:min(len(broken), maxBroken)] {
			fmt.Fprintln(w, "        ", b)
		}
	}
	for _, act := range r.found.violators[:min(len(r.found.violators), maxBroken)] {
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
	if r.found.Slowest > r.found.CallTimeout {
		fmt.Fprintln(w, "crashtest: a call took longer than its timeout: the machine is slow, try a larger -factor")
	}
}

// kills describes the kills and other failures of the run.
func (r *report) kills(s *harness, l *load, loaded, settled time.Duration) {
	n, o := s.nemesis, s.proxy
	n.mu.Lock()
	defer n.mu.Unlock()
	total := 0
	byPoint := slices.SortedFunc(maps.Keys(n.passed), func(a, b point) int {
		return cmp.Or(n.kills[b]-n.kills[a], cmp.Compare(a.String(), b.String()))
	})
	var neverKilled []string
	for _, p := range byPoint {
		total += n.kills[p]
		switch {
		case n.kills[p] > 0:
			r.lines = append(r.lines, fmt.Sprintf("%5d kills of %6d passages  %s", n.kills[p], n.passed[p], p))
		case changes(p.kind):
			neverKilled = append(neverKilled, fmt.Sprintf("%s (%d)", p, n.passed[p]))
		}
	}
	if len(neverKilled) > 0 && total > 0 {
		r.lines = append(r.lines, "never killed: "+strings.Join(neverKilled, ", "))
	}
	starts := 0
	for _, replica := range s.replicas {
		starts += replica.starts
	}
	killed := 0
	for _, k := range n.kills {
		if k > 0 {
			killed++
		}
	}
	r.lines = append(r.lines,
		fmt.Sprintf("%d kills at %d of %d points, %d restarts, %d pauses", total, killed, len(n.passed), starts-len(s.replicas), n.paused),
		fmt.Sprintf("without a kill: %d answers lost, %d connections to the database cut, %d portals' tokens and %d sessions ended; %d remote calls",
			o.lostResponses, n.closed, s.expired.tokens, s.expired.sessions, o.calls),
		fmt.Sprintf("load %v (forms %v, kills %v), then idle after %v (last: %s), slowest call %v of %v", loaded.Round(100*time.Millisecond),
			l.formed.Round(100*time.Millisecond), l.killed.Round(100*time.Millisecond), settled.Round(100*time.Millisecond), clipped(cmp.Or(s.lastPending, "nothing")), o.slowest.Round(time.Millisecond), o.callTimeout))
}

func clipped(text string) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), 120)])
}
