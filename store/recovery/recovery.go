// Package recovery brings a database that was restored from a backup up to date with the CRM and SBIS. Its portals are held meanwhile:
// nothing is sent for them, and visitors only read.
package recovery

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

// skippedIDs is how many ids of every table are left out: more than a service creates between two backups.
const skippedIDs = 1_000_000

const database = `
	SELECT CAST((SELECT system_identifier FROM pg_control_system()) AS text) || '/' || (SELECT oid FROM pg_database WHERE datname = current_database()) AS name`

const (
	claim = `INSERT INTO origin (database) VALUES (:name) ON CONFLICT DO NOTHING`
	adopt = `UPDATE origin SET database = :name WHERE database <> :name`
	hold  = `WITH held AS (UPDATE portals SET state = 'held' WHERE state = 'active' RETURNING id) SELECT count(*) FROM held`
	skip  = `SELECT skip_ids(:many)`
)

// Detect holds all portals when the rows come from another database, which they do after a dump was restored. It returns how many are held
// by that.
func Detect(ctx context.Context, db *store.DB) (held int, err error) {
	var name string
	if err := pg.Get(ctx, db, &name, database, nil); err != nil {
		return 0, fmt.Errorf("name of the database: %w", err)
	}
	if _, err := pg.Exec(ctx, db, claim, pg.Args{"name": name}); err != nil {
		return 0, fmt.Errorf("claim the database: %w", err)
	}
	err = db.InTx(ctx, 0, func(tx store.Tx) error {
		n, err := pg.Exec(ctx, tx, adopt, pg.Args{"name": name})
		if err != nil || n == 0 {
			return err
		}
		held, err = holdAll(ctx, tx)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("hold restored portals: %w", err)
	}
	return held, nil
}

// Hold holds all portals, for a backup that restores the same database: that of a whole server.
func Hold(ctx context.Context, db *store.DB) (held int, err error) {
	err = db.InTx(ctx, 0, func(tx store.Tx) error {
		held, err = holdAll(ctx, tx)
		return err
	})
	return held, err
}

// holdAll leaves out the ids that lost rows have had: a new act with the id of a lost one would be taken for it.
func holdAll(ctx context.Context, tx store.Tx) (held int, err error) {
	if err := pg.Get(ctx, tx, &held, hold, nil); err != nil {
		return 0, err
	}
	if _, err := pg.Exec(ctx, tx, skip, pg.Args{"many": skippedIDs}); err != nil {
		return 0, fmt.Errorf("skip ids: %w", err)
	}
	return held, nil
}

const heldPortals = `SELECT id FROM portals WHERE state = 'held' ORDER BY id`

// Held lists the portals that are held.
func Held(ctx context.Context, db *store.DB) (ids []acts.PortalID, err error) {
	if err := pg.Select(ctx, db, &ids, heldPortals, nil); err != nil {
		return nil, fmt.Errorf("held portals: %w", err)
	}
	return ids, nil
}

const knownUntil = `SELECT items_since FROM reconciliations WHERE portal_id = :portal`

// KnownUntil returns up to when the changes of the CRM were known when the backup was made, by the clock of the CRM.
func KnownUntil(ctx context.Context, s store.Scope) (at time.Time, err error) {
	err = pg.Get(ctx, s, &at, knownUntil, nil)
	return at, pg.NotFound(err, "known changes", "Изменения портала ещё не читались.")
}

// Newest are the ids of the newest rows of a backup: rows that the reconciliation adds are newer.
type Newest struct{ Task, Trigger int64 }

const newestRows = `
	SELECT (SELECT coalesce(max(id), 0) FROM tasks WHERE portal_id = :portal) AS task,
		(SELECT coalesce(max(id), 0) FROM trigger_runs WHERE portal_id = :portal) AS trigger`

// NewestOf returns the newest rows of the portal.
func NewestOf(ctx context.Context, s store.Scope) (n Newest, err error) {
	if err := pg.Get(ctx, s, &n, newestRows, nil); err != nil {
		return Newest{}, fmt.Errorf("newest rows: %w", err)
	}
	return n, nil
}

const (
	dueReminders = `SELECT id FROM reminders WHERE portal_id = :portal AND sent_at IS NULL AND closed_at IS NULL AND NOT paused AND due_at <= :now ORDER BY id`

	// told are the acts whose item showed their status before the reconciliation, so that people were notified of it before.
	told = `told AS (
		SELECT a.id, a.deal_id FROM acts a JOIN unnest(CAST(:acts AS bigint[]), CAST(:statuses AS text[])) AS s (act, status) ON s.act = a.id AND s.status = a.status
		WHERE a.portal_id = :portal)`
	dropRepeated = `
		WITH ` + told + `
		DELETE FROM tasks t WHERE portal_id = :portal AND id > :task AND (
			kind = 'crm.timeline' AND EXISTS (SELECT FROM act_events e JOIN told ON told.id = e.act_id WHERE e.portal_id = :portal AND e.id = t.subject)
			OR kind = 'crm.notify' AND NOT EXISTS (SELECT FROM act_events e WHERE e.portal_id = :portal AND e.notice_id = t.subject AND e.act_id NOT IN (SELECT id FROM told)))`
	dropTriggers  = `WITH ` + told + ` DELETE FROM trigger_runs WHERE portal_id = :portal AND id > :trigger AND deal_id IN (SELECT deal_id FROM told)`
	markUnclear   = `UPDATE tasks SET sent_at = coalesce(sent_at, clock_timestamp()) WHERE portal_id = :portal AND lease_until < clock_timestamp()`
	wakeFeeds     = `UPDATE feeds SET next_at = clock_timestamp() WHERE portal_id = :portal`
	wakeReconcile = `UPDATE reconciliations SET next_at = clock_timestamp() WHERE portal_id = :portal`
	release       = `UPDATE portals SET state = 'active' WHERE id = :portal AND state = 'held'`
)

// DueReminders lists the reminders of the portal that are due. now is business time.
func DueReminders(ctx context.Context, s store.Scope, now time.Time) (ids []int64, err error) {
	if err := pg.Select(ctx, s, &ids, dueReminders, pg.Args{"now": now}); err != nil {
		return nil, fmt.Errorf("due reminders: %w", err)
	}
	return ids, nil
}

const (
	lastActivity = `SELECT coalesce(max(activity_id), 0) FROM letters WHERE portal_id = :portal`
	knownLetter  = `SELECT EXISTS (SELECT FROM letters WHERE portal_id = :portal AND id = :letter)`
)

// LastActivity returns the largest id of an activity in the CRM by which a letter of the backup was sent, 0 without any.
func LastActivity(ctx context.Context, s store.Scope) (id int64, err error) {
	if err := pg.Get(ctx, s, &id, lastActivity, nil); err != nil {
		return 0, fmt.Errorf("last activity of a letter: %w", err)
	}
	return id, nil
}

// HasLetter reports whether the backup has a letter; one that is not sent yet looks for itself first.
func HasLetter(ctx context.Context, s store.Scope, letter int64) (known bool, err error) {
	if err := pg.Get(ctx, s, &known, knownLetter, pg.Args{"letter": letter}); err != nil {
		return false, fmt.Errorf("known letter: %w", err)
	}
	return known, nil
}

// Release ends the holding of the portal. Every task may have been executed before the backup was restored, so each searches for its effect
// first. Comments, notifications and triggers about changes that the CRM showed already, and that are newer than the backup, were sent by the lost
// database and are dropped.
func Release(ctx context.Context, tx store.Tx, backup Newest, found *Findings) error {
	values := pg.Args{"task": backup.Task, "trigger": backup.Trigger, "acts": pq.Int64Array{}, "statuses": pq.StringArray{}}
	for act, status := range found.shown {
		values["acts"] = append(values["acts"].(pq.Int64Array), int64(act))
		values["statuses"] = append(values["statuses"].(pq.StringArray), string(status))
	}
	for _, query := range []string{dropRepeated, dropTriggers, markUnclear, wakeFeeds, wakeReconcile, release} {
		if _, err := pg.Exec(ctx, tx, query, values); err != nil {
			return fmt.Errorf("release portal: %w", err)
		}
	}
	return nil
}

const setNumber = `UPDATE acts SET number = :number WHERE portal_id = :portal AND id = :act AND number = ''`

// SetNumber stores the number that an act had been given after the backup.
func SetNumber(ctx context.Context, tx store.Tx, act acts.ActID, number string) error {
	return pg.ExecOne(ctx, tx, "set number", setNumber, pg.Args{"act": act, "number": number}, acts.Errorf(acts.Conflict, "У акта уже есть номер."))
}

const setContent = `
	UPDATE acts SET function = :function, period_from = :from, period_to = :to, basis = :basis, signer = :signer, payments = :payments, state_contract = :contract
	WHERE portal_id = :portal AND id = :act`

// SetContent stores what the document of an act at SBIS names besides number, date, parties and rows, in any status.
func SetContent(ctx context.Context, tx store.Tx, a acts.Act) error {
	return pg.ExecOne(ctx, tx, "set content", setContent, pg.Args{"act": a.ID, "function": a.Function, "from": pg.NullTime(a.From), "to": pg.NullTime(a.To),
		"basis": pg.AsJSON(a.Basis), "signer": pg.AsJSON(a.Signer), "payments": pg.AsJSON(append([]acts.Payment{}, a.Payments...)), "contract": a.StateContract},
		acts.Errorf(acts.NotFound, "Такого акта нет."))
}

// RaiseCounter makes the next number of the company's year larger than that of a number which is in use. It returns false when it is larger
// already, or the number is not made by the company's pattern.
func RaiseCounter(ctx context.Context, tx store.Tx, own store.OwnCompany, number string, date time.Time) (raised bool, err error) {
	n, ok := CounterOf(own.Numbers, number, date)
	if !ok || own.Manual {
		return false, nil
	}
	return tx.Acts().RaiseCounter(ctx, own.ID, date.Year(), n)
}

// CounterOf returns the counter in a number that acts.FormatNumber has made of a pattern.
func CounterOf(pattern, number string, date time.Time) (n int, ok bool) {
	const counter = "\x00"
	if !strings.Contains(pattern, "{N}") {
		pattern += "{N}"
	}
	text := regexp.QuoteMeta(strings.NewReplacer("{N}", counter, "{YYYY}", date.Format("2006"), "{YY}", date.Format("06")).Replace(pattern))
	found := regexp.MustCompile(`^` + strings.ReplaceAll(text, counter, `([0-9]+)`) + `$`).FindStringSubmatch(number)
	if found == nil {
		return 0, false
	}
	n, err := strconv.Atoi(found[1])
	return n, err == nil && acts.FormatNumber(pattern, n, date) == number
}

// errDry rolls back what a reconciliation would change.
var errDry = errors.New("nothing is to be changed")

// InTx runs f in one transaction of the portal, which is rolled back when nothing is to be changed.
func InTx(ctx context.Context, db *store.DB, portal acts.PortalID, found *Findings, f func(store.Tx) error) error {
	err := db.InTx(ctx, portal, func(tx store.Tx) error {
		if err := f(tx); err != nil || !found.Dry {
			return err
		}
		return errDry
	})
	if errors.Is(err, errDry) {
		return nil
	}
	return err
}
