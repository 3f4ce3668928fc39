package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
)

const closeDeals = `
	UPDATE deals d SET closed = :reason, closed_by = :who WHERE portal_id = :portal AND id = ANY (CAST(:deals AS bigint[])) AND lacks AND ` + "%s" + `
	RETURNING id`

const closeRows = `
	UPDATE deal_rows r SET closed = :reason WHERE r.portal_id = :portal AND r.deal_id = ANY (CAST(:deals AS bigint[]))
		AND NOT r.gone AND r.needs_act AND r.closed = '' AND r.quantity > coalesce((
			SELECT sum(l.quantity) FROM acts a JOIN act_lines l ON l.portal_id = :portal AND l.act_id = a.id
			WHERE a.portal_id = :portal AND a.deal_id = r.deal_id AND a.status <> 'annulled' AND a.replaced_by IS NULL AND l.row_id = r.id), 0)`

// CloseRemainders keeps that what no act of the deals covers needs none, and why. It returns the deals that were closed: those
// that the visitor sees and that were not covered. Rows that we have not read yet are closed when they are.
func (tx Tx) CloseRemainders(ctx context.Context, deals []acts.DealID, sees Sees, reason, who string) ([]acts.DealID, error) {
	var closed []acts.DealID
	a := tx.fill(args{"deals": pq.Array(plainDeals(deals)), "reason": reason, "who": who, "sees": sees.value()})
	if err := list(ctx, tx.tx, &closed, fmt.Sprintf(closeDeals, seen("d.responsible_id")), a); err != nil {
		return nil, fmt.Errorf("close remainders: %w", err)
	}
	if _, err := tx.exec(ctx, closeRows, args{"deals": pq.Array(plainDeals(closed)), "reason": reason}); err != nil {
		return nil, fmt.Errorf("close rows: %w", err)
	}
	return closed, nil
}

const reopenRows = `UPDATE deal_rows SET closed = '' WHERE portal_id = :portal AND deal_id = :deal AND closed <> ''`
const reopenDeal = `UPDATE deals SET closed = '', closed_by = '' WHERE portal_id = :portal AND id = :deal AND closed <> ''`

// ReopenRemainder takes the closing of a deal's remainder back; Conflict when it is not closed.
func (tx Tx) ReopenRemainder(ctx context.Context, deal acts.DealID) error {
	if _, err := tx.exec(ctx, reopenRows, args{"deal": int64(deal)}); err != nil {
		return fmt.Errorf("reopen rows: %w", err)
	}
	return tx.one(ctx, "reopen deal", reopenDeal, args{"deal": int64(deal)}, acts.Errorf(acts.Conflict, "Остаток этой сделки не закрыт. Обновите страницу."))
}

func plainDeals(ids []acts.DealID) []int64 {
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	return plain
}

// FormWish is the wish of a person that the act of a deal be formed as the deal tab suggests it.
type FormWish struct {
	Deal     acts.DealID `db:"deal_id"`
	Key      string      `db:"form_key"` // of the form: one wish makes one act
	User     acts.UserID `db:"user_id"`
	UserName string      `db:"user_name"`
	Problem  string      `db:"problem"`
}

const wish = `
	INSERT INTO form_wishes (portal_id, deal_id, form_key, user_id, user_name, asked_at)
	SELECT d.portal_id, d.id, CAST(:key AS uuid), :user, :user_name, :now FROM deals d
	WHERE d.portal_id = :portal AND d.id = :deal AND d.lacks AND NOT d.deleted AND ` + "%s" + `
	ON CONFLICT (portal_id, deal_id) DO UPDATE SET form_key = EXCLUDED.form_key, user_id = EXCLUDED.user_id, user_name = EXCLUDED.user_name,
		asked_at = EXCLUDED.asked_at, problem = '' WHERE form_wishes.problem <> ''`

// Wish keeps a wish; ok is false when the deal needs no act, the visitor may not see it, or its act is being formed.
func (tx Tx) Wish(ctx context.Context, w FormWish, sees Sees, now time.Time) (ok bool, err error) {
	n, err := tx.exec(ctx, fmt.Sprintf(wish, seen("d.responsible_id")), args{"deal": int64(w.Deal), "key": w.Key, "user": int64(w.User),
		"user_name": w.UserName, "now": now, "sees": sees.value()})
	if err != nil {
		return false, fmt.Errorf("wish: %w", err)
	}
	return n > 0, nil
}

const wishesOf = `SELECT deal_id, form_key, user_id, user_name, problem FROM form_wishes
	WHERE portal_id = :portal AND deal_id = ANY (CAST(:deals AS bigint[])) AND problem = '' ORDER BY deal_id`

// Wishes reads the open wishes about deals.
func (s Scope) Wishes(ctx context.Context, deals []acts.DealID) ([]FormWish, error) {
	var found []FormWish
	if err := s.list(ctx, &found, wishesOf, args{"deals": pq.Array(plainDeals(deals))}); err != nil {
		return nil, fmt.Errorf("wishes: %w", err)
	}
	return found, nil
}

const (
	dropWish = `DELETE FROM form_wishes WHERE portal_id = :portal AND deal_id = :deal`
	denyWish = `UPDATE form_wishes SET problem = :problem WHERE portal_id = :portal AND deal_id = :deal AND form_key = CAST(:key AS uuid)`
)

// DropWish ends the wish about a deal: it has an act now, or needs none.
func (tx Tx) DropWish(ctx context.Context, deal acts.DealID) error {
	if _, err := tx.exec(ctx, dropWish, args{"deal": int64(deal)}); err != nil {
		return fmt.Errorf("drop wish: %w", err)
	}
	return nil
}

// DenyWish keeps why the act could not be formed.
func (tx Tx) DenyWish(ctx context.Context, w FormWish, problem string) error {
	if _, err := tx.exec(ctx, denyWish, args{"deal": int64(w.Deal), "key": w.Key, "problem": problem}); err != nil {
		return fmt.Errorf("deny wish: %w", err)
	}
	return nil
}
