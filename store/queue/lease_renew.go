package queue

import (
	"context"
	"fmt"
	"slices"
	"time"

	"acts24/store"
	"acts24/store/internal/pg"

	"github.com/lib/pq"
)

// Leases are the leases that the workers of a process hold.
type Leases struct {
	Tasks      []Task
	Feeds      []Feed
	Reconciles []Reconcile
	Backfills  []Backfill
}

// And returns the leases of both.
func (l Leases) And(other Leases) Leases {
	return Leases{slices.Concat(l.Tasks, other.Tasks), slices.Concat(l.Feeds, other.Feeds), slices.Concat(l.Reconciles, other.Reconciles), slices.Concat(l.Backfills, other.Backfills)}
}

// A renewal skips rows that are locked, so that it never waits for the work whose lease it renews, and rows whose fence has changed: their
// leases were ended or lost.
const (
	keepTasks = `
		WITH held AS (
			SELECT t.portal_id, t.id FROM tasks t
			JOIN unnest(CAST(:portals AS bigint[]), CAST(:ids AS bigint[]), CAST(:fences AS bigint[])) AS h (portal_id, id, fence)
				ON h.portal_id = t.portal_id AND h.id = t.id AND h.fence = t.fence
			WHERE t.lease_until > clock_timestamp() FOR UPDATE OF t SKIP LOCKED
		)
		UPDATE tasks t SET lease_until = clock_timestamp() + make_interval(secs => :term) FROM held
		WHERE t.portal_id = held.portal_id AND t.id = held.id`
	keepFeeds = `
		WITH held AS (
			SELECT f.portal_id, f.own_company_id FROM feeds f
			JOIN unnest(CAST(:portals AS bigint[]), CAST(:ids AS bigint[]), CAST(:fences AS bigint[])) AS h (portal_id, company, fence)
				ON h.portal_id = f.portal_id AND h.company = f.own_company_id AND h.fence = f.fence
			WHERE f.lease_until > clock_timestamp() FOR UPDATE OF f SKIP LOCKED
		)
		UPDATE feeds f SET lease_until = clock_timestamp() + make_interval(secs => :term) FROM held
		WHERE f.portal_id = held.portal_id AND f.own_company_id = held.own_company_id`
	keepReconciles = `
		WITH held AS (
			SELECT s.portal_id FROM reconciliations s JOIN unnest(CAST(:portals AS bigint[]), CAST(:fences AS bigint[])) AS h (id, fence) ON h.id = s.portal_id AND h.fence = s.fence
			WHERE s.lease_until > clock_timestamp() FOR UPDATE OF s SKIP LOCKED
		)
		UPDATE reconciliations s SET lease_until = clock_timestamp() + make_interval(secs => :term) FROM held WHERE s.portal_id = held.portal_id`
	keepBackfills = `
		WITH held AS (
			SELECT l.portal_id FROM backfills l JOIN unnest(CAST(:portals AS bigint[]), CAST(:fences AS bigint[])) AS h (id, fence) ON h.id = l.portal_id AND h.fence = l.fence
			WHERE l.lease_until > clock_timestamp() FOR UPDATE OF l SKIP LOCKED
		)
		UPDATE backfills l SET lease_until = clock_timestamp() + make_interval(secs => :term) FROM held WHERE l.portal_id = held.portal_id`
)

// Renew renews leases over a connection of its own: the pool may be busy with the work that holds them.
func Renew(ctx context.Context, db *store.DB, l Leases, term time.Duration) error {
	for _, one := range []struct {
		query  string
		leases keys
	}{
		{keepTasks, keysOf(l.Tasks, func(t Task) (int64, int64, int64) { return int64(t.Portal), t.ID, t.Fence })},
		{keepFeeds, keysOf(l.Feeds, func(f Feed) (int64, int64, int64) { return int64(f.Portal), int64(f.Company), f.Fence })},
		{keepReconciles, keysOf(l.Reconciles, func(s Reconcile) (int64, int64, int64) { return int64(s.Portal), 0, s.Fence })},
		{keepBackfills, keysOf(l.Backfills, func(l Backfill) (int64, int64, int64) { return int64(l.Portal), 0, l.Fence })},
	} {
		if len(one.leases.portals) == 0 {
			continue
		}
		if _, err := pg.Exec(ctx, pg.LeaseConnection(db.DB), one.query, one.leases.args(term)); err != nil {
			return fmt.Errorf("renew leases: %w", err)
		}
	}
	return nil
}

// keys name leases in a query.
type keys struct{ portals, ids, fences []int64 }

func keysOf[T any](list []T, of func(T) (portal, id, fence int64)) (k keys) {
	for _, one := range list {
		portal, id, fence := of(one)
		k.portals, k.ids, k.fences = append(k.portals, portal), append(k.ids, id), append(k.fences, fence)
	}
	return k
}

func (k keys) args(term time.Duration) pg.Args {
	return pg.Args{"portals": pq.Array(k.portals), "ids": pq.Array(k.ids), "fences": pq.Array(k.fences), "term": term.Seconds()}
}

// leaseOne takes the one row that is due, for a term; ok is false when none is.
func leaseOne[T any](ctx context.Context, db *store.DB, what, query string, term time.Duration) (one T, ok bool, err error) {
	var found []T
	if err := pg.Select(ctx, db, &found, query, pg.Args{"term": term.Seconds()}); err != nil {
		return one, false, fmt.Errorf("%s: %w", what, err)
	}
	if len(found) == 0 {
		return one, false, nil
	}
	return found[0], true, nil
}
