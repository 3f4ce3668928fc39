package queue

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
	"acts24/store"
	"acts24/store/internal/pg"
	"acts24/store/task"
)

// Task is one row of the outbox.
type Task struct {
	ID       int64         `db:"id"`
	Portal   acts.PortalID `db:"portal_id"`
	Kind     string        `db:"kind"`
	Subject  int64         `db:"subject"`
	Version  int           `db:"version"`
	Attempts int           `db:"attempts"` // this one included; a try that a crash cut off does not count
	Failures int           `db:"failures"` // attempts that were not merely postponed
	Unclear  bool          `db:"unclear"`  // an earlier call may have been executed
	Fence    int64         `db:"fence"`
	Problem  string        `db:"problem"`
	Created  time.Time     `db:"created_at"` // set by Lease only: when the row was inserted; later enqueues do not change it
}

const enqueue = `
	INSERT INTO tasks (portal_id, kind, subject, due_at) VALUES (:portal, :kind, :subject,
		CASE WHEN :window > 0 THEN to_timestamp(ceil(extract(epoch FROM clock_timestamp()) / :window) * :window) ELSE clock_timestamp() END)
	ON CONFLICT (portal_id, kind, subject) DO UPDATE SET version = tasks.version + 1, dead = false,
		attempts = CASE WHEN tasks.dead THEN 0 ELSE tasks.attempts END, failures = CASE WHEN tasks.dead THEN 0 ELSE tasks.failures END,
		due_at = CASE WHEN tasks.sent_at IS NULL THEN least(tasks.due_at, EXCLUDED.due_at) ELSE greatest(tasks.due_at, EXCLUDED.due_at) END`

// Enqueue adds a task to the outbox of the portal; tasks of one kind about one subject become one.
func Enqueue(ctx context.Context, tx store.Tx, t task.Task) error {
	return EnqueueWithin(ctx, tx, t, 0)
}

// EnqueueWithin is Enqueue for tasks that are cheaper together: all tasks of a window of time are due at its end.
func EnqueueWithin(ctx context.Context, tx store.Tx, t task.Task, window time.Duration) error {
	if _, err := pg.Exec(ctx, tx, enqueue, pg.Args{"kind": t.Kind, "subject": t.Subject, "window": window.Seconds()}); err != nil {
		return fmt.Errorf("enqueue %s: %w", t.Kind, err)
	}
	return nil
}

const enqueueBadges = `
	INSERT INTO tasks (portal_id, kind, subject, due_at)
	SELECT :portal, :kind, deal_id, clock_timestamp() FROM (
		SELECT deal_id FROM acts WHERE portal_id = :portal AND status IN ('sent', 'accepted_unsigned', 'refused')
		UNION SELECT deal_id FROM deal_badges WHERE portal_id = :portal AND badge <> '') deals
	ON CONFLICT (portal_id, kind, subject) DO UPDATE SET version = tasks.version + 1, dead = false`

// EnqueueBadges enqueues the badges of all deals of the portal that show one or should.
func EnqueueBadges(ctx context.Context, tx store.Tx) error {
	if _, err := pg.Exec(ctx, tx, enqueueBadges, pg.Args{"kind": task.KindShowBadge}); err != nil {
		return fmt.Errorf("enqueue badges: %w", err)
	}
	return nil
}

const enqueueTriggers = `
	INSERT INTO tasks (portal_id, kind, subject, due_at) SELECT :portal, :kind, deal_id, clock_timestamp()
	FROM (SELECT DISTINCT deal_id FROM trigger_runs WHERE portal_id = :portal) waiting
	ON CONFLICT (portal_id, kind, subject) DO NOTHING`

// EnqueueTriggers enqueues the triggers of the portal that were refused.
func EnqueueTriggers(ctx context.Context, tx store.Tx) error {
	if _, err := pg.Exec(ctx, tx, enqueueTriggers, pg.Args{"kind": task.KindRunTriggers}); err != nil {
		return fmt.Errorf("enqueue triggers: %w", err)
	}
	return nil
}

// roomAtSBIS is the condition that one more task of the portal of t may call SBIS, which takes five calls of one account at a time
// (docs/contracts/sbis.md, "Session"): three tasks, one poll (leaseFeeds) and a person's call.
const roomAtSBIS = ` 3 > (SELECT count(*) FROM tasks h WHERE h.portal_id = t.portal_id AND h.kind = ANY (CAST(:kinds AS text[])) AND h.kind LIKE 'edo.%' AND h.lease_until > clock_timestamp())`

