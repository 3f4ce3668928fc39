package apptest

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Await fails the test when cond does not become true within a minute.
func (s *Site) Await(what string, cond func() bool) {
	s.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := Await(ctx, cond); err != nil {
		s.T.Fatalf("%s did not happen", what)
	}
}

// AwaitQuiet waits until the portal has not been called for a while, so all jobs are done.
func (s *Site) AwaitQuiet() {
	s.T.Helper()
	last, since := s.Cloud.Trace().Calls(), time.Now()
	s.Await("silence on the wire", func() bool {
		if now := s.Cloud.Trace().Calls(); now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > 1200*time.Millisecond // jobs are woken every second
	})
	s.calm = last
}

// AwaitSweeps waits while several reconciliations run.
func (s *Site) AwaitSweeps(d time.Duration) {
	until := time.Now().Add(d)
	s.Await("some sweeps", func() bool { return time.Now().After(until) })
}

// CountCalls counts the HTTP calls to the portal during f and returns the called methods.
func (s *Site) CountCalls(f func()) (n int64, methods []string) {
	if s.Cloud.Trace().Calls() != s.calm {
		s.AwaitQuiet()
	}
	before, lines := s.Cloud.Trace().Calls(), len(s.Cloud.Trace().Lines())
	f()
	s.AwaitQuiet()
	for _, l := range s.Cloud.Trace().Lines()[lines:] {
		methods = append(methods, l.Method)
	}
	return s.Cloud.Trace().Calls() - before, methods
}

// AwaitItem waits until the item is known to us and our echoes have been ignored.
func (s *Site) AwaitItem() int64 {
	s.T.Helper()
	id := int64(s.Item()["id"].(float64))
	s.AwaitQuiet()
	return id
}

// AwaitTab waits until the newest act of a deal tab has the status and the delivery.
func (s *Site) AwaitTab(tab, status, delivery string) {
	s.T.Helper()
	s.Await(status+", "+delivery, func() bool {
		p, err := s.Manager.Get(tab)
		doc := s.Page(p, err, http.StatusOK)
		return strings.TrimSpace(TestID(doc, "act-status").First().Text()) == status &&
			strings.TrimSpace(TestID(doc, "act-delivery").First().Text()) == delivery
	})
}

// PostDealEvents posts events about the first deals in turn over several connections, as a portal does; the returned
// group waits for the last.
func (s *Site) PostDealEvents(count, deals int) *sync.WaitGroup {
	events := make(chan int64, count)
	for n := range count {
		events <- s.Deal(n%deals + 1)
	}
	close(events)
	senders := &sync.WaitGroup{}
	for range 4 {
		senders.Go(func() {
			for deal := range events {
				answer, err := http.PostForm(s.AppURL+"/events", DealEvent(s.Portal, deal))
				if err != nil || answer.StatusCode != http.StatusOK {
					s.T.Errorf("an event was not taken: %v", err)
					return
				}
				answer.Body.Close()
			}
		})
	}
	return senders
}
