package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
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

const leaseFeeds = `
	UPDATE feeds f SET lease_until = clock_timestamp() + make_interval(secs => :term), fence = f.fence + 1
	FROM (
		SELECT f.portal_id, f.own_company_id FROM feeds f JOIN portals p ON p.id = f.portal_id
		WHERE f.next_at <= clock_timestamp() AND f.lease_until < clock_timestamp() AND p.state = 'active' AND p.id <> ALL (CAST(:full AS bigint[]))
		ORDER BY f.next_at LIMIT :limit FOR UPDATE OF f SKIP LOCKED
	) due
	WHERE f.portal_id = due.portal_id AND f.own_company_id = due.own_company_id
	RETURNING f.portal_id, f.own_company_id, f.event_id, f.event_at, f.since, f.polled_at, f.failures, f.problem, f.fence`

// LeaseFeeds takes feeds that are due, at most limit of them, for a term. Portals in full have their share.
func (db *DB) LeaseFeeds(ctx context.Context, limit int, term time.Duration, full ...acts.PortalID) ([]Feed, error) {
	var feeds []Feed
	if err := list(ctx, db.pool, &feeds, leaseFeeds, args{"limit": limit, "term": term.Seconds(), "full": portals(full)}); err != nil {
		return nil, fmt.Errorf("lease feeds: %w", err)
	}
	return feeds, nil
}

const advanceFeed = `
	UPDATE feeds SET event_id = :event, event_at = :at
	WHERE portal_id = :portal AND own_company_id = :company AND fence = :fence`

// AdvanceFeed moves the position in the transaction that keeps the page's results; a late reader gets Conflict.
func (tx Tx) AdvanceFeed(ctx context.Context, f Feed) error {
	return tx.one(ctx, "advance feed", advanceFeed, args{"company": int64(f.Company), "event": f.EventID, "at": f.EventAt, "fence": f.Fence},
		acts.Errorf(acts.Conflict, "Изменения этой организации уже читает другой процесс."))
}

const endPoll = `
	UPDATE feeds SET polled_at = clock_timestamp(), next_at = clock_timestamp() + make_interval(secs => :next),
		lease_until = '-infinity', failures = :failures, problem = :problem
	WHERE portal_id = :portal AND own_company_id = :company AND fence = :fence`

// EndPoll gives the feed back and says when it is due again.
func (db *DB) EndPoll(ctx context.Context, f Feed, next time.Duration) error {
	_, err := exec(ctx, db.pool, endPoll, args{"portal": int64(f.Portal), "company": int64(f.Company), "fence": f.Fence,
		"next": next.Seconds(), "failures": f.Failures, "problem": f.Problem})
	if err != nil {
		return fmt.Errorf("end poll: %w", err)
	}
	return nil
}

const wakeFeed = `UPDATE feeds SET next_at = clock_timestamp() WHERE portal_id = :portal AND own_company_id = :company AND next_at > clock_timestamp()`

// WakeFeed makes the feed due now: «Проверить сейчас».
func (tx Tx) WakeFeed(ctx context.Context, company acts.CompanyID) error {
	if _, err := tx.exec(ctx, wakeFeed, args{"company": int64(company)}); err != nil {
		return fmt.Errorf("wake feed: %w", err)
	}
	return nil
}

const feedsOfPortal = `
	SELECT portal_id, own_company_id, event_id, event_at, since, polled_at, failures, problem, fence FROM feeds
	WHERE portal_id = :portal ORDER BY own_company_id`

// Feeds lists the followed organisations of the portal.
func (s Scope) Feeds(ctx context.Context) ([]Feed, error) {
	var feeds []Feed
	if err := s.list(ctx, &feeds, feedsOfPortal, nil); err != nil {
		return nil, fmt.Errorf("feeds: %w", err)
	}
	return feeds, nil
}
