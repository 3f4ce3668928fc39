package store

import (
	"context"
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// rowsOfDeal reads all rows that were ever stored of a deal, with the quantities and sums of each in acts that count.
const rowsOfDeal = `
	SELECT r.id, r.crm_id AS crm, r.family, r.product_id AS product, r.sort, r.name, r.quantity, r.price, r.net_price, r.on_top, r.rate, r.unit, r.kind,
		r.needs_act, r.closed_quantity AS closed, r.closed AS "closing.reason", r.closed_by AS "closing.by", r.closed_at AS "closing.at", r.gone, r.separate,
		coalesce(l.quantity, 0) AS in_acts, l.net AS "act_totals.net", l.tax AS "act_totals.tax", l.gross AS "act_totals.gross"
	FROM deal_rows r
	LEFT JOIN (
		SELECT l.row_id, sum(l.quantity) AS quantity, CAST(sum(l.net) AS bigint) AS net,
			CAST(sum(l.tax) AS bigint) AS tax, CAST(sum(l.gross) AS bigint) AS gross
		FROM acts a JOIN act_lines l ON l.portal_id = a.portal_id AND l.act_id = a.id
		WHERE a.portal_id = :portal AND a.deal_id = :id AND a.status <> 'annulled' AND a.replaced_by IS NULL
		GROUP BY l.row_id
	) l ON l.row_id = r.id
	WHERE r.portal_id = :portal AND r.deal_id = :id
	ORDER BY r.sort, r.id`

// setRows fills in the rows of a deal.
func (d *Deal) setRows(rows []acts.ProductRow) {
	d.storedRows = rows
	d.Rows, d.Lost = acts.Settle(rows)
}

// Without returns the deal as if the act covered nothing of it: the edit form of the act and its successors start from that.
func (d Deal) Without(a acts.Act) Deal {
	kept := make([]acts.ProductRow, len(d.storedRows))
	copy(kept, d.storedRows)
	for _, l := range a.Lines {
		for i, r := range kept {
			if r.ID == l.Row && a.CountsTowardDeal() {
				kept[i].InActs, kept[i].ActTotals = r.InActs.Sub(l.Quantity), r.ActTotals.Minus(l.Totals)
			}
		}
	}
	d.storedRows = kept
	d.Rows, d.Lost = acts.Settle(kept)
	if a.CountsTowardDeal() {
		d.ActSum -= a.Totals.Gross
	}
	return d
}

// Fits reports whether the deal has enough left for an act that does not count now: with it the acts exceed the deal no more than without it.
func (d Deal) Fits(a acts.Act) bool {
	kept := slices.Clone(d.storedRows)
	for _, l := range a.Lines {
		for i, r := range kept {
			if r.ID == l.Row {
				kept[i].InActs, kept[i].ActTotals = r.InActs.Add(l.Quantity), r.ActTotals.Plus(l.Totals)
			}
		}
	}
	return !acts.Excess(acts.Settle(kept)).GreaterThan(acts.Excess(d.Rows, d.Lost))
}

const addDealRows = `
	INSERT INTO deal_rows (portal_id, deal_id, id, crm_id, family, product_id, sort, name, quantity, price, net_price, on_top, rate, unit, kind,
		closed_quantity, closed, closed_by, closed_at)
	SELECT :portal, :deal, r.id, r.crm, r.family, r.product, r.sort, r.name, r.quantity, r.price, r.net_price, r.on_top, r.rate, r.unit, r.kind,
		CASE CAST(:reason AS text) WHEN '' THEN 0 ELSE greatest(r.quantity, 0) END, :reason, :by, :at
	FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (id bigint, crm bigint, family bigint, product bigint, sort int,
		name text, quantity numeric, price numeric, net_price numeric, on_top boolean, rate text, unit jsonb, kind text)`

const changeRows = `
	UPDATE deal_rows d SET crm_id = r.crm, product_id = r.product, sort = r.sort, name = r.name, quantity = r.quantity, price = r.price,
		net_price = r.net_price, on_top = r.on_top, rate = r.rate, unit = r.unit, kind = r.kind, gone = false, separate = false
	FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (id bigint, crm bigint, product bigint, sort int, name text, quantity numeric,
		price numeric, net_price numeric, on_top boolean, rate text, unit jsonb, kind text)
	WHERE d.portal_id = :portal AND d.deal_id = :deal AND d.id = r.id
		AND (d.crm_id, d.product_id, d.sort, d.name, d.quantity, d.price, d.net_price, d.on_top, d.rate, d.unit, d.kind, d.gone) IS DISTINCT FROM
			(r.crm, r.product, r.sort, r.name, r.quantity, r.price, r.net_price, r.on_top, r.rate, r.unit, r.kind, false)`

const dropRows = `UPDATE deal_rows SET gone = true WHERE portal_id = :portal AND deal_id = :deal AND NOT gone AND id <> ALL (CAST(:keep AS bigint[]))`

// SaveRows replaces our copies of a deal's rows; the stored data of a row move to its new id (acts.MatchRows).
func (tx DealsTx) SaveRows(ctx context.Context, deal acts.DealID, list []acts.ProductRow) error {
	return tx.saveRows(ctx, deal, list, acts.Closing{})
}

// saveRows closes rows that are new to us when a reason is given.
func (tx DealsTx) saveRows(ctx context.Context, deal acts.DealID, read []acts.ProductRow, closing acts.Closing) error {
	d, err := tx.Lock(ctx, deal)
	if err != nil {
		return fmt.Errorf("save rows: %w", err)
	}
	taken, families := map[acts.RowID]bool{}, map[acts.RowIdentity]acts.RowID{}
	for _, r := range d.storedRows {
		taken[r.ID] = true
	}
	keep := []acts.RowID{} // NULL instead of an empty array would keep all rows
	var fresh, known pg.List[acts.ProductRow]
	rows, lost := acts.MatchRows(d.storedRows, read)
	for i, r := range rows {
		if r.ID != 0 {
			known = append(known, r)
		} else {
			if r.ID = acts.RowID(r.CRM); taken[r.ID] { // the CRM gave an id twice, as a restored backup does
				r.ID = -r.ID
			}
			if r.Family == 0 {
				if families[r.Identity()] == 0 {
					families[r.Identity()] = r.ID
				}
				r.Family = families[r.Identity()]
			}
			fresh = append(fresh, r)
			rows[i].ID = r.ID
		}
		keep = append(keep, r.ID)
	}
	if _, err := pg.Exec(ctx, tx, dropRows, pg.Args{"deal": deal, "keep": pg.IDs(keep)}); err != nil {
		return fmt.Errorf("drop rows: %w", err)
	}
	if len(known) > 0 {
		if _, err := pg.Exec(ctx, tx, changeRows, pg.Args{"deal": deal, "rows": known}); err != nil {
			return fmt.Errorf("change rows: %w", err)
		}
	}
	if len(fresh) > 0 {
		if _, err := pg.Exec(ctx, tx, addDealRows, pg.Args{"deal": deal, "rows": fresh, "reason": closing.Reason, "by": closing.By, "at": pg.NullTime(closing.At)}); err != nil {
			return fmt.Errorf("add rows: %w", err)
		}
	}
	if err := tx.moveClosings(ctx, deal, d.storedRows, append(rows, lost...)); err != nil {
		return err
	}
	tx.coverageChanged(deal)
	return nil
}

// moveClosings stores the closed remainders of rows that were split or joined.
func (tx DealsTx) moveClosings(ctx context.Context, deal acts.DealID, kept, rows []acts.ProductRow) error {
	before := map[acts.RowID]acts.ProductRow{}
	for _, k := range kept {
		before[k.ID] = k
	}
	for _, r := range rows {
		if k := before[r.ID]; r.Closed.Equal(k.Closed) && r.Closing.Reason == k.Closing.Reason {
			continue
		}
		if err := tx.closeRow(ctx, deal, r.ID, r.Closed, r.Closing); err != nil {
			return err
		}
	}
	return nil
}

const continueRow = `
	UPDATE deal_rows l SET crm_id = r.crm_id, product_id = r.product_id, sort = r.sort, name = r.name, quantity = r.quantity, price = r.price,
		net_price = r.net_price, on_top = r.on_top, rate = r.rate, unit = r.unit, kind = r.kind, gone = false
	FROM deal_rows r
	WHERE l.portal_id = :portal AND l.deal_id = :deal AND l.id = :lost AND l.gone
		AND r.portal_id = :portal AND r.deal_id = :deal AND r.id = :row AND NOT r.gone`

const dropRow = `DELETE FROM deal_rows WHERE portal_id = :portal AND deal_id = :deal AND id = :row`

var errRowsChanged = acts.Errorf(acts.Conflict, "Позиции сделки уже изменились, обновите страницу.")

// ContinueRow records that a row of the deal continues a lost one: the marks and acts of the lost row belong to it from now on.
func (tx DealsTx) ContinueRow(ctx context.Context, deal acts.DealID, lost, row acts.RowID) error {
	a := pg.Args{"deal": deal, "lost": lost, "row": row}
	if err := pg.ExecOne(ctx, tx, "continue row", continueRow, a, errRowsChanged); err != nil {
		return err
	}
	if err := pg.ExecOne(ctx, tx, "drop row", dropRow, pg.Args{"deal": deal, "row": row}, errRowsChanged); err != nil {
		return err
	}
	tx.coverageChanged(deal)
	return nil
}

const separateRow = `UPDATE deal_rows SET separate = true WHERE portal_id = :portal AND deal_id = :deal AND id = :lost AND gone`

// SeparateRow records that no row of the deal continues the lost one.
func (tx DealsTx) SeparateRow(ctx context.Context, deal acts.DealID, lost acts.RowID) error {
	return pg.ExecOne(ctx, tx, "separate row", separateRow, pg.Args{"deal": deal, "lost": lost}, errRowsChanged)
}
