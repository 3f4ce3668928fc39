package queue

import (
	"context"
	"fmt"
	"time"

	"acts24/store"
	"acts24/store/internal/pg"
)

// Overview is the state of the background work over all portals, as an operator watches it.
type Overview struct {
	Kinds       []KindOverview
	CRMBreakers int            // portals that are not called because they do not answer
	EDOBreakers int            // accounts at SBIS that are not called because it does not answer
	Portals     map[string]int // number of portals by state
}

// KindOverview are the tasks of one kind over all portals.
type KindOverview struct {
	Kind    string  `db:"kind"`
	Waiting int     `db:"waiting"`
	Dead    int     `db:"dead"` // ended without success: a person has to decide
	Age     float64 `db:"age"`  // of the oldest waiting task that nobody has postponed, in seconds
}

const tasksByKind = `
	SELECT kind, count(*) FILTER (WHERE NOT dead) AS waiting, count(*) FILTER (WHERE dead) AS dead,
		coalesce(extract(epoch FROM clock_timestamp() - min(created_at) FILTER (WHERE NOT dead AND NOT` + postponed + `)), 0) AS age
	FROM tasks GROUP BY kind ORDER BY kind`

const openBreakers = `
	SELECT count(*) FILTER (WHERE account_id = 0) AS crm, count(*) FILTER (WHERE account_id <> 0) AS edo FROM breakers WHERE opened_at IS NOT NULL`

const portalsByState = `SELECT state, count(*) AS number FROM portals GROUP BY state`

// OverviewOf reads the state of the background work over all portals.
func OverviewOf(ctx context.Context, db *store.DB) (o Overview, err error) {
	o.Portals = map[string]int{}
	err = pg.OnOneConnection(ctx, pg.AllPortals(db.DB), func(r pg.Reader) error {
		if err := pg.Select(ctx, r, &o.Kinds, tasksByKind, pg.Args{}); err != nil {
			return err
		}
		var open struct{ CRM, EDO int }
		if err := pg.Get(ctx, r, &open, openBreakers, pg.Args{}); err != nil {
			return err
		}
		o.CRMBreakers, o.EDOBreakers = open.CRM, open.EDO
		var states []struct {
			State  string
			Number int
		}
		if err := pg.Select(ctx, r, &states, portalsByState, pg.Args{}); err != nil {
			return err
		}
		for _, s := range states {
			o.Portals[s.State] = s.Number
		}
		return nil
	})
	if err != nil {
		return o, fmt.Errorf("overview of the queue: %w", err)
	}
	return o, nil
}

// Tenant is a portal as an operator lists it.
type Tenant struct {
	ID           int64      `db:"id"`
	Key          string     `db:"key"` // of the portal in addresses
	Origin       string     `db:"origin"`
	State        string     `db:"state"`
	Since        time.Time  `db:"created_at"`
	Frozen       *time.Time `db:"frozen_at"` // removal of the app
	Waiting      int        `db:"waiting"`   // tasks
	Dead         int        `db:"dead"`      // tasks that ended without success
	Age          float64    `db:"age"`       // of the oldest waiting task that nobody has postponed, in seconds
	OpenBreakers int        `db:"broken"`    // open breakers
}

const tenants = `
	SELECT p.id, p.key, p.origin, p.state, p.created_at, p.frozen_at, t.waiting, t.dead, t.age,
		(SELECT count(*) FROM breakers b WHERE b.portal_id = p.id AND b.opened_at IS NOT NULL) AS broken
	FROM portals p CROSS JOIN LATERAL (
		SELECT count(*) FILTER (WHERE NOT dead) AS waiting, count(*) FILTER (WHERE dead) AS dead,
			coalesce(extract(epoch FROM clock_timestamp() - min(created_at) FILTER (WHERE NOT dead AND NOT` + postponed + `)), 0) AS age
		FROM tasks WHERE portal_id = p.id) t
	ORDER BY p.id`

// Tenants lists all portals, also those that have removed the app and are not erased yet.
func Tenants(ctx context.Context, db *store.DB) (list []Tenant, err error) {
	if err := pg.Select(ctx, pg.AllPortals(db.DB), &list, tenants, pg.Args{}); err != nil {
		return nil, fmt.Errorf("tenants: %w", err)
	}
	return list, nil
}
