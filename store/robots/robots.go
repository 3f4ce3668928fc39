// Package robots stores what the automation of portals has to do with us: calls of our robots, triggers to execute, and badges of deals.
package robots

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// Scope reads calls, triggers and badges.
type Scope struct{ reads }

// Tx reads and writes calls, triggers and badges.
type Tx struct {
	Scope
	writes
}

type (
	reads  = pg.Scope
	writes = pg.Writing
)

// ScopeOf returns the calls, triggers and badges of a portal.
func ScopeOf(s pg.Scope) Scope { return Scope{s} }

// TxOf returns the calls, triggers and badges of a portal in a transaction.
func TxOf(s pg.Scope, w pg.Writing) Tx { return Tx{Scope{s}, w} }

// Outcome is the result of a call.
type Outcome string

// The outcomes.
const (
	OutcomeNone    Outcome = "" // the work is not finished
	OutcomeDone    Outcome = "done"
	OutcomeRefused Outcome = "refused"
)

// Call is one call of a robot.
type Call struct {
	ID         int64
	Token      string // by which it is answered; a repeated call has the same
	Robot      string
	Deal       acts.DealID // 0 for another kind of document
	Properties map[string]string
	ReceivedAt time.Time
	Act        acts.ActID // formed or handed over by the call, 0 before
	Question   int64      // sent by the call, 0 before
	Outcome    Outcome
	Reason     string // why it was refused
}

const (
	addCall = `
	INSERT INTO robot_calls (portal_id, token, robot, deal_id, properties, received_at) VALUES (:portal, :token, :robot, :deal, :properties, :now)
	ON CONFLICT (portal_id, token) DO NOTHING RETURNING id`
	addDeadline = `INSERT INTO robot_deadlines (portal_id, call_id, due_at) VALUES (:portal, :id, :due)`
)

// Add stores a call that must be answered at due; added is false for a repeated one.
func (tx Tx) Add(ctx context.Context, c Call, due time.Time) (id int64, added bool, err error) {
	var ids []int64
	if c.Properties == nil {
		c.Properties = map[string]string{}
	}
	err = pg.Select(ctx, tx, &ids, addCall, pg.Args{"token": c.Token, "robot": c.Robot, "deal": c.Deal, "properties": pg.AsJSON(c.Properties), "now": c.ReceivedAt})
	if err != nil {
		return 0, false, fmt.Errorf("add call of a robot: %w", err)
	}
	if len(ids) == 0 {
		return 0, false, nil
	}
	if _, err := pg.Exec(ctx, tx, addDeadline, pg.Args{"id": ids[0], "due": due}); err != nil {
		return 0, false, fmt.Errorf("deadline of a robot: %w", err)
	}
	return ids[0], true, nil
}

const callByID = `
	SELECT id, token, robot, deal_id AS deal, properties, received_at, act_id AS act, question_id AS question, outcome, reason
	FROM robot_calls WHERE portal_id = :portal AND id = :id`

// Get reads a call.
func (s Scope) Get(ctx context.Context, id int64) (c Call, err error) {
	err = pg.Get(ctx, s, &c, callByID, pg.Args{"id": id})
	return c, pg.NotFound(err, "call of a robot", "Такого вызова робота нет.")
}

const lockCall = callByID + ` FOR NO KEY UPDATE`

// Lock reads a call and locks it until the transaction ends.
func (tx Tx) Lock(ctx context.Context, id int64) (c Call, err error) {
	err = pg.Get(ctx, tx, &c, lockCall, pg.Args{"id": id})
	return c, pg.NotFound(err, "call of a robot", "Такого вызова робота нет.")
}

const beginCall = `
	UPDATE robot_calls SET act_id = :act, question_id = :question WHERE portal_id = :portal AND id = :id AND outcome = '' AND act_id = 0 AND question_id = 0`

// Begin stores what a call has formed, handed over or sent; Conflict when it has done so before or is finished.
func (tx Tx) Begin(ctx context.Context, id int64, act acts.ActID, question int64) error {
	return pg.ExecOne(ctx, tx, "begin robot", beginCall, pg.Args{"id": id, "act": act, "question": question}, errFinished)
}

var errFinished = acts.Errorf(acts.Conflict, "Робот уже выполнен.")

const (
	finishCall  = `UPDATE robot_calls SET outcome = :outcome, reason = :reason WHERE portal_id = :portal AND id = :id AND outcome = ''`
	setDeadline = `UPDATE robot_deadlines SET due_at = :due WHERE portal_id = :portal AND call_id = :id`
)

// Finish stores the outcome of a call, which is due to be deleted at due; Conflict when it has one.
func (tx Tx) Finish(ctx context.Context, id int64, outcome Outcome, reason string, due time.Time) error {
	if err := pg.ExecOne(ctx, tx, "finish robot", finishCall, pg.Args{"id": id, "outcome": string(outcome), "reason": reason}, errFinished); err != nil {
		return err
	}
	return tx.Postpone(ctx, id, due)
}

const deadlineOf = `SELECT due_at FROM robot_deadlines WHERE portal_id = :portal AND call_id = :id`

// Deadline returns when a call is due.
func (s Scope) Deadline(ctx context.Context, id int64) (due time.Time, err error) {
	err = pg.Get(ctx, s, &due, deadlineOf, pg.Args{"id": id})
	return due, pg.NotFound(err, "deadline of a robot", "Такого вызова робота нет.")
}

// Postpone changes when a call is due.
func (tx Tx) Postpone(ctx context.Context, id int64, due time.Time) error {
	if _, err := pg.Exec(ctx, tx, setDeadline, pg.Args{"id": id, "due": due}); err != nil {
		return fmt.Errorf("deadline of a robot: %w", err)
	}
	return nil
}

const (
	dropDeadline = `DELETE FROM robot_deadlines WHERE portal_id = :portal AND call_id = :id`
	dropCall     = `DELETE FROM robot_calls WHERE portal_id = :portal AND id = :id AND outcome <> ''`
)

// Drop deletes a call that has an outcome.
func (tx Tx) Drop(ctx context.Context, id int64) error {
	if _, err := pg.Exec(ctx, tx, dropDeadline, pg.Args{"id": id}); err != nil {
		return fmt.Errorf("deadline of a robot: %w", err)
	}
	return pg.ExecOne(ctx, tx, "drop call of a robot", dropCall, pg.Args{"id": id}, errUnfinished)
}

var errUnfinished = acts.Errorf(acts.Conflict, "Робот ещё не выполнен.")

const setUnanswered = `UPDATE robot_calls SET unanswered = :why WHERE portal_id = :portal AND id = :id`

// SetUnanswered stores why the portal did not accept the answer to a call.
func (tx Tx) SetUnanswered(ctx context.Context, id int64, why string) error {
	if _, err := pg.Exec(ctx, tx, setUnanswered, pg.Args{"id": id, "why": why}); err != nil {
		return fmt.Errorf("set robot unanswered: %w", err)
	}
	return nil
}
