package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// QuestionState is the state of a question to a counterparty.
type QuestionState string

// The states of a question.
const (
	QuestionNoAddress QuestionState = "no_address" // nowhere to send it
	QuestionQueued    QuestionState = "queued"
	QuestionSent      QuestionState = "sent"
	QuestionFailed    QuestionState = "failed"
	QuestionLink      QuestionState = "link" // a person took the link and sends it himself
	QuestionWithdrawn QuestionState = "withdrawn"
)

// Question is the question to a counterparty how to exchange acts. Its moments are business time.
type Question struct {
	ID        int64         `db:"id" json:"id"`
	Deal      acts.DealID   `db:"deal_id" json:"deal_id"`
	Automatic bool          `db:"automatic" json:"automatic"`
	State     QuestionState `db:"state" json:"state"`
	Address   string        `db:"address" json:"address"`
	Problem   string        `db:"problem" json:"problem"`
	User      acts.UserID   `db:"user_id" json:"user_id"`
	UserName  string        `db:"user_name" json:"user_name"`
	CreatedAt time.Time     `db:"created_at" json:"created_at"`
	SentAt    *time.Time    `db:"sent_at" json:"sent_at"`
	Opened    *time.Time    `db:"opened_at" json:"opened_at"`
	Answered  *time.Time    `db:"answered_at" json:"answered_at"`
	Expires   time.Time     `db:"expires_at" json:"expires_at"`
	Reminded  *time.Time    `db:"reminded_at" json:"reminded_at"`
}

const questionColumns = `id, deal_id, automatic, state, address, problem, user_id, user_name, created_at, sent_at, opened_at, answered_at, expires_at, reminded_at`

const addQuestion = `
	INSERT INTO questions (portal_id, deal_id, automatic, state, address, user_id, user_name, created_at, expires_at)
	VALUES (:portal, :deal, :automatic, :state, :address, :user, :user_name, :now, :expires) RETURNING id`

// Add stores a question and returns its id; Conflict for a second automatic one of the deal.
func (tx QuestionsTx) Add(ctx context.Context, q Question) (int64, error) {
	var id int64
	err := pg.Get(ctx, tx, &id, addQuestion, pg.Args{"deal": q.Deal, "automatic": q.Automatic, "state": q.State, "address": q.Address,
		"user": q.User, "user_name": q.UserName, "now": q.CreatedAt, "expires": q.Expires})
	if pq.As(err, pqerror.UniqueViolation) != nil {
		return 0, acts.Errorf(acts.Conflict, "Вопрос по этой сделке уже задан.")
	}
	if err != nil {
		return 0, fmt.Errorf("add question: %w", err)
	}
	return id, nil
}

const saveQuestion = `
	UPDATE questions SET state = :state, address = :address, problem = :problem, sent_at = :sent, opened_at = :opened, answered_at = :answered,
		expires_at = :expires, reminded_at = :reminded
	WHERE portal_id = :portal AND id = :id`

// Save stores the state of a question.
func (tx QuestionsTx) Save(ctx context.Context, q Question) error {
	return pg.ExecOne(ctx, tx, "save question", saveQuestion, pg.Args{"id": q.ID, "state": q.State, "address": q.Address, "problem": q.Problem,
		"sent": q.SentAt, "opened": q.Opened, "answered": q.Answered, "expires": q.Expires, "reminded": q.Reminded}, errNoQuestion)
}

var errNoQuestion = acts.Errorf(acts.NotFound, "Такого вопроса нет.")

const (
	lockQuestion    = `SELECT ` + questionColumns + ` FROM questions WHERE portal_id = :portal AND id = :id FOR NO KEY UPDATE`
	questionsOfDeal = `SELECT ` + questionColumns + ` FROM questions WHERE portal_id = :portal AND deal_id = :deal ORDER BY id DESC LIMIT 20`
	questionByID    = `SELECT ` + questionColumns + ` FROM questions WHERE portal_id = :portal AND id = :id`
)

// Lock reads a question and locks it until the transaction ends.
func (tx QuestionsTx) Lock(ctx context.Context, id int64) (Question, error) {
	var q Question
	err := pg.Get(ctx, tx, &q, lockQuestion, pg.Args{"id": id})
	return q, pg.NotFound(err, "question", errNoQuestion.Text)
}

// Get reads a question.
func (s Questions) Get(ctx context.Context, id int64) (Question, error) {
	var q Question
	err := pg.Get(ctx, s, &q, questionByID, pg.Args{"id": id})
	return q, pg.NotFound(err, "question", errNoQuestion.Text)
}

