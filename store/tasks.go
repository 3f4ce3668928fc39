package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
)

// Task is one row of the outbox: a promise to tell others about a subject.
type Task struct {
	ID       int64         `db:"id"`
	Portal   acts.PortalID `db:"portal_id"`
	Kind     string        `db:"kind"`
	Subject  int64         `db:"subject"`
	Version  int           `db:"version"`
	Attempts int           `db:"attempts"` // this one included; a try that a crash cut off does not count
	Failures int           `db:"failures"` // those that ended in anything but "not now"
	Unclear  bool          `db:"unclear"`  // an earlier call may have been executed
	Fence    int64         `db:"fence"`
	Problem  string        `db:"problem"`
}

const enqueue = `
	INSERT INTO tasks (portal_id, kind, subject, due_at) VALUES (:portal, :kind, :subject,
		CASE WHEN :window > 0 THEN to_timestamp(ceil(extract(epoch FROM clock_timestamp()) / :window) * :window) ELSE clock_timestamp() END)
	ON CONFLICT (portal_id, kind, subject) DO UPDATE SET version = tasks.version + 1, dead = false,
		attempts = CASE WHEN tasks.dead THEN 0 ELSE tasks.attempts END, failures = CASE WHEN tasks.dead THEN 0 ELSE tasks.failures END,
		due_at = CASE WHEN tasks.sent_at IS NULL THEN least(tasks.due_at, EXCLUDED.due_at) ELSE greatest(tasks.due_at, EXCLUDED.due_at) END`

// Enqueue promises to tell others; promises of one kind about one subject become one.
func (tx Tx) Enqueue(ctx context.Context, kind string, subject int64) error {
	return tx.EnqueueTogether(ctx, kind, subject, 0)
}

// EnqueueTogether is Enqueue for what is cheaper together: all promises of a window are due at its end.
func (tx Tx) EnqueueTogether(ctx context.Context, kind string, subject int64, window time.Duration) error {
	if _, err := tx.exec(ctx, enqueue, args{"kind": kind, "subject": subject, "window": window.Seconds()}); err != nil {
		return fmt.Errorf("enqueue %s: %w", kind, err)
	}
	return nil
}

// leaseTasks takes the due tasks of one portal whose kinds go together; sent_at is the committed intent.
// unclear must be computed from the row before the update, hence the inner query returns it. The portal is locked for
// this one statement, so that workers who wake together do not tear its tasks apart: they travel in one call. A portal whose CRM is not to
// be called keeps what is for SBIS.
const leaseTasks = `
	WITH portal AS (
		SELECT p.id FROM tasks t JOIN portals p ON p.id = t.portal_id
		WHERE NOT t.dead AND t.due_at <= clock_timestamp() AND t.lease_until < clock_timestamp()
			AND t.kind = ANY (CAST(:kinds AS text[])) AND p.state <> 'frozen' AND p.id <> ALL (CAST(:full AS bigint[]))
			AND (t.kind LIKE 'edo.%' OR` + reachable + `)
		ORDER BY t.due_at LIMIT 1 FOR NO KEY UPDATE OF p SKIP LOCKED
	), due AS (
		SELECT t.id, t.sent_at IS NOT NULL AS unclear FROM tasks t JOIN portal p ON p.id = t.portal_id
		WHERE NOT t.dead AND t.due_at <= clock_timestamp() AND t.lease_until < clock_timestamp()
			AND t.kind = ANY (CAST(:kinds AS text[])) AND (t.kind LIKE 'edo.%' OR` + reachable + `)
		ORDER BY t.due_at LIMIT :limit FOR UPDATE OF t SKIP LOCKED
	)
	UPDATE tasks t SET lease_until = clock_timestamp() + make_interval(secs => :term), fence = t.fence + 1,
		sent_at = coalesce(t.sent_at, clock_timestamp())
	FROM due WHERE t.id = due.id
	RETURNING t.id, t.portal_id, t.kind, t.subject, t.version, t.attempts + 1 AS attempts, t.failures, due.unclear, t.fence, t.problem`

// LeaseTasks takes due tasks of one portal, at most limit, for a term longer than any foreign call. Portals in full have their share.
func (db *DB) LeaseTasks(ctx context.Context, kinds []string, limit int, term time.Duration, full ...acts.PortalID) ([]Task, error) {
	var tasks []Task
	err := list(ctx, db.pool, &tasks, leaseTasks, args{"kinds": pq.Array(kinds), "limit": limit, "term": term.Seconds(), "full": portals(full)})
	if err != nil {
		return nil, fmt.Errorf("lease tasks: %w", err)
	}
	slices.SortFunc(tasks, func(a, b Task) int { return cmp.Compare(a.ID, b.ID) }) // an UPDATE gives them in any order; what was promised first is told first
	return tasks, nil
}

const holdTasks = `
	WITH held AS (
		SELECT t.id FROM tasks t JOIN unnest(CAST(:ids AS bigint[]), CAST(:fences AS bigint[])) AS h (id, fence) ON h.id = t.id AND h.fence = t.fence
		ORDER BY t.id FOR UPDATE OF t
	)
	UPDATE tasks t SET lease_until = clock_timestamp() + make_interval(secs => :term) FROM held WHERE t.id = held.id`

