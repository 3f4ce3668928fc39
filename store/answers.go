package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
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
	Question int64 // 0 when it came without a question
	Company  acts.CompanyID
	Contact  acts.ContactID
	Source   string
	User     acts.UserID
	UserName string
	At       time.Time
}

type answerRow struct {
	ID          int64     `db:"id" json:"id"`
	Deal        int64     `db:"deal_id" json:"deal_id"`
	Source      string    `db:"source" json:"source"`
	Channel     string    `db:"channel" json:"channel"`
	PartyKind   string    `db:"party_kind" json:"party_kind"`
	Operator    string    `db:"operator" json:"operator"`
	Participant string    `db:"participant" json:"participant"`
	Email       string    `db:"email" json:"email"`
	Address     string    `db:"address" json:"address"`
	Contact     string    `db:"contact" json:"contact"`
	Phone       string    `db:"phone" json:"phone"`
	Comment     string    `db:"comment" json:"comment"`
	Consent     string    `db:"consent" json:"consent"`
	Company     int64     `db:"company_id" json:"company_id"`
	ContactID   int64     `db:"contact_id" json:"contact_id"`
	UserName    string    `db:"user_name" json:"user_name"`
	At          time.Time `db:"at" json:"at"`
}

func (r answerRow) answer() Answer {
	return Answer{ID: r.ID, Deal: acts.DealID(r.Deal), Source: r.Source, Company: acts.CompanyID(r.Company), Contact: acts.ContactID(r.ContactID),
		UserName: r.UserName, At: r.At,
		Answer: acts.Answer{Channel: acts.Channel(r.Channel), PartyKind: acts.PartyKind(r.PartyKind), Operator: r.Operator, Participant: r.Participant,
			Email: r.Email, Address: r.Address, Contact: r.Contact, Phone: r.Phone, Comment: r.Comment, Consent: r.Consent}}
}

const addAnswer = `
	INSERT INTO answers (portal_id, deal_id, question_id, company_id, contact_id, source, channel, party_kind, operator, participant, email, address,
		contact, phone, comment, consent, user_id, user_name, at)
	VALUES (:portal, :deal, :question, :company, :contact_id, :source, :channel, :party_kind, :operator, :participant, :email, :address,
		:contact, :phone, :comment, :consent, :user, :user_name, :at) RETURNING id`

// AddAnswer keeps an answer; earlier ones stay as history.
func (tx Tx) AddAnswer(ctx context.Context, a Answer) (int64, error) {
	var id int64
	var question any
	if a.Question != 0 {
		question = a.Question
	}
	err := tx.get(ctx, &id, addAnswer, args{"deal": int64(a.Deal), "question": question, "company": int64(a.Company), "contact_id": int64(a.Contact),
		"source": a.Source, "channel": string(a.Channel), "party_kind": string(a.PartyKind), "operator": a.Operator, "participant": a.Participant,
		"email": a.Email, "address": a.Address, "contact": a.Answer.Contact, "phone": a.Phone, "comment": a.Comment, "consent": a.Consent,
		"user": int64(a.User), "user_name": a.UserName, "at": a.At})
	if err != nil {
		return 0, fmt.Errorf("add answer: %w", err)
	}
	return id, nil
}

const answerColumns = `id, deal_id, source, channel, party_kind, operator, participant, email, address, contact, phone, comment, consent,
	company_id, contact_id, user_name, at`

const (
	answersOfDeal = `SELECT ` + answerColumns + ` FROM answers WHERE portal_id = :portal AND deal_id = :deal ORDER BY id DESC LIMIT 20`
	answerByID    = `SELECT ` + answerColumns + ` FROM answers WHERE portal_id = :portal AND id = :id`
	lastOfParty   = `SELECT ` + answerColumns + ` FROM answers WHERE portal_id = :portal
		AND (:company <> 0 AND company_id = :company OR :company = 0 AND :contact <> 0 AND contact_id = :contact) ORDER BY id DESC LIMIT 1`
)

// AnswersOfDeal lists the answers about a deal, the newest first.
func (s Scope) AnswersOfDeal(ctx context.Context, deal acts.DealID) ([]Answer, error) {
	var rows []answerRow
	if err := s.list(ctx, &rows, answersOfDeal, args{"deal": int64(deal)}); err != nil {
		return nil, fmt.Errorf("answers of deal: %w", err)
	}
	list := make([]Answer, len(rows))
	for i, r := range rows {
		list[i] = r.answer()
	}
	return list, nil
}

