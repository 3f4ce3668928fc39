package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
)

// measureNeighbours measures small portals, each with one update a minute, beside one that has thousands of updates to make. An update
// is timed from the commit that makes it due to its effect in the portal. The measurement commits it, not the program, so no worker is woken: the
// time includes the wait until a worker looks at the queue again, one second at most.
func measureNeighbours(ctx context.Context, p plan, r *report) error {
	w, err := openSite(ctx, p.program, options{portals: p.portals + 1, replicas: 2})
	if err != nil {
		return err
	}
	defer w.close()
	large := w.world.Portals[0]
	first, last := addDeals(large, p.updates)
	id, err := w.portalID(ctx, 0)
	if err != nil {
		return err
	}
	if err := w.run(ctx, fillSQL, id, first, last); err != nil {
		return err
	}
	marks := make([]int, len(w.world.Portals))
	for n, one := range w.world.Portals {
		marks[n] = len(one.Trace().Lines())
	}
	if err := w.exec(ctx, `UPDATE tasks SET due_at = clock_timestamp() WHERE portal_id = $1`, id); err != nil {
		return err
	}
	var mu sync.Mutex
	var times []time.Duration
	var small sync.WaitGroup
	var failure error
	until := time.Now().Add(p.duration)
	for n := 1; n < len(w.world.Portals); n++ {
		small.Go(func() {
			rng := rand.New(rand.NewPCG(1, uint64(n)))
			for next := time.Now().Add(time.Duration(rng.Float64() * float64(time.Minute))); next.Before(until) && ctx.Err() == nil; next = next.Add(time.Minute) {
				time.Sleep(time.Until(next))
				took, err := w.moveOne(ctx, n)
				mu.Lock()
				times = append(times, took)
				if err != nil {
					failure = fmt.Errorf("portal %d: %w", n, err)
				}
				mu.Unlock()
			}
		})
	}
	small.Wait()
	if failure != nil {
		return failure
	}
	refused := 0
	for n, one := range w.world.Portals {
		refused += countCalls(one.Trace().Lines()[marks[n]:], one.Manager()).refused
	}
	moved := countMoved(large, first)
	r.add(figure{what: "update of a small portal, p99", value: quantile(times, 0.99).Seconds(), unit: "s", goal: 2,
		note: fmt.Sprintf("%d updates of %d portals, p50 %v", len(times), p.portals, quantile(times, 0.5).Round(time.Millisecond))})
	r.add(figure{what: "updates of the large portal meanwhile", value: float64(moved), unit: "", free: true, note: fmt.Sprintf("of %d, in %v", p.updates, p.duration)})
	r.add(figure{what: "refused for a limit", value: float64(refused), unit: "calls", note: "of all portals"})
	return nil
}

// moveOne makes one deal of a small portal due to be moved and returns the time until it has moved.
func (s *site) moveOne(ctx context.Context, portal int) (time.Duration, error) {
	p := s.world.Portals[portal]
	deal, _ := addDeals(p, 1)
	id, err := s.portalID(ctx, portal)
	if err != nil {
		return 0, err
	}
	if err := s.run(ctx, fillSQL[:len(fillSQL)-len("\n--;\nANALYZE\n")], id, deal, deal); err != nil {
		return 0, err
	}
	began := time.Now()
	if err := s.exec(ctx, `UPDATE tasks SET due_at = clock_timestamp() WHERE portal_id = $1 AND kind = 'crm.stage' AND subject = $2`, id, deal); err != nil {
		return 0, err
	}
	for ; ctx.Err() == nil && time.Since(began) < time.Minute; time.Sleep(10 * time.Millisecond) {
		if p.Item(bitrix24test.Deal, deal)["stageId"] == "ACTS_3" {
			return time.Since(began), nil
		}
	}
	return time.Minute, ctx.Err()
}
