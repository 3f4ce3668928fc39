package store_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

// dueDay is the deadline; the reminder is due in the morning after it.
var (
	dueDay  = time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	morning = time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
)

func unsigned(act acts.ActID) store.Reminder {
	return store.Reminder{Act: act, Kind: acts.RemindUnsigned, Since: dueDay.AddDate(0, 0, -7), DueOn: dueDay, DueAt: morning}
}

// remind adds a reminder and returns it as stored.
func remind(t *testing.T, db *store.DB, p acts.PortalID, r store.Reminder) store.Reminder {
	t.Helper()
	inTx(t, db, p, func(tx store.Tx) error { return tx.Reminders().Add(ctx, r) })
	open, err := db.Scope(p).Reminders().Open(ctx, r.Act)
	if err != nil || len(open) == 0 {
		t.Fatalf("Open = %+v, %v", open, err)
	}
	return open[len(open)-1]
}

func fire(t *testing.T, db *store.DB, p acts.PortalID, id int64, now time.Time) (ok bool) {
	t.Helper()
	inTx(t, db, p, func(tx store.Tx) (err error) { ok, err = tx.Reminders().Take(ctx, id, now); return err })
	return ok
}

func dueCount(t *testing.T, db *store.DB, now time.Time) int {
	t.Helper()
	due, err := db.DueReminders(ctx, now, 50)
	if err != nil {
		t.Fatal(err)
	}
	return len(due)
}

// Two replicas, twenty workers, one task.
func TestReminderFiresOnce(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	r := remind(t, db, p, unsigned(paperAct(t, db, p, acts.StatusSent)))
	pools := []*store.DB{db, twin(t, db)}
	var sent atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			err := pools[i%2].InTx(ctx, p, func(tx store.Tx) error {
				ok, err := tx.Reminders().Take(ctx, r.ID, morning)
				if ok {
					sent.Add(1)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if sent.Load() != 1 || dueCount(t, db, morning) != 0 {
		t.Errorf("sent %d times, %d are still due; want once and none", sent.Load(), dueCount(t, db, morning))
	}
}

func TestWhatIsNotSent(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	act := paperAct(t, db, p, acts.StatusSent)
	r := remind(t, db, p, unsigned(act))
	pause := func(paused bool) {
		inTx(t, db, p, func(tx store.Tx) error { return tx.Reminders().Pause(ctx, 7, paused) })
	}
	mustNotFire := func(when string, as acts.PortalID, now time.Time) {
		t.Helper()
		if fire(t, db, as, r.ID, now) || as == p && dueCount(t, db, now) != 0 {
			t.Errorf("%s: it is sent", when)
		}
	}
	mustNotFire("a second before its moment", p, morning.Add(-time.Second))
	mustNotFire("asked by another portal", other, morning)
	pause(true)
	mustNotFire("the deal is deleted", p, morning)
	pause(false)
	if dueCount(t, db, morning) != 1 {
		t.Error("the deal was restored and the reminder is lost")
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Reminders().Close(ctx, r.ID, morning) })
	mustNotFire("the act was signed", p, morning)
	pause(false)
	mustNotFire("signed, then the deal restored", p, morning)
	remind(t, db, p, unsigned(act))
	inTx(t, db, p, func(tx store.Tx) error { return tx.Portals().Freeze(ctx, time.Now()) })
	if n := dueCount(t, db, morning); n != 0 {
		t.Errorf("%d reminders of a portal that removed the app are due", n)
	}
}

// A reminder that is added while the deal is deleted is paused until the deal is restored.
func TestReminderOfADeletedDealIsPaused(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := paperAct(t, db, p, acts.StatusSent)
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().SetDeleted(ctx, 7) })
	r := remind(t, db, p, unsigned(act))
	if fire(t, db, p, r.ID, morning) || dueCount(t, db, morning) != 0 {
		t.Error("a new reminder of a deleted deal is sent")
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Reminders().Close(ctx, r.ID, morning) })
	if r = remind(t, db, p, unsigned(act)); fire(t, db, p, r.ID, morning) {
		t.Error("a reopened reminder of a deleted deal is sent")
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Reminders().Pause(ctx, 7, false) })
	if !fire(t, db, p, r.ID, morning) {
		t.Error("the deal is restored and its reminder is not sent")
	}
}