// OfDeal lists the questions of a deal, the newest first.
func (s Questions) OfDeal(ctx context.Context, deal acts.DealID) ([]Question, error) {
	var list []Question
	if err := pg.Select(ctx, s, &list, questionsOfDeal, pg.Args{"deal": deal}); err != nil {
		return nil, fmt.Errorf("questions of deal: %w", err)
	}
	return list, nil
}

const addLink = `INSERT INTO question_links (hash, portal_id, question_id) VALUES (:hash, :portal, :id)`

// AddLink creates a secret link to a question: 256 random bits, of which only the hash is stored.
func (tx QuestionsTx) AddLink(ctx context.Context, question int64) (token string, err error) {
	raw := make([]byte, 32)
	rand.Read(raw)
	token = base64.RawURLEncoding.EncodeToString(raw)
	if _, err := pg.Exec(ctx, tx, addLink, pg.Args{"hash": linkHash(token), "id": question}); err != nil {
		return "", fmt.Errorf("add link: %w", err)
	}
	return token, nil
}

func linkHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

const questionOfLink = `SELECT portal_id, question_id FROM question_links l WHERE hash = :hash
	AND EXISTS (SELECT FROM portals p WHERE p.id = l.portal_id AND p.state IN ('active', 'held'))`

// QuestionOfLink finds the portal and the question behind a secret; ok is false for an unknown one.
func (db *DB) QuestionOfLink(ctx context.Context, token string) (portal acts.PortalID, question int64, ok bool, err error) {
	var row struct {
		Portal   acts.PortalID `db:"portal_id" json:"portal_id"`
		Question int64         `db:"question_id" json:"question_id"`
	}
	ok, err = pg.Find(ctx, db, &row, questionOfLink, pg.Args{"hash": linkHash(token)})
	return row.Portal, row.Question, ok, pg.Wrap("question of link", err)
}

const addAnswerDeadline = `
	INSERT INTO answer_deadlines (portal_id, question_id, due_at) VALUES (:portal, :id, :due)
	ON CONFLICT (portal_id, question_id) DO UPDATE SET due_at = EXCLUDED.due_at`
const dropAnswerDeadlines = `DELETE FROM answer_deadlines d USING questions q WHERE d.portal_id = :portal AND q.portal_id = d.portal_id AND q.id = d.question_id AND q.deal_id = :deal`
const takeAnswerDeadline = `DELETE FROM answer_deadlines WHERE portal_id = :portal AND question_id = :id AND due_at <= :now`

// SetAnswerDeadline sets when the responsible is notified that a question was not answered. due is business time.
func (tx QuestionsTx) SetAnswerDeadline(ctx context.Context, question int64, due time.Time) error {
	if _, err := pg.Exec(ctx, tx, addAnswerDeadline, pg.Args{"id": question, "due": due}); err != nil {
		return fmt.Errorf("set answer deadline: %w", err)
	}
	return nil
}

// DropAnswerDeadlines cancels the notifications about a deal that was answered.
func (tx QuestionsTx) DropAnswerDeadlines(ctx context.Context, deal acts.DealID) error {
	if _, err := pg.Exec(ctx, tx, dropAnswerDeadlines, pg.Args{"deal": deal}); err != nil {
		return fmt.Errorf("drop answer deadlines of deal: %w", err)
	}
	return nil
}

// TakeAnswerDeadline takes a due notification; ok is false when another process has taken it. now is business time.
func (tx QuestionsTx) TakeAnswerDeadline(ctx context.Context, question int64, now time.Time) (ok bool, err error) {
	n, err := pg.Exec(ctx, tx, takeAnswerDeadline, pg.Args{"id": question, "now": now})
	if err != nil {
		return false, fmt.Errorf("take answer deadline: %w", err)
	}
	return n > 0, nil
}

const dueUnanswered = `
	SELECT d.portal_id, d.question_id AS id FROM answer_deadlines d JOIN portals p ON p.id = d.portal_id
	WHERE d.due_at <= :now AND p.state = 'active' ORDER BY d.due_at LIMIT :limit`

// DueUnanswered lists the unanswered questions of all portals whose notification is due. now is business time.
func (db *DB) DueUnanswered(ctx context.Context, now time.Time, limit int) ([]Due, error) {
	return db.due(ctx, "due unanswered questions", dueUnanswered, now, limit)
}
