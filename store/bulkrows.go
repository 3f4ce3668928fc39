package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
)

// What the page of a bulk shows of its rows.
const (
	MostGroups  = 20 // reasons
	MostOfGroup = 10 // acts of a reason
)

// BulkGroup are the acts of a bulk that stand alike, for the same reason.
type BulkGroup struct {
	State, Reason string
	Acts          int // of them all
	First         []BulkAct
}

// BulkAct is an act in the list of a bulk.
type BulkAct struct {
	ID     acts.ActID `db:"id"`
	Number string     `db:"number"`
	Date   time.Time  `db:"act_date"`
	Buyer  string     `db:"buyer"`
}

// groupsOfBulk has what went wrong first. An act that the reader may not see any more is counted and not named.
var groupsOfBulk = `
	WITH groups AS (
		SELECT r.state, r.reason, count(*) AS acts, min(r.n) AS n, array_agg(r.act_id ORDER BY r.n) AS list
		FROM bulk_rows r WHERE r.portal_id = :portal AND r.bulk_id = :id AND r.state <> 'new'
		GROUP BY r.state, r.reason ORDER BY array_position(ARRAY['failed', 'refused', 'waiting', 'done'], r.state), count(*) DESC, min(r.n) LIMIT :most
	)
	SELECT g.state, g.reason, g.acts, CASE WHEN ` + seen("a.responsible_id") + ` THEN a.id ELSE 0 END AS id, a.number, a.act_date, coalesce(a.buyer ->> 'name', '') AS buyer
	FROM groups g CROSS JOIN LATERAL unnest(g.list) WITH ORDINALITY AS f (id, place) JOIN acts a ON a.portal_id = :portal AND a.id = f.id AND f.place <= :first
	ORDER BY array_position(ARRAY['failed', 'refused', 'waiting', 'done'], g.state), g.acts DESC, g.n, f.place`

// BulkGroups lists the acts of a bulk by what became of them, what went wrong first.
func (s Scope) BulkGroups(ctx context.Context, id int64, sees Sees) ([]BulkGroup, error) {
	var rows []struct {
		State  string `db:"state"`
		Reason string `db:"reason"`
		Acts   int    `db:"acts"`
		BulkAct
	}
	if err := s.list(ctx, &rows, groupsOfBulk, args{"id": id, "sees": sees.value(), "most": MostGroups, "first": MostOfGroup}); err != nil {
		return nil, fmt.Errorf("groups of bulk: %w", err)
	}
	var groups []BulkGroup
	for _, r := range rows {
		if n := len(groups); n == 0 || groups[n-1].State != r.State || groups[n-1].Reason != r.Reason {
			groups = append(groups, BulkGroup{State: r.State, Reason: r.Reason, Acts: r.Acts})
		}
		last := &groups[len(groups)-1]
		if r.ID != 0 {
			last.First = append(last.First, r.BulkAct)
		}
	}
	return groups, nil
}

const waitingActs = `SELECT act_id FROM bulk_rows WHERE portal_id = :portal AND bulk_id = :id AND state = 'waiting' ORDER BY n`

// WaitingActs lists the acts of a bulk that can be done and are not.
func (s Scope) WaitingActs(ctx context.Context, id int64) ([]acts.ActID, error) {
	var ids []acts.ActID
	if err := s.list(ctx, &ids, waitingActs, args{"id": id}); err != nil {
		return nil, fmt.Errorf("acts of bulk: %w", err)
	}
	return ids, nil
}

const chosenUsers = `SELECT id, name, active, head_id FROM users WHERE portal_id = :portal AND active ORDER BY name, id LIMIT 300`

// ActiveUsers lists the employees whom acts can be given to, by name.
func (s Scope) ActiveUsers(ctx context.Context) ([]User, error) {
	var found []User
	if err := s.list(ctx, &found, chosenUsers, nil); err != nil {
		return nil, fmt.Errorf("active users: %w", err)
	}
	return found, nil
}
