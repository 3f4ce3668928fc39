package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"acts24/acts/automation"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	fake "acts24/integrations/bitrix24/bitrix24test/automation"
)

// The stages to which people attach robots and triggers.
const (
	robotStage   = "ACTS_1" // «Подготовка акта»
	sentStage    = "ACTS_3" // «Акт направлен заявителю»
	remarksStage = "ACTS_REMARKS"
)

// movedBack is how many deals of a portal with triggers a rule of the portal moves back from sentStage to approved.
const movedBack = 8

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

// attachAutomation attaches two robots to a stage of a portal: the first forms an act, the second hands it over. On some portals our moves are switched off,
// triggers move deals, and a rule of the portal moves some of them back.
func (h *harness) attachAutomation(ctx context.Context, portal int) error {
	p := h.world.Portals[portal]
	next := bitrix24test.Fields{automation.PropertyAct: "{=" + automation.RobotForm + ":" + automation.ResultAct + "}"}
	rules := []fake.Rule{{StageID: robotStage, Robot: automation.RobotForm}, {StageID: robotStage, Robot: automation.RobotHandOver, Properties: next}}
	if movedByTriggers(portal) {
		if err := h.letPortalMove(portal); err != nil {
			return err
		}
		rules = append(rules, fake.Rule{StageID: sentStage, Trigger: string(automation.TriggerSent)}, fake.Rule{StageID: remarksStage, Trigger: string(automation.TriggerRefused)})
		p.Automation.AddMover(fake.Mover{EntityType: bitrix24test.Deal, When: sentStage, Then: approved, Times: movedBack})
	}
	for _, r := range rules {
		var refused error
		if err := apptest.Await(ctx, func() bool { _, refused = p.Automation.Attach(r); return refused == nil }); err != nil {
			return fmt.Errorf("%w: %w", err, refused)
		}
	}
	return nil
}

// letPortalMove switches our moves of deals off on a portal.
func (h *harness) letPortalMove(portal int) error {
	p := h.world.Portals[portal]
	admin := apptest.NewVisitor(p, p.Admin(), h.balancer.url())
	page, err := admin.Open("LEFT_MENU", "/placement/menu", 0)
	if err != nil {
		return err
	}
	base := strings.TrimSuffix(page.Path, "/acts")
	page, err = admin.Post(base+"/settings/stages", url.Values{"moves": {"portal"}, "stage-0-preparing": {robotStage}, "stage-0-approved": {approved},
		"stage-0-sent": {sentStage}, "stage-0-done": {"ACTS_DONE"}, "stage-0-remarks": {remarksStage}})
	if err != nil || page.Status != http.StatusOK {
		return fmt.Errorf("settings of stages: status %d: %w", page.Status, err)
	}
	return nil
}

// robots moves deals to the stage of the robots in step with the managers. Calls of robots come again at random, also after their answer, and those
// that no replica accepted come again until one does.
func (l *load) robots(ctx context.Context) {
	rng := newRand(l.harness.plan.seed, robotStream)
	var waiting []dealOfPortal
	for n := range l.harness.plan.robotDealsPerPortal() {
		for portal := range l.harness.world.Portals {
			waiting = append(waiting, dealOfPortal{portal, l.deal(portal, l.harness.plan.managerDealsPerPortal()+n)})
		}
	}
	all := len(waiting)
	for ctx.Err() == nil {
		if moved := all - len(waiting); moved < all && l.progress()*float64(all) >= float64(moved) {
			l.prepare(waiting[0])
			waiting = waiting[1:]
		}
		l.repeatRobots(rng)
		l.setRobotsIdle(len(waiting) == 0 && l.robotsAnswered())
		l.harness.rest(ctx, 50*time.Millisecond)
	}
}

// prepare moves a deal to the stage of the robots.
func (l *load) prepare(d dealOfPortal) {
	p := l.harness.world.Portals[d.Portal]
	if err := p.Move(p.Manager(), bitrix24test.Deal, d.Deal, robotStage); err != nil {
		l.recordFailure("deal %d cannot be given to robots: %v", d.Deal, err)
	}
}

// repeatRobots sends a call again once a second in each portal, and each for whose answer a portal waits although no replica has accepted it.
func (l *load) repeatRobots(rng *rand.Rand) {
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
