package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// DealDetails is all that the deal tab shows, read in two statements.
type DealDetails struct {
	Deal     Deal
	Own      []OwnCompany
	Settings Settings
	Seen     acts.Connection          // what SBIS told of the counterparty in the last day
	Acts     []acts.Act               // newest first, without lines
	Question *Question                // the newest question to the counterparty, nil when none was asked
	Answers  []Answer                 // what it chose, the newest first
	Stored   *Answer                  // what it chose in another deal, nil when nothing
	Bases    []EarlierBasis           // of the last acts with the same counterparty, the newest first
	Due      map[acts.ActID]time.Time // the last day in time for the counterparty's signature
}

const lookupOf = `SELECT known, boxes, codes, alive, note, invitation, invited_at FROM edo_lookups
	WHERE portal_id = :portal AND inn = %s AND kpp = %s AND asked_at > clock_timestamp() - interval '1 day'`

var dealSheet = `
	SELECT ` + dealColumns + `, ` + pg.Rows(rowsOfDeal) + ` AS rows, ` + pg.Rows(OwnCompaniesSQL) + ` AS own,
		coalesce((` + SettingsSQL + `), '{}') AS settings,
		` + pg.Rows(fmt.Sprintf(lookupOf, "d.buyer ->> 'inn'", "coalesce(d.buyer ->> 'kpp', '')")) + ` AS seen,
		coalesce((SELECT jsonb_object_agg(r.act_id, r.due_on) FROM reminders r JOIN acts a ON a.portal_id = r.portal_id AND a.id = r.act_id
			WHERE r.portal_id = :portal AND a.deal_id = d.id AND r.closed_at IS NULL AND r.kind = 'unsigned'), '{}') AS due,
		` + pg.Rows(`SELECT `+questionColumns+` FROM questions WHERE portal_id = :portal AND deal_id = d.id ORDER BY id DESC LIMIT 1`) + ` AS questions,
		` + pg.Rows(`SELECT `+answerColumns+` FROM answers WHERE portal_id = :portal AND deal_id = d.id ORDER BY id DESC LIMIT 10`) + ` AS answers,
		` + pg.Rows(`SELECT `+answerColumns+` FROM answers WHERE portal_id = :portal AND deal_id <> d.id
			AND (d.company_id <> 0 AND company_id = d.company_id OR d.company_id = 0 AND d.contact_id <> 0 AND contact_id = d.contact_id) ORDER BY id DESC LIMIT 1`) + ` AS stored,
		` + pg.Rows(earlierBases) + ` AS bases
	FROM deals d WHERE portal_id = :portal AND id = :id`

type lookupRow struct {
	Known bool     `json:"known"`
	Boxes []string `json:"boxes"`
	Note  string   `json:"note"`

	Codes map[string]string `json:"codes"`
	Alive []string          `json:"alive"`

	Invitation string     `json:"invitation"`
	InvitedAt  *time.Time `json:"invited_at"`
}

func connection(rows []lookupRow) acts.Connection {
	if len(rows) == 0 {
		return acts.Connection{}
	}
	r := rows[0]
	return acts.Connection{Asked: true, Known: r.Known, Boxes: r.Boxes, Codes: r.Codes, Alive: r.Alive, Note: r.Note, Invitation: r.Invitation, InvitedAt: pg.Time(r.InvitedAt)}
}

// Details reads the deal tab.
func (s Deals) Details(ctx context.Context, id acts.DealID) (DealDetails, error) {
	var row struct {
		dealRow
		Rows     pg.JSON[[]productRow]     `db:"rows"`
		Own      pg.JSON[[]OwnCompanyRow]  `db:"own"`
		Settings pg.JSON[Settings]         `db:"settings"`
		Seen     pg.JSON[[]lookupRow]      `db:"seen"`
		Due      pg.JSON[map[int64]string] `db:"due"`
		Asked    pg.JSON[[]Question]       `db:"questions"`
		Answers  pg.JSON[[]answerRow]      `db:"answers"`
		Stored   pg.JSON[[]answerRow]      `db:"stored"`
		Bases    pg.JSON[[]basisRow]       `db:"bases"`
	}
	var found []ActRow
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		if err := pg.Get(ctx, r, &row, dealSheet, pg.Args{"id": id}); err != nil {
			return err
		}
		return pg.Select(ctx, r, &found, actsOfDeal, pg.Args{"deal": id})
	})
	if err != nil {
		return DealDetails{}, pg.NotFound(err, "deal sheet", "Сделка не найдена. Откройте её карточку в Битрикс24 ещё раз.")
	}
	sheet := DealDetails{Deal: row.deal(), Settings: row.Settings.V, Seen: connection(row.Seen.V)}
	sheet.Deal.setRows(row.Rows.V)
	for _, r := range row.Own.V {
		sheet.Own = append(sheet.Own, r.Company())
	}
	for _, r := range found {
		sheet.Acts = append(sheet.Acts, r.Act())
	}
	sheet.Bases = earlier(row.Bases.V)
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
func (d *DealDetails) exchange(asked []Question, given, stored []answerRow) {
	if len(asked) > 0 {
		d.Question = &asked[0]
	}
	for _, r := range given {
		d.Answers = append(d.Answers, r.Answer())
	}
	if len(stored) > 0 {
		a := stored[0].Answer()
		d.Stored = &a
	}
}

