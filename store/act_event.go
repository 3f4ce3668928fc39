package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// ActEvent is one line of an act's history.
type ActEvent struct {
	ID       int64       `db:"id"`
	Act      acts.ActID  `db:"act_id"`
	At       time.Time   `db:"at"`
	Actor    string      `db:"actor"` // an acts.Actor
	User     acts.UserID `db:"user_id"`
	UserName string      `db:"user_name"`
	Kind     string      `db:"kind"`
	Text     string      `db:"text"`
	From     acts.Status `db:"from_status"`
	To       acts.Status `db:"to_status"`
	Source   string      `db:"source"` // the id of the event at SBIS, or a source of package history
	Changes  []acts.Difference
	Notice   int64 `db:"notice_id"` // the notice that contains it, 0 for none
}

const addEvent = `
	INSERT INTO act_events (portal_id, act_id, at, actor, user_id, user_name, kind, text, from_status, to_status, source, changes, notice_id)
	VALUES (:portal, :act, :at, :actor, :user, :user_name, :kind, :text, :from, :to, :source, :changes, NULLIF(CAST(:notice AS bigint), 0))
	RETURNING id`

// AddEvent appends a line to the history of an act and returns its id.
func (tx ActsTx) AddEvent(ctx context.Context, e ActEvent) (int64, error) {
	var id int64
	err := pg.Get(ctx, tx, &id, addEvent, pg.Args{"act": e.Act, "at": e.At, "actor": e.Actor, "user": e.User, "user_name": e.UserName,
		"kind": e.Kind, "text": e.Text, "from": e.From, "to": e.To, "source": e.Source,
		"changes": pg.AsJSON(slices.Concat([]acts.Difference{}, e.Changes)), "notice": e.Notice})
	if err != nil {
		return 0, fmt.Errorf("add event: %w", err)
	}
	return id, nil
}

const eventColumns = `id, act_id, at, actor, user_id, user_name, kind, text, from_status, to_status, source, changes, notice_id`

const eventsOfAct = `SELECT ` + eventColumns + ` FROM act_events WHERE portal_id = :portal AND act_id = :act ORDER BY id DESC LIMIT 200`

// Events lists the history of an act, newest first.
func (s Acts) Events(ctx context.Context, act acts.ActID) ([]ActEvent, error) {
	var events []ActEvent
	if err := pg.Select(ctx, s, &events, eventsOfAct, pg.Args{"act": act}); err != nil {
		return nil, fmt.Errorf("events of act: %w", err)
	}
	return events, nil
}

const changesOfAct = `SELECT from_status AS "from", to_status AS "to", actor AS by, kind = 'undo' AS undo FROM act_events
	WHERE portal_id = :portal AND act_id = :act AND from_status <> to_status ORDER BY id`

// Changes lists the changes of an act's status, oldest first.
func (s Acts) Changes(ctx context.Context, act acts.ActID) ([]acts.Change, error) {
	changes := []acts.Change{}
	if err := pg.Select(ctx, s, &changes, changesOfAct, pg.Args{"act": act}); err != nil {
		return nil, fmt.Errorf("changes of act: %w", err)
	}
	return changes, nil
}

const eventByID = `SELECT ` + eventColumns + ` FROM act_events WHERE portal_id = :portal AND id = :id`

// Event reads one line of history.
func (s Acts) Event(ctx context.Context, id int64) (ActEvent, error) {
	var e ActEvent
	err := pg.Get(ctx, s, &e, eventByID, pg.Args{"id": id})
	return e, pg.NotFound(err, "event", "Такой записи истории нет.")
}

const lastEvent = `SELECT ` + eventColumns + ` FROM act_events WHERE portal_id = :portal AND act_id = :act AND kind = :kind ORDER BY id DESC LIMIT 1`

// LastEvent reads the newest line of a kind in the history of an act; its zero value when there is none.
func (s Acts) LastEvent(ctx context.Context, act acts.ActID, kind string) (e ActEvent, err error) {
	_, err = pg.Find(ctx, s, &e, lastEvent, pg.Args{"act": act, "kind": kind})
	return e, pg.Wrap("last event", err)
}

const historyFaults = `
	WITH steps AS (
		SELECT e.act_id, e.id, e.from_status, e.to_status, coalesce(lag(e.to_status) OVER w, 'draft') AS was, lead(e.id) OVER w IS NULL AS last
		FROM act_events e WHERE e.portal_id = :portal AND e.from_status <> e.to_status
		WINDOW w AS (PARTITION BY e.act_id ORDER BY e.id)
	)
	SELECT format('act %s was %s, line %s changes it from %s', act_id, was, id, from_status) FROM steps WHERE was <> from_status
	UNION ALL
	SELECT format('act %s is %s, its history ends with %s', a.id, a.status, coalesce(s.to_status, 'draft'))
	FROM acts a LEFT JOIN steps s ON s.act_id = a.id AND s.last WHERE a.portal_id = :portal AND a.status <> coalesce(s.to_status, 'draft')
	UNION ALL
	SELECT format('act %s has no line about its forming', a.id) FROM acts a WHERE a.portal_id = :portal
		AND NOT EXISTS (SELECT FROM act_events e WHERE e.portal_id = :portal AND e.act_id = a.id AND e.kind = 'created')
	UNION ALL
	SELECT format('line %s of act %s has no text or no author', e.id, e.act_id) FROM act_events e
	WHERE e.portal_id = :portal AND (e.text = '' OR e.actor NOT IN ('person', 'operator', 'clock'))`

