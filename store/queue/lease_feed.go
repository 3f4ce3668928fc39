package queue

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

// Feed is our position in the list of changes of one organisation at SBIS.
type Feed struct {
	Portal   acts.PortalID  `db:"portal_id"`
	Company  acts.CompanyID `db:"own_company_id"`
	EventID  string         `db:"event_id"`
	EventAt  string         `db:"event_at"` // as SBIS wrote it
	Since    time.Time      `db:"since"`
	PolledAt *time.Time     `db:"polled_at"`
	Failures int            `db:"failures"`
	Problem  string         `db:"problem"`
	Fence    int64          `db:"fence"`
}

// The organisations of a portal are polled one after the other, so that its tasks have room in the calls that its account may have at a time.
// The feeds that are due are a CTE: a subquery that is joined may be executed for each row, and then leases more than its limit.
const leaseFeeds = `
	WITH due AS (
		SELECT f.portal_id, f.own_company_id FROM feeds f JOIN portals p ON p.id = f.portal_id
		WHERE f.next_at <= clock_timestamp() AND f.lease_until < clock_timestamp() AND p.state = 'active' AND p.id <> ALL (CAST(:full AS bigint[]))
			AND NOT EXISTS (SELECT FROM feeds h WHERE h.portal_id = f.portal_id AND h.lease_until > clock_timestamp())
		ORDER BY f.next_at LIMIT :limit FOR UPDATE OF f SKIP LOCKED
	)
	UPDATE feeds f SET lease_until = clock_timestamp() + make_interval(secs => :term), fence = f.fence + 1 FROM due
	WHERE f.portal_id = due.portal_id AND f.own_company_id = due.own_company_id
	RETURNING f.portal_id, f.own_company_id, f.event_id, f.event_at, f.since, f.polled_at, f.failures, f.problem, f.fence`

// LeaseFeeds takes feeds that are due, at most limit of them, for a term. Portals in full have reached their limit of
// workers and are skipped.
func LeaseFeeds(ctx context.Context, db *store.DB, limit int, term time.Duration, full ...acts.PortalID) ([]Feed, error) {
	var feeds []Feed
	if err := pg.Select(ctx, pg.AllPortals(db.DB), &feeds, leaseFeeds, pg.Args{"limit": limit, "term": term.Seconds(), "full": pg.IDs(full)}); err != nil {
		return nil, fmt.Errorf("lease feeds: %w", err)
	}
	return feeds, nil
}

const advanceFeed = `
	UPDATE feeds SET event_id = :event, event_at = :at
	WHERE portal_id = :portal AND own_company_id = :company AND fence = :fence`

// AdvanceFeed stores the position in the transaction that stores the page's results; Conflict when the lease was lost.
func AdvanceFeed(ctx context.Context, tx store.Tx, f Feed) error {
	return pg.ExecOne(ctx, tx, "advance feed", advanceFeed, pg.Args{"company": f.Company, "event": f.EventID, "at": f.EventAt, "fence": f.Fence},
		acts.Errorf(acts.Conflict, "Изменения этой организации уже читает другой процесс."))
}

// The interval begins when the feed was due, so that the duration of a poll and a short delay do not lengthen it; a feed
// that was late by an interval or more does not catch up.
const endPoll = `
	UPDATE feeds SET polled_at = clock_timestamp(),
		next_at = CASE WHEN :failures = 0
			THEN greatest(next_at + make_interval(secs => :next), clock_timestamp() + make_interval(secs => :next / 2.0))
			ELSE clock_timestamp() + make_interval(secs => :next) END,
		lease_until = '-infinity', failures = :failures, problem = :problem
	WHERE portal_id = :portal AND own_company_id = :company AND fence = :fence`

// EndPoll ends the lease of the feed. It is due again an interval after it was due, or, if the poll failed, an interval
// from now.
func EndPoll(ctx context.Context, db *store.DB, f Feed, next time.Duration) error {
	_, err := pg.Exec(ctx, pg.Autocommit(db.DB, f.Portal), endPoll, pg.Args{"portal": f.Portal, "company": f.Company, "fence": f.Fence,
		"next": next.Seconds(), "failures": f.Failures, "problem": f.Problem})
	if err != nil {
		return fmt.Errorf("end poll: %w", err)
	}
	return nil
}

const wakeFeed = `UPDATE feeds SET next_at = clock_timestamp() WHERE portal_id = :portal AND own_company_id = :company AND next_at > clock_timestamp()`

// WakeFeed makes the feed due now: «Проверить сейчас».
func WakeFeed(ctx context.Context, tx store.Tx, company acts.CompanyID) error {
	if _, err := pg.Exec(ctx, tx, wakeFeed, pg.Args{"company": company}); err != nil {
		return fmt.Errorf("wake feed: %w", err)
	}
	return nil
}

const feedsOfPortal = `
	SELECT portal_id, own_company_id, event_id, event_at, since, polled_at, failures, problem, fence FROM feeds
	WHERE portal_id = :portal ORDER BY own_company_id`

// Feeds lists the followed organisations of the portal.
func Feeds(ctx context.Context, s store.Scope) ([]Feed, error) {
	var feeds []Feed
	if err := pg.Select(ctx, s, &feeds, feedsOfPortal, nil); err != nil {
		return nil, fmt.Errorf("feeds: %w", err)
	}
	return feeds, nil
}

const addFeed = `
	INSERT INTO feeds (portal_id, own_company_id, since) VALUES (:portal, :company, :since)
	ON CONFLICT (portal_id, own_company_id) DO UPDATE SET next_at = clock_timestamp(), problem = '', failures = 0`

// AddFeed starts (or wakes) following one of our companies at SBIS.
func AddFeed(ctx context.Context, tx store.Tx, company acts.CompanyID, since time.Time) error {
	if _, err := pg.Exec(ctx, tx, addFeed, pg.Args{"company": company, "since": since}); err != nil {
		return fmt.Errorf("add feed: %w", err)
	}
	return nil
}
