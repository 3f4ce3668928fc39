package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// A portal posts many events at once; it waits for no work.
const (
	goalEvent  = 20 // ms, p99
	manyEvents = 2000
	senders    = 4
)

// measureEvents posts events about deals to the whole program, which reads the deals meanwhile.
func (s *stage) measureEvents(ctx context.Context, c *child, r *report) error {
	client := newClient()
	defer client.CloseIdleConnections()
	portal := s.world.Portals[0]
	deals := portal.Items(bitrix24test.Deal)
	var (
		work  sync.WaitGroup
		taken = make([][]time.Duration, senders)
		errs  = make([]error, senders)
	)
	for n := range senders {
		work.Go(func() {
			for i := n; i < manyEvents && errs[n] == nil; i += senders {
				deal := idOf(deals[i%len(deals)])
				asked := time.Now()
				errs[n] = postEvent(ctx, client, c.base, apptest.DealEvent(portal, deal).Encode())
				taken[n] = append(taken[n], time.Since(asked))
			}
		})
	}
	work.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	all := slices.Concat(taken...)
	slices.Sort(all)
	r.add(line{what: fmt.Sprintf("actsd, an event of %d, p99", manyEvents), value: float64(percentile(all, 99)) / float64(time.Millisecond), unit: "ms", digits: 1,
		goal: goalEvent, note: fmt.Sprintf("p50 %s, %d at once", ms(percentile(all, 50)), senders)})
	return nil
}

func postEvent(ctx context.Context, client *http.Client, base, form string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/events", strings.NewReader(form))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("an event was answered %d", answer.StatusCode)
	}
	return err
}
