package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"acts24/acts/automation"
	"acts24/cmd/app/apptest"
	"acts24/cmd/crashtest/rules"
	"acts24/integrations/bitrix24/bitrix24test"
	fake "acts24/integrations/bitrix24/bitrix24test/automation"
)

// The stages of deals in the portals of the world.
const (
	robotStage    = "ACTS_1"       // «Подготовка акта», where robots work
	approvedStage = "ACTS_2"       // «Акт согласован», where counterparties are asked about the way of exchange
	sentStage     = "ACTS_3"       // «Акт направлен заявителю»
	doneStage     = "ACTS_DONE"    // «Услуга оказана»
	remarksStage  = "ACTS_REMARKS" // «Услуга оказана, есть замечания»
)

// maxMovedBack is the number of deals of a portal with triggers that a rule of the portal moves back from sentStage to approvedStage.
const maxMovedBack = 8

// robotDealsPerPortal returns how many deals of each portal are left to robots: one for every eight of managers.
func (p plan) robotDealsPerPortal() int { return 1 + p.managerDealsPerPortal()/8 }

// managerDealsPerPortal returns how many deals of each portal managers handle.
func (p plan) managerDealsPerPortal() int {
	perPortal := (p.acts + p.portals - 1) / p.portals
	return (perPortal + actsPerDeal - 1) / actsPerDeal
}

// usesAutomation reports whether robots and triggers take part in the run.
func (h *harness) usesAutomation() bool { return !h.plan.bulk && h.plan.copiedDeals == 0 }

// movedByTriggers reports whether triggers of a portal move its deals instead of the program.
func movedByTriggers(portal int) bool { return portal%3 == 1 }

// attachAutomation attaches two robots to a stage of a portal: the first forms an act, the second hands it over. On some portals our moves are
// switched off, triggers move deals, and a rule of the portal moves some of them back.
func (h *harness) attachAutomation(ctx context.Context, portal int) error {
	p := h.world.Portals[portal]
	next := bitrix24test.Fields{automation.PropertyAct: "{=" + automation.RobotForm + ":" + automation.ResultAct + "}"}
	attached := []fake.Rule{{StageID: robotStage, Robot: automation.RobotForm}, {StageID: robotStage, Robot: automation.RobotHandOver, Properties: next}}
	if movedByTriggers(portal) {
		if err := h.leaveMovesToPortal(portal); err != nil {
			return err
		}
		attached = append(attached, fake.Rule{StageID: sentStage, Trigger: string(automation.TriggerSent)}, fake.Rule{StageID: remarksStage, Trigger: string(automation.TriggerRefused)})
		p.Automation.AddMover(fake.Mover{EntityType: bitrix24test.Deal, When: sentStage, Then: approvedStage, Times: maxMovedBack})
	}
	for _, r := range attached {
		var refused error
		if err := apptest.Await(ctx, func() bool { _, refused = p.Automation.Attach(r); return refused == nil }); err != nil {
			return errors.Join(err, refused)
		}
	}
	return nil
}

// leaveMovesToPortal switches our moves of deals off on a portal.
func (h *harness) leaveMovesToPortal(portal int) error {
	settings, err := h.openSettings(portal)
	if err != nil {
		return err
	}
	return settings.post("/stages", url.Values{"moves": {"portal"}, "stage-0-preparing": {robotStage}, "stage-0-approved": {approvedStage},
		"stage-0-sent": {sentStage}, "stage-0-done": {doneStage}, "stage-0-remarks": {remarksStage}})
}

// runRobots moves deals to the stage of the robots in step with the managers, until ctx is done. Calls of robots come again at random, also after their
// answer, and those that no replica accepted come again until one does.
func (l *load) runRobots(ctx context.Context) {
	rng := newRand(l.harness.plan.seed, robotStream)
	var waiting []rules.Ref
	for n := range l.harness.plan.robotDealsPerPortal() {
		for portal := range l.harness.world.Portals {
			waiting = append(waiting, rules.Ref{Portal: portal, ID: l.deal(portal, l.harness.plan.managerDealsPerPortal()+n)})
		}
	}
	all := len(waiting)
	for ctx.Err() == nil {
		if moved := all - len(waiting); moved < all && l.progress()*float64(all) >= float64(moved) {
			l.moveDeal(waiting[0], robotStage)
			waiting = waiting[1:]
		}
		l.repeatRobotCalls(rng)
		l.setRobotsIdle(len(waiting) == 0 && l.robotsAnswered())
		l.harness.waitForNextPoll(ctx, 50*time.Millisecond)
	}
}

// moveDeal moves a deal to a stage as a manager of its portal.
func (l *load) moveDeal(d rules.Ref, stage string) {
	p := l.harness.world.Portals[d.Portal]
	if err := p.Move(p.Manager(), bitrix24test.Deal, d.ID, stage); err != nil {
		l.recordFailure("deal %d of portal %d cannot be moved to %s: %v", d.ID, d.Portal, stage, err)
	}
}

// repeatRobotCalls sends a random call of each portal again about once a second, and each for whose answer a portal waits although no replica has
// accepted it.
func (l *load) repeatRobotCalls(rng *rand.Rand) {
	for _, p := range l.harness.world.Portals {
		runs, accepted := p.Automation.Runs(), acceptedCalls(p)
		if len(runs) > 0 && rng.IntN(20) == 0 {
			p.Automation.Repeat(runs[rng.IntN(len(runs))].ID)
		}
		for _, r := range runs {
			if r.State == fake.RunWaits && accepted[r.Token] == 0 && rng.IntN(8) == 0 {
				p.Automation.Repeat(r.ID)
			}
		}
	}
}

// acceptedCalls counts the calls of each token that a replica has acknowledged.
func acceptedCalls(p *bitrix24test.Portal) map[string]int {
	accepted := map[string]int{}
	for _, d := range p.Deliveries() {
		if d.Event == "ROBOT" && d.Status == http.StatusOK {
			accepted[fmt.Sprint(d.Data["event_token"])]++
		}
	}
	return accepted
}

// robotsAnswered reports whether the automation of no portal waits.
func (l *load) robotsAnswered() bool {
	for _, p := range l.harness.world.Portals {
		for _, r := range p.Automation.Runs() {
			if r.State == fake.RunWaits {
				return false
			}
		}
	}
	return true
}

func (l *load) setRobotsIdle(idle bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.robotsDone = idle
}

// robotsIdle reports whether all deals of robots were handled and no automation waits.
func (l *load) robotsIdle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.robotsDone
}
