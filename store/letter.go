package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// LetterState is the state of a letter.
type LetterState string

// The states of a letter.
const (
	LetterQueued LetterState = "queued"
	LetterSent   LetterState = "sent"
	LetterFailed LetterState = "failed"
)

// LetterReminder is the purpose of a letter that reminds the counterparty of an act that it has not signed.
const LetterReminder = "reminder"

// LetterAnnulment is the purpose of a letter that reminds the counterparty of our proposal to annul an act.
const LetterAnnulment = "annulment"

// Letter is an e-mail that we send through the CRM, once.
type Letter struct {
	ID        int64       `db:"id"`
	Deal      acts.DealID `db:"deal_id"`
	Act       acts.ActID  `db:"act_id"` // 0 for a letter about the deal
	Question  int64       `db:"question_id"`
	Purpose   string      `db:"purpose"` // "act", "question", LetterReminder or LetterAnnulment
	Address   string      `db:"address" json:"address"`
	Subject   string      `db:"subject"`
	Body      string      `db:"body"` // HTML
	State     LetterState `db:"state" json:"state"`
	Problem   string      `db:"problem" json:"problem"`
	Activity  int64       `db:"activity_id"` // of the CRM
	User      acts.UserID `db:"user_id"`
	UserName  string      `db:"user_name"`
	CreatedAt time.Time   `db:"created_at" json:"created_at"`
}

const letterColumns = `id, deal_id, act_id, question_id, purpose, address, subject, body, state, problem, activity_id, user_id, user_name, created_at`

const addLetter = `
	INSERT INTO letters (portal_id, deal_id, act_id, question_id, purpose, address, subject, body, user_id, user_name, created_at)
	VALUES (:portal, :deal, :act, :question, :purpose, :address, :subject, :body, :user, :user_name, :now) RETURNING id`

// Add stores a letter that is to be sent and returns its id.
func (tx LettersTx) Add(ctx context.Context, l Letter) (int64, error) {
	var id int64
	err := pg.Get(ctx, tx, &id, addLetter, pg.Args{"deal": l.Deal, "act": l.Act, "question": l.Question, "purpose": l.Purpose, "address": l.Address,
		"subject": l.Subject, "body": l.Body, "user": l.User, "user_name": l.UserName, "now": l.CreatedAt})
	if err != nil {
		return 0, fmt.Errorf("add letter: %w", err)
	}
	return id, nil
}

const (
	letterByID   = `SELECT ` + letterColumns + ` FROM letters WHERE portal_id = :portal AND id = :id`
	lockLetter   = letterByID + ` FOR UPDATE`
	lastLetter   = `SELECT ` + letterColumns + ` FROM letters WHERE portal_id = :portal AND act_id = :act AND act_id <> 0 ORDER BY id DESC LIMIT 1`
	noSuchLetter = "Такого письма нет."
)

// Get reads a letter.
func (s Letters) Get(ctx context.Context, id int64) (Letter, error) {
	var l Letter
	err := pg.Get(ctx, s, &l, letterByID, pg.Args{"id": id})
	return l, pg.NotFound(err, "letter", noSuchLetter)
}

// Lock reads a letter and locks it until the transaction ends.
func (tx LettersTx) Lock(ctx context.Context, id int64) (Letter, error) {
	var l Letter
	err := pg.Get(ctx, tx, &l, lockLetter, pg.Args{"id": id})
	return l, pg.NotFound(err, "letter", noSuchLetter)
}

// Last finds the newest letter about an act; ok is false when there is none.
func (s Letters) Last(ctx context.Context, act acts.ActID) (l Letter, ok bool, err error) {
	ok, err = pg.Find(ctx, s, &l, lastLetter, pg.Args{"act": act})
	if err != nil {
		return l, false, fmt.Errorf("last letter: %w", err)
	}
	return l, ok, nil
}

const endLetter = `
	UPDATE letters SET state = :state, problem = :problem, activity_id = :activity, ended_at = :now
	WHERE portal_id = :portal AND id = :id AND state = 'queued'`

// End stores the outcome of a letter. now is business time.
func (tx LettersTx) End(ctx context.Context, l Letter, now time.Time) error {
	return pg.ExecOne(ctx, tx, "end letter", endLetter, pg.Args{"id": l.ID, "state": l.State, "problem": l.Problem, "activity": l.Activity, "now": now},
		acts.Errorf(acts.Conflict, "Письмо уже отправлено."))
}
