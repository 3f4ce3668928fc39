package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
)

// Health is what a portal's state page tells of the work behind it. Its moments are machine time.
type Health struct {
	Now       time.Time  `db:"now"`
	Event     string     `db:"event"`    // the last that the portal told us, "" when it never did
	EventAt   *time.Time `db:"event_at"` //
	SweptAt   *time.Time `db:"swept_at"` // changes were read last
	Unswept   string     `db:"unswept"`  // why they could not be
	Loading   bool       `db:"loading"`  // deals are being copied for the first time
	Seen      int        `db:"seen"`     // of them
	Total     int        `db:"total"`    //
	Unloaded  string     `db:"unloaded"` // why they could not be
	Level     float64    `db:"level"`    // of the portal's bucket of calls
	TokenDead bool       `db:"token_dead"`
	RenewedAt *time.Time `db:"renewed_at"`
	Queue     []Queue    `db:"-"`
}

// Queue is what waits of one kind of tasks.
type Queue struct {
	Kind   string    `db:"kind"`
	Number int       `db:"number"`
	Oldest time.Time `db:"oldest"` // promised
}

const health = `
	SELECT clock_timestamp() AS now, coalesce(e.event, '') AS event, e.received_at AS event_at, s.swept_at, coalesce(s.problem, '') AS unswept,
		coalesce(NOT l.done, false) AS loading, coalesce(l.seen, 0) AS seen, coalesce(l.total, 0) AS total, coalesce(l.problem, '') AS unloaded,
		coalesce(greatest(0, b.level - :leak * extract(epoch FROM clock_timestamp() - b.at)), 0) AS level,
		coalesce(t.dead, true) AS token_dead, t.renewed_at
	FROM portals p LEFT JOIN sweeps s ON s.portal_id = p.id LEFT JOIN loads l ON l.portal_id = p.id LEFT JOIN budgets b ON b.portal_id = p.id
		LEFT JOIN tokens t ON t.portal_id = p.id
		LEFT JOIN LATERAL (SELECT e.event, e.received_at FROM portal_events e WHERE e.portal_id = p.id ORDER BY e.id DESC LIMIT 1) e ON true
	WHERE p.id = :portal`

const queues = `
	SELECT kind, count(*) AS number, min(created_at) AS oldest FROM tasks
	WHERE portal_id = :portal AND NOT dead AND NOT` + postponed + ` GROUP BY kind ORDER BY min(created_at)`

// Health reads how the portal's work goes. leak is how many calls a second its bucket loses.
func (s Scope) Health(ctx context.Context, leak float64) (h Health, err error) {
	err = s.run(ctx, func(r runner) error {
		a := s.fill(args{"leak": leak})
		if err := get(ctx, r, &h, health, a); err != nil {
			return err
		}
		return list(ctx, r, &h.Queue, queues, a)
	})
	if err != nil {
		return h, missing(err, "health", "Портал не подключён.")
	}
	return h, nil
}

// postponed tells a task that a person put off: none waits so long by itself.
const postponed = ` (due_at > clock_timestamp() + interval '1 hour')`

// Postponed is a task that a person put off.
type Postponed struct {
	Task
	Due time.Time `db:"due_at"`
}

const postponedTasks = `
	SELECT id, portal_id, kind, subject, version, attempts, failures, sent_at IS NOT NULL AS unclear, fence, problem, due_at FROM tasks
	WHERE portal_id = :portal AND NOT dead AND` + postponed + ` ORDER BY due_at, id LIMIT 100`

// PostponedTasks lists the tasks of the portal that a person put off.
func (s Scope) PostponedTasks(ctx context.Context) (tasks []Postponed, err error) {
	if err := s.list(ctx, &tasks, postponedTasks, nil); err != nil {
		return nil, fmt.Errorf("postponed tasks: %w", err)
	}
	return tasks, nil
}

const postponeTask = `
	UPDATE tasks SET dead = false, attempts = 0, due_at = clock_timestamp() + make_interval(secs => :wait)
	WHERE portal_id = :portal AND id = :id AND dead`

// PostponeTask puts a dead task off: the button «Отложить».
func (tx Tx) PostponeTask(ctx context.Context, id int64, wait time.Duration) error {
	return tx.one(ctx, "postpone task", postponeTask, args{"id": id, "wait": wait.Seconds()}, acts.Errorf(acts.NotFound, "Такой задачи уже нет."))
}

const kindOfTask = `SELECT kind FROM tasks WHERE portal_id = :portal AND id = :id`

// KindOfTask tells what a task is.
func (s Scope) KindOfTask(ctx context.Context, id int64) (kind string, err error) {
	err = s.get(ctx, &kind, kindOfTask, args{"id": id})
	return kind, missing(err, "kind of task", "Такой задачи уже нет.")
}