// ActDetails is all that the page of an act shows, read in two statements.
type ActDetails struct {
	Act      acts.Act
	Own      OwnCompany
	Seen     acts.Connection
	Document *EDODocument  // the live attempt, else the newest, nil before the first hand-over
	Standing []EDODocument // earlier attempts that were signed all the same and have not been recalled or annulled
	Files    []ActFile     // signed copies, the current ones first
	Letter   *Letter       // the newest letter with the act, nil when there is none
	Due      time.Time     // the last day in time for the counterparty's signature, zero when no day counts
	DealGone bool          // the deal was deleted in the CRM
	DealLost bool          // the deal failed
	DealINN  string        // of the deal's counterparty now
	Buyer    acts.Party    // the deal's counterparty now
	Chosen   acts.RequisiteChoice
	History  []ActEvent // newest first
}

var actSheet = `
	SELECT ` + actColumns + `, ` + pg.Rows(linesOfAct) + ` AS lines,
		` + pg.Rows(`SELECT `+ownColumns+` FROM own_companies
			WHERE own_companies.portal_id = :portal AND own_companies.id = a.own_company_id`) + ` AS own,
		` + pg.Rows(fmt.Sprintf(lookupOf, "a.buyer ->> 'inn'", "coalesce(a.buyer ->> 'kpp', '')")) + ` AS seen,
		` + pg.Rows(`SELECT e.id, e.attempt, e.live, e.written, e.link, e.signing FROM edo_documents e
			WHERE e.portal_id = :portal AND e.act_id = a.id ORDER BY e.live DESC, e.attempt DESC LIMIT 1`) + ` AS documents,
		` + pg.Rows(`SELECT e.id, e.attempt, e.link, e.state_code, e.state_name FROM edo_documents e
			WHERE e.portal_id = :portal AND e.act_id = a.id AND NOT e.live AND NOT e.gone AND e.dispatched AND e.state_code IN (2, 3, 4, 7)
			ORDER BY e.attempt`) + ` AS standing,
		` + pg.Rows(`SELECT f.id, f.name, f.type, f.size, c.side, c.current, c.added_by, c.added_at FROM act_files c
			JOIN files f ON f.portal_id = c.portal_id AND f.id = c.file_id
			WHERE c.portal_id = :portal AND c.act_id = a.id ORDER BY c.current DESC, f.id LIMIT 200`) + ` AS files,
		` + pg.Rows(`SELECT l.address, l.state, l.problem, l.created_at FROM letters l
			WHERE l.portal_id = :portal AND l.act_id = a.id AND l.act_id <> 0 ORDER BY l.id DESC LIMIT 1`) + ` AS letters,
		(SELECT r.due_on FROM reminders r WHERE r.portal_id = :portal AND r.act_id = a.id AND r.closed_at IS NULL AND r.kind = 'unsigned' LIMIT 1) AS due,
		d.deleted, d.semantics, d.buyer ->> 'inn' AS deal_inn, d.buyer AS deal_buyer, d.requisites AS chosen` + actFrom + `
	WHERE a.portal_id = :portal AND a.id = :id`

// Details reads the page of an act.
func (s Acts) Details(ctx context.Context, id acts.ActID) (ActDetails, error) {
	var row struct {
		ActRow
		Lines     pg.JSON[[]LineRow]       `db:"lines"`
		Own       pg.JSON[[]OwnCompanyRow] `db:"own"`
		Seen      pg.JSON[[]lookupRow]     `db:"seen"`
		Documents pg.JSON[[]EDODocument]   `db:"documents"`
		Standing  pg.JSON[[]EDODocument]   `db:"standing"`
		Files     pg.JSON[[]ActFile]       `db:"files"`
		Letters   pg.JSON[[]Letter]        `db:"letters"`
		Due       *time.Time               `db:"due"`
		Deleted   bool                     `db:"deleted"`
		Semantics string                   `db:"semantics"`
		DealINN   *string                  `db:"deal_inn"`
		Buyer     pg.JSON[acts.Party]      `db:"deal_buyer"`

		Chosen pg.JSON[acts.RequisiteChoice] `db:"chosen"`
	}
	var sheet ActDetails
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		if err := pg.Get(ctx, r, &row, actSheet, pg.Args{"id": id}); err != nil {
			return err
		}
		return pg.Select(ctx, r, &sheet.History, eventsOfAct, pg.Args{"act": id})
	})
	if err != nil {
		return sheet, pg.NotFound(err, "act sheet", actNotFound)
	}
	sheet.Act, sheet.Seen, sheet.Buyer, sheet.Chosen = row.Act(), connection(row.Seen.V), row.Buyer.V, row.Chosen.V
	for _, l := range row.Lines.V {
		sheet.Act.Lines = append(sheet.Act.Lines, l.Line())
	}
	if len(row.Own.V) > 0 {
		sheet.Own = row.Own.V[0].Company()
	}
	if len(row.Documents.V) > 0 {
		sheet.Document = &row.Documents.V[0]
	}
	if len(row.Letters.V) > 0 {
		sheet.Letter = &row.Letters.V[0]
	}
	sheet.Standing = row.Standing.V
	sheet.Files, sheet.Due, sheet.DealGone, sheet.DealLost = row.Files.V, pg.Day(row.Due), row.Deleted, row.Semantics == "F"
	if row.DealINN != nil {
		sheet.DealINN = *row.DealINN
	}
	return sheet, nil
}
