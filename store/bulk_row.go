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

// The largest numbers of groups, and of acts of a group, that the page of a bulk shows.
const (
	MaxGroups      = 20 // reasons
	MaxActsOfGroup = 10 // acts of a reason
)

// BulkGroup is the group of the acts of a bulk with the same state and reason.
type BulkGroup struct {
	State, Reason string
	Acts          int       // number of all acts of the group
	First         []BulkAct // the first ones, as far as the reader may see them
}

// BulkAct is an act in the list of a bulk.
type BulkAct struct {
	ID         acts.ActID `db:"id"`
	Number     string     `db:"number"`
	Correction int        `db:"correction"`
	Date       time.Time  `db:"act_date"`
	Buyer      string     `db:"buyer"`
}

// groupsOfBulk lists failures first. An act that the reader may no longer see is counted but has no id.
var groupsOfBulk = `
	WITH groups AS (
		SELECT r.state, r.reason, count(*) AS acts, min(r.n) AS n, array_agg(r.act_id ORDER BY r.n) AS list
		FROM bulk_rows r WHERE r.portal_id = :portal AND r.bulk_id = :id AND r.state <> 'new'
		GROUP BY r.state, r.reason ORDER BY array_position(ARRAY['failed', 'refused', 'waiting', 'done'], r.state), count(*) DESC, min(r.n) LIMIT :most
	)
	SELECT g.state, g.reason, g.acts, CASE WHEN ` + fragment.Visible("a.responsible_id") + ` THEN a.id ELSE 0 END AS id, a.number, a.correction, a.act_date, coalesce(a.buyer ->> 'name', '') AS buyer
	FROM groups g CROSS JOIN LATERAL unnest(g.list) WITH ORDINALITY AS f (id, place) JOIN acts a ON a.portal_id = :portal AND a.id = f.id AND f.place <= :first
	ORDER BY array_position(ARRAY['failed', 'refused', 'waiting', 'done'], g.state), g.acts DESC, g.n, f.place`

// Groups lists the acts of a bulk by state and reason, failures first.
func (s Bulks) Groups(ctx context.Context, id int64, visibility people.Visibility) ([]BulkGroup, error) {
	var rows []struct {
		State  string `db:"state"`
		Reason string `db:"reason"`
		Acts   int    `db:"acts"`
		BulkAct
	}
	if err := pg.Select(ctx, s, &rows, groupsOfBulk, pg.Args{"id": id, "visibility": visibility.Arg(), "most": MaxGroups, "first": MaxActsOfGroup}); err != nil {
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

// WaitingActs lists the acts of a bulk that are still to be processed.
func (s Bulks) WaitingActs(ctx context.Context, id int64) ([]acts.ActID, error) {
	var ids []acts.ActID
	if err := pg.Select(ctx, s, &ids, waitingActs, pg.Args{"id": id}); err != nil {
		return nil, fmt.Errorf("acts of bulk: %w", err)
	}
	return ids, nil
}

const staleDealsOfBulk = `
	SELECT DISTINCT d.id FROM (
		SELECT act_id FROM bulk_rows WHERE portal_id = :portal AND bulk_id = :id AND state = 'waiting' ORDER BY n LIMIT :most
	) r JOIN acts a ON a.portal_id = :portal AND a.id = r.act_id JOIN deals d ON d.portal_id = :portal AND d.id = a.deal_id
	WHERE NOT d.deleted AND d.read_at < clock_timestamp() - make_interval(secs => :age) ORDER BY d.id`

// StaleDeals lists the deals of the next acts of a bulk that were not read from the CRM for longer than an age.
func (s Bulks) StaleDeals(ctx context.Context, id int64, age time.Duration, most int) ([]acts.DealID, error) {
	var deals []acts.DealID
	if err := pg.Select(ctx, s, &deals, staleDealsOfBulk, pg.Args{"id": id, "age": age.Seconds(), "most": most}); err != nil {
		return nil, fmt.Errorf("stale deals of bulk: %w", err)
	}
	return deals, nil
}

// The state of the bulk cannot change until the transaction ends: its row is locked.
const (
	newRows = `
	SELECT r.n, r.act_id, r.state, r.tries FROM bulks b JOIN bulk_rows r ON r.portal_id = b.portal_id AND r.bulk_id = b.id
	WHERE b.portal_id = :portal AND b.id = :bulk AND b.state = 'checking' AND r.state = 'new'
	ORDER BY r.n LIMIT :limit FOR UPDATE OF r FOR SHARE OF b`
	nextRow = `
	SELECT r.n, r.act_id, r.state, r.tries FROM bulks b JOIN bulk_rows r ON r.portal_id = b.portal_id AND r.bulk_id = b.id
	WHERE b.portal_id = :portal AND b.id = :bulk AND b.state = 'running' AND r.state = 'waiting'
	ORDER BY r.n LIMIT 1 FOR UPDATE OF r FOR SHARE OF b`
)

// NewRows locks rows that have not been checked, in their order.
func (tx BulksTx) NewRows(ctx context.Context, bulk int64, limit int) ([]BulkRow, error) {
	var rows []BulkRow
	if err := pg.Select(ctx, tx, &rows, newRows, pg.Args{"bulk": bulk, "limit": limit}); err != nil {
		return nil, fmt.Errorf("new rows of bulk: %w", err)
	}
	return rows, nil
}

// NextRow locks the next act of a running bulk; ok is false when there is none, or the bulk was cancelled.
func (tx BulksTx) NextRow(ctx context.Context, bulk int64) (row BulkRow, ok bool, err error) {
	ok, err = pg.Find(ctx, tx, &row, nextRow, pg.Args{"bulk": bulk})
	if err != nil {
		return row, false, fmt.Errorf("next row of bulk: %w", err)
	}
	return row, ok, nil
}

const setRow = `
	UPDATE bulk_rows SET state = :to, reason = :reason, tries = :tries
	WHERE portal_id = :portal AND bulk_id = :bulk AND n = :n AND state = :from`

// SetRow stores the result of a row if its state has not changed since it was read.
func (tx BulksTx) SetRow(ctx context.Context, bulk int64, was BulkRow, to, reason string) error {
	return pg.ExecOne(ctx, tx, "set row of bulk", setRow, pg.Args{"bulk": bulk, "n": was.N, "from": was.State, "to": to, "reason": reason, "tries": was.Tries},
		acts.Errorf(acts.Conflict, "Эту строку уже обработал другой процесс."))
}
