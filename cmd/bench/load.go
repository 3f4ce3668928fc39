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

// subject is a page that visitors request in turn.
type subject struct {
	name, url string
	mark      string // a piece of HTML that distinguishes the page from an error page
	visits    []string
	alone     bool // only one client requests it
}

// sample is the result of loading a subject: ms with one client, and responses per second.
type sample struct{ p50, p99, rate float64 }

// client keeps its connections.
var client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}

// ask sends one request and copies the page to a writer. turn selects the visit.
func (s subject) ask(ctx context.Context, turn int, to io.Writer) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return err
	}
	r.Header.Set("X-Acts-Visit", s.visits[turn%len(s.visits)])
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(to, answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s answered %d", s.name, r.URL.Path, answer.StatusCode)
	}
	return err
}

// warm checks that the page contains the mark, and loads it for the duration d without recording.
func (s subject) warm(ctx context.Context, d time.Duration) error {
	var page bytes.Buffer
	if err := s.ask(ctx, 0, &page); err != nil {
		return err
	}
	if !bytes.Contains(page.Bytes(), []byte(s.mark)) {
		return fmt.Errorf("%s has no %s", s.name, s.mark)
	}
	_, err := s.load(ctx, 1, d)
	return err
}

// load lets clients request the subject concurrently during d.
func (s subject) load(ctx context.Context, clients int, d time.Duration) (sample, error) {
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
				errs[c] = s.ask(ctx, int(turn.Add(1)), io.Discard)
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

func inMS(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func (s sample) beside() string {
	return fmt.Sprintf("p99 %.2f ms; %.0f/s to eight clients", s.p99, s.rate)
}

// rounds loads every subject in every round, in changing order, so that a slow period affects all. It returns the medians of the rounds, with
// the rate of eight clients.
func rounds(ctx context.Context, p plan, list []subject) (map[string]sample, error) {
	var p50, p99, rate = map[string][]float64{}, map[string][]float64{}, map[string][]float64{}
	for round := range p.rounds {
		for n := range list {
			s := list[(n+round)%len(list)]
			if round == 0 {
				if err := s.warm(ctx, p.each/5); err != nil {
					return nil, err
				}
			}
			one, err := s.load(ctx, 1, p.each)
			eight := one
			if err == nil && !s.alone {
				eight, err = s.load(ctx, 8, p.each)
			}
			if err != nil {
				return nil, err
			}
			p50[s.name], p99[s.name], rate[s.name] = append(p50[s.name], one.p50), append(p99[s.name], one.p99), append(rate[s.name], eight.rate)
		}
	}
	found := map[string]sample{}
	for _, s := range list {
		found[s.name] = sample{median(p50[s.name]), median(p99[s.name]), median(rate[s.name])}
	}
	return found, nil
}
