package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

// BulkAction is an action over many acts at once.
type BulkAction string

// The actions of a bulk; the last four change nothing and gather the acts into a file.
const (
	BulkSend        BulkAction = "send"
	BulkAsk         BulkAction = "ask"
	BulkRemind      BulkAction = "remind"
	BulkResponsible BulkAction = "responsible"
	BulkPDF         BulkAction = "pdf"
	BulkXML         BulkAction = "xml"
	BulkSigned      BulkAction = "signed"
	BulkTable       BulkAction = "table"
)

// BulkState is the state of a bulk.
type BulkState string

// The states of a bulk.
const (
	BulkChoosing  BulkState = "choosing" // the new responsible is not chosen yet
	BulkChecking  BulkState = "checking"
	BulkChecked   BulkState = "checked"
	BulkRunning   BulkState = "running"
	BulkDone      BulkState = "done"
	BulkCancelled BulkState = "cancelled"
)

// Bulk is an action over many acts that a person requested, with the number of acts in each state.
type Bulk struct {
	ID         int64       `db:"id"`
	Action     BulkAction  `db:"action"`
	Target     acts.UserID `db:"target_id"`
	TargetName string      `db:"target_name"`
	State      BulkState   `db:"state"`
	User       acts.UserID `db:"user_id"`
	UserName   string      `db:"user_name"`
	CreatedAt  time.Time   `db:"created_at"` // business time

	New     int `db:"rows_new"` // not checked yet
	Refused int `db:"rows_refused"`
	Waiting int `db:"rows_waiting"` // accepted, not processed yet
	Done    int `db:"rows_done"`
	Failed  int `db:"rows_failed"`
}

// Acts returns how many acts were selected.
func (b Bulk) Acts() int { return b.New + b.Refused + b.Waiting + b.Done + b.Failed }

// BulkRow is one act of a bulk.
type BulkRow struct {
	N     int        `db:"n"`
	Act   acts.ActID `db:"act_id"`
	State string     `db:"state"`
	Tries int        `db:"tries"`
}

// The states of a row.
const (
	RowNew     = "new"
	RowRefused = "refused"
	RowWaiting = "waiting"
	RowDone    = "done"
	RowFailed  = "failed"
)

// SelectedAct is an act that was selected in a list.
type SelectedAct struct {
	ID   acts.ActID  `db:"id"`
	Deal acts.DealID `db:"deal_id"`
}

const addBulk = `
	INSERT INTO bulks (portal_id, form_key, action, state, user_id, user_name, created_at)
	VALUES (:portal, :form, :action, :state, :user, :user_name, :now) ON CONFLICT (portal_id, form_key) DO NOTHING RETURNING id`

const bulkOfForm = `SELECT id FROM bulks WHERE portal_id = :portal AND form_key = :form`

// addRows refuses further acts of a deal when the action is done once per deal. The rows of a bulk that needs no check are waiting
// from the start.
const addRows = `
	INSERT INTO bulk_rows (portal_id, bulk_id, n, act_id, state, reason)
	SELECT :portal, :bulk, q.n, q.act, CASE WHEN q.again THEN 'refused' WHEN :state = 'checked' THEN 'waiting' ELSE 'new' END, CASE WHEN q.again THEN :again ELSE '' END
	FROM (SELECT c.n, c.act, CAST(:again AS text) <> '' AND row_number() OVER (PARTITION BY c.deal ORDER BY c.n) > 1 AS again
		FROM unnest(CAST(:acts AS bigint[]), CAST(:deals AS bigint[])) WITH ORDINALITY AS c (act, deal, n)) q`

