package accounts

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

const takeAccountCheck = `UPDATE account_checks SET due_at = :next WHERE portal_id = :portal AND account_id = :account AND due_at <= :now`

// TakeCheck takes a check that is due and sets the next; ok is false when another process has taken it. Business time.
func (tx Tx) TakeCheck(ctx context.Context, account int64, now, next time.Time) (ok bool, err error) {
	n, err := pg.Exec(ctx, tx, takeAccountCheck, pg.Args{"account": account, "now": now, "next": next})
	if err != nil {
		return false, fmt.Errorf("take account check: %w", err)
	}
	return n > 0, nil
}

const (
	saveDetails = `UPDATE edo_accounts SET details = :details, checked_at = :now WHERE portal_id = :portal AND id = :account`
	nextCheck   = `
		INSERT INTO account_checks (portal_id, account_id, due_at) VALUES (:portal, :account, :next)
		ON CONFLICT (portal_id, account_id) DO UPDATE SET due_at = EXCLUDED.due_at`
)

// SaveDetails stores what SBIS reported about an account, and when it is checked again. Business time.
func (tx Tx) SaveDetails(ctx context.Context, account int64, c acts.OperatorAccount, now, next time.Time) error {
	err := pg.ExecOne(ctx, tx, "save account details", saveDetails, pg.Args{"account": account, "details": pg.AsJSON(c), "now": now}, errNoAccount)
	if err != nil {
		return err
	}
	if _, err := pg.Exec(ctx, tx, nextCheck, pg.Args{"account": account, "next": next}); err != nil {
		return fmt.Errorf("next check: %w", err)
	}
	return nil
}

var errNoAccount = acts.Errorf(acts.NotFound, "Аккаунт СБИС не подключён.")

const setSigning = `UPDATE edo_accounts SET signing = :signing WHERE portal_id = :portal AND id = :account`

// SetSigning stores how documents of an account get our signature.
func (tx Tx) SetSigning(ctx context.Context, account int64, way acts.Signing) error {
	return pg.ExecOne(ctx, tx, "set signing", setSigning, pg.Args{"account": account, "signing": way}, errNoAccount)
}

const (
	leaveAccount = `UPDATE own_companies SET account_id = NULL, certificate = '' WHERE portal_id = :portal AND account_id = :account`
	dropAccount  = `DELETE FROM edo_accounts WHERE portal_id = :portal AND id = :account`
)

// Drop disconnects an account: its secrets are destroyed, and our companies are left without an account.
func (tx Tx) Drop(ctx context.Context, account int64) error {
	if _, err := pg.Exec(ctx, tx, leaveAccount, pg.Args{"account": account}); err != nil {
		return fmt.Errorf("detach companies from account: %w", err)
	}
	return pg.ExecOne(ctx, tx, "drop account", dropAccount, pg.Args{"account": account}, errNoAccount)
}
