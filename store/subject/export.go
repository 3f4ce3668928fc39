// Package subject finds, exports and erases what is stored about one person or counterparty, for requests by 152-ФЗ. A counterparty is
// found by INN, a person also by an e-mail address, an employee of a portal by the id of the user.
package subject

import (
	"context"
	"encoding/json"
	"fmt"

	"acts24/acts"
	"acts24/store"
	"acts24/store/audit"
	"acts24/store/internal/pg"
	"acts24/store/task"
)

// Subject identifies whose data are meant; exactly one field is set.
type Subject struct {
	INN   string
	Email string      // in lower case
	User  acts.UserID // of one portal
}

// args returns the values that the statements of the package use.
func (s Subject) args() pg.Args {
	return pg.Args{"inn": s.INN, "email": s.Email, "user": s.User, "message": task.KindSendMessage, "notice": task.KindNotifyOfDeals}
}

// Portal is a portal in which data may be stored.
type Portal struct {
	ID     acts.PortalID `db:"id"`
	Origin string        `db:"origin"`
}

const allPortals = `SELECT id, origin FROM portals WHERE :only = 0 OR id = :only ORDER BY id`

// Portals lists the portals: all of them, or the one with the id only when that is not 0.
func Portals(ctx context.Context, db *store.DB, only acts.PortalID) (list []Portal, err error) {
	if err := pg.Select(ctx, db.DB, &list, allPortals, pg.Args{"only": int64(only)}); err != nil {
		return nil, fmt.Errorf("portals of a subject: %w", err)
	}
	return list, nil
}

// subjectRows finds the acts and deals of the subject. Companies and contacts are found only for an INN: an e-mail address belongs to one person,
// not to everything about his company.
const subjectRows = `
	WITH acts_of AS (
		SELECT id, company_id, contact_id FROM acts WHERE portal_id = :portal AND (
			:inn <> '' AND buyer ->> 'inn' = :inn
			OR :email <> '' AND lower(buyer ->> 'email') = :email)
	), deals_of AS (
		SELECT id, company_id, contact_id FROM deals WHERE portal_id = :portal AND (
			:inn <> '' AND buyer ->> 'inn' = :inn
			OR :email <> '' AND (lower(buyer ->> 'email') = :email OR :email = ANY (regexp_split_to_array(lower(email), '[,; ]+'))))
	), companies AS (
		SELECT company_id AS id FROM acts_of WHERE :inn <> '' AND company_id <> 0
		UNION SELECT company_id FROM deals_of WHERE :inn <> '' AND company_id <> 0
	), contacts AS (
		SELECT contact_id AS id FROM acts_of WHERE :inn <> '' AND company_id = 0 AND contact_id <> 0
		UNION SELECT contact_id FROM deals_of WHERE :inn <> '' AND company_id = 0 AND contact_id <> 0
	)`

// Conditions of the rows t of a table that belong to the subject.
const (
	ofAct    = ` WHERE t.portal_id = :portal AND t.act_id IN (SELECT id FROM acts_of)`
	ofDeal   = ` WHERE t.portal_id = :portal AND t.deal_id IN (SELECT id FROM deals_of WHERE :inn <> '')`
	ofUser   = ` WHERE t.portal_id = :portal AND :user <> 0 AND t.user_id = :user`
	ofAnswer = ` WHERE t.portal_id = :portal AND (
		:email <> '' AND lower(t.email) = :email
		OR t.company_id IN (SELECT id FROM companies)
		OR t.company_id = 0 AND t.contact_id IN (SELECT id FROM contacts)
		OR t.company_id = 0 AND t.contact_id = 0 AND t.deal_id IN (SELECT id FROM deals_of WHERE :inn <> ''))`
	ofQuestion = ` WHERE t.portal_id = :portal AND (
		:email <> '' AND :email = ANY (regexp_split_to_array(lower(t.address), '[,; ]+'))
		OR t.deal_id IN (SELECT id FROM deals_of WHERE :inn <> ''))`
	ofLetter = ` WHERE t.portal_id = :portal AND (
		:email <> '' AND :email = ANY (regexp_split_to_array(lower(t.address), '[,; ]+'))
		OR :inn <> '' AND (t.act_id IN (SELECT id FROM acts_of) OR t.act_id = 0 AND t.deal_id IN (SELECT id FROM deals_of)))`
	ofLookup = ` WHERE t.portal_id = :portal AND :inn <> '' AND t.inn = :inn`
)

