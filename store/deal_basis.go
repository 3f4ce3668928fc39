package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// EarlierBasis is the document on which an earlier act with the same counterparty is based.
type EarlierBasis struct {
	Act    acts.ActID
	Own    acts.CompanyID
	Number string // of the act, "" when it has none
	Date   time.Time
	Basis  acts.Basis
}

const basisColumns = `a.id AS act, a.own_company_id AS own, a.number, a.act_date AS date, a.basis`

// hasBasis is the condition that an act has the deal's counterparty and names a document.
const hasBasis = `a.portal_id = :portal AND a.status <> 'annulled' AND a.basis ->> 'name' <> ''
	AND a.buyer ->> 'inn' IS NOT DISTINCT FROM d.buyer ->> 'inn'`

// earlierBases reads the documents of the last acts with the counterparty of a deal d.
const earlierBases = `
	(SELECT ` + basisColumns + ` FROM acts a WHERE ` + hasBasis + ` AND d.company_id <> 0 AND a.company_id = d.company_id
		ORDER BY a.act_date DESC, a.id DESC LIMIT 50)
	UNION ALL
	(SELECT ` + basisColumns + ` FROM acts a WHERE ` + hasBasis + ` AND d.company_id = 0 AND d.contact_id <> 0 AND a.company_id = 0 AND a.contact_id = d.contact_id
		ORDER BY a.act_date DESC, a.id DESC LIMIT 50)
	ORDER BY date DESC, act DESC`

const basesOfDeal = `
	SELECT q.* FROM deals d CROSS JOIN LATERAL (` + earlierBases + `) q WHERE d.portal_id = :portal AND d.id = :deal ORDER BY q.date DESC, q.act DESC`

// EarlierBases lists the documents of the last acts with the counterparty of a deal, the newest first.
func (s Deals) EarlierBases(ctx context.Context, deal acts.DealID) ([]EarlierBasis, error) {
	var found []EarlierBasis
	if err := pg.Select(ctx, s, &found, basesOfDeal, pg.Args{"deal": deal}); err != nil {
		return nil, fmt.Errorf("earlier bases: %w", err)
	}
	return found, nil
}
