package store

import (
	"context"
	"fmt"
	"time"

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

// FormRequest is the request of a person to form the act of a deal as the deal tab suggests it.
type FormRequest struct {
	Deal     acts.DealID `db:"deal_id"`
	Key      string      `db:"form_key"` // of the form: one request makes one act
	User     acts.UserID `db:"user_id"`
	UserName string      `db:"user_name"`
	Problem  string      `db:"problem"`
}

const addFormRequest = `
	INSERT INTO form_requests (portal_id, deal_id, form_key, user_id, user_name, asked_at)
	SELECT d.portal_id, d.id, CAST(:key AS uuid), :user, :user_name, :now FROM deals d
	WHERE d.portal_id = :portal AND d.id = :deal AND d.needs_act AND NOT d.deleted AND ` + "%s" + `
	ON CONFLICT (portal_id, deal_id) DO UPDATE SET form_key = EXCLUDED.form_key, user_id = EXCLUDED.user_id, user_name = EXCLUDED.user_name,
		asked_at = EXCLUDED.asked_at, problem = '' WHERE form_requests.problem <> ''`

// AddFormRequest stores a request; ok is false when the deal needs no act, the visitor may not see it, or its act is being formed.
func (tx DealsTx) AddFormRequest(ctx context.Context, request FormRequest, visibility people.Visibility, now time.Time) (ok bool, err error) {
	n, err := pg.Exec(ctx, tx, fmt.Sprintf(addFormRequest, fragment.Visible("d.responsible_id")), pg.Args{"deal": request.Deal, "key": request.Key, "user": request.User,
		"user_name": request.UserName, "now": now, "visibility": visibility.Arg()})
	if err != nil {
		return false, fmt.Errorf("add form request: %w", err)
	}
	return n > 0, nil
}

const formRequests = `SELECT deal_id, form_key, user_id, user_name, problem FROM form_requests
	WHERE portal_id = :portal AND deal_id = ANY (CAST(:deals AS bigint[])) AND problem = '' ORDER BY deal_id`

// FormRequests reads the open requests for deals.
func (s Deals) FormRequests(ctx context.Context, deals []acts.DealID) ([]FormRequest, error) {
	var found []FormRequest
	if err := pg.Select(ctx, s, &found, formRequests, pg.Args{"deals": pg.IDs(deals)}); err != nil {
		return nil, fmt.Errorf("form requests: %w", err)
	}
	return found, nil
}

const (
	dropFormRequest = `DELETE FROM form_requests WHERE portal_id = :portal AND deal_id = :deal`
	denyFormRequest = `UPDATE form_requests SET problem = :problem WHERE portal_id = :portal AND deal_id = :deal AND form_key = CAST(:key AS uuid)`
)

// DropFormRequest ends the request for a deal: it has an act now, or needs none.
func (tx DealsTx) DropFormRequest(ctx context.Context, deal acts.DealID) error {
	if _, err := pg.Exec(ctx, tx, dropFormRequest, pg.Args{"deal": deal}); err != nil {
		return fmt.Errorf("drop form request: %w", err)
	}
	return nil
}

// DenyFormRequest stores why the act could not be formed.
func (tx DealsTx) DenyFormRequest(ctx context.Context, request FormRequest, problem string) error {
	if _, err := pg.Exec(ctx, tx, denyFormRequest, pg.Args{"deal": request.Deal, "key": request.Key, "problem": problem}); err != nil {
		return fmt.Errorf("deny form request: %w", err)
	}
	return nil
}
