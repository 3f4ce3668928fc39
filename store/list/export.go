package list

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

// MaxExported is how many acts one table may have.
const MaxExported = 100_000

// ErrTooManyActs is returned, before any act is read, when a filter selects more than MaxExported acts.
var ErrTooManyActs = acts.Errorf(acts.Invalid, "В таблице получилось бы больше 100 000 строк. Вернитесь к списку, сузьте период или добавьте условия и повторите.")

// ExportedAct is an act of an exported table, with its lines when they were requested.
type ExportedAct struct {
	acts.Act
	ResponsibleName string    // "" when we have no copy of the employee
	Due             time.Time // the deadline of the counterparty's signature, zero when there is none
	SignedAt        time.Time // when it became signed, business time
}

type exportedRow struct {
	ExportedAct
	Lines pg.List[acts.Line]
}

func (r exportedRow) act() ExportedAct {
	r.Act.Lines = r.Lines
	return r.ExportedAct
}

const noLines = `CAST(NULL AS jsonb)`

var linesInAct = pg.Rows(`SELECT l.n, l.row_id AS row, l.name, l.unit, l.quantity, l.price, l.rate, l.net, l.tax, l.gross FROM act_lines l
	WHERE l.portal_id = :portal AND l.act_id = a.id ORDER BY l.n`)

// isTooLarge returns the statement that reports whether a filter selects more acts than a table may have.
func isTooLarge(q query) string {
	return `SELECT count(*) > ` + strconv.Itoa(MaxExported) + ` FROM (` + q.first("a.id", MaxExported+1) + `) found`
}

// table returns the statement that reads everything that a table shows of the acts.
func table(q query, lines string) string {
	return `WITH found AS (` + q.first("a.id", MaxExported) + `)
	SELECT a.id, a.deal_id AS deal, d.title AS deal_title, a.company_id AS company, a.contact_id AS contact, a.medium, a.party_kind, a.channel,
		a.status, a.delivery, a.delivery_note, a.reason, a.number, a.corrected AS correction, a.correction AS "correction.n", a.act_date AS date,
		a.net AS "totals.net", a.tax AS "totals.tax", a.gross AS "totals.gross", a.seller, a.buyer, a.basis, a.responsible_id AS responsible,
		a.sent_at, a.signed_at, coalesce(u.name, '') AS responsible_name, a.due_on AS due, ` + lines + ` AS lines
	FROM found JOIN acts a ON a.portal_id = :portal AND a.id = found.id JOIN deals d ON d.portal_id = :portal AND d.id = a.deal_id
		LEFT JOIN users u ON u.portal_id = :portal AND u.id = a.responsible_id` + q.order.By("a")
}

// EachAct calls read for the acts that a filter selects, in the given order, with their lines or without. It returns
// ErrTooManyActs when there are more than MaxExported.
func EachAct(ctx context.Context, s store.Scope, f ActFilter, order Sort, lines bool, today time.Time, read func(ExportedAct) error) error {
	content := noLines
	if lines {
		content = linesInAct
	}
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		names, err := f.findNames(ctx, r, s.Portal())
		if err != nil {
			return err
		}
		q := f.query(today, names, order)
		var tooLarge bool
		if err := pg.Get(ctx, r, &tooLarge, isTooLarge(q), q.Args); err != nil {
			return err
		}
		if tooLarge {
			return ErrTooManyActs
		}
		return pg.ForEachRow(ctx, r, table(q, content), q.Args, func(row exportedRow) error { return read(row.act()) })
	})
	if err != nil {
		return fmt.Errorf("each act: %w", err)
	}
	return nil
}
