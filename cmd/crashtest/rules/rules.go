// Package rules holds the conditions that must hold after a run of the crash test. Check applies them to what was gathered from the database and the
// fakes, and returns a report. The package has no I/O of its own.
package rules

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// rule is a condition that must hold after a run.
type rule struct {
	name  string
	check func(*State) []string // returns the violations
	shows string                // invariants of docs/guarantees.md that it contributes to, "R1 R5"
}

// allRules are the conditions that the crash test checks. docs/guarantees.md cites their names.
var allRules = []rule{
	{"no work was left after the run", nothingPending, "R3 R4"},
	{"every answer to a manager was an expected one", func(s *State) []string { return s.UnexpectedAnswers }, ""},
	{"an outage is survived and over soon", func(s *State) []string { return s.FailedOutages }, "R15 R16"},
	{"no replica ended by itself", func(s *State) []string { return s.UnexpectedExits }, "R14 R16"},
	{"memory and goroutines do not grow in a soak", func(s *State) []string { return s.Growth }, ""},
	{"an acknowledged form is exactly one act", oneActPerForm, "R16"},
	{"a handed over act has exactly one live document", oneLiveDocument, "R1"},
	{"no document without an act", noUnknownDocument, "R1 R5"},
	{"a document is signed the portal's way and sent once", signedAsConfigured, "R1"},
	{"a document is recalled or annulled once", withdrawnOnce, "R1"},
	{"the status of an act follows its document", statusFollowsDocument, "R3 R10"},
	{"each change of a status is explained by a line of history", statusExplained, "R3"},
	{"no hand-over failed", noFailedHandOver, ""},
	{"an act has exactly one CRM item", oneItemPerAct, "R5 R7"},
	{"an item is complete and in the stage of its act", itemMatchesAct, ""},
	{"a line of history is exactly one comment", oneCommentPerEvent, "R5 R7"},
	{"no notification is duplicated", noDuplicateNotification, "R2"},
	{"a deal shows the badge of its acts by one activity", oneBadgePerDeal, "R2"},
	{"the signed files of a decided document were fetched", packageFetched, "R3"},
	{"a reminder letter to the counterparty was sent once for each due day", oneReminderLetterPerDay, "R2 R11"},
	{"a paper act has the status that people set", paperStatusKept, "R3"},
	{"a letter that was asked for was sent exactly once, and its act counts as sent", lettersSentOnce, "R2"},
	{"a due reminder is exactly one task, ended with the answer", oneTaskPerReminder, "R2 R11"},
	{"an unanswered act has one pending reminder, also after its task was ended by hand", onePendingReminder, "R2"},
	{"an uploaded copy is stored once and once in the card", copiesStoredOnce, "R5"},
	{"our own writes were not taken for a person's", noEchoTakenForPerson, "R4"},
	{"a deal is at the stage of its acts", dealInStage, "R4"},
	{"a robot does its work once and is answered once", robotsAnsweredOnce, "R5"},
	{"a deal that triggers move is moved once for each change of its acts", triggersMoveOnce, "R4"},
	{"the counterparty of an approved deal is asked exactly once", oneQuestionPerDeal, "R2"},
	{"an answer is kept once and shown, and is the counterparty's", oneAnswerPerDeal, ""},
	{"a message about a deal is sent exactly once", messagesSentOnce, "R2"},
	{"each act of a bulk action was handed over once", bulkHandedOverOnce, "R1"},
	{"acts contain no more of a row than its quantity", withinRowQuantity, ""},
	{"numbers are unique and without gaps", consecutiveNumbers, ""},
	{"no task is dead", noDeadTask, "R13"},
	{"no rate limit was exceeded", noLimitExceeded, ""},
	{"writing commands are repeated only where their end is unknown", fewRepeats, ""},
	{"every call is one that the portal accepts for its type of object", onlyAllowedCalls, ""},
}

