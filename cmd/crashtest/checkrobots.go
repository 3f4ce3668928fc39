package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/integrations/bitrix24/bitrix24test"
	fake "acts24/integrations/bitrix24/bitrix24test/automation"
)

// robotRun is one execution of a robot in the automation of a portal, with what the program has stored about its call.
type robotRun struct {
	Portal   int
	Deal     int64
	Robot    string
	Token    string
	State    string // of the automation
	Answers  int    // accepted ones
	Accepted int    // calls that a replica acknowledged
	Result   string // as the automation knows it
	Act      int64

	Stored        int // rows in the database
	StoredAct     int64
	StoredOutcome string
}

// stageMove is a move of a deal in the history of the portal.
type stageMove struct {
	Portal int
	Deal   int64
	Stage  string // its name
}

const robotRows = `SELECT portal_id, token, act_id, outcome FROM robot_calls ORDER BY id`

// automation reads what robots and triggers did.
func (g *collector) automation(ctx context.Context) error {
	f, at := &g.found, map[string]int{}
	for n, p := range g.harness.world.Portals {
		accepted := acceptedCalls(p)
		for _, r := range p.Automation.Runs() {
			act, _ := strconv.ParseInt(fmt.Sprint(r.Values[automation.ResultAct]), 10, 64) // a refusal has none
			result, _ := r.Values[automation.ResultOutcome].(string)
			at[r.Token] = len(f.RobotRuns)
			f.RobotRuns = append(f.RobotRuns, robotRun{Portal: n, Deal: r.Deal, Robot: r.Robot, Token: r.Token, State: r.State, Answers: r.Answers,
				Accepted: accepted[r.Token], Result: result, Act: act})
		}
	}
	err := g.each(ctx, robotRows, func(row scan) error {
		var portal int
		var token, outcome string
		var act int64
		err := row(&portal, &token, &act, &outcome)
		if i, known := at[token]; known && f.RobotRuns[i].Portal == portal {
			r := &f.RobotRuns[i]
			r.Stored, r.StoredAct, r.StoredOutcome = r.Stored+1, act, outcome
		} else {
			f.StrayRobots = append(f.StrayRobots, token)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the calls of robots: %w", err)
	}
	for _, d := range f.Deals {
		for _, step := range g.harness.world.Portals[d.Portal].StageHistory(bitrix24test.Deal, d.ID) {
			f.StageMoves = append(f.StageMoves, stageMove{d.Portal, d.ID, step.Stage})
		}
	}
	left, err := g.harness.queryNumber(ctx, `SELECT count(*) FROM trigger_runs`)
	f.TriggersLeft = int(left)
	return err
}

// formedByRobots returns the acts that robots have formed, with the number of calls that claim each.
func (s *state) formedByRobots() map[ref]int {
	formed := map[ref]int{}
	for _, r := range s.RobotRuns {
		if r.Robot == automation.RobotForm && r.StoredAct != 0 {
			formed[ref{r.Portal, r.StoredAct}]++
		}
	}
	return formed
}

// robotsAnsweredOnce checks that no automation waits for ever, that its answer is what the program has stored, and that every call did its work once.
func robotsAnsweredOnce(s *state) (broken []string) {
	for _, token := range s.StrayRobots {
		broken = append(broken, "a call with token "+token+" was stored, which no robot has made")
	}
	for _, r := range s.RobotRuns {
		if text := r.violation(); text != "" {
			broken = append(broken, fmt.Sprintf("%s of deal %s %s", r.Robot, ref{r.Portal, r.Deal}, text))
		}
	}
	for act, n := range s.formedByRobots() {
		if n > 1 {
			broken = append(broken, s.recordViolation(act, "was formed by %d calls of robots", n))
		}
	}
	handedOver := map[ref]int{}
	for _, e := range s.Events {
		if e.Kind == "handed_over" && strings.Contains(e.By, "Передать в СБИС") {
			handedOver[ref{e.Portal, e.Act}]++
		}
	}
	for _, r := range s.RobotRuns {
		if r.Robot == automation.RobotHandOver {
			handedOver[ref{r.Portal, r.StoredAct}]--
		}
	}
	for act, n := range handedOver {
		if n > 0 {
			broken = append(broken, s.recordViolation(act, "was handed over %d times more than robots were called for it", n))
		}
	}
	return broken
}

// violation returns what is wrong with a run. The automation does not wait for a robot whose deal has left its stage, which an act that is sent
// before the answer may cause.
func (r robotRun) violation() string {
	done := map[string]string{"done": automation.OutcomeDone, "refused": automation.OutcomeRefused}[r.StoredOutcome]
	switch {
	case r.State == fake.RunWaits:
		return fmt.Sprintf("waits for an answer, %d calls were acknowledged", r.Accepted)
	case r.State == fake.RunStopped && r.Robot == automation.RobotForm:
		return "was stopped although nothing of its deal was sent"
	case r.Stored > 1, r.Stored == 0 && (r.Accepted > 0 || r.State == fake.RunDone):
		return fmt.Sprintf("was acknowledged %d times and stored %d times", r.Accepted, r.Stored)
	case r.Stored == 1 && r.StoredOutcome == "":
		return "has no outcome"
	case r.State == fake.RunDone && (r.Answers != 1 || r.Result != done || r.Act != r.StoredAct):
		return fmt.Sprintf("was answered %d times with %q and act %d, the program has %q and act %d", r.Answers, r.Result, r.Act, r.StoredOutcome, r.StoredAct)
	case r.Robot == automation.RobotForm && r.StoredOutcome != "done":
		return "did not form an act"
	}
	return ""
}

// triggersMoveOnce checks deals that triggers move: each is where the changes of its acts send it, and an event moves it at most once, also a deal that
// was moved back.
func triggersMoveOnce(s *state) (broken []string) {
	if s.TriggersLeft > 0 {
		broken = append(broken, fmt.Sprintf("%d triggers were not executed", s.TriggersLeft))
	}
	dealOf, events, steps := map[ref]int64{}, map[ref]map[string]int{}, map[ref]map[string]int{}
	count := func(of map[ref]map[string]int, deal ref, what string) {
		if of[deal] == nil {
			of[deal] = map[string]int{}
		}
		of[deal][what]++
	}
	for _, a := range s.Acts {
		dealOf[ref{a.Portal, a.ID}] = a.Deal
	}
	for _, e := range s.Events {
		if e.From != e.To {
			count(events, ref{e.Portal, dealOf[ref{e.Portal, e.Act}]}, e.To)
		}
	}
	for _, step := range s.StageMoves {
		count(steps, ref{step.Portal, step.Deal}, step.Stage)
	}
	sent, remarks := acts.StageSent.Name(), acts.StageRemarks.Name()
	for _, d := range s.Deals {
		deal := ref{d.Portal, d.ID}
		if !d.ByTriggers {
			continue
		}
		wasSent, wasRefused := events[deal][string(acts.StatusSent)], events[deal][string(acts.StatusRefused)]
		allowed := []string{firstStage, acts.StagePreparing.Name(), acts.StageApproved.Name()}
		switch {
		case wasRefused > 0:
			allowed = []string{remarks}
		case wasSent > 0 && steps[deal][sent] > 0 && d.Stage != sent: // it was moved back
			allowed = allowed[2:]
		case wasSent > 0:
			allowed = []string{sent}
		}
		if !slices.Contains(allowed, d.Stage) || steps[deal][sent] > wasSent || steps[deal][remarks] > wasRefused {
			broken = append(broken, fmt.Sprintf("deal %s is in «%s» after %d moves to «%s» and %d to «%s», its acts were sent %d times and refused %d times",
				deal, d.Stage, steps[deal][sent], sent, steps[deal][remarks], remarks, wasSent, wasRefused))
		}
	}
	return broken
}
