package rules

import (
	"fmt"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/acts/automation"
	fake "acts24/integrations/bitrix24/bitrix24test/automation"
)

// formedByRobots returns the acts that robots have formed, with the number of calls that claim each.
func (s *State) formedByRobots() map[Ref]int {
	formed := map[Ref]int{}
	for _, r := range s.RobotRuns {
		if r.Robot == automation.RobotForm && r.StoredAct != 0 {
			formed[Ref{r.Portal, r.StoredAct}]++
		}
	}
	return formed
}

// robotsAnsweredOnce checks that no automation waits for ever, that its answer is what the program has stored, and that every call did its work once.
func robotsAnsweredOnce(s *State) (broken []string) {
	for _, token := range s.StrayCalls {
		broken = append(broken, "no robot has made the stored call with the token "+token)
	}
	for _, r := range s.RobotRuns {
		if text := r.violation(); text != "" {
			broken = append(broken, fmt.Sprintf("%s of deal %s %s", r.Robot, Ref{r.Portal, r.Deal}, text))
		}
	}
	for act, n := range s.formedByRobots() {
		if n > 1 {
			broken = append(broken, s.recordViolation(act, "was formed by %d calls of robots", n))
		}
	}
	unexplained := map[Ref]int{} // hand-overs by robots without a call
	for _, e := range s.Events {
		if e.Kind == "handed_over" && strings.Contains(e.By, "Передать в СБИС") {
			unexplained[Ref{e.Portal, e.Act}]++
		}
	}
	for _, r := range s.RobotRuns {
		if r.Robot == automation.RobotHandOver {
			unexplained[Ref{r.Portal, r.StoredAct}]--
		}
	}
	for act, n := range unexplained {
		if n > 0 {
			broken = append(broken, s.recordViolation(act, "was handed over %d times more than robots were called for it", n))
		}
	}
	return broken
}

// violation returns what is wrong with a run, "" for nothing. The automation does not wait for a robot whose deal has left its stage, which an act
// that is sent before the answer may cause.
func (r RobotRun) violation() string {
	outcome := map[string]string{"done": automation.OutcomeDone, "refused": automation.OutcomeRefused}[r.StoredOutcome]
	switch {
	case r.State == fake.RunWaits:
		return fmt.Sprintf("waits for an answer, %d calls were acknowledged", r.Accepted)
	case r.State == fake.RunStopped && r.Robot == automation.RobotForm:
		return "was stopped although nothing of its deal was sent"
	case r.Stored > 1, r.Stored == 0 && (r.Accepted > 0 || r.State == fake.RunDone):
		return fmt.Sprintf("was acknowledged %d times and stored %d times", r.Accepted, r.Stored)
	case r.Stored == 1 && r.StoredOutcome == "":
		return "has no outcome"
	case r.State == fake.RunDone && (r.Answers != 1 || r.Outcome != outcome || r.Act != r.StoredAct):
		return fmt.Sprintf("was answered %d times with %q and act %d, the program has %q and act %d", r.Answers, r.Outcome, r.Act, r.StoredOutcome, r.StoredAct)
	case r.Robot == automation.RobotForm && r.StoredOutcome != "done":
		return "did not form an act"
	}
	return ""
}

// triggersMoveOnce checks deals that triggers move: each is where the changes of its acts send it, and an event moves it at most once, also a deal that
// was moved back.
func triggersMoveOnce(s *State) (broken []string) {
	if s.TriggersLeft > 0 {
		broken = append(broken, fmt.Sprintf("%d triggers were not executed", s.TriggersLeft))
	}
	dealOf, events, moves := s.dealsByAct(), map[Ref]map[string]int{}, map[Ref]map[string]int{} // by deal, and by status or stage
	count := func(of map[Ref]map[string]int, deal Ref, what string) {
		if of[deal] == nil {
			of[deal] = map[string]int{}
		}
		of[deal][what]++
	}
	for _, e := range s.Events {
		if e.From != e.To {
			count(events, Ref{e.Portal, dealOf[Ref{e.Portal, e.Act}]}, e.To)
		}
	}
	for _, m := range s.StageMoves {
		count(moves, Ref{m.Portal, m.Deal}, m.Stage)
	}
	sent, remarks := acts.StageSent.Name(), acts.StageRemarks.Name()
	for _, d := range s.Deals {
		deal := Ref{d.Portal, d.ID}
		if !d.ByTriggers {
			continue
		}
		timesSent, timesRefused := events[deal][string(acts.StatusSent)], events[deal][string(acts.StatusRefused)]
		allowed := []string{firstStage, acts.StagePreparing.Name(), acts.StageApproved.Name()}
		switch {
		case timesRefused > 0:
			allowed = []string{remarks}
		case timesSent > 0 && moves[deal][sent] > 0 && d.Stage != sent: // it was moved back
			allowed = allowed[2:]
		case timesSent > 0:
			allowed = []string{sent}
		}
		if !slices.Contains(allowed, d.Stage) || moves[deal][sent] > timesSent || moves[deal][remarks] > timesRefused {
			broken = append(broken, fmt.Sprintf("deal %s is in «%s» after %d moves to «%s» and %d to «%s», its acts were sent %d times and refused %d times",
				deal, d.Stage, moves[deal][sent], sent, moves[deal][remarks], remarks, timesSent, timesRefused))
		}
	}
	return broken
}
