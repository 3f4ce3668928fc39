package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// Message is a text for the CRM about a deal: a notification, or without a user a line of the deal's timeline. Without a deal it is
// about the app itself.
type Message struct {
	ID       int64       `db:"id"`
	Deal     acts.DealID `db:"deal_id"`
	User     acts.UserID `db:"user_id"`
	Text     string      `db:"text"`
	Incident int64       `db:"incident_id"` // an incident whose current state is sent instead of the text, or 0
	Notice   int64       `db:"notice_id"`   // that contains it, 0 for a message of its own
}

const addMessage = `INSERT INTO messages (portal_id, deal_id, user_id, text, incident_id, notice_id, created_at)
	VALUES (:portal, :deal, :user, :text, :incident, :notice, :now) RETURNING id`
const messageByID = `SELECT id, deal_id, user_id, text, incident_id, notice_id FROM messages WHERE portal_id = :portal AND id = :id`

// AddMessage stores a message that is to be sent. now is business time.
func (tx QuestionsTx) AddMessage(ctx context.Context, m Message, now time.Time) (int64, error) {
	var id int64
	if err := pg.Get(ctx, tx, &id, addMessage, pg.Args{"deal": m.Deal, "user": m.User, "text": m.Text, "incident": m.Incident, "notice": m.Notice, "now": now}); err != nil {
		return 0, fmt.Errorf("add message: %w", err)
	}
	return id, nil
}

// Message reads a message.
func (s Questions) Message(ctx context.Context, id int64) (Message, error) {
	var m Message
	err := pg.Get(ctx, s, &m, messageByID, pg.Args{"id": id})
	return m, pg.NotFound(err, "message", "Такого сообщения нет.")
}

const messagesOfNotice = `SELECT id, deal_id, user_id, text, incident_id, notice_id FROM messages WHERE portal_id = :portal AND notice_id = :notice ORDER BY id DESC`

// MessagesOf lists the messages that a notice contains, the newest first.
func (s Questions) MessagesOf(ctx context.Context, notice int64) ([]Message, error) {
	var list []Message
	if err := pg.Select(ctx, s, &list, messagesOfNotice, pg.Args{"notice": notice}); err != nil {
		return nil, fmt.Errorf("messages of notice: %w", err)
	}
	return list, nil
}
