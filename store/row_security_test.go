package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/acts/period"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/audit"
	"acts24/store/people"
	"acts24/store/plans"
	"acts24/store/queue"
	"acts24/store/robots"
)

// securedTables are the tables with rows of one portal.
var securedTables = []string{"saved_filters", "user_preferences",
	"tokens", "settings", "edo_accounts", "own_companies", "number_counters", "deals", "deal_rows", "deal_badges",
	"acts", "act_lines", "act_events", "files", "file_chunks", "edo_documents", "edo_events", "edo_lookups", "act_files", "letters", "users", "bulks", "bulk_rows",
	"incidents", "digests", "digest_refusals", "group_members", "group_changes", "units", "structures", "administrators",
	"installs", "install_steps", "certificates", "term_warnings", "closed_tries", "list_preferences", "people", "monthly_runs",
	"notices", "timeline_comments", "robot_calls", "trigger_runs", "visit_deals", "audit"}

// dueTables are read over all portals by workers whose connection is bound to "*".
var dueTables = []string{"feeds", "reminders", "answer_deadlines", "invitations", "monthly_plans", "robot_deadlines"}

// Row-level security: a connection of the app role sees the rows of the portal that is set on it, and none without one.
func TestRowLevelSecurity(t *testing.T) {
	db := open(t)
	mine, theirs := portal(t, db, "a"), portal(t, db, "b")
	addRowsToTables(t, db, mine)
	conn, err := asApp(t, db).Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, table := range []string{"saved_filters", "user_preferences",
		"acts", "act_lines", "act_events", "deals", "deal_rows", "deal_badges", "files", "file_chunks", "tokens", "own_companies",
		"number_counters", "act_files", "letters", "users", "bulks", "bulk_rows", "group_members", "group_changes", "units", "structures", "administrators",
		"installs", "install_steps", "people", "feeds", "reminders", "answer_deadlines", "invitations", "monthly_plans", "monthly_runs",
		"robot_calls", "robot_deadlines", "trigger_runs", "audit"} {
		if n := seen(t, conn, table, mine, mine); n == 0 {
			t.Errorf("%s: the table has no rows, the test proves nothing", table)
		}
	}
	for _, table := range slices.Concat(securedTables, dueTables) {
		if n := seen(t, conn, table, 0, mine); n != 0 {
			t.Errorf("%s: %d rows without a portal; want none", table, n)
		}
		if n := seen(t, conn, table, theirs, mine); n != 0 {
			t.Errorf("%s: another portal sees %d rows; want none", table, n)
		}
	}
}

// A worker that is bound to no portal finds what is due in all of them, and nothing else.
func TestWorkersSeeOnlyWhatIsDue(t *testing.T) {
	db := open(t)
	mine := portal(t, db, "a")
	addRowsToTables(t, db, mine)
	tx, err := asApp(t, db).BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "SELECT set_config('acts.portal', '*', true)"); err != nil {
		t.Fatal(err)
	}
	for _, table := range dueTables {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil || n == 0 {
			t.Errorf("%s: %d rows, %v", table, n, err)
		}
	}
	for _, table := range securedTables {
		var n int
		if _, err := tx.ExecContext(ctx, "SAVEPOINT one"); err != nil {
			t.Fatal(err)
		}
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n); err == nil && n != 0 {
			t.Errorf("%s: %d rows are seen over all portals", table, n)
		}
		if _, err := tx.ExecContext(ctx, "ROLLBACK TO one"); err != nil {
			t.Fatal(err)
		}
	}
}

// addRowsToTables adds a row of a portal to each table with row-level security.
func addRowsToTables(t *testing.T, db *store.DB, p acts.PortalID) {
	t.Helper()
	act := paperAct(t, db, p, acts.StatusDraft)
	if err := audit.Add(ctx, db, p, audit.Record{User: 2, Action: "file", Object: "acts/1/print"}); err != nil {
		t.Fatal(err)
	}
	inTx(t, db, p, func(tx store.Tx) error {
		file, err := tx.Files().Add(ctx, "акт.pdf", "application/pdf", bytes.NewReader([]byte("%PDF-")), time.Now())
		if err != nil {
			return err
		}
		if err := tx.Acts().AddFile(ctx, act, store.ActFile{File: store.File{ID: file}, Side: acts.SideOurs}, time.Now()); err != nil {
			return err
		}
		if _, err := tx.Letters().Add(ctx, letter(act)); err != nil {
			return err
		}
		if _, err := tx.Acts().AddEvent(ctx, store.ActEvent{Act: act, At: time.Now(), Actor: "person", Kind: "created", Text: "Сформирован"}); err != nil {
			return err
		}
		if _, err := tx.Acts().NextNumber(ctx, 1, 2026); err != nil {
			return err
		}
		if err := tx.Acts().SetResponsible(ctx, act, 2); err != nil {
			return err
		}
		if _, _, err := tx.Bulks().Add(ctx, uuid.NewString(), store.Bulk{Action: store.BulkSend, State: store.BulkChecking, CreatedAt: time.Now()}, []store.SelectedAct{{ID: act, Deal: 7}}, ""); err != nil {
			return err
		}
		if err := tx.Plans().Save(ctx, plans.Plan{Deal: 7, Enabled: true, Rule: period.Rule{Covers: period.CoversThisMonth}, SetAt: time.Now(), NextMonth: time.Now(), CheckAt: time.Now()}); err != nil {
			return err
		}
		if _, err := tx.Plans().AddRun(ctx, 7, time.Now(), time.Now()); err != nil {
			return err
		}
		if _, _, err := tx.Robots().Add(ctx, robots.Call{Token: "t", Deal: 7, ReceivedAt: time.Now()}, time.Now()); err != nil {
			return err
		}
		if _, err := tx.Robots().AddTrigger(ctx, 7, automation.TriggerSent); err != nil {
			return err
		}
		if _, err := tx.People().AddSavedFilter(ctx, people.SavedFilter{Owner: 2, Name: "Бумага", Query: "medium=paper"}); err != nil {
			return err
		}
		if err := tx.People().SetTheme(ctx, 2, people.ThemeDark); err != nil {
			return err
		}
		unit := people.Unit{Kind: roles.MemberDepartment, ID: 1, Name: "Отдел"}
		return errors.Join(tx.Robots().SetBadge(ctx, 7, robots.Badge{Activity: 1}), tx.Installs().Request(ctx, "Анна", store.InstallPlan{}), tx.Installs().Start(ctx, []string{"fields"}, nil),
			tx.People().SaveUser(ctx, people.User{ID: 2, Name: "Анна", Active: true}),
			tx.People().SaveStructure(ctx, people.Structure{Employees: []people.Employee{{User: people.User{ID: 2, Name: "Анна", Active: true}}}, Units: []people.Unit{unit}}),
			tx.People().SetMember(ctx, people.GroupMember{Kind: roles.MemberUser, ID: 2, Role: roles.RoleWorker, Name: "Анна"}),
			tx.People().SaveAccess(ctx, map[acts.UserID]roles.Access{2: {Role: roles.RoleWorker}}), queue.AddFeed(ctx, tx, 1, time.Now()),
			tx.Reminders().Add(ctx, store.Reminder{Act: act, Kind: "unsigned", Since: time.Now(), DueOn: time.Now(), DueAt: time.Now()}),
			tx.Questions().SetAnswerDeadline(ctx, 1, time.Now()), tx.Counterparties().FollowInvitation(ctx, 7, time.Now(), time.Now()),
			tx.People().AddChange(ctx, people.GroupChange{At: time.Now(), UserName: "Анна", Text: "В группу: Анна."}), tx.People().SetAdministrator(ctx, 2, "Анна", true))
	})
}

