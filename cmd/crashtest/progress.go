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
		kills, _ := l.harness.nemesis.done()
		l.mu.Lock()
		started := l.started
		l.mu.Unlock()
		p := l.harness.plan
		fmt.Fprintf(w, "crashtest: %d of %d acts, %d of %d kills, pauses and outages after %v, about %v left\n", started, p.acts, kills, p.troubles(),
			time.Since(began).Round(time.Second), remaining(time.Since(began), started, p.acts).Round(time.Minute))
	}
}

// remaining estimates the time for the rest of a work of which some part took so long.
func remaining(took time.Duration, done, all int) time.Duration {
	if done == 0 {
		return 0
	}
	return time.Duration(float64(took) * float64(max(all-done, 0)) / float64(done))
}