// A mark that is set and undone on one day reopens the reminder; one that was sent stays sent.
func TestReminderIsRevived(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := paperAct(t, db, p, acts.StatusSent)
	r := remind(t, db, p, unsigned(act))
	inTx(t, db, p, func(tx store.Tx) error { return tx.Reminders().Close(ctx, r.ID, morning) })
	later := unsigned(act)
	later.DueAt = morning.Add(time.Hour)
	revived := remind(t, db, p, later)
	if revived.ID != r.ID || revived.Closed || !revived.DueAt.Equal(later.DueAt) {
		t.Errorf("the same day gives %+v; want reminder %d open again", revived, r.ID)
	}
	if !fire(t, db, p, r.ID, later.DueAt) {
		t.Fatal("a reopened reminder is not sent")
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Reminders().Close(ctx, r.ID, morning) })
	inTx(t, db, p, func(tx store.Tx) error { return tx.Reminders().Add(ctx, unsigned(act)) })
	if got, err := db.Scope(p).Reminders().Get(ctx, r.ID); err != nil || !got.Sent || !got.Closed {
		t.Errorf("a sent reminder is open again: %+v, %v", got, err)
	}
	next := unsigned(act)
	next.DueOn, next.DueAt = dueDay.AddDate(0, 0, 7), morning.AddDate(0, 0, 7)
	if another := remind(t, db, p, next); another.ID == r.ID || another.Sent {
		t.Errorf("on a new day: %+v; want another reminder", another)
	}
}

// The deadline of an act is that of its open reminder, so that lists can select and sort by it.
func TestActHasTheDeadlineOfItsReminder(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := paperAct(t, db, p, acts.StatusSent)
	want := func(when string, day time.Time) {
		t.Helper()
		if got, err := db.Scope(p).Acts().Details(ctx, act); err != nil || !got.Due.Equal(day) {
			t.Errorf("%s: the deadline is %v, %v; want %v", when, got.Due, err, day)
		}
	}
	want("without reminders", time.Time{})
	letter := unsigned(act)
	letter.Kind = acts.RemindCounterparty
	remind(t, db, p, letter)
	want("with a letter to the counterparty", time.Time{})
	later := unsigned(act)
	later.DueOn = dueDay.AddDate(0, 0, 3)
	last := remind(t, db, p, later)
	want("with a reminder", later.DueOn)
	first := remind(t, db, p, unsigned(act))
	want("with an earlier one", dueDay)
	for _, closed := range []struct {
		id  int64
		day time.Time
	}{{first.ID, later.DueOn}, {last.ID, time.Time{}}} {
		inTx(t, db, p, func(tx store.Tx) error { return tx.Reminders().Close(ctx, closed.id, morning) })
		want("after a reminder was closed", closed.day)
	}
}

// manyReminders fills the table: one act with a reminder a day, the first ones due.
func manyReminders(t *testing.T, db *store.DB, p acts.PortalID, act acts.ActID, all, due int) {
	t.Helper()
	asOwner(t, db, `INSERT INTO reminders (portal_id, act_id, kind, since, due_on, due_at)
		SELECT $1, $2, 'unsigned', CAST($3 AS timestamptz), CAST($3 AS date) + n,
			CAST($3 AS timestamptz) + CASE WHEN n < CAST($5 AS int) THEN '-1 hour' ELSE make_interval(days => n + 1) END
		FROM generate_series(0, CAST($4 AS int) - 1) n`, p, act, morning, all, due)
}

// Due reminders are queried every few seconds: the query uses the index reminders_due.
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

// Tasks that wait for an answer are read page by page, each once.
func TestOpenTasksPageByPage(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	act := paperAct(t, db, p, acts.StatusSent)
	manyReminders(t, db, p, act, 130, 0)
	asOwner(t, db, `UPDATE reminders SET task_id = 1000 + id, sent_at = due_at WHERE id > 10`)
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
				t.Errorf("after %d follows %+v", after, r)
			}
			seen[r.ID], after = true, r.ID
		}
	}
	if len(seen) != 117 || pages != 3 {
		t.Errorf("%d tasks on %d pages; want 117 on 3", len(seen), pages)
	}
	if list, _ := db.Scope(other).Reminders().OpenTasks(ctx, 0); len(list) != 0 {
		t.Errorf("another portal sees %d of our tasks", len(list))
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
			t.Errorf("OfTask(%d) = %+v, %v", id, got, err)
		}
		return ok
	}
	if find(p, 0) {
		t.Error("a reminder without a task is found by task 0")
	}
	task(55, false)
	if !find(p, 55) || find(other, 55) || find(p, 56) {
		t.Error("task 55 is ours, not another portal's, and 56 is nobody's")
	}
	task(55, true)
	if find(p, 55) {
		t.Error("an ended task is ended again")
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Reminders().Close(ctx, r.ID, time.Now()) })
	if got, err := db.Scope(p).Reminders().Get(ctx, r.ID); err != nil || !got.Closed || !got.Done || got.Task != 55 {
		t.Errorf("stored %+v, %v", got, err)
	}
}
