package app_test

import (
	"net/http"
	"sync"
	"testing"

	"acts24/cmd/app/apptest"
)

// Two thousand events about ten objects leave ten tasks at most, whoever reads them meanwhile, and all are kept.
func TestManyEventsAreOneTask(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.boundless()
	for n := 1; n <= 10; n++ {
		s.formPaper(s.deal(n), map[bool]string{true: "company", false: "person"}[s.deal(n)%2 == 1])
	}
	s.quiet()
	before, most := s.count(`portal_events`), 0
	events := make(chan int64, 2000)
	for n := range cap(events) {
		events <- s.deal(n%10 + 1)
	}
	close(events)
	var senders sync.WaitGroup
	for range 4 {
		senders.Go(func() {
			for deal := range events {
				if answer, err := http.PostForm(s.AppURL+"/events", apptest.DealEvent(s.portal, deal)); err != nil || answer.StatusCode != http.StatusOK {
					t.Errorf("an event was not taken: %v", err)
					return
				} else {
					answer.Body.Close()
				}
			}
		})
	}
	watched := make(chan struct{})
	go func() { senders.Wait(); close(watched) }()
	for over := false; !over; {
		select {
		case <-watched:
			over = true
		default:
		}
		most = max(most, s.number(`SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM tasks GROUP BY portal_id, kind, subject) t`))
	}
	if kept := s.count(`portal_events`) - before; most != 1 || kept != 2000 {
		t.Errorf("%d tasks of one kind about one deal, %d events kept", most, kept)
	}
	s.await("all read", func() bool { return s.count(`tasks`) == 0 })
}
