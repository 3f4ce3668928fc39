package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
)

// DealSheet is all that the deal tab shows, read in two statements.
type DealSheet struct {
	Deal     Deal
	Own      []OwnCompany
	Settings Settings
	Seen     acts.Connection          // what SBIS told of the counterparty in the last day
	Acts     []acts.Act               // newest first, without lines
	Question *Question                // the newest question to the counterparty, nil when none was asked
	Answers  []Answer                 // what it chose, the newest first
	Stored   *Answer                  // what it chose in another deal, nil when nothing
	Due      map[acts.ActID]time.Time // the last day in time for the counterparty's signature
}

// agg folds the rows of a query into one jsonb array.
func agg(query string) string {
	return `coalesce((SELECT jsonb_agg(to_jsonb(q)) FROM (` + query + `) q), '[]')`
}

const lookupOf = `SELECT known, boxes, note, invitation, invited_at FROM edo_lookups
	WHERE portal_id = :portal AND inn = %s AND kpp = %s AND asked_at > clock_timestamp() - interval '1 day'`

var dealSheet = `
	SELECT ` + dealColumns + `, ` + agg(rowsOfDeal) + ` AS rows, ` + agg(ownCompanies) + ` AS own,
		coalesce((` + readSettings + `), '{}') AS settings,
		` + agg(fmt.Sprintf(lookupOf, "d.buyer ->> 'inn'", "coalesce(d.buyer ->> 'kpp', '')")) + ` AS seen,
		coalesce((SELECT jsonb_object_agg(r.act_id, r.due_on) FROM reminders r JOIN acts a ON a.portal_id = r.portal_id AND a.id = r.act_id
			WHERE r.portal_id = :portal AND a.deal_id = d.id AND r.closed_at IS NULL AND r.kind = 'unsigned'), '{}') AS due,
		` + agg(`SELECT `+questionColumns+` FROM questions WHERE portal_id = :portal AND deal_id = d.id ORDER BY id DESC LIMIT 1`) + ` AS questions,
		` + agg(`SELECT `+answerColumns+` FROM answers WHERE portal_id = :portal AND deal_id = d.id ORDER BY id DESC LIMIT 10`) + ` AS answers,
		` + agg(`SELECT `+answerColumns+` FROM answers WHERE portal_id = :portal AND deal_id <> d.id
			AND (d.company_id <> 0 AND company_id = d.company_id OR d.company_id = 0 AND d.contact_id <> 0 AND contact_id = d.contact_id) ORDER BY id DESC LIMIT 1`) + ` AS stored
	FROM deals d WHERE portal_id = :portal AND id = :id`

type lookupRow struct {
	Known bool     `json:"known"`
	Boxes []string `json:"boxes"`
	Note  string   `json:"note"`

	Invitation string     `json:"invitation"`
	InvitedAt  *time.Time `json:"invited_at"`
}

func connection(rows []lookupRow) acts.Connection {
	if len(rows) == 0 {
		return acts.Connection{}
	}
	r := rows[0]
	return acts.Connection{Asked: true, Known: r.Known, Boxes: r.Boxes, Note: r.Note, Invitation: r.Invitation, InvitedAt: orZeroTime(r.InvitedAt)}
}

// DealSheet reads the deal tab.
func (s Scope) DealSheet(ctx context.Context, id acts.DealID) (DealSheet, error) {
	var row struct {
		dealRow
		Rows     jsonb[[]productRow]     `db:"rows"`
		Own      jsonb[[]ownCompanyRow]  `db:"own"`
		Settings jsonb[Settings]         `db:"settings"`
		Seen     jsonb[[]lookupRow]      `db:"seen"`
		Due      jsonb[map[int64]string] `db:"due"`
		Asked    jsonb[[]Question]       `db:"questions"`
		Answers  jsonb[[]answerRow]      `db:"answers"`
		Stored   jsonb[[]answerRow]      `db:"stored"`
	}
	var found []actRow
	err := s.run(ctx, func(r runner) error {
		if err := get(ctx, r, &row, dealSheet, s.fill(args{"id": int64(id)})); err != nil {
			return err
		}
		return list(ctx, r, &found, actsOfDeal, s.fill(args{"deal": int64(id)}))
	})
	if err != nil {
		return DealSheet{}, missing(err, "deal sheet", "Сделка не найдена. Откройте её карточку в Битрикс24 ещё раз.")
	}
	sheet := DealSheet{Deal: row.deal(), Settings: row.Settings.V, Seen: connection(row.Seen.V)}
	sheet.Deal.Rows = productRows(row.Rows.V)
	for _, r := range row.Own.V {
		sheet.Own = append(sheet.Own, r.company())
	}
	for _, r := range found {
		sheet.Acts = append(sheet.Acts, r.act())
	}
	sheet.exchange(row.Asked.V, row.Answers.V, row.Stored.V)
	sheet.Due = make(map[acts.ActID]time.Time, len(row.Due.V))
	for id, day := range row.Due.V {
		if on, err := time.Parse(time.DateOnly, day); err == nil {
			sheet.Due[acts.ActID(id)] = on
		}
	}
	return sheet, nil
}

