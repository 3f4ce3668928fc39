package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/store/internal/pg"
)

// Digest is the summary that one employee receives on a day.
type Digest struct {
	report.Digest
	User acts.UserID `db:"user_id"`
	Day  time.Time   `db:"day"`
}

const dueDigests = `
	SELECT p.id AS portal_id, 0 AS id FROM portals p LEFT JOIN digest_days d ON d.portal_id = p.id
	WHERE p.state = 'active' AND coalesce(d.due_at <= :now, true) ORDER BY d.due_at LIMIT :limit`

// DueDigests lists portals whose digests are due, and those for which no moment is set yet. now is business time.
func (db *DB) DueDigests(ctx context.Context, now time.Time, limit int) ([]Due, error) {
	return db.due(ctx, "due digests", dueDigests, now, limit)
}

const lockDigestDay = `SELECT due_at FROM digest_days WHERE portal_id = :portal FOR UPDATE`

// LockDay locks and returns the moment of the next digests of the portal; zero when none is set yet.
func (tx DigestsTx) LockDay(ctx context.Context) (at time.Time, err error) {
	_, err = pg.Find(ctx, tx, &at, lockDigestDay, nil)
	return at, pg.Wrap("lock digest day", err)
}

// setDigestDay does not change a moment that another process has just set.
const setDigestDay = `
	INSERT INTO digest_days AS d (portal_id, due_at) VALUES (:portal, :next)
	ON CONFLICT (portal_id) DO UPDATE SET due_at = EXCLUDED.due_at WHERE d.due_at < EXCLUDED.due_at`

// SetDay stores the moment of the next digests of the portal.
func (tx DigestsTx) SetDay(ctx context.Context, next time.Time) error {
	if _, err := pg.Exec(ctx, tx, setDigestDay, pg.Args{"next": next}); err != nil {
		return fmt.Errorf("set digest day: %w", err)
	}
	return nil
}

// addDigests counts the open work of every active employee who has not turned the digest off.
const addDigests = `
	WITH waits AS (
		SELECT a.responsible_id AS user_id, count(*) AS overdue, 0 AS refused, 0 AS ours, 0 AS theirs, 0 AS without_acts
		FROM acts a WHERE a.portal_id = :portal AND a.due_on < CAST(:day AS date) AND a.replaced_by IS NULL
		GROUP BY a.responsible_id
		UNION ALL
		SELECT a.responsible_id, 0, count(*) FILTER (WHERE a.status = 'refused'), 0, count(*) FILTER (WHERE a.status <> 'refused'), 0
		FROM acts a WHERE a.portal_id = :portal AND a.status IN ('sent', 'accepted_unsigned', 'refused') AND a.replaced_by IS NULL GROUP BY a.responsible_id
		UNION ALL
		SELECT a.responsible_id, 0, 0, count(*), 0, 0
		FROM acts a WHERE a.portal_id = :portal AND a.medium = 'electronic' AND a.delivery = :waiting AND a.status = 'draft' GROUP BY a.responsible_id
		UNION ALL
		SELECT d.responsible_id, 0, 0, 0, 0, count(*)
		FROM deals d WHERE d.portal_id = :portal AND d.needs_act AND NOT d.deleted AND d.stage_id = ANY (CAST(:stages AS text[])) GROUP BY d.responsible_id
	)
	INSERT INTO digests (portal_id, user_id, day, overdue, refused, ours, theirs, without_acts)
	SELECT :portal, w.user_id, CAST(:day AS date), sum(w.overdue), sum(w.refused), sum(w.ours), sum(w.theirs), sum(w.without_acts) FROM waits w
	WHERE w.user_id <> 0
		AND NOT EXISTS (SELECT FROM digest_refusals r WHERE r.portal_id = :portal AND r.user_id = w.user_id)
		AND NOT EXISTS (SELECT FROM users u WHERE u.portal_id = :portal AND u.id = w.user_id AND NOT u.active)
	GROUP BY w.user_id
	ON CONFLICT DO NOTHING RETURNING id`

// oldDigests deletes digests older than 30 days.
const oldDigests = `DELETE FROM digests WHERE portal_id = :portal AND day < CAST(:day AS date) - 30`

// Add stores the digests of a day of business time, one for each employee, and returns their ids. stages are those whose deals
// should have an act.
func (tx DigestsTx) Add(ctx context.Context, day time.Time, stages []string) (ids []int64, err error) {
	a := pg.Args{"day": day.Format(time.DateOnly), "stages": pq.Array(stages), "waiting": acts.DeliveryWaitingSignature}
	if err := pg.Select(ctx, tx, &ids, addDigests, a); err != nil {
		return nil, fmt.Errorf("add digests: %w", err)
	}
	if _, err := pg.Exec(ctx, tx, oldDigests, a); err != nil {
		return nil, fmt.Errorf("drop old digests: %w", err)
	}
	return ids, nil
}

const digestByID = `SELECT user_id, day, overdue, refused, ours, theirs, without_acts FROM digests WHERE portal_id = :portal AND id = :id`

// Get reads a digest.
func (s Digests) Get(ctx context.Context, id int64) (Digest, error) {
	var d Digest
	err := pg.Get(ctx, s, &d, digestByID, pg.Args{"id": id})
	return d, pg.NotFound(err, "digest", "Такой сводки нет.")
}

const wantsDigest = `SELECT NOT EXISTS (SELECT FROM digest_refusals WHERE portal_id = :portal AND user_id = :user)`

// Wanted reports whether an employee receives the digest.
func (s Digests) Wanted(ctx context.Context, user acts.UserID) (wants bool, err error) {
	if err := pg.Get(ctx, s, &wants, wantsDigest, pg.Args{"user": user}); err != nil {
		return false, fmt.Errorf("wants digest: %w", err)
	}
	return wants, nil
}

const (
	refuseDigest = `INSERT INTO digest_refusals (portal_id, user_id) VALUES (:portal, :user) ON CONFLICT DO NOTHING`
	acceptDigest = `DELETE FROM digest_refusals WHERE portal_id = :portal AND user_id = :user`
)

// SetWanted stores whether an employee receives the digest.
func (tx DigestsTx) SetWanted(ctx context.Context, user acts.UserID, wants bool) error {
	query := refuseDigest
	if wants {
		query = acceptDigest
	}
	if _, err := pg.Exec(ctx, tx, query, pg.Args{"user": user}); err != nil {
		return fmt.Errorf("set digest: %w", err)
	}
	return nil
}
