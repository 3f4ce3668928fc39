// Package jobs is the clock: gocron rings, the tables decide what is due, and workers deliver it.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// Clock delivers the outbox and polls SBIS until it is stopped.
type Clock struct {
	db      *store.DB
	service *workflow.Service
	timing  workflow.Timing
	log     *slog.Logger
	mu      sync.Mutex // of bells: somebody may wake a clock that is just starting

	batches, singles, hints, polls *turns

	bells []chan struct{}
	stop  chan struct{}
	work  sync.WaitGroup
	rings gocron.Scheduler
}

// How many of each kind of work one replica does at once. They call others and may wait for them; of the rest there is one each.
const (
	batchWorkers  = 4
	singleWorkers = 4
	hintWorkers   = 4
	pollWorkers   = 4
	sweepWorkers  = 3
	loadWorkers   = 3

	installWorkers = 2
)

// How many of them one portal may hold; a sweep and a walk over its deals it has but one of.
const (
	batchShare  = 2
	singleShare = 2
	hintShare   = 1
	pollShare   = 2
)

// perLease is how many tasks of a portal travel together.
const perLease = 50

// New makes a clock that stands still until Start.
func New(db *store.DB, service *workflow.Service, timing workflow.Timing, log *slog.Logger) *Clock {
	return &Clock{db: db, service: service, timing: timing, log: log, stop: make(chan struct{}),
		batches: newTurns(batchShare), singles: newTurns(singleShare), hints: newTurns(hintShare), polls: newTurns(pollShare)}
}

// Start sets the workers to work; every second gocron rings for them, Wake rings sooner.
func (c *Clock) Start(ctx context.Context) error {
	rings, err := gocron.NewScheduler()
	if err != nil {
		return fmt.Errorf("start the clock: %w", err)
	}
	c.rings = rings
	c.crew(ctx, batchWorkers, c.deliverBatch)
	c.crew(ctx, singleWorkers, c.deliverOne)
	c.crew(ctx, hintWorkers, c.readHints)
	c.crew(ctx, pollWorkers, c.poll)
	c.crew(ctx, sweepWorkers, c.sweep)
	c.crew(ctx, loadWorkers, c.load)
	c.crew(ctx, installWorkers, c.install)
	for _, step := range []func(context.Context) (bool, error){c.bulk, c.service.EraseOutlived, c.service.FireReminders, c.service.FireSilences,
		c.service.FireInvitations, c.service.FireDigests, c.service.CountDays, c.service.FireAccountChecks} {
		c.crew(ctx, 1, func(ctx context.Context, _ func()) (bool, error) { return step(ctx) })
	}
	if _, err := rings.NewJob(gocron.DurationJob(time.Second), gocron.NewTask(c.ring)); err != nil {
		return fmt.Errorf("ring every second: %w", err)
	}
	sweepVisits := func() {
		if err := c.db.SweepVisits(ctx); err != nil {
			c.log.WarnContext(ctx, "visits not swept", "err", err)
		}
	}
	if _, err := rings.NewJob(gocron.DurationJob(10*time.Minute), gocron.NewTask(sweepVisits)); err != nil {
		return fmt.Errorf("ring every ten minutes: %w", err)
	}
	rings.Start()
	return nil
}

// ring wakes one worker of every crew that has none awake.
func (c *Clock) ring() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, bell := range c.bells {
		strike(bell)
	}
}

// Wake tells the workers that there is work; it never waits.
func (c *Clock) Wake() { c.ring() }

// crew is so many workers of one kind. The bell wakes one of them: it repeats step while it finds work, then waits for the bell again. A step
// that has taken work calls more, which wakes another to look whether there is any left, so that idle workers ask the database nothing. A
// running step is finished when the clock stops.
func (c *Clock) crew(ctx context.Context, size int, step func(ctx context.Context, more func()) (bool, error)) {
	bell := make(chan struct{}, 1)
	c.mu.Lock()
	c.bells = append(c.bells, bell)
	c.mu.Unlock()
	ctx = context.WithoutCancel(ctx)
	for range size {
		c.work.Go(func() { c.worker(ctx, bell, step) })
	}
}

