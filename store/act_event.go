package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// ActEvent is one line of an act's history.
type ActEvent struct {
	ID       int64       `db:"id"`
	Act      acts.ActID  `db:"act_id"`
	At       time.Time   `db:"at"`
	Actor    string      `db:"actor"` // person, operator or clock
	User     acts.UserID `db:"user_id"`
	UserName string      `db:"user_name"`
	Kind     string      `db:"kind"`
	Text     string      `db:"text"`
	From     acts.Status `db:"from_status"`
	To       acts.Status `db:"to_status"`
	Source   string      `db:"source"`
}

const addEvent = `
	INSERT INTO act_events (portal_id, act_id, at, actor, user_id, user_name, kind, text, from_status, to_status, source)
	VALUES (:portal, :act, :at, :actor, :user, :user_name, :kind, :text, :from, :to, :source)
	RETURNING id`

// AddEvent appends to the history of an act and returns the event's id.
func (tx ActsTx) AddEvent(ctx context.Context, e ActEvent) (int64, error) {
	var id int64
	err := pg.Get(ctx, tx, &id, addEvent, pg.Args{"act": e.Act, "at": e.At, "actor": e.Actor, "user": e.User, "user_name": e.UserName,
		"kind": e.Kind, "text": e.Text, "from": e.From, "to": e.To, "source": e.Source})
	if err != nil {
		return 0, fmt.Errorf("add event: %w", err)
	}
	return id, nil
}

const eventColumns = `id, act_id, at, actor, user_id, user_name, kind, text, from_status, to_status, source`

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
