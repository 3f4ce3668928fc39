package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// ClosedTry is a line of the log of a closed period: what was tried and refused, or that the period was moved.
type ClosedTry struct {
	Own      acts.CompanyID `db:"own_company_id"`
	Act      acts.ActID     `db:"act_id"`
	At       time.Time      `db:"at"`
	User     acts.UserID    `db:"user_id"`
	UserName string         `db:"user_name"`
	Text     string         `db:"text"`
}

const addClosedTry = `
	INSERT INTO closed_tries (portal_id, own_company_id, act_id, at, user_id, user_name, text)
	VALUES (:portal, :own, :act, :at, :user, :name, :text)`

// AddClosedTry adds a line to the log of a closed period.
func (tx PortalsTx) AddClosedTry(ctx context.Context, t ClosedTry) error {
	_, err := pg.Exec(ctx, tx, addClosedTry, pg.Args{"own": t.Own, "act": t.Act, "at": t.At, "user": t.User, "name": t.UserName, "text": t.Text})
	if err != nil {
		return fmt.Errorf("add closed try: %w", err)
	}
	return nil
}

const closedTries = `
	SELECT t.own_company_id, t.act_id, t.at, t.user_id, t.user_name, t.text
	FROM own_companies o CROSS JOIN LATERAL (
		SELECT * FROM closed_tries t WHERE t.portal_id = o.portal_id AND t.own_company_id = o.id ORDER BY t.id DESC LIMIT 10) t
	WHERE o.portal_id = :portal ORDER BY t.id DESC`

// ClosedTries lists the last ten lines of the log of every company of ours, newest first.
func (s Portals) ClosedTries(ctx context.Context) ([]ClosedTry, error) {
	var found []ClosedTry
	if err := pg.Select(ctx, s, &found, closedTries, nil); err != nil {
		return nil, fmt.Errorf("closed tries: %w", err)
	}
	return found, nil
}