// HoldTasks begins the term of leased tasks anew, right before a call that nobody else may make meanwhile. Conflict
// tells that the term of one was over and another process has it.
func (db *DB) HoldTasks(ctx context.Context, tasks []Task, term time.Duration) error {
	ids, fences := make([]int64, len(tasks)), make([]int64, len(tasks))
	for i, t := range tasks {
		ids[i], fences[i] = t.ID, t.Fence
	}
	n, err := again(func() (int64, error) {
		return exec(ctx, db.pool, holdTasks, args{"ids": pq.Array(ids), "fences": pq.Array(fences), "term": term.Seconds()})
	})
	if err != nil {
		return fmt.Errorf("hold tasks: %w", err)
	}
	if n < int64(len(tasks)) {
		return acts.Errorf(acts.Conflict, "Эти задачи уже выполняет другой процесс.")
	}
	return nil
}

const doneTask = `DELETE FROM tasks WHERE id = :id AND portal_id = :portal AND fence = :fence AND version = :version`

// againTask leaves the moment that the newer promise asked for: at once, or the end of its window.
const againTask = `
	UPDATE tasks SET lease_until = '-infinity', sent_at = NULL, attempts = 0, failures = 0, problem = ''
	WHERE id = :id AND portal_id = :portal AND fence = :fence AND version > :version`

// DoneTask ends a delivered task in the transaction that keeps its result; a newer promise makes it due again.
func (tx Tx) DoneTask(ctx context.Context, t Task) error {
	values := args{"id": t.ID, "fence": t.Fence, "version": t.Version}
	n, err := tx.exec(ctx, doneTask, values)
	if err == nil && n == 0 {
		n, err = tx.exec(ctx, againTask, values)
	}
	if err != nil {
		return fmt.Errorf("done task %d: %w", t.ID, err)
	}
	if n == 0 {
		return acts.Errorf(acts.Conflict, "Задачу %d уже выполняет другой процесс.", t.ID)
	}
	return nil
}

const retryTask = `
	UPDATE tasks SET lease_until = '-infinity', due_at = clock_timestamp() + make_interval(secs => :wait), problem = :problem, dead = :dead,
		attempts = attempts + 1, failures = failures + CASE WHEN :failure THEN 1 ELSE 0 END,
		sent_at = CASE WHEN :unclear THEN sent_at ELSE NULL END
	WHERE id = :id AND fence = :fence`

// Retry is what becomes of a task whose delivery failed.
type Retry struct {
	Wait    time.Duration
	Unclear bool   // the other side may have done it: look before the next call
	Failure bool   // the other side, or we, could not do it; false when it was only not the time
	Dead    bool   // needs a person
	Problem string // the sentence for the state page
}

// RetryTask puts a failed task back.
func (db *DB) RetryTask(ctx context.Context, t Task, r Retry) error {
	_, err := exec(ctx, db.pool, retryTask, args{"id": t.ID, "fence": t.Fence, "wait": r.Wait.Seconds(), "problem": r.Problem,
		"dead": r.Dead, "unclear": r.Unclear, "failure": r.Failure})
	if err != nil {
		return fmt.Errorf("retry task %d: %w", t.ID, err)
	}
	return nil
}

const repeatTask = `
	UPDATE tasks SET dead = false, attempts = 0, due_at = clock_timestamp(), problem = ''
	WHERE portal_id = :portal AND id = :id AND (dead OR` + postponed + `)`

// RepeatTask brings a dead or postponed task back: the button «Повторить».
func (tx Tx) RepeatTask(ctx context.Context, id int64) error {
	return tx.one(ctx, "repeat task", repeatTask, args{"id": id}, acts.Errorf(acts.NotFound, "Такой задачи уже нет."))
}

const deadTasks = `
	SELECT id, portal_id, kind, subject, version, attempts, failures, sent_at IS NOT NULL AS unclear, fence, problem FROM tasks
	WHERE portal_id = :portal AND dead ORDER BY id LIMIT 100`

// DeadTasks lists the tasks of the portal that wait for a person.
func (s Scope) DeadTasks(ctx context.Context) ([]Task, error) {
	var tasks []Task
	if err := s.list(ctx, &tasks, deadTasks, nil); err != nil {
		return nil, fmt.Errorf("dead tasks: %w", err)
	}
	return tasks, nil
}

const taskOf = `
	SELECT id, portal_id, kind, subject, version, attempts, failures, sent_at IS NOT NULL AS unclear, fence, problem FROM tasks
	WHERE portal_id = :portal AND kind = :kind AND subject = :subject`

// TaskOf finds the promise of a kind about a subject; ok is false when there is none.
func (s Scope) TaskOf(ctx context.Context, kind string, subject int64) (t Task, ok bool, err error) {
	err = s.get(ctx, &t, taskOf, args{"kind": kind, "subject": subject})
	if errors.Is(err, sql.ErrNoRows) {
		return t, false, nil
	}
	if err != nil {
		return t, false, fmt.Errorf("task of %s: %w", kind, err)
	}
	return t, true, nil
}

const dropTask = `DELETE FROM tasks WHERE portal_id = :portal AND kind = :kind AND subject = :subject AND sent_at IS NULL AND lease_until < clock_timestamp()`

// DropTask takes a promise back that nobody has begun to keep; ok tells whether there was one.
func (tx Tx) DropTask(ctx context.Context, kind string, subject int64) (ok bool, err error) {
	n, err := tx.exec(ctx, dropTask, args{"kind": kind, "subject": subject})
	if err != nil {
		return false, fmt.Errorf("drop task %s: %w", kind, err)
	}
	return n > 0, nil
}

const addPortalEvent = `INSERT INTO portal_events (portal_id, event, object_id) VALUES (:portal, :event, :object)`

// AddPortalEvent keeps what the portal told us, as a hint.
func (tx Tx) AddPortalEvent(ctx context.Context, event string, object int64) error {
	if _, err := tx.exec(ctx, addPortalEvent, args{"event": event, "object": object}); err != nil {
		return fmt.Errorf("add portal event: %w", err)
	}
	return nil
}
