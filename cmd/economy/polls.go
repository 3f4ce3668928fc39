package main

import (
	"context"
	"fmt"
	"math"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
)

const (
	pollPace     = 6 // the interval of a minute is divided by it
	pollInterval = time.Minute / pollPace

	// beyondInterval is the longest time from a signature to the move of its deal, besides the wait for the poll.
	beyondInterval = 5 * time.Second
)

// measurePolls polls many organisations, each with a number of waiting acts, while counterparties sign acts of some of them.
func measurePolls(ctx context.Context, p plan, waiting int, r *report) error {
	portals := max(1, (p.signatures+apptest.Deals-1)/apptest.Deals)
	w, err := openSite(ctx, p.program, options{portals: portals, replicas: 2, configure: func(c *app.Config) {
		c.PollFast, c.PollSlow, c.PollIdle = pollInterval, pollInterval, pollInterval
	}})
	if err != nil {
		return err
	}
	defer w.close()
	list, err := w.prepareSignatures(ctx, p.signatures)
	if err != nil {
		return err
	}
	if err := w.addOrganisations(ctx, p.organisations-portals); err != nil {
		return err
	}
	var first int64
	if err := w.db.QueryRowContext(ctx, `SELECT min(id) FROM portals WHERE member_id LIKE 'economy-%'`).Scan(&first); err != nil {
		return err
	}
	w.db.SetMaxOpenConns(1) // the text sets parameters of its session
	if err := w.run(ctx, waitingSQL, int64(waiting), first); err != nil {
		return err
	}
	if err := w.awaitPolls(ctx); err != nil {
		return err
	}
	if err := w.exec(ctx, `UPDATE feeds SET next_at = clock_timestamp() + random() * make_interval(secs => $1)`, pollInterval.Seconds()); err != nil {
		return err
	}
	time.Sleep(pollInterval) // the usual distribution in time
	before := len(w.world.SBIS.Trace().Lines())
	used, err := w.cpu()
	if err != nil {
		return err
	}
	began := time.Now()
	times, err := w.sign(ctx, list, time.Duration(p.intervals)*pollInterval*9/10, 4*pollInterval)
	if err != nil {
		return err
	}
	if rest := time.Duration(p.intervals)*pollInterval - time.Since(began); rest > 0 {
		time.Sleep(rest)
	}
	took := time.Since(began)
	after, err := w.cpu()
	if err != nil {
		return err
	}
	c := countPolls(w.world.SBIS.Trace().Lines()[before:])
	expected := float64(p.organisations) * float64(took) / float64(pollInterval)
	r.add(figure{what: "polls, difference to one per organisation and interval", value: 100 * math.Abs(float64(c.polls)-expected) / expected, unit: "%", goal: 2,
		note: fmt.Sprintf("%d polls of %d organisations in %v, expected %.0f; factor 1/%d", c.polls, p.organisations, took.Round(time.Second), expected, pollPace)})
	r.add(figure{what: "refused for a limit", value: float64(c.refused + c.refusedLogins), unit: "calls"})
	r.add(figure{what: "signature to the stage of its deal, p99", value: quantile(times, 0.99).Seconds(), unit: "s", goal: (pollInterval + beyondInterval).Seconds(),
		note: fmt.Sprintf("%d signatures, p50 %v, interval %v", len(times), quantile(times, 0.5).Round(10*time.Millisecond), pollInterval)})
	perPoll := (after - used).Seconds() / float64(max(c.polls, 1))
	r.add(figure{what: "of one core with 1,000 organisations and a poll a minute of each", value: 100 * perPoll * 1000 / 60, unit: "%", goal: 25,
		note: fmt.Sprintf("%.2f ms for each poll, signatures included", perPoll*1000)})
	return nil
}

// awaitPolls waits until every organisation was polled without a problem.
func (s *site) awaitPolls(ctx context.Context) error {
	err := s.await(ctx, 10*time.Minute, `SELECT count(*) FROM feeds WHERE polled_at IS NULL OR problem <> ''`)
	if err == nil {
		return nil
	}
	var problem string
	_ = s.db.QueryRow(`SELECT coalesce(max(problem), '') FROM feeds`).Scan(&problem) // the first error is the one that matters
	return fmt.Errorf("%w: %s", err, problem)
}
