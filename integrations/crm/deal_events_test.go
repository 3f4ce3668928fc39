package crm_test

import (
	"testing"

	"acts24/cmd/app/apptest"
)

// Two thousand events about ten objects leave at most one task per object, whatever is read meanwhile, and none is lost.
func TestManyEventsAreOneTask(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.RemoveLimits()
	for n := 1; n <= 10; n++ {
		s.FormPaperAct(s.Deal(n), map[bool]string{true: "company", false: "person"}[s.Deal(n)%2 == 1])
	}
	s.AwaitQuiet()
	before, twice := s.Count(`portal_events`), 0
	senders := s.PostDealEvents(2000, 10)
	watched := make(chan struct{})
	go func() { senders.Wait(); close(watched) }()
	for over := false; !over; {
		select {
		case <-watched:
			over = true
		default:
		}
		twice += s.Count(`(SELECT 1 FROM tasks GROUP BY portal_id, kind, subject HAVING count(*) > 1) t`)
	}
	if kept := s.Count(`portal_events`) - before; twice > 0 || kept != 2000 {
		t.Errorf("%d times there were two tasks of one kind about one deal; %d events kept", twice, kept)
	}
	s.Await("all read", func() bool { return s.Count(`tasks`) == 0 })
}
