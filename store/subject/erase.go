package subject

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/audit"
	"acts24/store/internal/pg"
)

// Outcome is what became of rows of a table.
type Outcome struct {
	Table  string
	Rows   int64
	Erased bool
	Why    string    // what was erased, or why the rows are kept
	Until  time.Time // the last day on which kept rows must be kept, zero where no day is known
}

// documentTerm is the number of years after the reporting year for which primary documents are kept (402-ФЗ, article 29).
const documentTerm = 5

// erasures delete or blank what has no legal ground to stay. The statement of deals comes after those of the counterparty's other tables, whose rows are found by columns that it blanks.
// Statements leave alone what is already blank, so a second run reports nothing.
var erasures = []struct{ table, what, query string }{
	{"answers", "contact person, phone, e-mail, address, comment", subjectRows + `
		UPDATE answers t SET contact = '', phone = '', email = '', address = '', comment = ''` + ofAnswer + `
		AND (t.contact, t.phone, t.email, t.address, t.comment) <> ('', '', '', '', '')`},
	{"letters", "address, subject and text", subjectRows + `
		UPDATE letters t SET address = '', subject = '', body = ''` + ofLetter + ` AND t.state <> 'queued' AND (t.address, t.subject, t.body) <> ('', '', '')`},
	{"messages", "texts of notifications and comments that the CRM has", subjectRows + `
		DELETE FROM messages t` + ofDeal + ` AND NOT EXISTS (SELECT FROM tasks k WHERE k.portal_id = :portal AND (k.kind = :message AND k.subject = t.id OR k.kind = :notice AND k.subject = t.notice_id))`},
	{"question_links", "links of the public form", subjectRows + `
		DELETE FROM question_links l WHERE l.portal_id = :portal AND l.question_id IN (SELECT t.id FROM questions t` + ofQuestion + ` AND t.state <> 'queued')`},
	{"answer_deadlines", "reminders of questions", subjectRows + `
		DELETE FROM answer_deadlines l WHERE l.portal_id = :portal AND l.question_id IN (SELECT t.id FROM questions t` + ofQuestion + ` AND t.state <> 'queued')`},
	{"questions", "address; an open question is withdrawn", subjectRows + `
		UPDATE questions t SET address = '', state = CASE WHEN t.answered_at IS NULL THEN 'withdrawn' ELSE t.state END` + ofQuestion + `
		AND t.state <> 'queued' AND (t.address <> '' OR t.answered_at IS NULL AND t.state <> 'withdrawn')`},
	{"invitations", "invitations to connect", subjectRows + `DELETE FROM invitations t` + ofDeal},
	{"edo_lookups", "answers of SBIS about the counterparty", subjectRows + `DELETE FROM edo_lookups t` + ofLookup},
	{"deals", "e-mail and phones of the copy; the CRM holds the original", subjectRows + `
		UPDATE deals t SET email = '', phones = '' WHERE t.portal_id = :portal AND t.id IN (SELECT id FROM deals_of) AND (t.email, t.phones) <> ('', '')`},
	{"saved_filters", "filters of a dismissed employee", `DELETE FROM saved_filters t` + ofUser + dismissed},
	{"visits", "visits of a dismissed employee", `DELETE FROM visits t` + ofUser + dismissed},
	{"administrators", "a dismissed employee", `DELETE FROM administrators t` + ofUser + dismissed},
	{"people", "rights of a dismissed employee", `DELETE FROM people t` + ofUser + dismissed},
	{"users", "name of a dismissed employee", `UPDATE users t SET name = '' WHERE t.portal_id = :portal AND :user <> 0 AND t.id = :user AND NOT t.active AND t.name <> ''`},
}

// dismissed restricts a statement to employees who are dismissed.
const dismissed = ` AND EXISTS (SELECT FROM users u WHERE u.portal_id = :portal AND u.id = :user AND NOT u.active)`

// errDryRun rolls the transaction of a dry run back.
var errDryRun = errors.New("dry run")