// leaseTasks takes the due tasks of one portal whose kinds go together; sent_at is committed before the call. unclear must be computed
// from the row before the update, hence the inner query returns it. The portal is locked for this statement, so that workers that wake
// together do not split its tasks, which are sent in one call. If the CRM of a portal must not be called, only its tasks for SBIS are
// leased, and of these only as many as its account may have calls at a time.
const leaseTasks = `
	WITH portal AS (
		SELECT p.id FROM tasks t JOIN portals p ON p.id = t.portal_id
		WHERE NOT t.dead AND t.due_at <= clock_timestamp() AND t.lease_until < clock_timestamp()
			AND t.kind = ANY (CAST(:kinds AS text[])) AND p.state NOT IN ('frozen', 'held') AND p.id <> ALL (CAST(:full AS bigint[]))
			AND CASE WHEN t.kind LIKE 'edo.%' THEN` + roomAtSBIS + ` ELSE t.portal_id NOT IN ` + unreachable + ` END
		ORDER BY t.due_at LIMIT 1 FOR NO KEY UPDATE OF p SKIP LOCKED
	), due AS (
		SELECT t.portal_id, t.id, t.sent_at IS NOT NULL AS unclear FROM tasks t JOIN portal p ON p.id = t.portal_id
		WHERE NOT t.dead AND t.due_at <= clock_timestamp() AND t.lease_until < clock_timestamp()
			AND t.kind = ANY (CAST(:kinds AS text[])) AND CASE WHEN t.kind LIKE 'edo.%' THEN` + roomAtSBIS + ` ELSE t.portal_id NOT IN ` + unreachable + ` END
		ORDER BY t.due_at LIMIT :limit FOR UPDATE OF t SKIP LOCKED
	)
	UPDATE tasks t SET lease_until = clock_timestamp() + make_interval(secs => :term), fence = t.fence + 1,
		sent_at = coalesce(t.sent_at, clock_timestamp())
	FROM due WHERE t.portal_id = due.portal_id AND t.id = due.id
	RETURNING t.id, t.portal_id, t.kind, t.subject, t.version, t.attempts + 1 AS attempts, t.failures, due.unclear, t.fence, t.problem, t.created_at`

// Lease takes due tasks of one portal, at most limit, for a term longer than any remote call. Portals in full have reached their
// limit of workers and are skipped.
func Lease(ctx context.Context, db *store.DB, kinds []string, limit int, term time.Duration, full ...acts.PortalID) ([]Task, error) {
	var tasks []Task
	err := pg.Select(ctx, db, &tasks, leaseTasks, pg.Args{"kinds": pq.Array(kinds), "limit": limit, "term": term.Seconds(), "full": pg.IDs(full)})
	if err != nil {
		return nil, fmt.Errorf("lease tasks: %w", err)
	}
	slices.SortFunc(tasks, func(a, b Task) int { return cmp.Compare(a.ID, b.ID) }) // an UPDATE gives them in any order; tasks are delivered in the order in which they were created
	return tasks, nil
}

// holdTasks skips rows that another transaction has locked: a statement that waits for one row while it holds others can
// deadlock with a transaction that locks them in another order.
const holdTasks = `
	WITH held AS (
		SELECT t.portal_id, t.id FROM tasks t
		JOIN unnest(CAST(:portals AS bigint[]), CAST(:ids AS bigint[]), CAST(:fences AS bigint[])) AS h (portal_id, id, fence)
			ON h.portal_id = t.portal_id AND h.id = t.id AND h.fence = t.fence
		FOR UPDATE OF t SKIP LOCKED
	)
	UPDATE tasks t SET lease_until = clock_timestamp() + make_interval(secs => :term) FROM held
	WHERE t.portal_id = held.portal_id AND t.id = held.id RETURNING t.id`

// holdTask waits for one row and holds no other.
const holdTask = `UPDATE tasks SET lease_until = clock_timestamp() + make_interval(secs => :term) WHERE portal_id = :portal AND id = :id AND fence = :fence`

// Hold renews leased tasks right before a call that nobody else may make meanwhile. Conflict
// means that one has expired and another process has it.
func Hold(ctx context.Context, db *store.DB, tasks []Task, term time.Duration) error {
	var held []int64
	leased := keysOf(tasks, func(t Task) (int64, int64, int64) { return int64(t.Portal), t.ID, t.Fence })
	if err := pg.Select(ctx, db, &held, holdTasks, leased.args(term)); err != nil {
		return fmt.Errorf("hold tasks: %w", err)
	}
	for _, t := range tasks {
		if slices.Contains(held, t.ID) {
			continue
		}
		n, err := pg.Exec(ctx, db, holdTask, pg.Args{"portal": t.Portal, "id": t.ID, "fence": t.Fence, "term": term.Seconds()})
		if err != nil {
			return fmt.Errorf("hold task %d: %w", t.ID, err)
		}
		if n == 0 {
			return acts.Errorf(acts.Conflict, "Эти задачи уже выполняет другой процесс.")
		}
	}
	return nil
}