// HistoryFaults lists the gaps in the histories of the portal's acts: a status that no line leads to, an act whose forming is not recorded, a
// line without a text or an author. A correct program leaves none.
func (s Acts) HistoryFaults(ctx context.Context) ([]string, error) {
	var faults []string
	err := pg.Select(ctx, s, &faults, historyFaults, nil)
	return faults, pg.Wrap("history faults", err)
}

// Notice is a notification of a person about one or more things of one kind: lines of history, reminders, or messages about deals.
type Notice struct {
	ID    int64       `db:"id"`
	User  acts.UserID `db:"user_id"`
	Kind  string      `db:"kind"`
	Since time.Time   `db:"since"` // business time of the first line
}

// noticeWindow is how long after its first line a notice accepts further lines of its kind.
const noticeWindow = 10 * time.Minute

const (
	closeNotice = `UPDATE notices SET open = false WHERE portal_id = :portal AND user_id = :user AND kind = :kind AND open AND since <= :before`
	openNotice  = `
		INSERT INTO notices (portal_id, user_id, kind, since) VALUES (:portal, :user, :kind, :now)
		ON CONFLICT (portal_id, user_id, kind) WHERE open DO UPDATE SET since = notices.since
		RETURNING id`
	noticeByID     = `SELECT id, user_id, kind, since FROM notices WHERE portal_id = :portal AND id = :id`
	eventsOfNotice = `SELECT ` + eventColumns + ` FROM act_events WHERE portal_id = :portal AND notice_id = :notice ORDER BY id DESC`
)

// Notice returns the id of the notice to which a line of this kind is added now: the open one of the person, or a new one. now is business time.
func (tx ActsTx) Notice(ctx context.Context, user acts.UserID, kind string, now time.Time) (int64, error) {
	args := pg.Args{"user": user, "kind": kind, "now": now, "before": now.Add(-noticeWindow)}
	if _, err := pg.Exec(ctx, tx, closeNotice, args); err != nil {
		return 0, fmt.Errorf("close notice: %w", err)
	}
	var id int64
	if err := pg.Get(ctx, tx, &id, openNotice, args); err != nil {
		return 0, fmt.Errorf("open notice: %w", err)
	}
	return id, nil
}

const giveNotice = `
	UPDATE notices SET user_id = :user, open = false WHERE portal_id = :portal AND id = :notice
		AND NOT EXISTS (SELECT FROM reminders WHERE portal_id = :portal AND notice_id = :notice AND id <> :reminder)`

// GiveNotice passes a notice on to another person if the given reminder is the only one in it, else ok is false.
func (tx ActsTx) GiveNotice(ctx context.Context, notice, reminder int64, to acts.UserID) (ok bool, err error) {
	n, err := pg.Exec(ctx, tx, giveNotice, pg.Args{"notice": notice, "reminder": reminder, "user": to})
	if err != nil {
		return false, fmt.Errorf("give notice: %w", err)
	}
	return n > 0, nil
}

const noticeRecipient = `SELECT COALESCE(NULLIF(responsible_id, 0), created_by) FROM acts WHERE portal_id = :portal AND id = :id`

// NoticeRecipient returns the person who is notified about an act: its responsible, or its author when it has none.
func (s Acts) NoticeRecipient(ctx context.Context, id acts.ActID) (acts.UserID, error) {
	var user acts.UserID
	err := pg.Get(ctx, s, &user, noticeRecipient, pg.Args{"id": id})
	return user, pg.NotFound(err, "whom to notify", actNotFound)
}

// NoticeOnly reads a notice without what it contains.
func (s Acts) NoticeOnly(ctx context.Context, id int64) (n Notice, err error) {
	err = pg.Get(ctx, s, &n, noticeByID, pg.Args{"id": id})
	return n, pg.NotFound(err, "notice", "Такого уведомления нет.")
}

// Notice reads a notice with its lines of history, newest first.
func (s Acts) Notice(ctx context.Context, id int64) (n Notice, lines []ActEvent, err error) {
	if n, err = s.NoticeOnly(ctx, id); err != nil {
		return n, nil, err
	}
	if err := pg.Select(ctx, s, &lines, eventsOfNotice, pg.Args{"notice": id}); err != nil {
		return n, nil, fmt.Errorf("events of notice: %w", err)
	}
	return n, lines, nil
}
