package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
)

const dueAccountChecks = `
	SELECT c.portal_id, c.account_id AS id FROM account_checks c JOIN portals p ON p.id = c.portal_id
	WHERE c.due_at <= :now AND p.state = 'active' ORDER BY c.due_at LIMIT :limit`

// DueAccountChecks lists accounts of all portals that SBIS is to be asked of again. now is business time.
func (db *DB) DueAccountChecks(ctx context.Context, now time.Time, limit int) ([]Due, error) {
	return db.due(ctx, "due account checks", dueAccountChecks, now, limit)
}

const takeAccountCheck = `UPDATE account_checks SET due_at = :next WHERE portal_id = :portal AND account_id = :account AND due_at <= :now`

// TakeAccountCheck takes a check that is due and sets the next; ok is false when another process has. Business time.
func (tx Tx) TakeAccountCheck(ctx context.Context, account int64, now, next time.Time) (ok bool, err error) {
	n, err := tx.exec(ctx, takeAccountCheck, args{"account": account, "now": now, "next": next})
	if err != nil {
		return false, fmt.Errorf("take account check: %w", err)
	}
	return n > 0, nil
}

const (
	saveCabinet = `UPDATE edo_accounts SET cabinet = :cabinet, checked_at = :now WHERE portal_id = :portal AND id = :account`
	nextCheck   = `
		INSERT INTO account_checks (portal_id, account_id, due_at) VALUES (:portal, :account, :next)
		ON CONFLICT (portal_id, account_id) DO UPDATE SET due_at = EXCLUDED.due_at`
)

// SaveCabinet keeps what SBIS said of an account, and when it is to be asked again. Business time.
func (tx Tx) SaveCabinet(ctx context.Context, account int64, c acts.Cabinet, now, next time.Time) error {
	err := tx.one(ctx, "save cabinet", saveCabinet, args{"account": account, "cabinet": asJSON(c), "now": now}, errNoAccount)
	if err != nil {
		return err
	}
	if _, err := tx.exec(ctx, nextCheck, args{"account": account, "next": next}); err != nil {
		return fmt.Errorf("next check: %w", err)
	}
	return nil
}

var errNoAccount = acts.Errorf(acts.NotFound, "Аккаунт СБИС не подключён.")

const setSigning = `UPDATE edo_accounts SET signing = :signing WHERE portal_id = :portal AND id = :account`

// SetSigning keeps how documents of an account get our signature.
func (tx Tx) SetSigning(ctx context.Context, account int64, way acts.Signing) error {
	return tx.one(ctx, "set signing", setSigning, args{"account": account, "signing": string(way)}, errNoAccount)
}

const (
	leaveAccount = `UPDATE own_companies SET account_id = NULL, certificate = '' WHERE portal_id = :portal AND account_id = :account`
	dropAccount  = `DELETE FROM edo_accounts WHERE portal_id = :portal AND id = :account`
)

// DropEDOAccount disconnects an account: its secrets are destroyed, our companies are left without one.
func (tx Tx) DropEDOAccount(ctx context.Context, account int64) error {
	if _, err := tx.exec(ctx, leaveAccount, args{"account": account}); err != nil {
		return fmt.Errorf("leave account: %w", err)
	}
	return tx.one(ctx, "drop account", dropAccount, args{"account": account}, errNoAccount)
}
