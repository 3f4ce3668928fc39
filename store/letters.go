package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
)

// LetterState is what became of a letter.
type LetterState string

// The states of a letter.
const (
	LetterQueued LetterState = "queued"
	LetterSent   LetterState = "sent"
	LetterFailed LetterState = "failed"
)

// Letter is an e-mail that we send through the CRM, once.
type Letter struct {
	ID        int64       `db:"id"`
	Deal      acts.DealID `db:"deal_id"`
	Act       acts.ActID  `db:"act_id"` // 0 for a letter about the deal
	Question  int64       `db:"question_id"`
	Purpose   string      `db:"purpose"`
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

// AddLetter keeps a letter that is to be sent and returns its id.
func (tx Tx) AddLetter(ctx context.Context, l Letter) (int64, error) {
	var id int64
	err := tx.get(ctx, &id, addLetter, args{"deal": int64(l.Deal), "act": int64(l.Act), "question": l.Question, "purpose": l.Purpose, "address": l.Address,
		"subject": l.Subject, "body": l.Body, "user": int64(l.User), "user_name": l.UserName, "now": l.CreatedAt})
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

// Letter reads a letter.
func (s Scope) Letter(ctx context.Context, id int64) (Letter, error) {
	var l Letter
	err := s.get(ctx, &l, letterByID, args{"id": id})
	return l, missing(err, "letter", noSuchLetter)
}

// LockLetter reads a letter and keeps others from ending it until the transaction ends.
func (tx Tx) LockLetter(ctx context.Context, id int64) (Letter, error) {
	var l Letter
	err := tx.get(ctx, &l, lockLetter, args{"id": id})
	return l, missing(err, "letter", noSuchLetter)
}

// LastLetter finds the newest letter with an act; ok is false when there is none.
func (s Scope) LastLetter(ctx context.Context, act acts.ActID) (l Letter, ok bool, err error) {
	err = s.get(ctx, &l, lastLetter, args{"act": int64(act)})
	if errors.Is(err, sql.ErrNoRows) {
		return l, false, nil
	}
	if err != nil {
		return l, false, fmt.Errorf("last letter: %w", err)
	}
	return l, true, nil
}

const endLetter = `
	UPDATE letters SET state = :state, problem = :problem, activity_id = :activity, ended_at = :now
	WHERE portal_id = :portal AND id = :id AND state = 'queued'`

// EndLetter keeps what became of a letter. now is business time.
func (tx Tx) EndLetter(ctx context.Context, l Letter, now time.Time) error {
	return tx.one(ctx, "end letter", endLetter, args{"id": l.ID, "state": string(l.State), "problem": l.Problem, "activity": l.Activity, "now": now},
		acts.Errorf(acts.Conflict, "Письмо уже отправлено."))
}
