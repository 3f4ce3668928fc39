package crm

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store/queue"
	"acts24/workflow"
)

// Background work leaves room in the portal's bucket for people.
func TestBackgroundLeavesBudgetForPeople(t *testing.T) {
	s := newStoredPortal(t)
	const leak, size = 1e-6, 50
	jobs := &budget{db: s.db, portal: s.record.ID, leak: leak, size: size, share: background}
	page := &budget{db: s.db, portal: s.record.ID, leak: leak, size: size, share: interactive}
	for n := range 40 {
		if err := jobs.Take(t.Context()); err != nil {
			t.Fatalf("request %d of the background: %v", n+1, err)
		}
	}
	var wait interface{ RetryAfter() time.Duration }
	if err := jobs.Take(t.Context()); !errors.Is(err, acts.Unavailable) || !errors.As(err, &wait) || wait.RetryAfter() <= 0 {
		t.Errorf("the 41st request: %v, want Unavailable with a time to wait", err)
	}
	for n := range 6 {
		if err := page.Take(t.Context()); err != nil {
			t.Errorf("request %d of a person: %v", n+1, err)
		}
	}
}

// Background work that has begun waits for its next request. If it were refused, its task would begin again with the first one, and the tasks of a
// portal whose bucket is full would spend all their requests on beginnings that lead to no end.
func TestBegunBackgroundWorkWaits(t *testing.T) {
	s := newStoredPortal(t)
	checks := 0
	b := &budget{db: s.db, portal: s.record.ID, leak: 0.5, size: 50, share: background, checkLease: func(context.Context) error { checks++; return nil }}
	for n := 0; checks == 0 && n < 60; n++ {
		if err := b.Take(t.Context()); err != nil {
			t.Fatalf("request %d: %v", n+1, err)
		}
	}
	if checks != 1 {
		t.Errorf("the lease was checked %d times, want once, after the wait", checks)
	}
	lost := errors.New("the lease is lost")
	b.checkLease = func(context.Context) error { return lost }
	if err := b.Take(t.Context()); !errors.Is(err, lost) {
		t.Errorf("a request after a wait in which the lease was lost: %v, want %q", err, lost)
	}
}

// A patient budget waits as long as it takes, and reports each wait before it begins.
func TestBudgetReportsWaits(t *testing.T) {
	s := newStoredPortal(t)
	var waits []time.Duration
	b := &budget{db: s.db, portal: s.record.ID, leak: 1e-6, size: 50, share: background, patient: true}
	b.onWait = func(portal acts.PortalID, d time.Duration) {
		if portal != s.record.ID {
			t.Errorf("a wait of portal %d, want %d", portal, s.record.ID)
		}
		waits, b.leak = append(waits, d), 1e6
	}
	for n := range 41 {
		if err := b.Take(t.Context()); err != nil {
			t.Fatalf("request %d: %v", n+1, err)
		}
	}
	if len(waits) != 1 || waits[0] <= 0 {
		t.Errorf("waits %v, want one for the 41st request", waits)
	}
	if err := queue.PauseMethod(t.Context(), s.db, s.record.ID, "crm.item.list", time.Hour); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	b.onWait = func(_ acts.PortalID, d time.Duration) { waits = append(waits, d); cancel() }
	if err := b.Take(ctx, "crm.item.list"); !errors.Is(err, context.Canceled) || waits[1] > time.Hour || waits[1] < time.Hour-time.Minute {
		t.Errorf("an interrupted wait: %v, waits %v; want context.Canceled and a second wait of nearly an hour", err, waits)
	}
}

