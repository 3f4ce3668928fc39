package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

const closeDeals = `
	UPDATE deals d SET closed = :reason, closed_by = :who WHERE portal_id = :portal AND id = ANY (CAST(:deals AS bigint[])) AND needs_act AND ` + "%s" + `
	RETURNING id`

const closeRows = `UPDATE deal_rows SET closed = :reason WHERE portal_id = :portal AND deal_id = :deal AND id = ANY (CAST(:rows AS bigint[]))`

// CloseRemainders stores that the uncovered rest of the deals needs no act, and why. It returns the deals that were closed: those that
// the visitor may see and that were not covered. Rows that we have not read yet are closed when they are read.
func (tx DealsTx) CloseRemainders(ctx context.Context, deals []acts.DealID, sees people.Visibility, reason, who string) ([]acts.DealID, error) {
	var closed []acts.DealID
	a := pg.Args{"deals": pg.IDs(deals), "reason": reason, "who": who, "sees": sees.Arg()}
	if err := pg.Select(ctx, tx, &closed, fmt.Sprintf(closeDeals, fragment.Visible("d.responsible_id")), a); err != nil {
		return nil, fmt.Errorf("close remainders: %w", err)
	}
	for _, id := range closed {
		d, err := tx.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		var open []int64
		for _, r := range d.Rows {
			if !r.Covered() {
				open = append(open, int64(r.ID))
			}
		}
		if _, err := pg.Exec(ctx, tx, closeRows, pg.Args{"deal": id, "rows": pg.IDs(open), "reason": reason}); err != nil {
			return nil, fmt.Errorf("close rows: %w", err)
		}
	}
	tx.coverageChanged(closed...)
	return closed, nil
}

const reopenRows = `UPDATE deal_rows SET closed = '' WHERE portal_id = :portal AND deal_id = :deal AND closed <> ''`
const reopenDeal = `UPDATE deals SET closed = '', closed_by = '' WHERE portal_id = :portal AND id = :deal AND closed <> ''`

// ReopenRemainder undoes the closing of the rest of a deal; Conflict when it is not closed.
func (tx DealsTx) ReopenRemainder(ctx context.Context, deal acts.DealID) error {
	tx.coverageChanged(deal)
	if _, err := pg.Exec(ctx, tx, reopenRows, pg.Args{"deal": deal}); err != nil {
		return fmt.Errorf("reopen rows: %w", err)
	}
	return pg.ExecOne(ctx, tx, "reopen deal", reopenDeal, pg.Args{"deal": deal}, acts.Errorf(acts.Conflict, "Остаток этой сделки не закрыт. Обновите страницу."))
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
	INSERT INTO form_wishes (portal_id, deal_id, form_key, user_id, user_name, asked_at)
	SELECT d.portal_id, d.id, CAST(:key AS uuid), :user, :user_name, :now FROM deals d
	WHERE d.portal_id = :portal AND d.id = :deal AND d.needs_act AND NOT d.deleted AND ` + "%s" + `
	ON CONFLICT (portal_id, deal_id) DO UPDATE SET form_key = EXCLUDED.form_key, user_id = EXCLUDED.user_id, user_name = EXCLUDED.user_name,
		asked_at = EXCLUDED.asked_at, problem = '' WHERE form_wishes.problem <> ''`

// AddFormRequest stores a request; ok is false when the deal needs no act, the visitor may not see it, or its act is being formed.
func (tx DealsTx) AddFormRequest(ctx context.Context, w FormRequest, sees people.Visibility, now time.Time) (ok bool, err error) {
	n, err := pg.Exec(ctx, tx, fmt.Sprintf(addFormRequest, fragment.Visible("d.responsible_id")), pg.Args{"deal": w.Deal, "key": w.Key, "user": w.User,
		"user_name": w.UserName, "now": now, "sees": sees.Arg()})
	if err != nil {
		return false, fmt.Errorf("add form request: %w", err)
	}
	return n > 0, nil
}

const formRequests = `SELECT deal_id, form_key, user_id, user_name, problem FROM form_wishes
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
	dropFormRequest = `DELETE FROM form_wishes WHERE portal_id = :portal AND deal_id = :deal`
	denyFormRequest = `UPDATE form_wishes SET problem = :problem WHERE portal_id = :portal AND deal_id = :deal AND form_key = CAST(:key AS uuid)`
)

// DropFormRequest ends the request for a deal: it has an act now, or needs none.
func (tx DealsTx) DropFormRequest(ctx context.Context, deal acts.DealID) error {
	if _, err := pg.Exec(ctx, tx, dropFormRequest, pg.Args{"deal": deal}); err != nil {
		return fmt.Errorf("drop form request: %w", err)
	}
	return nil
}

// DenyFormRequest stores why the act could not be formed.
func (tx DealsTx) DenyFormRequest(ctx context.Context, w FormRequest, problem string) error {
	if _, err := pg.Exec(ctx, tx, denyFormRequest, pg.Args{"deal": w.Deal, "key": w.Key, "problem": problem}); err != nil {
		return fmt.Errorf("deny form request: %w", err)
	}
	return nil
}
