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
		s.FormPaperAct(s.Deal(n), []string{"person", "company"}[n%2]) // the test data alternate
	}
	s.AwaitQuiet()
	before, duplicates := s.Count(`portal_events`), 0
	senders := s.PostDealEvents(2000, 10)
	sent := make(chan struct{})
	go func() { senders.Wait(); close(sent) }()
	for over := false; !over; {
		select {
		case <-sent:
			over = true
		default:
		}
		duplicates += s.Count(`(SELECT 1 FROM tasks GROUP BY portal_id, kind, subject HAVING count(*) > 1) t`)
	}
	if stored := s.Count(`portal_events`) - before; duplicates > 0 || stored != 2000 {
		t.Errorf("%d times a deal had two tasks of one kind, %d events are stored; want never and 2000", duplicates, stored)
	}
	s.Await("the end of all tasks", func() bool { return s.Count(`tasks`) == 0 })
}
