package main

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// list reads pairs of numbers.
func (h *harness) list(ctx context.Context, query string, args ...any) (pairs [][2]int64, err error) {
	err = h.patiently(ctx, func() error {
		pairs, err = h.listOnce(ctx, query, args...)
		return err
	})
	return pairs, err
}

func (h *harness) listOnce(ctx context.Context, query string, args ...any) ([][2]int64, error) {
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
func (h *harness) portalID(ctx context.Context, member string) (id int64, err error) {
	err = h.patiently(ctx, func() error {
		return h.db.QueryRowContext(ctx, `SELECT id FROM portals WHERE member_id = $1`, member).Scan(&id)
	})
	return id, err
}

// portalNumber returns the number in the world of the portal with this id in the database.
func (h *harness) portalNumber(ctx context.Context, id int64) int {
	if n, ok := h.portalNumbers.Load(id); ok {
		return n.(int)
	}
	for n, p := range h.world.Portals {
		if found, _ := h.portalID(ctx, p.MemberID()); found == id {
			h.portalNumbers.Store(id, n)
			return n
		}
	}
	return 0 // ctx has ended: the portal is not called any more
}

// deal returns the id of the n-th deal of a portal.
func (l *load) deal(portal, n int) int64 {
	return int64(l.harness.world.Portals[portal].Items(bitrix24test.Deal)[n]["id"].(float64))
}

func (l *load) firstDeal(portal int) int64 { return l.deal(portal, 0) }

const (
	openActs = `SELECT portal_id, id, format('delivery %s, annulment %s', delivery, annulment) FROM acts
		WHERE delivery IN ('queued', 'withdrawing') OR jsonb_exists_any(annulment, '{step,proposed}') ORDER BY id`
	overdue         = `SELECT count(*), 0 FROM reminders WHERE due_at <= clock_timestamp() AND sent_at IS NULL AND closed_at IS NULL AND NOT paused`
	openStatusTasks = `SELECT portal_id, task_id FROM reminders WHERE task_id <> 0 AND NOT task_done`
	openTasks       = `
		SELECT coalesce(string_agg(format('%s of %s, attempt %s, in %s s %s', kind, subject, attempts,
			CAST(extract(epoch FROM greatest(due_at, lease_until) - clock_timestamp()) AS int), problem), '; '), '') FROM tasks WHERE NOT dead`
)

// settle waits until nothing is left to do: no task, no act in progress, and the database has the state of
// every document. It returns the reason for giving up, "" when everything became idle.
func (h *harness) settle(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, h.plan.settleTimeout)
	defer cancel()
	why, idleRounds := "", 0
	err := apptest.Await(ctx, func() bool {
		if why = h.pendingWork(ctx); why != "" {
			h.lastPending, idleRounds = why, 0
			return false
		}
		for _, p := range h.world.Portals {
			p.Drain()
		}
		idleRounds++ // events of the portal may have added new tasks
		return idleRounds > 10
	})
	if err == nil {
		return ""
	}
	return cmp.Or(why, err.Error())
}

// pendingWork describes what is still to be done.
func (h *harness) pendingWork(ctx context.Context) string {
	time.Sleep(10 * time.Millisecond)
	var tasks string
	if err := h.db.QueryRowContext(ctx, openTasks).Scan(&tasks); err != nil || tasks != "" {
		return cmp.Or(tasks, fmt.Sprint(err))
	}
	left, err := h.list(ctx, `SELECT id, portal_id FROM (`+openActs+`) AS open`)
	if err != nil || len(left) > 0 {
		return fmt.Sprintf("%d acts wait for SBIS: %v", len(left), err)
	}
	if overdue, err := h.list(ctx, overdue); err != nil || overdue[0][0] > 0 {
		return fmt.Sprintf("%v reminders are due: %v", overdue, err)
	}
	if unread, err := h.unreadTask(ctx); err != nil || unread != 0 {
		return fmt.Sprintf("the end of task %d was not read: %v", unread, err)
	}
	known, err := h.documentStates(ctx)
	if err != nil {
		return err.Error()
	}
	for _, d := range h.world.SBIS.Documents() {
		if state, ok := known[d.ID]; ok && state != d.State && !d.Deleted {
			return fmt.Sprintf("document %s is in state %d, in the database %d", d.ID, d.State, state)
		}
	}
	return ""
}

// unreadTask returns a task that was completed in a portal and is still open in the database.
func (h *harness) unreadTask(ctx context.Context) (int64, error) {
	asks, err := h.list(ctx, openStatusTasks)
	if err != nil {
		return 0, err
	}
	open := map[[2]int64]bool{}
	for _, a := range asks {
		open[[2]int64{int64(h.portalNumber(ctx, a[0])), a[1]}] = true
	}
	for n, p := range h.world.Portals {
		for _, t := range p.Tasks() {
			id, _ := strconv.ParseInt(fmt.Sprint(t["id"]), 10, 64)
			if t["status"] == "5" && open[[2]int64{int64(n), id}] {
				return id, nil
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
