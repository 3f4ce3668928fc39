package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// most is the largest number of clients that any load has.
const most = 64

// subject is a page, or several of a kind that are looked at in turn.
type subject struct {
	name   string
	urls   []string
	mark   string   // a piece of HTML that tells the page from an apology,
	marks  int      // and how often it is there, -1 for once or oftener
	visits []string // visits, taken in turn

	carrier string // header that carries a visit, "" for Cookie
}

// sample is what one load of one subject came to.
type sample struct {
	p50, p99 time.Duration
	rate     float64 // answers per second
}

// newClient asks without a wait between two questions and keeps its connections.
func newClient() *http.Client {
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: most, DisableCompression: true}}
}

// ask does one request to its end and returns the length of the page. turn chooses address and visit.
func (s subject) ask(ctx context.Context, client *http.Client, turn int, to io.Writer) (int64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.urls[turn%len(s.urls)], nil)
	if err != nil {
		return 0, err
	}
	if len(s.visits) > 0 {
		r.Header.Set(cmp.Or(s.carrier, "Cookie"), s.visits[turn%len(s.visits)])
	}
	answer, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	n, err := io.Copy(to, answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s answered %d", s.name, r.URL.Path, answer.StatusCode)
	}
	return n, err
}

// check reports a page that is not what the subject says.
func (s subject) check(page []byte) error {
	if n := bytes.Count(page, []byte(s.mark)); n != s.marks && (s.marks >= 0 || n == 0) {
		return fmt.Errorf("%s has %s %d times, want %d", s.name, s.mark, n, s.marks)
	}
	return nil
}

// load has so many clients ask for the subject during d.
func (s subject) load(ctx context.Context, client *http.Client, clients int, d time.Duration) (sample, error) {
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
				_, errs[c] = s.ask(ctx, client, int(turn.Add(1)), io.Discard)
				taken[c] = append(taken[c], time.Since(asked))
			}
		})
	}
	work.Wait()
	elapsed := time.Since(start)
	for _, err := range errs {
		if err != nil {
			return sample{}, err
		}
	}
	all := slices.Concat(taken...)
	slices.Sort(all)
	return sample{p50: percentile(all, 50), p99: percentile(all, 99), rate: float64(len(all)) / elapsed.Seconds()}, nil
}

// percentile of sorted values: the least that p of a hundred do not exceed.
func percentile[T any](sorted []T, p int) T {
	return sorted[max((len(sorted)*p+99)/100-1, 0)]
}

// median of values in any order; of an even number the lower of the two in the middle.
func median[T int64 | float64 | time.Duration](values []T) T {
	return percentile(slices.Sorted(slices.Values(values)), 50)
}
