package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/cmd/crashtest/rules"
)

// actsPerDeal is the number of acts per deal.
const actsPerDeal = 3

// managersPerPortal is the number of concurrent managers per portal.
const managersPerPortal = 2

// load is the activity of people during a run: managers form acts, others sign them in SBIS and on paper.
type load struct {
	harness *harness

	mu                sync.Mutex
	forms             []rules.Form
	unexpectedAnswers []string // answers that no manager should get
	started           int      // acts that managers have begun to form
	soakTurns         int      // acts of a soak that have been given their time
	papers            []*paperAct
	answeredPapers    int            // paper acts for which people have nothing left to do
	askedDeals        []rules.Ref    // whose counterparty must be asked exactly once about the way of exchange
	robotsDone        bool           // see robotsIdle
	basePaths         map[int]string // see basePath

	began       time.Time
	formedAfter time.Duration // when the last form was sent
	killedAfter time.Duration // when the last kill was done
}

func newLoad(h *harness) *load { return &load{harness: h, basePaths: map[int]string{}} }

// run lets people form acts and work with them. It returns when all acts are formed, all kills are done and people have finished with the documents.
func (l *load) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	l.began = time.Now()
	var background sync.WaitGroup
	users := newSBISUsers(l.harness)
	papers := answerRecorder{load: l, managers: map[int]*manager{}, completedTasks: map[*paperAct]int64{}, done: map[*paperAct]bool{}}
	for _, activity := range []func(context.Context){users.run, papers.run, l.handOverAgain, l.annul, l.passDays, l.answerQuestions, l.runRobots, l.paceFailures} {
		background.Go(func() { activity(ctx) })
	}
	l.eachDeal(func(m *manager, d dealWork) { m.formActs(ctx, d) })
	l.formedAfter = time.Since(l.began)
	sleep(ctx, time.Until(l.began.Add(l.harness.plan.soak)))
	err := l.awaitFaults(ctx)
	l.harness.endCallFaults()
	l.killedAfter = time.Since(l.began)
	if err == nil {
		err = l.finish(ctx, users)
	}
	stop()
	background.Wait()
	return err
}

// dealWork is a deal and the number of its acts.
type dealWork struct {
	deal int64
	acts int
}

// distributeActs distributes the acts over portals and deals.
func (l *load) distributeActs() [][]dealWork {
	left := l.harness.plan.acts
	portals := make([][]dealWork, l.harness.plan.portals)
	for n := 0; left > 0; n++ {
		portal := n % len(portals)
		acts := min(actsPerDeal, left)
		left -= acts
		portals[portal] = append(portals[portal], dealWork{l.deal(portal, n/len(portals)), acts})
	}
	return portals
}

// eachDeal lets the managers of all portals work on their deals, and returns when all are done.
func (l *load) eachDeal(work func(*manager, dealWork)) {
	var managers sync.WaitGroup
	for portal, deals := range l.distributeActs() {
		queue := make(chan dealWork, len(deals))
		for _, d := range deals {
			queue <- d
		}
		close(queue)
		for n := range managersPerPortal {
			m := l.manager(portal, n)
			managers.Go(func() {
				for d := range queue {
					work(m, d)
				}
			})
		}
	}
	managers.Wait()
}

// The numbers of managers who form no acts but do one other job in their portal.
const (
	bulkManager       = 500
	paperManager      = 800
	correctingManager = 900
)

// manager returns a manager of a portal with random choices of his own, which follow from his number.
func (l *load) manager(portal, n int) *manager {
	p := l.harness.world.Portals[portal]
	return &manager{load: l, portal: portal, rng: newRand(l.harness.plan.seed, managerStream+uint64(1000*portal+n)),
		visitor: apptest.NewVisitor(p, p.Manager(), l.harness.balancer.url())}
}

// faultsAhead is the number of kills and other failures that may happen before the acts of the same share are started.
const faultsAhead = 10

// startAct counts an act that is begun, when it is its turn. In a soak the acts are spread over the time. Otherwise they keep in step with the kills:
// the share of started acts is only slightly ahead of the share of kills, unless the points at which replicas may be killed are not passed for long,
// and the share of kills only slightly ahead of that of acts.
func (l *load) startAct(ctx context.Context) {
	p := l.harness.plan
	if p.soak > 0 {
		l.awaitSoakTurn(ctx)
		l.countStarted()
		return
	}
	bounded, cancel := context.WithTimeout(ctx, p.settleTimeout)
	defer cancel()
	_ = apptest.Await(bounded, func() bool { // when it takes too long, the act is started nevertheless
		faults, over := l.harness.nemesis.progress()
		l.mu.Lock()
		defer l.mu.Unlock()
		return over || l.started <= 4*p.portals+faults*p.acts/max(p.faults(), 1)
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.started++
	l.harness.nemesis.limitFaults(faultsAhead + l.started*p.faults()/p.acts) // under the lock, so that the limit never falls
}

// countStarted counts an act that is begun.
func (l *load) countStarted() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.started++
}

// awaitFaults waits for the last kill and the last outage. When points are no longer passed, the remaining ones are cancelled: this is an error, but not
// for a mutant, which need not come that far.
func (l *load) awaitFaults(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute+time.Duration(l.harness.plan.outages())*maxOutage)
	defer cancel()
	err := apptest.Await(ctx, func() bool { _, over := l.harness.nemesis.progress(); return over })
	if faults, over := l.harness.nemesis.progress(); err != nil && !over {
		l.harness.nemesis.endFaults()
		if l.harness.plan.overlay != "" {
			return nil
		}
		return fmt.Errorf("only %d kills, pauses and outages happened: %w", faults, err)
	}
	return err
}

// finish waits until people have finished with all documents, electronic and paper.
func (l *load) finish(ctx context.Context, users *sbisUsers) error {
	bounded, cancel := context.WithTimeout(ctx, l.harness.plan.settleTimeout)
	defer cancel()
	err := apptest.Await(bounded, func() bool { return users.idle() && l.paperIdle() && l.robotsIdle() && l.annulmentsOver(bounded) })
	if err != nil && ctx.Err() == nil { // a rule is broken, the other rules are checked nevertheless
		l.recordFailure("people have not finished; done are documents in SBIS: %v, paper acts: %v, robots: %v, annulments: %v",
			users.idle(), l.paperIdle(), l.robotsIdle(), l.annulmentsOver(ctx))
		return nil
	}
	return err
}

// recordForm records a form that the program has acknowledged.
func (l *load) recordForm(f rules.Form) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forms = append(l.forms, f)
}

// recordFailure records an answer that no manager should get, or another failure of what people do.
func (l *load) recordFailure(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unexpectedAnswers = append(l.unexpectedAnswers, fmt.Sprintf(format, args...))
}

// basePath returns the path with which those of a portal's pages begin, "" when the database cannot be read.
func (l *load) basePath(ctx context.Context, portal int) string {
	l.mu.Lock()
	path := l.basePaths[portal]
	l.mu.Unlock()
	if path != "" {
		return path
	}
	id, err := l.harness.portalID(ctx, l.harness.world.Portals[portal].MemberID()) // without the lock: the database may be away for a time
	if err != nil {
		return ""
	}
	path = fmt.Sprintf("/p/%d", id)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.basePaths[portal] = path
	return path
}