// Add stores a bulk over the selected acts; a form that was sent twice returns the bulk of the first time. If once is set, only the
// first act of each deal is accepted, and once is the reason with which the others are refused.
func (tx BulksTx) Add(ctx context.Context, form string, b Bulk, chosen []SelectedAct, once string) (id int64, added bool, err error) {
	var ids []int64
	err = pg.Select(ctx, tx, &ids, addBulk, pg.Args{"form": form, "action": b.Action, "state": b.State, "user": b.User,
		"user_name": b.UserName, "now": b.CreatedAt})
	if err == nil && len(ids) == 0 {
		err = pg.Get(ctx, tx, &id, bulkOfForm, pg.Args{"form": form})
		return id, false, err
	}
	if err != nil {
		return 0, false, fmt.Errorf("add bulk: %w", err)
	}
	list, deals := make([]int64, len(chosen)), make([]int64, len(chosen))
	for i, c := range chosen {
		list[i], deals[i] = int64(c.ID), int64(c.Deal)
	}
	if _, err := pg.Exec(ctx, tx, addRows, pg.Args{"bulk": ids[0], "acts": pq.Array(list), "deals": pq.Array(deals), "again": once, "state": b.State}); err != nil {
		return 0, false, fmt.Errorf("add rows of bulk: %w", err)
	}
	return ids[0], true, nil
}

const bulkColumns = `b.id, b.action, b.target_id, b.target_name, b.state, b.user_id, b.user_name, b.created_at`

const bulksCounted = `
	SELECT ` + bulkColumns + `, c.* FROM bulks b CROSS JOIN LATERAL (
		SELECT count(*) FILTER (WHERE r.state = 'new') AS rows_new, count(*) FILTER (WHERE r.state = 'refused') AS rows_refused,
			count(*) FILTER (WHERE r.state = 'waiting') AS rows_waiting, count(*) FILTER (WHERE r.state = 'done') AS rows_done,
			count(*) FILTER (WHERE r.state = 'failed') AS rows_failed
		FROM bulk_rows r WHERE r.portal_id = :portal AND r.bulk_id = b.id) c
	WHERE b.portal_id = :portal AND `

const (
	bulkByID    = bulksCounted + `b.id = :id`
	bulksOfUser = bulksCounted + `b.user_id = :user ORDER BY b.id DESC LIMIT 20`
)

// errNoBulk is the same for a bulk that does not exist and for one of another portal.
var errNoBulk = acts.Errorf(acts.NotFound, "Такого массового действия нет.")

// Get reads a bulk with its counts.
func (s Bulks) Get(ctx context.Context, id int64) (Bulk, error) {
	var b Bulk
	err := pg.Get(ctx, s, &b, bulkByID, pg.Args{"id": id})
	return b, pg.NotFound(err, "bulk", errNoBulk.Text)
}

// OfUser lists the last bulks of an employee, newest first.
func (s Bulks) OfUser(ctx context.Context, user acts.UserID) ([]Bulk, error) {
	var found []Bulk
	if err := pg.Select(ctx, s, &found, bulksOfUser, pg.Args{"user": user}); err != nil {
		return nil, fmt.Errorf("bulks: %w", err)
	}
	return found, nil
}

// moveBulk leaves the target unchanged when none is named.
const moveBulk = `
	UPDATE bulks b SET state = :to, target_id = CASE WHEN :target > 0 THEN :target ELSE b.target_id END,
		target_name = CASE WHEN :target > 0 THEN :target_name ELSE b.target_name END, ended_at = CASE WHEN :to IN ('done', 'cancelled') THEN :now ELSE b.ended_at END
	WHERE b.portal_id = :portal AND b.id = :id AND b.state = ANY (CAST(:from AS text[]))`

// BulkMove is a change of a bulk's state, and of its target where one is named.
type BulkMove struct {
	From   []BulkState
	To     BulkState
	Target people.User
	At     time.Time // business time
}

// Move changes the state of a bulk; Conflict when it is in none of the expected ones.
func (tx BulksTx) Move(ctx context.Context, id int64, m BulkMove) error {
	from := make([]string, len(m.From))
	for i, s := range m.From {
		from[i] = string(s)
	}
	return pg.ExecOne(ctx, tx, "move bulk", moveBulk, pg.Args{"id": id, "from": pq.Array(from), "to": m.To, "target": m.Target.ID,
		"target_name": m.Target.Name, "now": m.At}, acts.Errorf(acts.Conflict, "Это действие уже выполняется или закончено. Обновите страницу."))
}

// Changes reports whether the action does something; otherwise the acts are only gathered into a file.
func (a BulkAction) Changes() bool { return !a.Archives() && a != BulkTable }

// Archives reports whether the file is an archive of documents.
func (a BulkAction) Archives() bool { return a == BulkPDF || a == BulkXML || a == BulkSigned }
