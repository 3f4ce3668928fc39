package store

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

const closableDeals = `
	SELECT id FROM deals d WHERE portal_id = :portal AND id = ANY (CAST(:deals AS bigint[])) AND needs_act AND ` + "%s" + ` ORDER BY id FOR NO KEY UPDATE`

const closeDeal = `UPDATE deals SET closed = :reason, closed_by = :by, closed_at = :at, closed_amount = amount WHERE portal_id = :portal AND id = :deal`

const closeRow = `
	UPDATE deal_rows SET closed_quantity = :quantity, closed = :reason, closed_by = :by, closed_at = :at
	WHERE portal_id = :portal AND deal_id = :deal AND id = :row`

// CloseRemainders stores that the uncovered remainders of deals need no act, and why. It returns the deals that were closed: those that
// the visitor may see and that were not covered. The rows of a deal that we have not read yet are closed when they are read.
func (tx DealsTx) CloseRemainders(ctx context.Context, deals []acts.DealID, visibility people.Visibility, c acts.Closing) ([]acts.DealID, error) {
	var closed []acts.DealID
	a := pg.Args{"deals": pg.IDs(deals), "visibility": visibility.Arg()}
	if err := pg.Select(ctx, tx, &closed, fmt.Sprintf(closableDeals, fragment.Visible("d.responsible_id")), a); err != nil {
		return nil, fmt.Errorf("close remainders: %w", err)
	}
	for _, id := range closed {
		d, err := tx.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		if len(d.Rows) == 0 {
			a := pg.Args{"deal": id, "reason": c.Reason, "by": c.By, "at": c.At}
			if _, err := pg.Exec(ctx, tx, closeDeal, a); err != nil {
				return nil, fmt.Errorf("close deal %d: %w", id, err)
			}
		}
		for _, r := range d.Rows {
			if r.Covered() {
				continue
			}
			if err := tx.CloseRow(ctx, id, r, c); err != nil {
				return nil, err
			}
		}
	}
	tx.coverageChanged(closed...)
	return closed, nil
}

// CloseRow stores that the remainder of a row of a locked deal needs no act, and why. A quantity that is added later needs one.
func (tx DealsTx) CloseRow(ctx context.Context, deal acts.DealID, r acts.ProductRow, c acts.Closing) error {
	tx.coverageChanged(deal)
	return tx.closeRow(ctx, deal, r.ID, r.Closed.Add(r.Remainder()), c)
}

func (tx DealsTx) closeRow(ctx context.Context, deal acts.DealID, row acts.RowID, quantity decimal.Decimal, c acts.Closing) error {
	return pg.ExecOne(ctx, tx, "close row", closeRow, pg.Args{"deal": deal, "row": row, "quantity": quantity,
		"reason": c.Reason, "by": c.By, "at": pg.NullTime(c.At)}, errRowsChanged)
}

const reopenRows = `
	UPDATE deal_rows SET closed_quantity = 0, closed = '', closed_by = '', closed_at = NULL
	WHERE portal_id = :portal AND deal_id = :deal AND closed <> '' AND (CAST(:row AS bigint) = 0 OR id = :row)`

const reopenDeal = `UPDATE deals SET closed = '', closed_by = '', closed_at = NULL, closed_amount = 0 WHERE portal_id = :portal AND id = :deal AND closed <> ''`

// ReopenRemainder undoes the closing of a row, or with row = 0 of the whole deal; Conflict when nothing is closed.
func (tx DealsTx) ReopenRemainder(ctx context.Context, deal acts.DealID, row acts.RowID) error {
	tx.coverageChanged(deal)
	n, err := pg.Exec(ctx, tx, reopenRows, pg.Args{"deal": deal, "row": row})
	if err != nil {
		return fmt.Errorf("reopen rows: %w", err)
	}
	var whole int64
	if row == 0 {
		if whole, err = pg.Exec(ctx, tx, reopenDeal, pg.Args{"deal": deal}); err != nil {
			return fmt.Errorf("reopen deal: %w", err)
		}
	}
	if n+whole == 0 {
		return acts.Errorf(acts.Conflict, "Этот остаток не закрыт. Обновите страницу.")
	}
	return nil
}
