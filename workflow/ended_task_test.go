package workflow_test

import (
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// A person ends the task as soon as it appears, and the portal's event arrives before its id is stored: the end is read once it is stored.
func TestATaskEndedBeforeItIsKnown(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.in(func(tx store.Tx) error {
		return tx.Acts().Move(t.Context(), b.act, store.Move{From: acts.StatusDraft, To: acts.StatusSent, At: b.now})
	})
	b.in(func(tx store.Tx) error {
		return tx.Reminders().Add(t.Context(), store.Reminder{Act: b.act, Kind: acts.RemindUnsigned, Since: b.now, DueOn: b.now, DueAt: b.now})
	})
	if _, err := b.service.Remind.ProcessDueReminders(t.Context()); err != nil {
		t.Fatal(err)
	}
	hints := func() (n int) {
		t.Helper()
		tasks, err := queue.Lease(t.Context(), b.db, []string{task.KindReadStatusTask}, 50, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if len(tasks) > 0 {
			if err := b.service.Queue.ReadBatch(t.Context(), tasks); err != nil {
				t.Fatal(err)
			}
		}
		return len(tasks)
	}
	b.crm.deliver = func(e workflow.Effect) workflow.Result {
		if e.Task == nil {
			return workflow.Result{}
		}
		b.crm.ended = []int64{5}
		b.in(func(tx store.Tx) error { return queue.Enqueue(t.Context(), tx, task.ReadStatusTask(5)) })
		if hints() != 1 {
			t.Error("the portal's event was not read")
		}
		return workflow.Result{Task: 5}
	}
	tasks, err := queue.Lease(t.Context(), b.db, []string{task.KindRemind}, 50, time.Minute)
	if err != nil || len(tasks) != 1 {
		t.Fatal(len(tasks), err)
	}
	if err := b.service.Queue.DeliverBatch(t.Context(), tasks); err != nil {
		t.Fatal(err)
	}
	for hints() > 0 {
	}
	r, err := b.db.Scope(b.portal).Reminders().Get(t.Context(), tasks[0].Subject)
	if err != nil || r.Task != 5 || !r.Done || !r.Closed {
		t.Errorf("the reminder is %+v, %v; want its task ended", r, err)
	}
}