func (c *Clock) worker(ctx context.Context, bell chan struct{}, step func(context.Context, func()) (bool, error)) {
	for {
		select {
		case <-c.stop:
			return
		default:
		}
		found, err := step(ctx, func() { strike(bell) })
		if err != nil {
			c.log.WarnContext(ctx, "background work", "err", err)
		}
		if found && err == nil {
			continue
		}
		select {
		case <-c.stop:
			return
		case <-bell:
		}
	}
}

// strike does not wait: a bell that rings already is enough.
func strike(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// Stop takes no new work and waits for what is running, as long as ctx lasts.
func (c *Clock) Stop(ctx context.Context) error {
	close(c.stop)
	if err := c.rings.Shutdown(); err != nil {
		return fmt.Errorf("stop the clock: %w", err)
	}
	done := make(chan struct{})
	go func() { c.work.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop the clock: %w", ctx.Err())
	}
}

func (c *Clock) deliverBatch(ctx context.Context, more func()) (bool, error) {
	return c.deliver(ctx, more, c.batches, workflow.CRMTasks, perLease, c.service.DeliverCRM)
}

func (c *Clock) deliverOne(ctx context.Context, more func()) (bool, error) {
	return c.deliver(ctx, more, c.singles, workflow.SingleTasks, 1, func(ctx context.Context, tasks []store.Task) error {
		return c.service.DeliverOne(ctx, tasks[0])
	})
}

// deliver takes due tasks of one portal that has a turn left and has them done.
func (c *Clock) deliver(ctx context.Context, more func(), t *turns, kinds []string, limit int, do func(context.Context, []store.Task) error) (bool, error) {
	var tasks []store.Task
	over, ok, err := t.take(func(full []acts.PortalID) (portal acts.PortalID, ok bool, err error) {
		tasks, err = c.db.LeaseTasks(ctx, kinds, limit, c.timing.Lease, full...)
		if err != nil || len(tasks) == 0 {
			return 0, false, err
		}
		return tasks[0].Portal, true, nil
	})
	if err != nil || !ok {
		return false, err
	}
	defer over()
	more()
	return true, do(ctx, tasks)
}

// readHints reads what events of one portal hinted at, those of one kind together.
func (c *Clock) readHints(ctx context.Context, more func()) (bool, error) {
	for _, kind := range workflow.Hints {
		if found, err := c.deliver(ctx, more, c.hints, []string{kind}, perLease, c.service.ReadHints); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

func (c *Clock) sweep(ctx context.Context, more func()) (bool, error) {
	sweep, ok, err := c.db.LeaseSweep(ctx, c.timing.Lease)
	if err != nil || !ok {
		return false, err
	}
	more()
	return true, c.service.Sweep(ctx, sweep)
}

func (c *Clock) load(ctx context.Context, more func()) (bool, error) {
	load, ok, err := c.db.LeaseLoad(ctx, c.timing.Lease)
	if err != nil || !ok {
		return false, err
	}
	more()
	return true, c.service.Load(ctx, load)
}

func (c *Clock) poll(ctx context.Context, more func()) (bool, error) {
	var feeds []store.Feed
	over, ok, err := c.polls.take(func(full []acts.PortalID) (portal acts.PortalID, ok bool, err error) {
		feeds, err = c.db.LeaseFeeds(ctx, 1, c.timing.Lease, full...)
		if err != nil || len(feeds) == 0 {
			return 0, false, err
		}
		return feeds[0].Portal, true, nil
	})
	if err != nil || !ok {
		return false, err
	}
	defer over()
	more()
	return true, c.service.Poll(ctx, feeds[0])
}

// bulk does a step of the work over many acts whose turn it is.
func (c *Clock) bulk(ctx context.Context) (bool, error) {
	turn, ok, err := c.db.LeaseBulk(ctx, c.timing.Turn())
	if err != nil || !ok {
		return false, err
	}
	return c.service.WorkBulk(ctx, turn)
}

// install goes on with an installation or a repair whose turn it is.
func (c *Clock) install(ctx context.Context, more func()) (bool, error) {
	turn, ok, err := c.service.LeaseInstall(ctx)
	if err != nil || !ok {
		return false, err
	}
	more()
	return true, c.service.RunInstall(ctx, turn)
}