const doneTask = `DELETE FROM tasks WHERE portal_id = :portal AND id = :id AND fence = :fence AND version = :version`

// requeueTask keeps the due time that the newer enqueue has set: at once, or the end of its window.
const requeueTask = `
	UPDATE tasks SET lease_until = '-infinity', sent_at = NULL, attempts = 0, failures = 0, problem = ''
	WHERE portal_id = :portal AND id = :id AND fence = :fence AND version > :version`

// Done ends a delivered task in the transaction that stores its result; a task that was enqueued again meanwhile is due again.
func Done(ctx context.Context, tx store.Tx, t Task) error {
	values := pg.Args{"id": t.ID, "fence": t.Fence, "version": t.Version}
	n, err := pg.Exec(ctx, tx, doneTask, values)
	if err == nil && n == 0 {
		n, err = pg.Exec(ctx, tx, requeueTask, values)
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
	WHERE portal_id = :portal AND id = :id AND fence = :fence`

// Retry describes how a task continues after a failed delivery.
type Retry struct {
	Wait    time.Duration
	Unclear bool   // the remote system may have executed it: check before the next call
	Failure bool   // the remote system or we failed; false for a mere postponement
	Dead    bool   // needs a person
	Problem string // the text for the state page
}

// PutBack ends the lease of a task whose delivery has failed; it is due again after r.Wait, or waits for a person when r.Dead is set.
func PutBack(ctx context.Context, db *store.DB, t Task, r Retry) error {
	if _, err := pg.Exec(ctx, db, retryTask, pg.Args{"portal": t.Portal, "id": t.ID, "fence": t.Fence, "wait": r.Wait.Seconds(), "problem": r.Problem,
		"dead": r.Dead, "unclear": r.Unclear, "failure": r.Failure}); err != nil {
		return fmt.Errorf("retry task %d: %w", t.ID, err)
	}
	return nil
}

const repeatTask = `
	UPDATE tasks SET dead = false, attempts = 0, due_at = clock_timestamp(), problem = ''
	WHERE portal_id = :portal AND id = :id AND (dead OR` + postponed + `)`

// Repeat makes a dead or postponed task due: the button «Повторить».
func Repeat(ctx context.Context, tx store.Tx, id int64) error {
	return pg.ExecOne(ctx, tx, "repeat task", repeatTask, pg.Args{"id": id}, acts.Errorf(acts.NotFound, "Такой задачи уже нет."))
}

const deadTasks = `
	SELECT id, portal_id, kind, subject, version, attempts, failures, sent_at IS NOT NULL AS unclear, fence, problem FROM tasks
	WHERE portal_id = :portal AND dead ORDER BY id LIMIT 100`

// Dead lists the tasks of the portal that wait for a person.
func Dead(ctx context.Context, s store.Scope) ([]Task, error) {
	var tasks []Task
	if err := pg.Select(ctx, s, &tasks, deadTasks, nil); err != nil {
		return nil, fmt.Errorf("dead tasks: %w", err)
	}
	return tasks, nil
}

const taskOf = `
	SELECT id, portal_id, kind, subject, version, attempts, failures, sent_at IS NOT NULL AS unclear, fence, problem FROM tasks
	WHERE portal_id = :portal AND kind = :kind AND subject = :subject`

// Find reads the task of a kind and a subject; ok is false when there is none.
func Find(ctx context.Context, s store.Scope, kind string, subject int64) (t Task, ok bool, err error) {
	err = pg.Get(ctx, s, &t, taskOf, pg.Args{"kind": kind, "subject": subject})
	if errors.Is(err, sql.ErrNoRows) {
		return t, false, nil
	}
	if err != nil {
		return t, false, fmt.Errorf("task of %s: %w", kind, err)
	}
	return t, true, nil
}

const dropTask = `DELETE FROM tasks WHERE portal_id = :portal AND kind = :kind AND subject = :subject AND sent_at IS NULL AND lease_until < clock_timestamp()`

// Drop deletes a task whose delivery has not begun; ok is false when there is none.
func Drop(ctx context.Context, tx store.Tx, kind string, subject int64) (ok bool, err error) {
	n, err := pg.Exec(ctx, tx, dropTask, pg.Args{"kind": kind, "subject": subject})
	if err != nil {
		return false, fmt.Errorf("drop task %s: %w", kind, err)
	}
	return n > 0, nil
}

const addPortalEvent = `INSERT INTO portal_events (portal_id, event, object_id) VALUES (:portal, :event, :object)`

// AddPortalEvent stores an event of the portal; the object is fetched again later.
func AddPortalEvent(ctx context.Context, tx store.Tx, event string, object int64) error {
	if _, err := pg.Exec(ctx, tx, addPortalEvent, pg.Args{"event": event, "object": object}); err != nil {
		return fmt.Errorf("add portal event: %w", err)
	}
	return nil
}
