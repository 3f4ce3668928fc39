package main

import (
	"context"
	"fmt"
	"io"
	"time"
)

// progressEvery is the interval between two lines about the progress of a run.
const progressEvery = 30 * time.Second

// reportProgress prints how far the run has come and how long it will probably take, until ctx is done.
func (l *load) reportProgress(ctx context.Context, w io.Writer) {
	began := time.Now()
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		faults, _ := l.harness.nemesis.progress()
		l.mu.Lock()
		started := l.started
		l.mu.Unlock()
		p := l.harness.plan
		fmt.Fprintf(w, "crashtest: %d of %d acts, %d of %d kills, pauses and outages after %v, about %v left\n", started, p.acts, faults, p.faults(),
			time.Since(began).Round(time.Second), estimateRemaining(time.Since(began), started, p.acts).Round(time.Minute))
	}
}

// progress returns the share of the acts that were started.
func (l *load) progress() float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return float64(l.started) / float64(l.harness.plan.acts)
}

// estimateRemaining estimates how long the rest takes when the done part of all took so long; it returns 0 while nothing is done.
func estimateRemaining(took time.Duration, done, all int) time.Duration {
	if done == 0 {
		return 0
	}
	return time.Duration(float64(took) * float64(max(all-done, 0)) / float64(done))
}