// What the portal reports about its limits decides whether background work pauses a method.
func TestPausedMethods(t *testing.T) {
	soon := time.Now().Add(time.Minute).Unix()
	for name, tt := range map[string]struct {
		usage  bitrix24.Usage
		method string
		paused bool
	}{
		"the whole portal is over its limit":    {bitrix24.Usage{Limited: true}, "crm.item.get", true},
		"a method is over its limit":            {bitrix24.Usage{Method: "crm.item.add", Limited: true}, "crm.item.add", true},
		"another method goes on":                {bitrix24.Usage{Method: "crm.item.add", Limited: true}, "crm.item.get", false},
		"a method has used most of its time":    {bitrix24.Usage{Method: "crm.item.add", Operating: 400, ResetAt: soon}, "crm.item.add", true},
		"two more requests fit into its time":   {bitrix24.Usage{Method: "crm.item.add", Operating: 440, ResetAt: soon, Commands: 50, Spent: 12}, "crm.item.add", false},
		"two more requests do not fit":          {bitrix24.Usage{Method: "crm.item.add", Operating: 442, ResetAt: soon, Commands: 50, Spent: 12}, "crm.item.add", true},
		"a method has used some of its time":    {bitrix24.Usage{Method: "crm.item.add", Operating: 100, ResetAt: soon}, "crm.item.add", false},
		"the portal sends no end of the period": {bitrix24.Usage{Method: "crm.item.add", Operating: 400}, "crm.item.add", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStoredPortal(t)
			b := &budget{db: s.db, portal: s.record.ID, leak: 2, size: 50, share: background, patient: true}
			b.Report(t.Context(), []bitrix24.Usage{tt.usage})
			ctx, cancel := context.WithCancel(t.Context())
			paused := false
			b.onWait = func(acts.PortalID, time.Duration) { paused = true; cancel() }
			if err := b.Take(ctx, tt.method); paused != tt.paused || (err != nil) != tt.paused {
				t.Errorf("paused %t, %v; want paused %t", paused, err, tt.paused)
			}
		})
	}
}

// The message distinguishes a portal that does not answer from a used up limit of calls.
func TestMessageOfSpentBudget(t *testing.T) {
	for name, tt := range map[string]struct {
		cause error
		want  string
	}{
		"the limit":       {errBudgetSpent, "Лимит запросов"},
		"a silent portal": {errors.New("dial: refused"), "не отвечает"},
	} {
		err := unavailable(tt.cause, 0)
		if text := acts.Message(err); !errors.Is(err, acts.Unavailable) || !strings.Contains(text, tt.want) {
			t.Errorf("%s: %v with the message %q, want Unavailable with %q", name, err, text, tt.want)
		}
	}
}

// A method whose time is nearly used up is paused for background work only; a method that the portal has blocked, for people too.
func TestPausesForPeople(t *testing.T) {
	soon := time.Now().Add(time.Minute).Unix()
	for name, tt := range map[string]struct {
		usage   bitrix24.Usage
		allowed bool // for people
	}{
		"nearly used up": {bitrix24.Usage{Method: "crm.item.get", Operating: 470, ResetAt: soon}, true},
		"blocked":        {bitrix24.Usage{Method: "crm.item.get", ResetAt: soon, Limited: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStoredPortal(t)
			jobs := &budget{db: s.db, portal: s.record.ID, leak: 2, size: 50, share: background}
			jobs.Report(t.Context(), []bitrix24.Usage{tt.usage})
			if err := jobs.check(t.Context(), "crm.item.get"); !errors.Is(err, acts.Unavailable) {
				t.Errorf("background work: %v, want Unavailable", err)
			}
			page := &budget{db: s.db, portal: s.record.ID, leak: 2, size: 50, share: interactive}
			if err := page.Take(t.Context(), "crm.item.get"); (err == nil) != tt.allowed {
				t.Errorf("a person: %v, want allowed %t", err, tt.allowed)
			}
		})
	}
}

// A deal is not read for a move that a limit forbids to write; a note in the same delivery is written.
func TestDealIsNotReadForAPausedMove(t *testing.T) {
	s := newStoredPortal(t)
	deal := acts.DealID(s.AddItem(bitrix24test.Deal, fields{"title": "Сделка"}))
	if err := queue.PauseMethodUntil(t.Context(), s.db, s.record.ID, updateMethod, true, time.Now().Add(time.Minute).Unix()); err != nil {
		t.Fatal(err)
	}
	results := s.Deliver(t.Context(), s.record, []workflow.Effect{
		{Stage: &workflow.StageChange{Deal: deal, Decide: func(string, bool) string { return "EXECUTING" }}},
		{Note: &workflow.NoteChange{Deal: deal, Text: "Текст"}},
	}, leaseHeld)
	if !errors.Is(results[0].Err, acts.Unavailable) || results[1].Err != nil {
		t.Errorf("the move: %v, the note: %v; want Unavailable and no error", results[0].Err, results[1].Err)
	}
	if n := s.Trace().Count("crm.item.get"); n != 0 {
		t.Errorf("the deal was read %d times, want never", n)
	}
}
