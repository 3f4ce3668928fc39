package app_test

import (
	"net/http"
	"sync"
	"testing"

	"acts24/cmd/app/apptest"
)

// Two thousand events about ten objects leave at most one task per object, whatever is read meanwhile, and none is lost.
func TestManyEventsAreOneTask(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.boundless()
	for n := 1; n <= 10; n++ {
		s.formPaper(s.deal(n), map[bool]string{true: "company", false: "person"}[s.deal(n)%2 == 1])
	}
	s.quiet()
	before, twice := s.count(`portal_events`), 0
	senders := s.hint(2000, 10)
	watched := make(chan struct{})
	go func() { senders.Wait(); close(watched) }()
	for over := false; !over; {
		select {
		case <-watched:
			over = true
		default:
		}
		twice += s.count(`(SELECT 1 FROM tasks GROUP BY portal_id, kind, subject HAVING count(*) > 1) t`)
	}
	if kept := s.count(`portal_events`) - before; twice > 0 || kept != 2000 {
		t.Errorf("%d times there were two tasks of one kind about one deal; %d events kept", twice, kept)
	}
	s.await("all read", func() bool { return s.count(`tasks`) == 0 })
}

// hint posts events about the first deals in turn over several connections, as a portal does; the returned
// group waits for the last.
func (s *site) hint(count, deals int) *sync.WaitGroup {
	events := make(chan int64, count)
	for n := range count {
		events <- s.deal(n%deals + 1)
	}
	close(events)
	senders := &sync.WaitGroup{}
	for range 4 {
		senders.Go(func() {
			for deal := range events {
				answer, err := http.PostForm(s.AppURL+"/events", apptest.DealEvent(s.portal, deal))
				if err != nil || answer.StatusCode != http.StatusOK {
					s.t.Errorf("an event was not taken: %v", err)
					return
				}
				answer.Body.Close()
			}
		})
	}
	return senders
}
