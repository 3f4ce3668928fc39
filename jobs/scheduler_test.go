package jobs

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/go-co-op/gocron/v2"
)

// startWorkersOnly returns a scheduler that has started the workers of w; its timer is not started.
func startWorkersOnly(t *testing.T, w *work) *Scheduler {
	t.Helper()
	timer, err := gocron.NewScheduler()
	if err != nil {
		t.Fatal(err)
	}
	s := &Scheduler{stop: make(chan struct{}), idle: make(chan struct{}), timer: timer, log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	s.startWorkers(t.Context(), w)
	return s
}

// A worker repeats its step while it finds work, then waits until it is woken.
func TestWorkersRepeatWhileTheyFindWork(t *testing.T) {
	t.Parallel()
	ran := make(chan int)
	n := 0
	s := startWorkersOnly(t, &work{workers: 1, step: func(context.Context, *work, func()) (bool, error) {
		n++
		ran <- n
		return n == 1 || n == 2, nil
	}})
	for want := 1; want <= 3; want++ {
		if got := <-ran; got != want {
			t.Fatalf("step %d, want %d", got, want)
		}
	}
	s.Wake()
	if got := <-ran; got != 4 {
		t.Errorf("step %d after Wake, want 4", got)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// A failed step is not repeated immediately, whatever it reports to have found.
func TestAFailedStepWaits(t *testing.T) {
	t.Parallel()
	ran := make(chan bool, 10)
	s := startWorkersOnly(t, &work{workers: 1, step: func(context.Context, *work, func()) (bool, error) {
		ran <- true
		return true, errors.New("the database does not answer")
	}})
	<-ran
	s.Wake()
	<-ran // woken by the signal only
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if len(ran) != 0 {
		t.Errorf("%d more steps, want none", len(ran))
	}
}

// A step that has leased work wakes a second worker while it continues.
func TestLeasedWorkWakesAnotherWorker(t *testing.T) {
	t.Parallel()
	type look struct {
		more   func()
		finish chan bool
	}
	looks := make(chan look)
	s := startWorkersOnly(t, &work{workers: 2, step: func(_ context.Context, _ *work, more func()) (bool, error) {
		l := look{more, make(chan bool)}
		looks <- l
		return <-l.finish, nil
	}})
	for _, l := range []look{<-looks, <-looks} { // both workers look for work when they start
		l.finish <- false
	}
	s.Wake()
	first := <-looks
	first.more()
	second := <-looks
	first.finish <- false
	second.finish <- false
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// Stop waits for a running step, but not longer than its context allows.
func TestStopWaitsForRunningSteps(t *testing.T) {
	t.Parallel()
	started, finish := make(chan struct{}), make(chan struct{})
	s := startWorkersOnly(t, &work{workers: 1, step: func(ctx context.Context, _ *work, _ func()) (bool, error) {
		close(started)
		<-finish
		return false, ctx.Err()
	}})
	<-started
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := s.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Stop returned %v while a step was running", err)
	}
	close(finish)
	<-s.idle
}