// Erase deletes or blanks what a portal stores about the subject without a legal ground, records that in the audit log, and returns what
// it erased and what it kept. A dry run returns the same and changes nothing. now is the business time against which terms are counted.
func Erase(ctx context.Context, db *store.DB, portal acts.PortalID, s Subject, now time.Time, dryRun bool) (list []Outcome, err error) {
	err = pg.InTx(ctx, db.DB, portal, func(scope pg.Scope) error {
		list = nil
		w := writer{Scope: scope}
		held, err := kept(ctx, w, s, now) // before the columns by which rows are found are blanked
		if err != nil {
			return err
		}
		for _, part := range erasures {
			n, err := pg.Exec(ctx, w, part.query, s.args())
			if err != nil {
				return fmt.Errorf("erase %s: %w", part.table, err)
			}
			if n > 0 {
				list = append(list, Outcome{Table: part.table, Rows: n, Erased: true, Why: part.what})
			}
		}
		erased := len(list)
		list = append(list, held...)
		if dryRun {
			return errDryRun
		}
		if erased == 0 {
			return nil
		}
		return audit.AddTo(ctx, w, audit.Record{Action: audit.SubjectErase})
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return list, err
}

const keptActs = subjectRows + `
	SELECT t.number <> '' AS numbered, CAST(date_part('year', t.act_date) AS int) AS year, count(*) AS rows
	FROM acts t WHERE t.portal_id = :portal AND t.id IN (SELECT id FROM acts_of) GROUP BY 1, 2 ORDER BY 1 DESC, 2`

// keeps count rows that stay for another reason than the law on accounting.
var keeps = []struct{ table, why, query string }{
	{"letters", "being sent: repeat the command afterwards", subjectRows + `SELECT count(*) FROM letters t` + ofLetter + ` AND t.state = 'queued'`},
	{"questions", "being sent: repeat the command afterwards", subjectRows + `SELECT count(*) FROM questions t` + ofQuestion + ` AND t.state = 'queued'`},
	{"deals", "copies of the CRM, which corrects them after the data are erased there", subjectRows + `SELECT count(*) FROM deals t WHERE t.portal_id = :portal AND t.id IN (SELECT id FROM deals_of)`},
	{"own_companies", "the portal's own company: removed in the CRM by its administrator", `SELECT count(*) FROM own_companies t WHERE t.portal_id = :portal AND :inn <> '' AND t.party ->> 'inn' = :inn`},
	{"certificates", "keys that sign for the portal: removed with their SBIS account", subjectRows + `SELECT count(*) FROM certificates t` + ofLookup},
	{"users", "employed: copies of the CRM, blanked after a dismissal", `SELECT count(*) FROM users t WHERE t.portal_id = :portal AND :user <> 0 AND t.id = :user AND t.active`},
}

// kept returns what stays, with the reason. Lines, history, files and EDO documents stay with their act.
func kept(ctx context.Context, r pg.Reader, s Subject, now time.Time) (list []Outcome, err error) {
	var years []struct {
		Numbered bool
		Year     int
		Rows     int64
	}
	if err := pg.Select(ctx, r, &years, keptActs, s.args()); err != nil {
		return nil, fmt.Errorf("kept acts: %w", err)
	}
	for _, y := range years {
		one := Outcome{Table: "acts", Rows: y.Rows, Why: "without a number, no primary documents: annul them in the program; they go with the portal"}
		if y.Numbered {
			one.Until = time.Date(y.Year+documentTerm, time.December, 31, 0, 0, 0, 0, time.UTC)
			one.Why = fmt.Sprintf("primary documents of %d with lines, history and files: 402-ФЗ, article 29", y.Year)
			if !now.Before(one.Until.AddDate(0, 0, 1)) {
				one.Why = fmt.Sprintf("primary documents of %d, whose term has ended: they go with the portal", y.Year)
			}
		}
		list = append(list, one)
	}
	for _, part := range keeps {
		var n int64
		if err := pg.Get(ctx, r, &n, part.query, s.args()); err != nil {
			return nil, fmt.Errorf("kept %s: %w", part.table, err)
		}
		if n > 0 {
			list = append(list, Outcome{Table: part.table, Rows: n, Why: part.why})
		}
	}
	return list, nil
}
