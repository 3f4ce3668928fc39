package rules

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Report holds the violations in the order of the rules.
type Report struct {
	Lines []string // printed before the rules: about the failures, the times, and the use of memory

	found  State
	broken map[string][]string // by rule
}

// Check checks a state with all rules.
func Check(s State) *Report {
	r := &Report{found: s, broken: map[string][]string{}}
	for _, rule := range allRules {
		if broken := rule.check(&r.found); len(broken) > 0 {
			r.broken[rule.name] = broken
		}
	}
	return r
}

// Clean reports whether no rule is broken.
func (r *Report) Clean() bool { return len(r.broken) == 0 }

// maxViolations is the number of violations printed per rule.
const maxViolations = 10

// Print writes the report.
func (r *Report) Print(w io.Writer) {
	for _, line := range r.Lines {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintf(w, "%d acts, %d documents in SBIS, %d items, %d comments, %d notifications\n",
		len(r.found.Acts), len(r.found.Documents), len(r.found.Items), len(r.found.Comments), len(r.found.Notifications))
	fmt.Fprintf(w, "%d acts on paper, %d letters, %d copies in cards, %d reminders, %d status tasks, %d counterparties asked\n",
		len(r.found.Papers), len(r.found.Letters), len(r.found.CardFiles), len(r.found.Reminders), len(r.found.StatusTasks), len(r.found.AskedDeals))
	fmt.Fprintln(w, r.found.describeAfterSending())
	for _, rule := range allRules {
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
	if r.Clean() {
		fmt.Fprintln(w, "crashtest: nothing lost or duplicated")
		return
	}
	fmt.Fprintf(w, "crashtest: %d of %d rules broken\n", len(r.broken), len(allRules))
	if r.found.SlowestCall > r.found.CallTimeout {
		fmt.Fprintln(w, "crashtest: a call took longer than its timeout: the machine is slow, try a larger -factor")
	}
}

// describeInvariants returns for each invariant that rules contribute to how many of these rules are broken.
func (r *Report) describeInvariants() string {
	all, broken := map[string]int{}, map[string]int{}
	for _, rule := range allRules {
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
func (s *State) describeAfterSending() string {
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
