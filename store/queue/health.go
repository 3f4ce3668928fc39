package queue

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

// Health is the state of the background work of a portal, as its state page shows it. Its moments are machine time.
type Health struct {
	Now              time.Time  `db:"now"`
	Event            string     `db:"event"`             // the last event from the portal, "" when there was none
	EventAt          *time.Time `db:"event_at"`          // when it arrived
	ReconciledAt     *time.Time `db:"reconciled_at"`     // the last reading of changes
	ReconcileProblem string     `db:"reconcile_problem"` // why reading changes failed
	Loading          bool       `db:"loading"`           // deals are being copied for the first time
	Seen             int        `db:"seen"`              // deals copied so far
	Total            int        `db:"total"`             // deals to copy
	BackfillProblem  string     `db:"backfill_problem"`  // why copying deals failed
	Level            float64    `db:"level"`             // of the portal's bucket of calls
	TokenDead        bool       `db:"token_dead"`
	RenewedAt        *time.Time `db:"renewed_at"`
	Queue            []Waiting  `db:"-"`
}

// Waiting are the waiting tasks of one kind.
type Waiting struct {
	Kind   string    `db:"kind"`
	Number int       `db:"number"`
	Oldest time.Time `db:"oldest"` // created
}

const health = `
	SELECT clock_timestamp() AS now, coalesce(e.event, '') AS event, e.received_at AS event_at, s.finished_at AS reconciled_at, coalesce(s.problem, '') AS reconcile_problem,
		coalesce(NOT l.done, false) AS loading, coalesce(l.seen, 0) AS seen, coalesce(l.total, 0) AS total, coalesce(l.problem, '') AS backfill_problem,
		coalesce(greatest(0, b.level - :leak * extract(epoch FROM clock_timestamp() - b.at)), 0) AS level,
		coalesce(t.dead, true) AS token_dead, t.renewed_at
	FROM portals p LEFT JOIN reconciliations s ON s.portal_id = p.id LEFT JOIN backfills l ON l.portal_id = p.id LEFT JOIN budgets b ON b.portal_id = p.id
		LEFT JOIN tokens t ON t.portal_id = p.id
		LEFT JOIN LATERAL (SELECT e.event, e.received_at FROM portal_events e WHERE e.portal_id = p.id ORDER BY e.id DESC LIMIT 1) e ON true
	WHERE p.id = :portal`

const queues = `
	SELECT kind, count(*) AS number, min(created_at) AS oldest FROM tasks
	WHERE portal_id = :portal AND NOT dead AND NOT` + postponed + ` GROUP BY kind ORDER BY min(created_at)`

// HealthOf reads the state of the background work. leak is how many calls a second its bucket loses.
func HealthOf(ctx context.Context, s store.Scope, leak float64) (h Health, err error) {
	err = pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		a := pg.Args{"leak": leak}
		if err := pg.Get(ctx, r, &h, health, a); err != nil {
			return err
		}
		return pg.Select(ctx, r, &h.Queue, queues, a)
	})
	if err != nil {
		return h, pg.NotFound(err, "health", "Портал не подключён.")
	}
	return h, nil
}

// postponed is the condition that a person has postponed a task: no task waits so long otherwise.
const postponed = ` (due_at > clock_timestamp() + interval '1 hour')`

// Postponed is a task that a person has postponed.
type Postponed struct {
	Task
	Due time.Time `db:"due_at"`
}

const postponedTasks = `
	SELECT id, portal_id, kind, subject, version, attempts, failures, sent_at IS NOT NULL AS unclear, fence, problem, due_at FROM tasks
	WHERE portal_id = :portal AND NOT dead AND` + postponed + ` ORDER BY due_at, id LIMIT 100`

// PostponedTasks lists the tasks of the portal that a person has postponed.
func PostponedTasks(ctx context.Context, s store.Scope) (tasks []Postponed, err error) {
	if err := pg.Select(ctx, s, &tasks, postponedTasks, nil); err != nil {
		return nil, fmt.Errorf("postponed tasks: %w", err)
	}
	return tasks, nil
}

const postponeTask = `
	UPDATE tasks SET dead = false, attempts = 0, due_at = clock_timestamp() + make_interval(secs => :wait)
	WHERE portal_id = :portal AND id = :id AND dead`

// Postpone postpones a dead task: the button «Отложить».
func Postpone(ctx context.Context, tx store.Tx, id int64, wait time.Duration) error {
	return pg.ExecOne(ctx, tx, "postpone task", postponeTask, pg.Args{"id": id, "wait": wait.Seconds()}, acts.Errorf(acts.NotFound, "Такой задачи уже нет."))
}

const kindOfTask = `SELECT kind FROM tasks WHERE portal_id = :portal AND id = :id`

// KindOf returns the kind of a task.
func KindOf(ctx context.Context, s store.Scope, id int64) (kind string, err error) {
	err = pg.Get(ctx, s, &kind, kindOfTask, pg.Args{"id": id})
	return kind, pg.NotFound(err, "kind of task", "Такой задачи уже нет.")
}
