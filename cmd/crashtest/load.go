package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"acts24/cmd/app/apptest"
)

// actsPerDeal is the number of acts per deal.
const actsPerDeal = 3

// managersPerPortal is the number of concurrent managers per portal.
const managersPerPortal = 2

// load is the activity of people during a run: managers form acts, others sign them in SBIS and on paper.
type load struct {
	harness *harness

	mu         sync.Mutex
	forms      []form
	failures   []string // responses that no manager should get
	turns      int      // acts of a soak that have their time
	started    int
	papers     []*paper
	asked      []dealOfPortal // whose counterparty must be asked exactly once about the way of exchange
	robotsDone bool
	answered   int            // number of answered paper acts
	bases      map[int]string // base URLs of the portals' pages

	began          time.Time
	formed, killed time.Duration // when the last form was sent and the last kill was done
}

// form is a form of an act that was sent to the program until it was acknowledged.
type form struct {
	Portal int // number of the portal in the world
	Key    string
	Act    int64 // as named by the response
}

func newLoad(h *harness) *load { return &load{harness: h, bases: map[int]string{}} }

// run returns when all acts are formed, all kills are done and people have finished with the documents.
func (l *load) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	l.began = time.Now()
	var background sync.WaitGroup
	people := newPeople(l.harness)
	background.Go(func() { people.work(ctx) })
	background.Go(func() { l.handOverAgain(ctx) })
	background.Go(func() { l.annul(ctx) })
	background.Go(func() { l.calendar(ctx) })
	background.Go(func() { l.buyers(ctx) })
	background.Go(func() { l.robots(ctx) })
	background.Go(func() { l.paceFailures(ctx) })
	clerks := paperClients{load: l, clerks: map[int]*manager{}, seen: map[*paper]int64{}, done: map[*paper]bool{}}
	background.Go(func() { clerks.work(ctx) })
	var managers sync.WaitGroup
	for portal, deals := range l.share() {
		work := make(chan task, len(deals))
		for _, t := range deals {
			work <- t
		}
		close(work)
		for n := range managersPerPortal {
			m := l.manager(portal, n)
			managers.Go(func() {
				for t := range work {
					m.formAll(ctx, t)
				}
			})
		}
	}
	managers.Wait()
	l.formed = time.Since(l.began)
	sleep(ctx, time.Until(l.began.Add(l.harness.plan.soak)))
	err := l.spendKills(ctx)
	l.harness.endCallFaults()
	l.killed = time.Since(l.began)
	if err == nil {
		err = l.finish(ctx, people)
	}
	stop()
	background.Wait()
	return err
}

// task is a deal and the number of its acts.
type task struct {
	deal  int64
	parts int
}

// share distributes the acts over portals and deals.
func (l *load) share() [][]task {
	left := l.harness.plan.acts
	shares := make([][]task, l.harness.plan.portals)
	for n := 0; left > 0; n++ {
		portal := n % len(shares)
		parts := min(actsPerDeal, left)
		left -= parts
		shares[portal] = append(shares[portal], task{l.deal(portal, n/len(shares)), parts})
	}
	return shares
}

func (l *load) manager(portal, n int) *manager {
	p := l.harness.world.Portals[portal]
	return &manager{load: l, portal: portal, rng: newRand(l.harness.plan.seed, managerStream+uint64(1000*portal+n)),
		visitor: apptest.NewVisitor(p, p.Manager(), l.harness.balancer.url())}
}

// killsAhead is the number of kills that may happen before the acts of the same share are started.
const killsAhead = 10

// keepPace keeps the acts in step with the kills: the share of started acts is only slightly ahead of the share of kills, unless the points at which
// replicas may be killed are not passed for long, and the share of kills only slightly ahead of that of acts.
func (l *load) keepPace(ctx context.Context) {
	p := l.harness.plan
	if p.soak > 0 {
		l.awaitTurn(ctx)
		return
	}
	bounded, cancel := context.WithTimeout(ctx, p.settleTimeout)
	defer cancel()
	_ = apptest.Await(bounded, func() bool {
		kills, over := l.harness.nemesis.progress()
		l.mu.Lock()
		defer l.mu.Unlock()
		return over || l.started <= 4*p.portals+kills*p.acts/max(p.faults(), 1)
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.started++
	l.harness.nemesis.limitFaults(killsAhead + l.started*p.faults()/p.acts)
}

// spendKills waits for the last kill and the last outage; when no more points are passed, the remaining kills are given up.
func (l *load) spendKills(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute+time.Duration(l.harness.plan.outages())*maxOutage)
	defer cancel()
	err := apptest.Await(ctx, func() bool { _, over := l.harness.nemesis.progress(); return over })
	if kills, over := l.harness.nemesis.progress(); err != nil && !over {
		l.harness.nemesis.endFaults()
		if l.harness.plan.overlay != "" { // a mutant need not come that far
			return nil
		}
		return fmt.Errorf("only %d kills and pauses happened: %w", kills, err)
	}
	return err
}

// finish waits until people have finished with all documents, electronic and paper.
func (l *load) finish(ctx context.Context, people *people) error {
	bounded, cancel := context.WithTimeout(ctx, l.harness.plan.settleTimeout)
	defer cancel()
	err := apptest.Await(bounded, func() bool { return people.idle() && l.paperIdle() && l.robotsIdle() && l.annulmentsOver(bounded) })
	if err != nil && ctx.Err() == nil { // the checker reports it
		l.recordFailure("people are not finished; paper acts are answered: %v, robots are answered: %v", l.paperIdle(), l.robotsIdle())
		return nil
	}
	return err
}

func (l *load) acknowledged(f form) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forms = append(l.forms, f)
}

func (l *load) recordFailure(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failures = append(l.failures, fmt.Sprintf(format, args...))
}