// AnswerByID reads an answer.
func (s Scope) AnswerByID(ctx context.Context, id int64) (Answer, error) {
	var r answerRow
	err := s.get(ctx, &r, answerByID, args{"id": id})
	return r.answer(), missing(err, "answer", "Такого ответа нет.")
}

// AnswerOfParty finds the newest answer of a counterparty in any deal; ok is false when it has given none.
func (s Scope) AnswerOfParty(ctx context.Context, company acts.CompanyID, contact acts.ContactID) (a Answer, ok bool, err error) {
	var r answerRow
	err = s.get(ctx, &r, lastOfParty, args{"company": int64(company), "contact": int64(contact)})
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	if err != nil {
		return a, false, fmt.Errorf("answer of party: %w", err)
	}
	return r.answer(), true, nil
}

// PartyAnswer is an answer among those of a counterparty.
type PartyAnswer struct {
	Answer
	DealTitle string // "" when the visitor may not see the deal
}

type partyAnswerRow struct {
	answerRow
	DealTitle string `json:"deal_title"`
}

// answersOf are the last answers of a counterparty in all deals.
func answersOf(column, party string) string {
	return agg(`SELECT ` + answerColumns + `, (SELECT CASE WHEN ` + seen("d.responsible_id") + ` THEN d.title ELSE '' END FROM deals d
			WHERE d.portal_id = :portal AND d.id = n.deal_id) AS deal_title
		FROM answers n WHERE n.portal_id = :portal AND n.` + column + ` <> 0 AND n.` + column + ` = ` + party + ` ORDER BY n.id DESC LIMIT 10`)
}

// answerUnderWay knows a write by its task, which goes together with the answer and ends together with what was written.
const answerUnderWay = `
	SELECT EXISTS (
		SELECT FROM answers n JOIN tasks t ON t.portal_id = n.portal_id AND t.kind = :kind AND t.subject = n.id
		WHERE n.portal_id = :portal AND n.deal_id = :deal AND NOT t.dead
	) OR EXISTS (SELECT FROM deals WHERE portal_id = :portal AND id = :deal AND wrote >= :since)`

// AnswerUnderWay reports whether an answer about the deal is still to be shown on its card by a task of this kind, or the card was written
// after since: what it held then may be an earlier answer.
func (s Scope) AnswerUnderWay(ctx context.Context, deal acts.DealID, kind string, since time.Time) (bool, error) {
	var is bool
	if err := s.get(ctx, &is, answerUnderWay, args{"deal": int64(deal), "kind": kind, "since": since}); err != nil {
		return false, fmt.Errorf("answer under way: %w", err)
	}
	return is, nil
}

// Message is a sentence for the CRM about a deal: a notification, or without a user a line of the deal's timeline. Without a deal it is
// about the app itself.
type Message struct {
	ID       int64       `db:"id"`
	Deal     acts.DealID `db:"deal_id"`
	User     acts.UserID `db:"user_id"`
	Text     string      `db:"text"`
	Incident int64       `db:"incident_id"` // how it stands is said in place of the text, 0 when the text is
}

const addMessage = `INSERT INTO messages (portal_id, deal_id, user_id, text, incident_id, created_at) VALUES (:portal, :deal, :user, :text, :incident, :now) RETURNING id`
const messageByID = `SELECT id, deal_id, user_id, text, incident_id FROM messages WHERE portal_id = :portal AND id = :id`

// AddMessage keeps a sentence that is to be told. now is business time.
func (tx Tx) AddMessage(ctx context.Context, m Message, now time.Time) (int64, error) {
	var id int64
	if err := tx.get(ctx, &id, addMessage, args{"deal": int64(m.Deal), "user": int64(m.User), "text": m.Text, "incident": m.Incident, "now": now}); err != nil {
		return 0, fmt.Errorf("add message: %w", err)
	}
	return id, nil
}

// Message reads a sentence.
func (s Scope) Message(ctx context.Context, id int64) (Message, error) {
	var m Message
	err := s.get(ctx, &m, messageByID, args{"id": id})
	return m, missing(err, "message", "Такого сообщения нет.")
}
