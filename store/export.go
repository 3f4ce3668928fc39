package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
)

// MostExported is how many acts one table may have.
const MostExported = 100_000

// ExportedAct is an act of a table that leaves us. Its lines are there when they were asked for.
type ExportedAct struct {
	acts.Act
	ResponsibleName string    // "" when we have no copy of the employee
	Due             time.Time // the last day in time for the counterparty's signature, zero when no day counts
	SignedAt        time.Time // when it became signed, business time
}

type exportedRow struct {
	actRow
	Due      *time.Time       `db:"due"`
	Name     string           `db:"responsible_name"`
	SignedAt *time.Time       `db:"signed_at"`
	Lines    jsonb[[]lineRow] `db:"lines"`
}

func (r exportedRow) act() ExportedAct {
	out := ExportedAct{Act: r.actRow.act(), ResponsibleName: r.Name, Due: orZero(r.Due), SignedAt: orZeroTime(r.SignedAt)}
	for _, l := range r.Lines.V {
		out.Lines = append(out.Lines, l.line())
	}
	return out
}

const (
	signedAt = `(SELECT max(e.at) FROM act_events e WHERE e.portal_id = :portal AND e.act_id = a.id AND e.to_status = 'signed' AND a.status = 'signed')`
	noLines  = `CAST(NULL AS jsonb)`
)

var linesInAct = agg(`SELECT l.n, l.row_id, l.name, l.unit, l.quantity, l.price, l.rate, l.net, l.tax, l.gross FROM act_lines l
	WHERE l.portal_id = :portal AND l.act_id = a.id ORDER BY l.n`)

// table reads everything that a table shows of the found acts, one more than it may have.
func table(found, lines string) string {
	return those(found, key, MostExported+1) + `
	SELECT a.id, a.deal_id, d.title AS deal_title, a.company_id, a.contact_id, a.medium, a.party_kind, a.channel, a.status, a.delivery,
		a.delivery_note, a.reason, a.number, a.act_date, a.net, a.tax, a.gross, a.seller, a.buyer, a.basis, a.responsible_id, a.sent_at,
		coalesce(u.name, '') AS responsible_name, ` + due + ` AS due, ` + signedAt + ` AS signed_at, ` + lines + ` AS lines
	FROM found JOIN acts a ON a.portal_id = :portal AND a.id = found.id JOIN deals d ON d.portal_id = :portal AND d.id = a.deal_id
		LEFT JOIN users u ON u.portal_id = :portal AND u.id = a.responsible_id
	ORDER BY a.act_date DESC, a.id DESC`
}

// EachAct hands over the acts that a filter asks for, the newest first, with their lines or without. After MostExported of them comes one more,
// so that the reader sees that there are too many.
func (s Scope) EachAct(ctx context.Context, f ActFilter, lines bool, today time.Time, read func(ExportedAct) error) error {
	a := s.fill(f.args(PageKey{}, today))
	content := noLines
	if lines {
		content = linesInAct
	}
	err := s.run(ctx, func(r runner) error {
		n, err := f.look(ctx, r, a)
		if err != nil {
			return err
		}
		return each(ctx, r, table(f.way(n), content), a, func(row exportedRow) error { return read(row.act()) })
	})
	if err != nil {
		return fmt.Errorf("each act: %w", err)
	}
	return nil
}
