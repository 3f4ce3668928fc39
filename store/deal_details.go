package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
)

// DealDetails is everything that the deal tab shows, read in two statements.
type DealDetails struct {
	Deal     Deal
	Own      []OwnCompany
	Settings Settings
	Seen     acts.Connection          // what SBIS reported about the counterparty in the last day
	Acts     []acts.Act               // newest first, without lines
	Question *Question                // the newest question to the counterparty, nil when there is none
	Answers  []Answer                 // the answers of the counterparty, the newest first
	Stored   *Answer                  // its newest answer in another deal, nil when there is none
	Bases    []EarlierBasis           // of the last acts with the same counterparty, the newest first
	Due      map[acts.ActID]time.Time // the deadline of the counterparty's signature
}

const lookupOf = `SELECT true AS asked, known, boxes, codes, alive, note, invitation, invited_at FROM edo_lookups
	WHERE portal_id = :portal AND inn = %s AND kpp = %s AND asked_at > clock_timestamp() - interval '1 day'`

var dealDetails = `
	SELECT ` + dealColumns + `, ` + pg.Rows(rowsOfDeal) + ` AS rows, ` + pg.Rows(fragment.OwnCompanies) + ` AS own,
		coalesce((` + fragment.Settings + `), '{}') AS settings,
		` + pg.Rows(fmt.Sprintf(lookupOf, "d.buyer ->> 'inn'", "coalesce(d.buyer ->> 'kpp', '')")) + ` AS seen,
		coalesce((SELECT jsonb_object_agg(a.id, a.due_on) FROM acts a
			WHERE a.portal_id = :portal AND a.deal_id = d.id AND a.due_on IS NOT NULL), '{}') AS due,
		` + pg.Rows(`SELECT `+questionColumns+` FROM questions WHERE portal_id = :portal AND deal_id = d.id ORDER BY id DESC LIMIT 1`) + ` AS questions,
		` + pg.Rows(`SELECT `+fragment.AnswerColumns+` FROM answers WHERE portal_id = :portal AND deal_id = d.id ORDER BY id DESC LIMIT 10`) + ` AS answers,
		` + pg.Rows(`SELECT `+fragment.AnswerColumns+` FROM answers WHERE portal_id = :portal AND deal_id <> d.id
			AND (d.company_id <> 0 AND company_id = d.company_id OR d.company_id = 0 AND d.contact_id <> 0 AND contact_id = d.contact_id) ORDER BY id DESC LIMIT 1`) + ` AS stored,
		` + pg.Rows(earlierBases) + ` AS bases
	FROM deals d WHERE portal_id = :portal AND id = :id`

// Details reads the deal tab.
func (s Deals) Details(ctx context.Context, id acts.DealID) (DealDetails, error) {
	var row struct {
		Deal
		Rows     pg.List[acts.ProductRow]
		Own      pg.List[OwnCompany]
		Settings Settings
		Seen     pg.List[acts.Connection]
		Due      map[acts.ActID]string
		Asked    pg.JSON[[]Question] `db:"questions"`
		Answers  pg.List[Answer]
		Stored   pg.List[Answer]
		Bases    pg.List[EarlierBasis]
	}
	var found []acts.Act
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		if err := pg.GetFixed(ctx, r, &row, dealDetails, pg.Args{"id": id}); err != nil {
			return err
		}
		return pg.Select(ctx, r, &found, actsOfDeal, pg.Args{"deal": id})
	})
	if err != nil {
		return DealDetails{}, pg.NotFound(err, "details of a deal", noDeal)
	}
	d := DealDetails{Deal: row.Deal, Own: row.Own, Settings: row.Settings, Seen: row.Seen.First(), Acts: found, Answers: row.Answers, Bases: row.Bases,
		Due: make(map[acts.ActID]time.Time, len(row.Due))}
	d.Deal.setRows(row.Rows)
	if len(row.Asked.V) > 0 {
		d.Question = &row.Asked.V[0]
	}
	if len(row.Stored) > 0 {
		d.Stored = &row.Stored[0]
	}
	for id, day := range row.Due {
		if on, err := time.Parse(time.DateOnly, day); err == nil {
			d.Due[id] = on
		}
	}
	return d, nil
}

// ActDetails is everything that the page of an act shows, read in two statements.
type ActDetails struct {
	Act           acts.Act
	Own           OwnCompany
	Seen          acts.Connection
	Document      *EDODocument  // the live attempt, else the newest, nil before the first hand-over
	Corrected     acts.Status   // of the act that this one corrects, "" when it corrects none
	SignedEarlier []EDODocument // earlier attempts that were signed nevertheless and are neither recalled nor annulled
	Files         []ActFile     // signed copies, the current ones first
	Letter        *Letter       // the newest letter with the act, nil when there is none
	Due           time.Time     // the deadline of the counterparty's signature, zero when there is none
	DealGone      bool          // the deal was deleted in the CRM
	DealLost      bool          // the deal failed
	DealINN       string        // of the deal's counterparty now
	Buyer         acts.Party    // the deal's counterparty now
	Chosen        acts.RequisiteChoice
	DealPhones    string     // of the deal's counterparty, separated by commas
	DealEmail     string     // of the deal's counterparty
	History       []ActEvent // newest first
}

