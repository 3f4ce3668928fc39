package store_test

import (
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

// manyReminders fills the table: one act with a reminder a day, the first ones due.
func manyReminders(t *testing.T, db *store.DB, p acts.PortalID, act acts.ActID, all, due int) {
	t.Helper()
	asOwner(t, db, `INSERT INTO reminders (portal_id, act_id, kind, since, due_on, due_at)
		SELECT $1, $2, 'unsigned', CAST($3 AS timestamptz), CAST($3 AS date) + n,
			CAST($3 AS timestamptz) + CASE WHEN n < CAST($5 AS int) THEN '-1 hour' ELSE make_interval(days => n + 1) END
		FROM generate_series(0, CAST($4 AS int) - 1) n`, p, act, morning, all, due)
}

// The clock asks every few seconds: it finds the due ones by the index of those alone.
func TestDueRemindersAreFoundByTheirIndex(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	manyReminders(t, db, p, paperAct(t, db, p, acts.StatusSent), 20_000, 5)
	asOwner(t, db, "ANALYZE reminders")
	if n := dueCount(t, db, morning); n != 5 {
		t.Errorf("%d reminders are due, want 5", n)
	}
	lines, err := db.DuePlan(ctx, morning)
	plan := strings.Join(lines, "\n")
	if err != nil || strings.Contains(plan, "Seq Scan on reminders") || !strings.Contains(plan, "reminders_due") {
		t.Errorf("%v\n%s", err, plan)
	}
}

// The tasks that wait for an answer are read page by page; each comes once.
func TestOpenTasksPageByPage(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	act := paperAct(t, db, p, acts.StatusSent)
	manyReminders(t, db, p, act, 130, 0)
	asOwner(t, db, `UPDATE reminders SET task_id = 1000 + id, fired_at = due_at WHERE id > 10`)
	asOwner(t, db, `UPDATE reminders SET task_done = true WHERE id IN (20, 21)`)
	asOwner(t, db, `UPDATE reminders SET closed_at = due_at WHERE id = 22`)
	seen, pages := map[int64]bool{}, 0
	for after := int64(0); ; pages++ {
		page, err := db.Scope(p).Reminders().OpenTasks(ctx, after)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			if seen[r.ID] || r.ID <= after || r.Done || r.Closed || r.Task != 1000+r.ID {
				t.Errorf("after %d comes %+v", after, r)
			}
			seen[r.ID], after = true, r.ID
		}
	}
	if len(seen) != 117 || pages != 3 {
		t.Errorf("%d tasks on %d pages; want 117 on 3", len(seen), pages)
	}
	if list, _ := db.Scope(other).Reminders().OpenTasks(ctx, 0); len(list) != 0 {
		t.Errorf("the neighbour sees %d of our tasks", len(list))
	}
}

func TestReminderOfTask(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	r := remind(t, db, p, unsigned(paperAct(t, db, p, acts.StatusSent)))
	task := func(id int64, done bool) {
		inTx(t, db, p, func(tx store.Tx) error { return tx.Reminders().SetTask(ctx, r.ID, id, done) })
	}
	find := func(as acts.PortalID, id int64) bool {
		got, ok, err := db.Scope(as).Reminders().OfTask(ctx, id)
		if err != nil || ok && got.ID != r.ID {
			t.Errorf("ReminderOfTask(%d) = %+v, %v", id, got, err)
		}
		return ok
	}
	if find(p, 0) {
		t.Error("a reminder without a task is found by task 0")
	}
	task(55, false)
	if !find(p, 55) || find(other, 55) || find(p, 56) {
		t.Error("task 55 is ours, not the neighbour's, and 56 is nobody's")
	}
	task(55, true)
	if find(p, 55) {
		t.Error("an ended task is ended again")
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Reminders().Close(ctx, r.ID, time.Now()) })
	if got, err := db.Scope(p).Reminders().Get(ctx, r.ID); err != nil || !got.Closed || !got.Done || got.Task != 55 {
		t.Errorf("kept %+v, %v", got, err)
	}
}
