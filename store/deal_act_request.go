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

// ActRequest is the request of a person to form the act of a deal as the deal tab suggests it.
type ActRequest struct {
	Deal     acts.DealID `db:"deal_id"`
	Key      string      `db:"form_key"` // of the form: one request makes one act
	User     acts.UserID `db:"user_id"`
	UserName string      `db:"user_name"`
	Problem  string      `db:"problem"`
}

const addActRequest = `
	INSERT INTO form_requests (portal_id, deal_id, form_key, user_id, user_name, asked_at)
	SELECT d.portal_id, d.id, CAST(:key AS uuid), :user, :user_name, :now FROM deals d
	WHERE d.portal_id = :portal AND d.id = :deal AND d.needs_act AND NOT d.deleted AND ` + "%s" + `
	ON CONFLICT (portal_id, deal_id) DO UPDATE SET form_key = EXCLUDED.form_key, user_id = EXCLUDED.user_id, user_name = EXCLUDED.user_name,
		asked_at = EXCLUDED.asked_at, problem = '' WHERE form_requests.problem <> ''`

// AddActRequest stores a request; ok is false when the deal needs no act, the visitor may not see it, or its act is being formed.
func (tx DealsTx) AddActRequest(ctx context.Context, request ActRequest, visibility people.Visibility, now time.Time) (ok bool, err error) {
	n, err := pg.Exec(ctx, tx, fmt.Sprintf(addActRequest, fragment.Visible("d.responsible_id")), pg.Args{"deal": request.Deal, "key": request.Key, "user": request.User,
		"user_name": request.UserName, "now": now, "visibility": visibility.Arg()})
	if err != nil {
		return false, fmt.Errorf("add act request: %w", err)
	}
	return n > 0, nil
}

const actRequests = `SELECT deal_id, form_key, user_id, user_name, problem FROM form_requests
	WHERE portal_id = :portal AND deal_id = ANY (CAST(:deals AS bigint[])) AND problem = '' ORDER BY deal_id`

// ActRequests reads the open requests for deals.
func (s Deals) ActRequests(ctx context.Context, deals []acts.DealID) ([]ActRequest, error) {
	var found []ActRequest
	if err := pg.Select(ctx, s, &found, actRequests, pg.Args{"deals": pg.IDs(deals)}); err != nil {
		return nil, fmt.Errorf("act requests: %w", err)
	}
	return found, nil
}

const (
	dropActRequest = `DELETE FROM form_requests WHERE portal_id = :portal AND deal_id = :deal`
	denyActRequest = `UPDATE form_requests SET problem = :problem WHERE portal_id = :portal AND deal_id = :deal AND form_key = CAST(:key AS uuid)`
)

// DropActRequest ends the request for a deal: it has an act now, or needs none.
func (tx DealsTx) DropActRequest(ctx context.Context, deal acts.DealID) error {
	if _, err := pg.Exec(ctx, tx, dropActRequest, pg.Args{"deal": deal}); err != nil {
		return fmt.Errorf("drop act request: %w", err)
	}
	return nil
}

// DenyActRequest stores why the act could not be formed.
func (tx DealsTx) DenyActRequest(ctx context.Context, request ActRequest, problem string) error {
	if _, err := pg.Exec(ctx, tx, denyActRequest, pg.Args{"deal": request.Deal, "key": request.Key, "problem": problem}); err != nil {
		return fmt.Errorf("deny act request: %w", err)
	}
	return nil
}
