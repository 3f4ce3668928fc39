package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/cmd/crashtest/rules"
	"acts24/integrations/bitrix24/bitrix24test"
)

// queryPairs reads pairs of numbers, also while the database is away for a time.
func (h *harness) queryPairs(ctx context.Context, query string, args ...any) (pairs [][2]int64, err error) {
	err = h.retryDuringOutages(ctx, func() error {
		pairs, err = h.queryPairsOnce(ctx, query, args...)
		return err
	})
	return pairs, err
}

// queryNumber reads one number, also while the database is away for a time.
func (h *harness) queryNumber(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = h.retryDuringOutages(ctx, func() error { return h.db.QueryRowContext(ctx, query, args...).Scan(&n) })
	return n, err
}

func (h *harness) queryPairsOnce(ctx context.Context, query string, args ...any) ([][2]int64, error) {
	rows, err := h.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][2]int64
	for rows.Next() {
		var r [2]int64
		if err := rows.Scan(&r[0], &r[1]); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// portalID returns the portal's id in the program's database.
func (h *harness) portalID(ctx context.Context, member string) (int64, error) {
	return h.queryNumber(ctx, `SELECT id FROM portals WHERE member_id = $1`, member)
}

// portalNumber returns the number in the world of the portal with this id in the database.
func (h *harness) portalNumber(ctx context.Context, id int64) (int, error) {
	if n, ok := h.portalNumbers.Load(id); ok {
		return n.(int), nil
	}
	for n, p := range h.world.Portals {
		found, err := h.portalID(ctx, p.MemberID())
		if err != nil {
			return 0, fmt.Errorf("find portal %d: %w", n, err)
		}
		if found == id {
			h.portalNumbers.Store(id, n)
			return n, nil
		}
	}
	return 0, fmt.Errorf("no portal has the id %d", id)
}

// deal returns the id of the n-th deal of a portal.
func (l *load) deal(portal, n int) int64 {
	return int64(l.harness.world.Portals[portal].Items(bitrix24test.Deal)[n]["id"].(float64))
}

// firstDeal returns the id of a deal that every portal has.
func (l *load) firstDeal(portal int) int64 { return l.deal(portal, 0) }

const (
	openActs = `SELECT portal_id, id, format('delivery %s, annulment %s', delivery, annulment) FROM acts
		WHERE delivery IN ('queued', 'withdrawing') OR jsonb_exists_any(annulment, '{step,proposed}') ORDER BY id`
	countOpenActs     = `SELECT count(*) FROM (` + openActs + `) AS open`
	countDueReminders = `SELECT count(*) FROM reminders WHERE due_at <= clock_timestamp() AND sent_at IS NULL AND closed_at IS NULL AND NOT paused`
	openStatusTasks   = `SELECT portal_id, task_id FROM reminders WHERE task_id <> 0 AND NOT task_done`
	describeTasks     = `
		SELECT coalesce(string_agg(format('%s of %s, attempt %s, in %s s %s', kind, subject, attempts,
			CAST(extract(epoch FROM greatest(due_at, lease_until) - clock_timestamp()) AS int), problem), '; '), '') FROM tasks WHERE NOT dead`
)

// minIdleRounds is how often nothing must be left to do before the run counts as idle: events of the portals may add new tasks.
const minIdleRounds = 10

// settle waits until nothing is left to do: no task, no act in progress, and the database has the state of
// every document. It returns the reason for giving up, "" when everything became idle.
func (h *harness) settle(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, h.plan.settleTimeout)
	defer cancel()
	pending, idleRounds := "", 0
	err := apptest.Await(ctx, func() bool {
		time.Sleep(10 * time.Millisecond)
		if pending = h.pendingWork(ctx); pending != "" {
			h.lastPending, idleRounds = pending, 0
			return false
		}
		for _, p := range h.world.Portals {
			p.Drain()
		}
		idleRounds++
		return idleRounds > minIdleRounds
	})
	if err == nil {
		return ""
	}
	return cmp.Or(pending, err.Error())
}

// pendingWork describes what is still to be done, or why this cannot be read; "" when nothing is left.
func (h *harness) pendingWork(ctx context.Context) string {
	pending, err := h.readPendingWork(ctx)
	if err != nil {
		return fmt.Sprintf("the pending work cannot be read: %v", err)
	}
	return pending
}

func (h *harness) readPendingWork(ctx context.Context) (string, error) {
	var tasks string
	if err := h.db.QueryRowContext(ctx, describeTasks).Scan(&tasks); err != nil || tasks != "" {
		return tasks, err
	}
	if n, err := h.queryNumber(ctx, countOpenActs); err != nil || n > 0 {
		return fmt.Sprintf("%d acts wait for SBIS", n), err
	}
	if n, err := h.queryNumber(ctx, countDueReminders); err != nil || n > 0 {
		return fmt.Sprintf("%d reminders are due", n), err
	}
	if task, err := h.unreadTask(ctx); err != nil || task != 0 {
		return fmt.Sprintf("the program has not read the end of status task %d", task), err
	}
	states, err := h.documentStates(ctx)
	if err != nil {
		return "", err
	}
	for _, d := range h.world.SBIS.Documents() {
		if state, ok := states[d.ID]; ok && state != d.State && !d.Deleted {
			return fmt.Sprintf("document %s is in state %d, in the database %d", d.ID, d.State, state), nil
		}
	}
	return "", nil
}

// unreadTask returns a status task that was completed in a portal and is still open in the database, 0 when there is none.
func (h *harness) unreadTask(ctx context.Context) (int64, error) {
	rows, err := h.queryPairs(ctx, openStatusTasks)
	if err != nil {
		return 0, err
	}
	open := map[rules.Ref]bool{}
	for _, r := range rows {
		n, err := h.portalNumber(ctx, r[0])
		if err != nil {
			return 0, err
		}
		open[rules.Ref{Portal: n, ID: r[1]}] = true
	}
	for n, p := range h.world.Portals {
		for _, t := range statusTasksOf(n, p) {
			if t.Ended && open[rules.Ref{Portal: n, ID: t.ID}] {
				return t.ID, nil
			}
		}
	}
	return 0, nil
}

// documentStates returns the states of the existing documents in the database.
func (h *harness) documentStates(ctx context.Context) (map[string]int, error) {
	rows, err := h.db.QueryContext(ctx, `SELECT CAST(id AS text), state_code FROM edo_documents WHERE live`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	states := map[string]int{}
	for rows.Next() {
		var id string
		var state int
		if err := rows.Scan(&id, &state); err != nil {
			return nil, err
		}
		states[id] = state
	}
	return states, rows.Err()
}
