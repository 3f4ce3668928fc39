package people

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/store/internal/pg"
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
	var found []User
	if err := pg.Select(ctx, s, &found, usersByID, pg.Args{"ids": pg.IDs(ids)}); err != nil {
		return nil, fmt.Errorf("users: %w", err)
	}
	byID := make(map[acts.UserID]User, len(found))
	for _, u := range found {
		byID[u.ID] = u
	}
	return byID, nil
}

const nameless = `SELECT DISTINCT d.responsible_id FROM deals d WHERE d.portal_id = :portal AND d.needs_act AND NOT d.deleted AND d.responsible_id <> 0
	AND NOT EXISTS (SELECT FROM users u WHERE u.portal_id = :portal AND u.id = d.responsible_id) LIMIT 500`

// Nameless lists the responsible employees of deals without acts whose names we do not have.
func (s Scope) Nameless(ctx context.Context) ([]acts.UserID, error) {
	var ids []acts.UserID
	if err := pg.Select(ctx, s, &ids, nameless, nil); err != nil {
		return nil, fmt.Errorf("nameless: %w", err)
	}
	return ids, nil
}

const saveUser = `
	INSERT INTO users (portal_id, id, name, active, head_id) VALUES (:portal, :id, :name, :active, :head)
	ON CONFLICT (portal_id, id) DO UPDATE SET name = EXCLUDED.name, active = EXCLUDED.active, head_id = EXCLUDED.head_id, read_at = clock_timestamp()`

// SaveUser stores an employee as the CRM has him.
func (tx Tx) SaveUser(ctx context.Context, u User) error {
	_, err := pg.Exec(ctx, tx, saveUser, pg.Args{"id": u.ID, "name": u.Name, "active": u.Active, "head": u.Head})
	if err != nil {
		return fmt.Errorf("save user: %w", err)
	}
	return nil
}

const activeUsers = `SELECT id, name, active, head_id FROM users WHERE portal_id = :portal AND active ORDER BY name, id LIMIT 300`

// Active lists the employees to whom acts can be assigned, by name.
func (s Scope) Active(ctx context.Context) ([]User, error) {
	var found []User
	if err := pg.Select(ctx, s, &found, activeUsers, nil); err != nil {
		return nil, fmt.Errorf("active users: %w", err)
	}
	return found, nil
}
