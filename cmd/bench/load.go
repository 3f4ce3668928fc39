package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// target is a page that visitors request in turn.
type target struct {
	name, url     string
	marker        string   // a piece of HTML that distinguishes the page from an error page
	visits        []string // sessions of the visitors
	oneClientOnly bool     // it is not loaded by eight clients
}

// sample is the result of loading a target: percentiles in ms, and responses per second.
type sample struct{ p50, p99, rate float64 }

// client keeps its connections.
var client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}

// get requests the page once and copies it to a writer. turn selects the visit.
func (t target) get(ctx context.Context, turn int, to io.Writer) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.url, nil)
	if err != nil {
		return err
	}
	r.Header.Set("X-Acts-Visit", t.visits[turn%len(t.visits)])
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(to, answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s answered %d", t.name, r.URL.Path, answer.StatusCode)
	}
	return err
}

// warm checks that the page contains the marker, and loads it for the duration d without recording.
func (t target) warm(ctx context.Context, d time.Duration) error {
	var page bytes.Buffer
	if err := t.get(ctx, 0, &page); err != nil {
		return err
	}
	if !bytes.Contains(page.Bytes(), []byte(t.marker)) {
		return fmt.Errorf("%s does not contain %s", t.name, t.marker)
	}
	_, err := t.load(ctx, 1, d)
	return err
}

// load lets clients request the target concurrently during d.
func (t target) load(ctx context.Context, clients int, d time.Duration) (sample, error) {
	var (
		turn  atomic.Int64
		work  sync.WaitGroup
		taken = make([][]time.Duration, clients)
		errs  = make([]error, clients)
		start = time.Now()
	)
	for c := range clients {
		work.Go(func() {
			for errs[c] == nil && time.Since(start) < d {
				asked := time.Now()
				errs[c] = t.get(ctx, int(turn.Add(1)), io.Discard)
				taken[c] = append(taken[c], time.Since(asked))
			}
		})
	}
	work.Wait()
	elapsed, all := time.Since(start), slices.Sorted(slices.Values(slices.Concat(taken...)))
	return sample{inMS(percentile(all, 50)), inMS(percentile(all, 99)), float64(len(all)) / elapsed.Seconds()}, errors.Join(errs...)
}

// percentile returns the smallest of the sorted values such that at least p percent of them are not larger.
func percentile[T any](sorted []T, p int) T {
	return sorted[max((len(sorted)*p+99)/100-1, 0)]
}

// median returns the median of values in any order; of an even number the lower of the two in the middle.
func median(values []float64) float64 { return percentile(slices.Sorted(slices.Values(values)), 50) }

// inMS returns a duration in milliseconds.
func inMS(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// note returns what is printed beside the median.
func (s sample) note() string {
	return fmt.Sprintf("p99 %.2f ms; %.0f/s to eight clients", s.p99, s.rate)
}

// loadInRounds loads every target in every round, in changing order, so that a slow period affects all. It returns the medians of the rounds by the names
// of the targets: the percentiles with one client and the rate of eight, or of one where only one is allowed.
func loadInRounds(ctx context.Context, p plan, targets []target) (map[string]sample, error) {
	var p50, p99, rate = map[string][]float64{}, map[string][]float64{}, map[string][]float64{}
	for round := range p.rounds {
		for n := range targets {
			t := targets[(n+round)%len(targets)]
			if round == 0 {
				if err := t.warm(ctx, p.loadTime/5); err != nil {
					return nil, err
				}
			}
			one, err := t.load(ctx, 1, p.loadTime)
			eight := one
			if err == nil && !t.oneClientOnly {
				eight, err = t.load(ctx, 8, p.loadTime)
			}
			if err != nil {
				return nil, err
			}
			p50[t.name], p99[t.name], rate[t.name] = append(p50[t.name], one.p50), append(p99[t.name], one.p99), append(rate[t.name], eight.rate)
		}
	}
	medians := map[string]sample{}
	for _, t := range targets {
		medians[t.name] = sample{median(p50[t.name]), median(p99[t.name]), median(rate[t.name])}
	}
	return medians, nil
}