// Names returns the names of all rules, in the order of the report.
func Names() (names []string) {
	for _, r := range allRules {
		names = append(names, r.name)
	}
	return names
}

func nothingPending(s *State) (broken []string) {
	if s.PendingWork != "" {
		broken = append(broken, s.PendingWork)
	}
	for _, a := range s.PendingActs {
		broken = append(broken, s.recordViolation(Ref{a.Portal, a.Act}, "waits for SBIS: %s", a.Details))
	}
	return broken
}

// Ref identifies an object of one portal.
type Ref struct {
	Portal int
	ID     int64
}

// String returns the number of the portal and the id.
func (r Ref) String() string { return fmt.Sprintf("portal %d, %d", r.Portal, r.ID) }

func oneActPerForm(s *State) (broken []string) {
	made := map[string]Act{}
	for _, a := range s.Acts {
		made[a.Key] = a
	}
	sent := map[string]bool{}
	for _, f := range s.Forms {
		sent[f.Key] = true
		switch a, ok := made[f.Key]; {
		case !ok:
			broken = append(broken, fmt.Sprintf("form %s of portal %d was acknowledged but created no act", f.Key, f.Portal))
		case a.ID != f.Act || a.Portal != f.Portal:
			broken = append(broken, fmt.Sprintf("form %s created act %d of portal %d, the manager was shown %d", f.Key, a.ID, a.Portal, f.Act))
		}
	}
	byRobots := s.formedByRobots()
	for _, a := range s.Acts {
		if !sent[a.Key] && byRobots[Ref{a.Portal, a.ID}] == 0 {
			broken = append(broken, fmt.Sprintf("act %s was created by no form and no robot", Ref{a.Portal, a.ID}))
		}
	}
	return broken
}

func consecutiveNumbers(s *State) (broken []string) {
	taken := map[string][]int{}
	for _, a := range s.Acts {
		if a.Number == "" {
			continue
		}
		n, err := strconv.Atoi(a.Number)
		if err != nil {
			broken = append(broken, fmt.Sprintf("act %s has the number %q", Ref{a.Portal, a.ID}, a.Number))
			continue
		}
		key := fmt.Sprintf("portal %d, %d", a.Portal, a.Year)
		taken[key] = append(taken[key], n)
	}
	for key, numbers := range taken {
		slices.Sort(numbers)
		for i, n := range numbers {
			if n != i+1 {
				broken = append(broken, fmt.Sprintf("%s: number %d instead of %d", key, n, i+1))
				break
			}
		}
	}
	return broken
}

func noDeadTask(s *State) (broken []string) {
	for _, t := range s.Tasks {
		if t.Dead {
			broken = append(broken, fmt.Sprintf("%s of %s: %s", t.Kind, Ref{t.Portal, t.Subject}, strings.TrimSpace(t.Problem)))
		}
	}
	return broken
}

func onlyAllowedCalls(s *State) []string { return describeCounts(s.DisallowedCalls) }

func noLimitExceeded(s *State) []string { return describeCounts(s.LimitRefusals) }

// describeCounts returns what was counted, in alphabetical order.
func describeCounts(counts map[string]int) (lines []string) {
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		lines = append(lines, fmt.Sprintf("%s %d times", what, counts[what]))
	}
	return lines
}

// maxRepeats is the goal for the writing commands: their number against the bound (wire.WriteCounts.Bound).
const maxRepeats = 1.10

// fewRepeats checks the number of writing commands of a run that has sent enough of them.
func fewRepeats(s *State) (broken []string) {
	if n := float64(s.Writes.Sent); s.Writes.Sent >= 1000 && n > maxRepeats*s.Writes.Bound() {
		broken = append(broken, fmt.Sprintf("%.0f writing commands were sent, at most %.0f are allowed: %.2f times the bound of the run", n, maxRepeats*s.Writes.Bound(), maxRepeats))
	}
	return broken
}
