package main

import (
	"context"
	"fmt"
	"strconv"

	"acts24/acts/automation"
	"acts24/cmd/crashtest/rules"
	"acts24/integrations/bitrix24/bitrix24test"
)

const robotRows = `SELECT portal_id, token, act_id, outcome FROM robot_calls ORDER BY id`

// readAutomation reads what robots and triggers did.
func (g *collector) readAutomation(ctx context.Context) error {
	f, indexes := &g.found, map[string]int{} // of runs by token
	for n, p := range g.harness.world.Portals {
		accepted := acceptedCalls(p)
		for _, r := range p.Automation.Runs() {
			act, _ := strconv.ParseInt(fmt.Sprint(r.Values[automation.ResultAct]), 10, 64) // a refusal has none
			outcome, _ := r.Values[automation.ResultOutcome].(string)
			indexes[r.Token] = len(f.RobotRuns)
			f.RobotRuns = append(f.RobotRuns, rules.RobotRun{Portal: n, Deal: r.Deal, Robot: r.Robot, Token: r.Token, State: r.State, Answers: r.Answers,
				Accepted: accepted[r.Token], Outcome: outcome, Act: act})
		}
	}
	err := g.eachRow(ctx, robotRows, func(row scan) error {
		var portal int
		var token, outcome string
		var act int64
		err := row(&portal, &token, &act, &outcome)
		if i, known := indexes[token]; known && f.RobotRuns[i].Portal == portal {
			r := &f.RobotRuns[i]
			r.Stored, r.StoredAct, r.StoredOutcome = r.Stored+1, act, outcome
		} else {
			f.StrayCalls = append(f.StrayCalls, token)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, d := range f.Deals {
		for _, step := range g.harness.world.Portals[d.Portal].StageHistory(bitrix24test.Deal, d.ID) {
			f.StageMoves = append(f.StageMoves, rules.StageMove{Portal: d.Portal, Deal: d.ID, Stage: step.Stage})
		}
	}
	left, err := g.harness.queryNumber(ctx, `SELECT count(*) FROM trigger_runs`)
	f.TriggersLeft = int(left)
	return err
}
