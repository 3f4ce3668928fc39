// Package jobs runs the background work: workers lease due rows from PostgreSQL and call workflow. gocron
// only wakes them every second; a commit that adds tasks wakes them earlier.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"

	"acts24/store"
	"acts24/store/people"
	"acts24/store/queue"
	"acts24/workflow"
	"acts24/workflow/setup"
	"acts24/workflow/usecases"
)

// tasksPerLease is the number of tasks of one portal that are leased together and sent as one batch.
const tasksPerLease = 50

// Scheduler runs the workers of one replica until it is stopped.
type Scheduler struct {
	db      *store.DB
	service *usecases.All
	timing  workflow.Timing
	observe func(kind string, err error) // called after every step that found work or failed; may be nil
	log     *slog.Logger
	leases  *leaseKeeper
	timer   gocron.Scheduler

	mu      sync.Mutex      // guards signals: Wake may be called while Start runs
	signals []chan struct{} // one per kind of work
	stop    chan struct{}
	idle    chan struct{} // closed when all workers have ended after the stop
	running sync.WaitGroup
}

// New returns a scheduler that does nothing until Start. observe is called after every step that found work or
// failed; it may be nil.
func New(db *store.DB, service *usecases.All, timing workflow.Timing, observe func(kind string, err error), log *slog.Logger) *Scheduler {
	return &Scheduler{db: db, service: service, timing: timing, observe: observe, log: log, stop: make(chan struct{}), idle: make(chan struct{}),
		leases: newKeeper(timing.Lease, renewer(db), log)}
}

// work describes one kind of background work of a replica.
type work struct {
	kind    string
	workers int // number of concurrent steps
	share   int // number of workers that one portal may occupy; 0 where a portal has at most one row to lease

	// step performs one unit of work and reports whether there was any. It calls more after it has leased the work.
	step func(ctx context.Context, w *work, more func()) (found bool, err error)

	fairness *fairness // enforces share, nil without it
}

// allWork lists all kinds of background work. Kinds with several workers call remote systems and wait for them.
func (s *Scheduler) allWork() []*work {
	return []*work{
		{kind: "deliver batches", workers: 4, share: 2, step: s.deliverBatch},
		{kind: "deliver tasks", workers: 4, share: 2, step: s.deliverTask},
		{kind: "read events", workers: 4, share: 1, step: s.readEvents},
		{kind: "poll SBIS", workers: 4, share: 2, step: s.poll},
		{kind: "reconcile", workers: 3, step: s.reconcile},
		{kind: "backfill", workers: 3, step: s.backfill},
		{kind: "install", workers: 2, step: s.install},
		{kind: "bulk actions", workers: 1, step: s.bulk},
		{kind: "retention", workers: 1, step: selfLeasing(s.service.Setup.EraseExpired)},
		{kind: "reminders", workers: 1, step: selfLeasing(s.service.Remind.ProcessDueReminders)},
		{kind: "unanswered questions", workers: 1, step: selfLeasing(s.service.Question.ProcessDueUnanswered)},
		{kind: "invitations", workers: 1, step: selfLeasing(s.service.EDO.ProcessDueInvitations)},
		{kind: "monthly acts", workers: 1, step: selfLeasing(s.service.Monthly.ProcessDue)},
		{kind: "robots", workers: 1, step: selfLeasing(s.service.Robots.ProcessDue)},
		{kind: "digests", workers: 1, step: selfLeasing(s.service.Remind.ProcessDueDigests)},
		{kind: "account checks", workers: 1, step: selfLeasing(s.service.Setup.ProcessDueAccountChecks)},
	}
}

// selfLeasing makes a step of a function that leases its work itself.
func selfLeasing(do func(context.Context) (bool, error)) func(context.Context, *work, func()) (bool, error) {
	return func(ctx context.Context, _ *work, _ func()) (bool, error) { return do(ctx) }
}

// Start starts the workers and the timer that wakes them every second.
func (s *Scheduler) Start(ctx context.Context) error {
	timer, err := gocron.NewScheduler()
	if err != nil {
		return fmt.Errorf("start the scheduler: %w", err)
	}
	s.timer = timer
	go s.leases.work(context.WithoutCancel(ctx), s.idle)
	for _, w := range s.allWork() {
		s.startWorkers(ctx, w)
	}
	if _, err := timer.NewJob(gocron.DurationJob(time.Second), gocron.NewTask(s.Wake)); err != nil {
		return fmt.Errorf("wake every second: %w", err)
	}
	deleteVisits := func() {
		if err := people.DropExpiredVisits(ctx, s.db); err != nil {
			s.log.WarnContext(ctx, "expired visits not deleted", "err", err)
		}
	}
	if _, err := timer.NewJob(gocron.DurationJob(10*time.Minute), gocron.NewTask(deleteVisits)); err != nil {
		return fmt.Errorf("delete expired visits every ten minutes: %w", err)
	}
	erase := func() {
		if err := setup.EraseOutdated(ctx, s.service.Setup); err != nil {
			s.log.WarnContext(ctx, "outdated rows not erased", "err", err)
		}
	}
	if _, err := timer.NewJob(gocron.DurationJob(6*time.Hour), gocron.NewTask(erase)); err != nil {
		return fmt.Errorf("erase outdated rows every six hours: %w", err)
	}
	timer.Start()
	return nil
}

// Wake wakes one idle worker of every kind. It does not wait.
func (s *Scheduler) Wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.signals {
		signal(c)
	}
}

// startWorkers starts the workers of one kind. A signal wakes one of them: it repeats the step while it finds
// work, then waits for the next signal. A step that has leased work sends a signal as well, so that a second
// worker checks for more work while the remaining ones do not query the database. A running step is completed
// when the scheduler stops.
func (s *Scheduler) startWorkers(ctx context.Context, w *work) {
	wake := make(chan struct{}, 1)
	s.mu.Lock()
	s.signals = append(s.signals, wake)
	s.mu.Unlock()
	if w.share > 0 {
		w.fairness = newFairness(w.share)
	}
	ctx = context.WithoutCancel(ctx)
	for range w.workers {
		s.running.Go(func() { s.worker(ctx, w, wake) })
	}
}

func (s *Scheduler) worker(ctx context.Context, w *work, wake chan struct{}) {
	for {
		select {
		case <-s.stop:
			return
		default:
		}
		found, err := w.step(ctx, w, func() { signal(wake) })
		if s.observe != nil && (found || err != nil) {
			s.observe(w.kind, err)
		}
		if err != nil {
			s.log.WarnContext(ctx, "background work failed", "kind", w.kind, "err", err)
		}
		if found && err == nil {
			continue
		}
		select {
		case <-s.stop:
			return
		case <-wake:
		}
	}
}

// signal wakes one receiver of wake; it does nothing when a signal is already pending.
func signal(wake chan struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}

// Stop starts no new work and waits for running work until ctx is done.
func (s *Scheduler) Stop(ctx context.Context) error {
	close(s.stop)
	stopped := make(chan error, 1)
	go func() {
		err := s.timer.Shutdown() // waits for a run of the timer
		s.running.Wait()
		close(s.idle)
		stopped <- err
	}()
	select {
	case err := <-stopped:
		if err != nil {
			return fmt.Errorf("stop the scheduler: %w", err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop the scheduler: %w", ctx.Err())
	}
}

// renewer renews leases in db.
func renewer(db *store.DB) func(context.Context, queue.Leases, time.Duration) error {
	return func(ctx context.Context, l queue.Leases, term time.Duration) error {
		return queue.Renew(ctx, db, l, term)
	}
}
