package accounts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

const followInvitation = `
	INSERT INTO invitations (portal_id, deal_id, since, due_at) VALUES (:portal, :deal, :since, :due)
	ON CONFLICT (portal_id, deal_id) DO UPDATE SET since = EXCLUDED.since, due_at = EXCLUDED.due_at`

// FollowInvitation schedules a check at SBIS whether the counterparty of a deal, invited at since, has connected. Business time.
func (tx CounterpartiesTx) FollowInvitation(ctx context.Context, deal acts.DealID, since, due time.Time) error {
	if _, err := pg.Exec(ctx, tx, followInvitation, pg.Args{"deal": deal, "since": since, "due": due}); err != nil {
		return fmt.Errorf("follow invitation: %w", err)
	}
	return nil
}

// InvitationOf returns since when the counterparty of a deal is invited, zero when it is not; checking means that SBIS is being asked now.
func (s Counterparties) InvitationOf(ctx context.Context, deal acts.DealID) (since time.Time, checking bool, err error) {
	var row struct {
		Since    time.Time
		Checking bool
	}
	err = pg.Get(ctx, s, &row, `SELECT since, due_at IS NULL AS checking FROM invitations WHERE portal_id = :portal AND deal_id = :deal`, pg.Args{"deal": deal})
	if errors.Is(err, sql.ErrNoRows) {
		return since, false, nil
	}
	if err != nil {
		return since, false, fmt.Errorf("invitation of deal: %w", err)
	}
	return row.Since, row.Checking, nil
}

// InvitedAt returns when a counterparty was invited in any deal, zero when it never was. Business time.
func (s Counterparties) InvitedAt(ctx context.Context, inn, kpp string) (time.Time, error) {
	var at *time.Time
	err := pg.Get(ctx, s, &at, `SELECT max(invited_at) FROM edo_lookups WHERE portal_id = :portal AND inn = :inn AND kpp = :kpp`, pg.Args{"inn": inn, "kpp": kpp})
	if err != nil {
		return time.Time{}, fmt.Errorf("invited at: %w", err)
	}
	return pg.Time(at), nil
}

// EndInvitation deletes the invitation of the counterparty of a deal.
func (tx CounterpartiesTx) EndInvitation(ctx context.Context, deal acts.DealID) error {
	if _, err := pg.Exec(ctx, tx, `DELETE FROM invitations WHERE portal_id = :portal AND deal_id = :deal`, pg.Args{"deal": deal}); err != nil {
		return fmt.Errorf("end invitation: %w", err)
	}
	return nil
}

const takeInvitation = `UPDATE invitations SET due_at = NULL WHERE portal_id = :portal AND deal_id = :deal AND due_at <= :now`

// TakeInvitation takes an invitation that is due; ok is false when another process has taken it. now is business time.
func (tx CounterpartiesTx) TakeInvitation(ctx context.Context, deal acts.DealID, now time.Time) (ok bool, err error) {
	n, err := pg.Exec(ctx, tx, takeInvitation, pg.Args{"deal": deal, "now": now})
	if err != nil {
		return false, fmt.Errorf("take invitation: %w", err)
	}
	return n > 0, nil
}
