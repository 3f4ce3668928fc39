package store

import (
	"context"
	"fmt"
	"time"

	"acts24/store/internal/pg"
)

// Incident is a period in which a remote system could not be reached. Its moments are machine time.
type Incident struct {
	ID      int64      `db:"id"`
	Account int64      `db:"account_id"` // at SBIS, 0 for the CRM
	Name    string     `db:"name"`       // of the account
	Reason  string     `db:"reason"`
	Opened  time.Time  `db:"opened_at"`
	Closed  *time.Time `db:"closed_at"`
}

const incidentColumns = `
	SELECT i.id, i.account_id, coalesce(a.name, '') AS name, i.reason, i.opened_at, i.closed_at
	FROM incidents i LEFT JOIN edo_accounts a ON a.portal_id = i.portal_id AND a.id = i.account_id
	WHERE i.portal_id = :portal`

const incidentByID = incidentColumns + ` AND i.id = :id`
const incidents = incidentColumns + ` ORDER BY i.id DESC LIMIT 20`

// Incident reads one incident.
func (s Portals) Incident(ctx context.Context, id int64) (Incident, error) {
	var i Incident
	err := pg.Get(ctx, s, &i, incidentByID, pg.Args{"id": id})
	return i, pg.NotFound(err, "incident", "Такой записи нет.")
}

// Incidents lists the last 20 of the portal, the newest first.
func (s Portals) Incidents(ctx context.Context) ([]Incident, error) {
	var list []Incident
	if err := pg.Select(ctx, s, &list, incidents, nil); err != nil {
		return nil, fmt.Errorf("incidents: %w", err)
	}
	return list, nil
}

const openIncident = `INSERT INTO incidents (portal_id, account_id, reason) VALUES (:portal, :account, :reason) ON CONFLICT DO NOTHING RETURNING id`

// OpenIncident begins an incident of the CRM or an account; ok is false while one is open.
func (tx PortalsTx) OpenIncident(ctx context.Context, account int64, reason string) (id int64, ok bool, err error) {
	return tx.incident(ctx, "open incident", openIncident, pg.Args{"account": account, "reason": reason})
}

const closeIncident = `UPDATE incidents SET closed_at = clock_timestamp() WHERE portal_id = :portal AND account_id = :account AND closed_at IS NULL RETURNING id`

// CloseIncident ends the open incident of the CRM or an account; ok is false when there is none.
func (tx PortalsTx) CloseIncident(ctx context.Context, account int64) (id int64, ok bool, err error) {
	return tx.incident(ctx, "close incident", closeIncident, pg.Args{"account": account})
}

func (tx PortalsTx) incident(ctx context.Context, what, query string, a pg.Args) (id int64, ok bool, err error) {
	ok, err = pg.Find(ctx, tx, &id, query, a)
	return id, ok, pg.Wrap(what, err)
}
