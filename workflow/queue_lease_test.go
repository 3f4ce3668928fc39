package workflow_test

import (
	"context"
	"testing"
	"time"

	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// A lease that is lost on a slow machine does not count as a failure of its task, however often it happens.
func TestALostLeaseIsNoFailure(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.handOver()
	timing := workflow.DefaultTiming
	timing.Lease, timing.Window, timing.Retry = 0, 0, 0 // nothing holds the task for longer than the test
	hurried := b.serviceOf(timing)
	for range 12 {
		tasks, err := queue.Lease(t.Context(), b.db, []string{task.KindPutDocument}, 1, 0)
		if err != nil || len(tasks) != 1 {
			t.Fatal(len(tasks), err)
		}
		ctx, lose := context.WithCancel(t.Context())
		b.edo.hook = func(string, string) error { lose(); return workflow.ErrUnclear }
		if err := hurried.Queue.DeliverOne(ctx, tasks[0]); err != nil {
			t.Fatal(err)
		}
		lose()
	}
	b.edo.hook = func(string, string) error { return nil }
	tasks, err := queue.Lease(t.Context(), b.db, []string{task.KindPutDocument}, 1, time.Minute)
	if err != nil || len(tasks) != 1 || tasks[0].Failures != 0 || !tasks[0].Unclear {
		t.Fatalf("%+v, %v; want a task that has not failed and is to be looked at", tasks, err)
	}
	if err := b.service.Queue.DeliverOne(t.Context(), tasks[0]); err != nil {
		t.Fatal(err)
	}
	if len(b.edo.written) != 1 {
		t.Errorf("%d documents", len(b.edo.written))
	}
}

// A task whose lease was lost is not taken up again at once.
func TestALostLeaseBacksOff(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.handOver()
	lease := func(term time.Duration) []queue.Task {
		t.Helper()
		tasks, err := queue.Lease(t.Context(), b.db, []string{task.KindPutDocument}, 1, term)
		if err != nil {
			t.Fatal(err)
		}
		return tasks
	}
	lose := func(one queue.Task) {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		b.edo.hook = func(string, string) error { cancel(); return workflow.ErrUnclear }
		if err := b.service.Queue.DeliverOne(ctx, one); err != nil {
			t.Fatal(err)
		}
	}
	first := lease(time.Minute)
	lose(first[0])
	if again := lease(time.Minute); len(again) > 0 {
		t.Fatal("the task was leased again before the remote system had ended its call")
	}
	b.in(func(tx store.Tx) error { return queue.Enqueue(t.Context(), tx, task.PutDocument(b.act)) }) // another change of the act
	if again := lease(time.Minute); len(again) > 0 {
		t.Fatal("a newer change has made an unclear task due")
	}
}