// seen counts the rows of a portal in a table while the connection is bound to the portal as, 0 for none.
func seen(t *testing.T, conn *sql.Conn, table string, as, of acts.PortalID) (n int) {
	t.Helper()
	bound := ""
	if as != 0 {
		bound = fmt.Sprint(as)
	}
	if _, err := conn.ExecContext(ctx, "SELECT set_config('acts.portal', $1, false)", bound); err != nil {
		t.Fatal(err)
	}
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM "+table+" WHERE portal_id = $1", of).Scan(&n); err != nil {
		t.Errorf("%s: %v", table, err)
	}
	return n
}

// Statements on another portal's connection do not change our rows.
func TestNeighbourWritesNothing(t *testing.T) {
	db := open(t)
	mine, theirs := portal(t, db, "a"), portal(t, db, "b")
	addRowsToTables(t, db, mine)
	for _, query := range []string{"UPDATE act_files SET current = false", "DELETE FROM act_files", "UPDATE letters SET state = 'sent'", "UPDATE users SET name = ''",
		"UPDATE bulks SET state = 'running'", "UPDATE bulk_rows SET state = 'waiting'"} {
		if n := asPortal(t, db, theirs, query+" WHERE portal_id = $1", mine); n != 0 {
			t.Errorf("%s reached %d rows of another portal", query, n)
		}
	}
	err := db.InTx(ctx, theirs, func(tx store.Tx) error {
		return tx.Acts().AddFile(ctx, 1, store.ActFile{File: store.File{ID: 1}, Side: acts.SideOurs}, time.Now())
	})
	if pq.As(err, pqerror.ForeignKeyViolation) == nil {
		t.Errorf("a copy put to another portal's act: %v", err)
	}
}

func TestAppRoleIsNoOwner(t *testing.T) {
	db := open(t)
	for _, query := range []string{"CREATE TABLE x (a int)", "CREATE TEMP TABLE x (a int)", "DELETE FROM acts", "DELETE FROM act_events", "UPDATE act_events SET text = ''", "DELETE FROM audit", "UPDATE audit SET user_id = 0", "TRUNCATE audit", "COPY acts TO PROGRAM 'cat'",
		"SELECT pg_read_file('/etc/passwd')", "ALTER TABLE acts DISABLE ROW LEVEL SECURITY", "ALTER TABLE letters DISABLE ROW LEVEL SECURITY"} {
		if _, err := asApp(t, db).ExecContext(ctx, query); pq.As(err, pqerror.InsufficientPrivilege) == nil {
			t.Errorf("%s: %v, want permission denied", query, err)
		}
	}
}

func TestNeighbourSeesNothing(t *testing.T) {
	db := open(t)
	mine, theirs := portal(t, db, "a"), portal(t, db, "b")
	inTx(t, db, mine, func(tx store.Tx) error { return tx.Deals().Save(ctx, deal(7)) })
	id := addAct(t, db, mine, draft(deal(7), "1"))
	if _, err := db.Scope(theirs).Acts().Get(ctx, id); !errors.Is(err, acts.NotFound) {
		t.Errorf("another portal reads our act: %v", err)
	}
	if _, err := db.Scope(theirs).Deals().Get(ctx, 7); !errors.Is(err, acts.NotFound) {
		t.Errorf("another portal reads our deal: %v", err)
	}
	err := db.InTx(ctx, theirs, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, id, store.Move{From: acts.StatusDraft, To: acts.StatusAnnulled, Marked: true, At: time.Now()})
	})
	if !errors.Is(err, acts.Conflict) {
		t.Errorf("another portal moves our act: %v", err)
	}
}
