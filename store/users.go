package store

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"acts24/acts"
)

// User is our copy of an employee.
type User struct {
	ID     acts.UserID `db:"id"`
	Name   string      `db:"name"`
	Active bool        `db:"active"`
	Head   acts.UserID `db:"head_id"` // of his department, 0 when there is none
}

const usersByID = `SELECT id, name, active, head_id FROM users
	WHERE portal_id = :portal AND id = ANY (CAST(:ids AS bigint[])) AND read_at > clock_timestamp() - interval '1 day'`

// Users reads the copies that are younger than a day, by their ids.
func (s Scope) Users(ctx context.Context, ids []acts.UserID) (map[acts.UserID]User, error) {
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	var found []User
	if err := s.list(ctx, &found, usersByID, args{"ids": pq.Array(plain)}); err != nil {
		return nil, fmt.Errorf("users: %w", err)
	}
	byID := make(map[acts.UserID]User, len(found))
	for _, u := range found {
		byID[u.ID] = u
	}
	return byID, nil
}

const nameless = `SELECT DISTINCT d.responsible_id FROM deals d WHERE d.portal_id = :portal AND d.lacks AND NOT d.deleted AND d.responsible_id <> 0
	AND NOT EXISTS (SELECT FROM users u WHERE u.portal_id = :portal AND u.id = d.responsible_id) LIMIT 500`

// Nameless lists who is responsible for deals without acts and is not known by name.
func (s Scope) Nameless(ctx context.Context) ([]acts.UserID, error) {
	var ids []acts.UserID
	if err := s.list(ctx, &ids, nameless, nil); err != nil {
		return nil, fmt.Errorf("nameless: %w", err)
	}
	return ids, nil
}

const saveUser = `
	INSERT INTO users (portal_id, id, name, active, head_id) VALUES (:portal, :id, :name, :active, :head)
	ON CONFLICT (portal_id, id) DO UPDATE SET name = EXCLUDED.name, active = EXCLUDED.active, head_id = EXCLUDED.head_id, read_at = clock_timestamp()`

// SaveUser keeps what the CRM says of an employee.
func (tx Tx) SaveUser(ctx context.Context, u User) error {
	_, err := tx.exec(ctx, saveUser, args{"id": int64(u.ID), "name": u.Name, "active": u.Active, "head": int64(u.Head)})
	if err != nil {
		return fmt.Errorf("save user: %w", err)
	}
	return nil
}

const setAdmin = `UPDATE portals SET admin_id = :user WHERE id = :portal`

// SetAdmin keeps the administrator who opened us last: he is told what nobody else can be told.
func (tx Tx) SetAdmin(ctx context.Context, user acts.UserID) error {
	return tx.one(ctx, "set admin", setAdmin, args{"user": int64(user)}, acts.Errorf(acts.NotFound, "Портал не подключён."))
}
