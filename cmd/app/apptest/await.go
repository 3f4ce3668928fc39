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
		s.T.Fatalf("timed out waiting for: %s", what)
	}
}

// AwaitQuiet waits until nothing is under way: every event of the portals has been sent, the portals have not been
// called for a while, and no task is due.
func (s *Site) AwaitQuiet() {
	s.T.Helper()
	last, since := s.Cloud.Trace().Calls(), time.Now()
	s.Await("the end of all work", func() bool {
		for _, p := range s.Portals {
			p.Drain()
		}
		if now := s.Cloud.Trace().Calls(); now != last {
			last, since = now, time.Now()
		}
		silent := time.Since(since)
		return silent > 10*time.Second || // the due work cannot be done now
			silent > 1200*time.Millisecond && s.Count(s.dueWork()) == 0 // jobs are woken every second
	})
	s.quietAt = last
}

// dueWork returns a query for the tasks, first reconciliations, copies of deals, and deadlines of business time that are due or under way at portals
// that can be called. What an event makes the program read is due within workflow.ReadDelay.
func (s *Site) dueWork() string {
	return `(
	SELECT portal_id FROM tasks WHERE NOT dead AND due_at <= clock_timestamp() + CASE WHEN attempts = 0 THEN interval '2 seconds' ELSE interval '0' END
	UNION ALL
	SELECT portal_id FROM reconciliations WHERE finished_at IS NULL
	UNION ALL
	SELECT portal_id FROM backfills WHERE NOT done AND next_at <= clock_timestamp()
	UNION ALL
	SELECT portal_id FROM (
		SELECT portal_id, check_at AS due_at FROM monthly_plans WHERE enabled
		UNION ALL SELECT portal_id, due_at FROM reminders WHERE sent_at IS NULL AND closed_at IS NULL AND NOT paused
		UNION ALL SELECT portal_id, due_at FROM account_checks
		UNION ALL SELECT portal_id, due_at FROM invitations
		UNION ALL SELECT portal_id, due_at FROM answer_deadlines
		UNION ALL SELECT portal_id, due_at FROM robot_deadlines
	) deadlines WHERE due_at <= '` + s.Clock.Now().Format(time.RFC3339Nano) + `'
) due JOIN portals p ON p.id = due.portal_id AND p.state = 'active'
WHERE NOT EXISTS (SELECT FROM breakers b WHERE b.portal_id = p.id AND b.probe_at > clock_timestamp())`
}

// AwaitReconciliations waits until the changes of the first portal were read n times more from beginning to end.
func (s *Site) AwaitReconciliations(n int64) {
	s.T.Helper()
	const begun = `SELECT fence FROM reconciliations WHERE portal_id = 1`
	enough := s.Number(begun) + n + 1
	s.Await("some reconciliations", func() bool { return s.Number(begun) >= enough })
}

// CountCalls counts the HTTP calls to the portal during f and returns the called methods.
func (s *Site) CountCalls(f func()) (n int64, methods []string) {
	if s.Cloud.Trace().Calls() != s.quietAt {
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
