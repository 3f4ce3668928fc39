package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
)

// The sources of an answer.
const (
	FromForm    = "form"    // the counterparty's own
	FromManager = "manager" // filled in by an employee
	FromCRM     = "crm"     // read from fields of the deal
)

// Answer is an answer that was given about a deal. At is business time.
type Answer struct {
	acts.Answer
	ID       int64
	Deal     acts.DealID
	Question int64          // 0 when it came without a question
	Company  acts.CompanyID `db:"company_id"`
	Contact  acts.ContactID `db:"contact_id"`
	Source   string
	User     acts.UserID
	UserName string
	At       time.Time
}

const addAnswer = `
	INSERT INTO answers (portal_id, deal_id, question_id, company_id, contact_id, source, channel, party_kind, operator, participant,
		participant_seen, email, address, contact, phone, comment, consent, user_id, user_name, at)
	VALUES (:portal, :deal, :question, :company, :contact_id, :source, :channel, :party_kind, :operator, :participant, :seen, :email, :address,
		:contact, :phone, :comment, :consent, :user, :user_name, :at) RETURNING id`

// AddAnswer stores an answer; earlier ones are kept as history.
func (tx QuestionsTx) AddAnswer(ctx context.Context, a Answer) (int64, error) {
	var id int64
	var question any
	if a.Question != 0 {
		question = a.Question
	}
	err := pg.Get(ctx, tx, &id, addAnswer, pg.Args{"deal": a.Deal, "question": question, "company": a.Company, "contact_id": a.Contact,
		"source": a.Source, "channel": a.Channel, "party_kind": a.PartyKind, "operator": a.Operator, "participant": a.Participant, "seen": a.Seen,
		"email": a.Email, "address": a.Address, "contact": a.Answer.Contact, "phone": a.Phone, "comment": a.Comment, "consent": a.Consent,
		"user": a.User, "user_name": a.UserName, "at": a.At})
	if err != nil {
		return 0, fmt.Errorf("add answer: %w", err)
	}
	return id, nil
}

const (
	answersOfDeal = `SELECT ` + fragment.AnswerColumns + ` FROM answers WHERE portal_id = :portal AND deal_id = :deal ORDER BY id DESC LIMIT 20`
	answerByID    = `SELECT ` + fragment.AnswerColumns + ` FROM answers WHERE portal_id = :portal AND id = :id`
	lastOfParty   = `SELECT ` + fragment.AnswerColumns + ` FROM answers WHERE portal_id = :portal
		AND (:company <> 0 AND company_id = :company OR :company = 0 AND :contact <> 0 AND contact_id = :contact) ORDER BY id DESC LIMIT 1`
)

// Answers lists the answers about a deal, the newest first.
func (s Questions) Answers(ctx context.Context, deal acts.DealID) ([]Answer, error) {
	list := []Answer{}
	if err := pg.Select(ctx, s, &list, answersOfDeal, pg.Args{"deal": deal}); err != nil {
		return nil, fmt.Errorf("answers of deal: %w", err)
	}
	return list, nil
}

// Answer reads an answer.
func (s Questions) Answer(ctx context.Context, id int64) (Answer, error) {
	var a Answer
	err := pg.Get(ctx, s, &a, answerByID, pg.Args{"id": id})
	return a, pg.NotFound(err, "answer", "Такого ответа нет.")
}

// AnswerOfParty finds the newest answer of a counterparty in any deal; ok is false when it has given none.
func (s Questions) AnswerOfParty(ctx context.Context, company acts.CompanyID, contact acts.ContactID) (a Answer, ok bool, err error) {
	ok, err = pg.Find(ctx, s, &a, lastOfParty, pg.Args{"company": company, "contact": contact})
	return a, ok, pg.Wrap("answer of party", err)
}

// PartyAnswer is an answer among those of a counterparty.
type PartyAnswer struct {
	Answer
	DealTitle string // "" when the visitor may not see the deal
}