// exchange fills in what was asked and answered.
func (d *DealSheet) exchange(asked []Question, given, stored []answerRow) {
	if len(asked) > 0 {
		d.Question = &asked[0]
	}
	for _, r := range given {
		d.Answers = append(d.Answers, r.answer())
	}
	if len(stored) > 0 {
		a := stored[0].answer()
		d.Stored = &a
	}
}

// ActSheet is all that the page of an act shows, read in two statements.
type ActSheet struct {
	Act      acts.Act
	Own      OwnCompany
	Seen     acts.Connection
	Document *EDODocument // the newest attempt, nil before the first hand-over
	Files    []ActFile    // signed copies, the current ones first
	Letter   *Letter      // the newest letter with the act, nil when there is none
	Due      time.Time    // the last day in time for the counterparty's signature, zero when no day counts
	DealGone bool         // the deal was deleted in the CRM
	DealLost bool         // the deal failed
	DealINN  string       // of the deal's counterparty now
	History  []ActEvent   // newest first
}

var actSheet = `
	SELECT ` + actColumns + `, ` + agg(linesOfAct) + ` AS lines,
		` + agg(`SELECT `+ownColumns+` FROM own_companies
			WHERE own_companies.portal_id = :portal AND own_companies.id = a.own_company_id`) + ` AS own,
		` + agg(fmt.Sprintf(lookupOf, "a.buyer ->> 'inn'", "coalesce(a.buyer ->> 'kpp', '')")) + ` AS seen,
		` + agg(`SELECT e.id, e.attempt, e.live, e.written, e.link, e.signing FROM edo_documents e
			WHERE e.portal_id = :portal AND e.act_id = a.id ORDER BY e.attempt DESC LIMIT 1`) + ` AS documents,
		` + agg(`SELECT f.id, f.name, f.type, f.size, c.side, c.current, c.added_by, c.added_at FROM act_files c
			JOIN files f ON f.portal_id = c.portal_id AND f.id = c.file_id
			WHERE c.portal_id = :portal AND c.act_id = a.id ORDER BY c.current DESC, f.id LIMIT 200`) + ` AS files,
		` + agg(`SELECT l.address, l.state, l.problem, l.created_at FROM letters l
			WHERE l.portal_id = :portal AND l.act_id = a.id AND l.act_id <> 0 ORDER BY l.id DESC LIMIT 1`) + ` AS letters,
		(SELECT r.due_on FROM reminders r WHERE r.portal_id = :portal AND r.act_id = a.id AND r.closed_at IS NULL AND r.kind = 'unsigned' LIMIT 1) AS due,
		d.deleted, d.semantics, d.buyer ->> 'inn' AS deal_inn` + actFrom + `
	WHERE a.portal_id = :portal AND a.id = :id`

// ActSheet reads the page of an act.
func (s Scope) ActSheet(ctx context.Context, id acts.ActID) (ActSheet, error) {
	var row struct {
		actRow
		Lines     jsonb[[]lineRow]       `db:"lines"`
		Own       jsonb[[]ownCompanyRow] `db:"own"`
		Seen      jsonb[[]lookupRow]     `db:"seen"`
		Documents jsonb[[]EDODocument]   `db:"documents"`
		Files     jsonb[[]ActFile]       `db:"files"`
		Letters   jsonb[[]Letter]        `db:"letters"`
		Due       *time.Time             `db:"due"`
		Deleted   bool                   `db:"deleted"`
		Semantics string                 `db:"semantics"`
		DealINN   *string                `db:"deal_inn"`
	}
	var sheet ActSheet
	err := s.run(ctx, func(r runner) error {
		if err := get(ctx, r, &row, actSheet, s.fill(args{"id": int64(id)})); err != nil {
			return err
		}
		return list(ctx, r, &sheet.History, eventsOfAct, s.fill(args{"act": int64(id)}))
	})
	if err != nil {
		return sheet, missing(err, "act sheet", actNotFound)
	}
	sheet.Act, sheet.Seen = row.act(), connection(row.Seen.V)
	for _, l := range row.Lines.V {
		sheet.Act.Lines = append(sheet.Act.Lines, l.line())
	}
	if len(row.Own.V) > 0 {
		sheet.Own = row.Own.V[0].company()
	}
	if len(row.Documents.V) > 0 {
		sheet.Document = &row.Documents.V[0]
	}
	if len(row.Letters.V) > 0 {
		sheet.Letter = &row.Letters.V[0]
	}
	sheet.Files, sheet.Due, sheet.DealGone, sheet.DealLost = row.Files.V, orZero(row.Due), row.Deleted, row.Semantics == "F"
	if row.DealINN != nil {
		sheet.DealINN = *row.DealINN
	}
	return sheet, nil
}
