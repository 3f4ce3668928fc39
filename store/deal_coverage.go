package store

import (
	"context"
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// coverageChanged requests that the coverage of deals by acts is computed again when the transaction ends: acts, their lines, the rows of
// a deal, the marks on them or its sum were changed.
func (tx writes) coverageChanged(deals ...acts.DealID) {
	for _, id := range deals {
		tx.uncounted[id] = true
	}
}

// changeCovering executes a statement that returns the deal of the act that it changes; missing is returned when it changes none.
func (tx ActsTx) changeCovering(ctx context.Context, what, query string, a pg.Args, missing error) error {
	var deals []acts.DealID
	if err := pg.Select(ctx, tx, &deals, query, a); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if len(deals) == 0 {
		return missing
	}
	tx.coverageChanged(deals...)
	return nil
}

const coveredDeal = `
	SELECT d.amount, d.currency, d.closed AS "closing.reason", d.closed_amount, ` + "%s" + ` AS rows,
		EXISTS (SELECT FROM acts a WHERE a.portal_id = :portal AND a.deal_id = :id AND a.status <> 'annulled' AND a.replaced_by IS NULL) AS acted
	FROM deals d WHERE d.portal_id = :portal AND d.id = :id`

var readCoverage = fmt.Sprintf(coveredDeal, pg.Rows(rowsOfDeal))

const lockDealAlone = `SELECT id FROM deals WHERE portal_id = :portal AND id = :id FOR NO KEY UPDATE`

const saveCoverage = `
	UPDATE deals SET needs_act = :needs_act, uncovered = :uncovered
	WHERE portal_id = :portal AND id = :id AND (needs_act, uncovered) IS DISTINCT FROM (:needs_act, :uncovered)`

// countCoverage stores, for each deal changed in the transaction, whether it waits for an act and the sum that no act covers, in
// hundredths of the deal's currency. A deal without rows is covered by any act. The deal is locked before its acts are read: of two
// transactions at once the later one sees both.
func (tx DealsTx) countCoverage(ctx context.Context) error {
	deals := make([]acts.DealID, 0, len(tx.uncounted))
	for id := range tx.uncounted {
		deals = append(deals, id)
	}
	slices.Sort(deals)
	for _, id := range deals {
		if err := tx.countDeal(ctx, id); err != nil {
			return fmt.Errorf("count coverage of deal %d: %w", id, err)
		}
	}
	return nil
}

func (tx DealsTx) countDeal(ctx context.Context, id acts.DealID) error {
	if _, err := pg.Exec(ctx, tx, lockDealAlone, pg.Args{"id": id}); err != nil {
		return err
	}
	var row struct {
		Deal
		Rows  pg.List[acts.ProductRow]
		Acted bool
	}
	if err := pg.Get(ctx, tx, &row, readCoverage, pg.Args{"id": id}); err != nil {
		return err
	}
	var d Deal
	d.setRows(row.Rows)
	needsAct, uncovered := !acts.AllCovered(d.Rows), acts.Uncovered(d.Rows, row.InRoubles())
	if len(d.Rows) == 0 {
		needsAct, uncovered = !row.IsClosed() && !row.Acted, row.Amount
	}
	if !needsAct {
		uncovered = 0
	}
	_, err := pg.Exec(ctx, tx, saveCoverage, pg.Args{"id": id, "needs_act": needsAct, "uncovered": uncovered})
	return err
}