var actDetails = `
	SELECT ` + actColumns + `, ` + pg.Rows(linesOfAct) + ` AS lines,
		` + pg.Rows(`SELECT `+fragment.OwnColumns+` FROM own_companies
			WHERE own_companies.portal_id = :portal AND own_companies.id = a.own_company_id`) + ` AS own,
		` + pg.Rows(fmt.Sprintf(lookupOf, "a.buyer ->> 'inn'", "coalesce(a.buyer ->> 'kpp', '')")) + ` AS seen,
		` + pg.Rows(`SELECT e.id, e.attempt, e.live, e.written, e.link, e.signing, e.dispatched, e.package, e.package_note FROM edo_documents e
			WHERE e.portal_id = :portal AND e.act_id = a.id ORDER BY e.live DESC, e.attempt DESC LIMIT 1`) + ` AS documents,
		` + pg.Rows(`SELECT e.id, e.attempt, e.link, e.state_code, e.state_name FROM edo_documents e
			WHERE e.portal_id = :portal AND e.act_id = a.id AND NOT e.live AND NOT e.gone AND e.dispatched AND e.state_code IN (`+signedPhases+`)
			ORDER BY e.attempt`) + ` AS signed_earlier,
		` + pg.Rows(`SELECT f.id, f.name, f.type, f.size, c.side, c.current, c.added_by, c.added_at, c.part, c.signatures FROM act_files c
			JOIN files f ON f.portal_id = c.portal_id AND f.id = c.file_id
			WHERE c.portal_id = :portal AND c.act_id = a.id ORDER BY c.current DESC, f.id LIMIT 200`) + ` AS files,
		` + pg.Rows(`SELECT l.address, l.state, l.problem, l.created_at FROM letters l
			WHERE l.portal_id = :portal AND l.act_id = a.id AND l.act_id <> 0 ORDER BY l.id DESC LIMIT 1`) + ` AS letters,
		(SELECT o.status FROM acts o WHERE o.portal_id = :portal AND o.id = a.corrects) AS corrected_status, a.due_on AS due, d.phones, d.email,
		d.deleted, d.semantics, d.buyer ->> 'inn' AS deal_inn, d.buyer AS deal_buyer, d.requisites AS chosen` + actFrom + `
	WHERE a.portal_id = :portal AND a.id = :id`

// Details reads the page of an act.
func (s Acts) Details(ctx context.Context, id acts.ActID) (ActDetails, error) {
	var row struct {
		acts.Act
		Lines         pg.List[acts.Line]
		Own           pg.List[OwnCompany]
		Seen          pg.List[acts.Connection]
		Documents     pg.JSON[[]EDODocument]
		SignedEarlier pg.JSON[[]EDODocument] `db:"signed_earlier"`
		Files         pg.JSON[[]ActFile]
		Letters       pg.JSON[[]Letter]
		Phones, Email string
		Corrected     acts.Status `db:"corrected_status"`
		Due           time.Time
		Deleted       bool
		Semantics     string
		DealINN       string               `db:"deal_inn"`
		DealBuyer     acts.Party           `db:"deal_buyer"`
		Chosen        acts.RequisiteChoice `db:"chosen"`
	}
	var d ActDetails
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		if err := pg.GetFixed(ctx, r, &row, actDetails, pg.Args{"id": id}); err != nil {
			return err
		}
		return pg.Select(ctx, r, &d.History, eventsOfAct, pg.Args{"act": id})
	})
	if err != nil {
		return d, pg.NotFound(err, "details of an act", actNotFound)
	}
	d.Act, d.Own, d.Seen, d.Buyer, d.Chosen = row.Act, row.Own.First(), row.Seen.First(), row.DealBuyer, row.Chosen
	d.Act.Lines = row.Lines
	if len(row.Documents.V) > 0 {
		d.Document = &row.Documents.V[0]
	}
	if len(row.Letters.V) > 0 {
		d.Letter = &row.Letters.V[0]
	}
	d.DealPhones, d.DealEmail = row.Phones, row.Email
	d.SignedEarlier, d.Files, d.Due, d.Corrected = row.SignedEarlier.V, row.Files.V, row.Due, row.Corrected
	d.DealGone, d.DealLost, d.DealINN = row.Deleted, row.Semantics == "F", row.DealINN
	return d, nil
}