// exports are the tables with data of a subject in the order of the export, each with the statement that reads its rows.
var exports = []struct{ table, query string }{
	{"acts", subjectRows + `SELECT CAST(to_jsonb(t) AS text) AS row FROM acts t WHERE t.portal_id = :portal AND t.id IN (SELECT id FROM acts_of) ORDER BY t.id`},
	{"act_lines", subjectRows + `SELECT CAST(to_jsonb(t) AS text) AS row FROM act_lines t` + ofAct + ` ORDER BY t.act_id, t.n`},
	{"act_events", subjectRows + `SELECT CAST(to_jsonb(t) AS text) AS row FROM act_events t` + ofAct + ` ORDER BY t.id`},
	{"act_files", subjectRows + `SELECT CAST(to_jsonb(t) || jsonb_build_object('name', f.name, 'type', f.type, 'size', f.size) AS text) AS row
		FROM act_files t JOIN files f ON f.portal_id = t.portal_id AND f.id = t.file_id` + ofAct + ` ORDER BY t.file_id`},
	{"edo_documents", subjectRows + `SELECT CAST(to_jsonb(t) AS text) AS row FROM edo_documents t` + ofAct + ` ORDER BY t.act_id, t.attempt`},
	{"deals", subjectRows + `SELECT CAST(to_jsonb(t) AS text) AS row FROM deals t WHERE t.portal_id = :portal AND t.id IN (SELECT id FROM deals_of) ORDER BY t.id`},
	{"answers", subjectRows + `SELECT CAST(to_jsonb(t) AS text) AS row FROM answers t` + ofAnswer + ` ORDER BY t.id`},
	{"letters", subjectRows + `SELECT CAST(to_jsonb(t) AS text) AS row FROM letters t` + ofLetter + ` ORDER BY t.id`},
	{"messages", subjectRows + `SELECT CAST(to_jsonb(t) AS text) AS row FROM messages t` + ofDeal + ` ORDER BY t.id`},
	{"questions", subjectRows + `SELECT CAST(to_jsonb(t) AS text) AS row FROM questions t` + ofQuestion + ` ORDER BY t.id`},
	{"invitations", subjectRows + `SELECT CAST(to_jsonb(t) AS text) AS row FROM invitations t` + ofDeal + ` ORDER BY t.deal_id`},
	{"edo_lookups", subjectRows + `SELECT CAST(to_jsonb(t) AS text) AS row FROM edo_lookups t` + ofLookup + ` ORDER BY t.kpp`},
	{"certificates", subjectRows + `SELECT CAST(to_jsonb(t) AS text) AS row FROM certificates t` + ofLookup + ` ORDER BY t.thumbprint`},
	{"own_companies", `SELECT CAST(to_jsonb(t) AS text) AS row FROM own_companies t WHERE t.portal_id = :portal AND :inn <> '' AND t.party ->> 'inn' = :inn ORDER BY t.id`},
	{"users", `SELECT CAST(to_jsonb(t) AS text) AS row FROM users t WHERE t.portal_id = :portal AND :user <> 0 AND t.id = :user`},
	{"administrators", `SELECT CAST(to_jsonb(t) AS text) AS row FROM administrators t` + ofUser},
	{"people", `SELECT CAST(to_jsonb(t) AS text) AS row FROM people t` + ofUser},
	{"saved_filters", `SELECT CAST(to_jsonb(t) AS text) AS row FROM saved_filters t` + ofUser + ` ORDER BY t.id`},
	{"visits", `SELECT CAST(jsonb_build_object('user_id', t.user_id, 'user_name', t.user_name, 'expires_at', t.expires_at) AS text) AS row FROM visits t` + ofUser + ` ORDER BY t.expires_at`},
}

// Export returns the rows of a portal about the subject, by table, and records the export in the audit log. It is empty when there are none.
// Contents of files are not included.
func Export(ctx context.Context, db *store.DB, portal acts.PortalID, s Subject) (map[string][]json.RawMessage, error) {
	data := map[string][]json.RawMessage{}
	err := pg.InTx(ctx, db.DB, portal, func(scope pg.Scope) error {
		clear(data)
		for _, part := range exports {
			var rows []string
			if err := pg.Select(ctx, scope, &rows, part.query, s.args()); err != nil {
				return fmt.Errorf("export %s: %w", part.table, err)
			}
			for _, row := range rows {
				data[part.table] = append(data[part.table], json.RawMessage(row))
			}
		}
		if len(data) == 0 {
			return nil
		}
		return audit.AddTo(ctx, writer{Scope: scope}, audit.Record{Action: audit.SubjectExport})
	})
	return data, err
}

// writer executes statements in the transaction of its scope.
type writer struct {
	pg.Scope
	pg.Writing
}
