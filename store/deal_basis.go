package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// EarlierBasis is the document that an earlier act with the same counterparty is founded on.
type EarlierBasis struct {
	Act    acts.ActID
	Own    acts.CompanyID
	Number string // of the act, "" when it has none
	Date   time.Time
	Basis  acts.Basis
}

type basisRow struct {
	Act    int64               `db:"id" json:"id"`
	Own    int64               `db:"own_company_id" json:"own_company_id"`
	Number string              `db:"number" json:"number"`
	Date   string              `db:"act_date" json:"act_date"`
	Basis  pg.JSON[acts.Basis] `db:"basis" json:"basis"`
}

func earlier(rows []basisRow) []EarlierBasis {
	list := make([]EarlierBasis, len(rows))
	for i, r := range rows {
		list[i] = EarlierBasis{Act: acts.ActID(r.Act), Own: acts.CompanyID(r.Own), Number: r.Number, Basis: r.Basis.V}
		list[i].Date, _ = time.Parse(time.DateOnly, r.Date) // PostgreSQL has written it
	}
	return list
}

const basisColumns = `a.id, a.own_company_id, a.number, to_char(a.act_date, 'YYYY-MM-DD') AS act_date, a.basis, a.act_date AS at`

// saysBasis is true of an act with the deal's counterparty that names a document.
const saysBasis = `a.portal_id = :portal AND a.status <> 'annulled' AND a.basis ->> 'name' <> ''
	AND a.buyer ->> 'inn' IS NOT DISTINCT FROM d.buyer ->> 'inn'`

// earlierBases are those of the last acts with the counterparty of a deal d.
const earlierBases = `
	(SELECT ` + basisColumns + ` FROM acts a WHERE ` + saysBasis + ` AND d.company_id <> 0 AND a.company_id = d.company_id
		ORDER BY a.act_date DESC, a.id DESC LIMIT 50)
	UNION ALL
	(SELECT ` + basisColumns + ` FROM acts a WHERE ` + saysBasis + ` AND d.company_id = 0 AND d.contact_id <> 0 AND a.company_id = 0 AND a.contact_id = d.contact_id
		ORDER BY a.act_date DESC, a.id DESC LIMIT 50)
	ORDER BY at DESC, id DESC`

const basesOfDeal = `
	SELECT q.id, q.own_company_id, q.number, q.act_date, q.basis
	FROM deals d CROSS JOIN LATERAL (` + earlierBases + `) q WHERE d.portal_id = :portal AND d.id = :deal ORDER BY q.at DESC, q.id DESC`

// EarlierBases are the documents of the last acts with the counterparty of a deal, the newest first.
func (s Deals) EarlierBases(ctx context.Context, deal acts.DealID) ([]EarlierBasis, error) {
	var rows []basisRow
	if err := pg.Select(ctx, s, &rows, basesOfDeal, pg.Args{"deal": deal}); err != nil {
		return nil, fmt.Errorf("earlier bases: %w", err)
	}
	return earlier(rows), nil
}
