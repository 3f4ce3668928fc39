package people

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
)

// SavedFilter is a filter of lists of acts that an employee has saved under a name.
type SavedFilter struct {
	ID        int64
	Name      string
	Query     string // as in the address of a list
	Shared    bool   // everybody in the portal sees it
	Owner     acts.UserID
	OwnerName string // "" when we have no copy of the employee
	OwnerLeft bool   // the owner was dismissed
}

// SavedFilters lists the filters that an employee sees, his own first.
func (s Scope) SavedFilters(ctx context.Context, user acts.UserID) (found []SavedFilter, err error) {
	if err := pg.Select(ctx, s, &found, fragment.SavedFilters, pg.Args{"me": user}); err != nil {
		return nil, fmt.Errorf("saved filters: %w", err)
	}
	return found, nil
}

const headsDepartment = `SELECT EXISTS (SELECT FROM units n WHERE n.portal_id = :portal AND n.kind = 'department' AND n.head_id = :user)`

// HeadsDepartment reports whether an employee is the head of a department.
func (s Scope) HeadsDepartment(ctx context.Context, user acts.UserID) (heads bool, err error) {
	if err := pg.Get(ctx, s, &heads, headsDepartment, pg.Args{"user": user}); err != nil {
		return false, fmt.Errorf("head of a department: %w", err)
	}
	return heads, nil
}

const savedFilter = `SELECT f.id, f.name, f.query, f.shared, f.user_id AS owner FROM saved_filters f WHERE f.portal_id = :portal AND f.id = :id FOR UPDATE`

// LockSavedFilter reads a filter and locks it until the end of the transaction.
func (tx Tx) LockSavedFilter(ctx context.Context, id int64) (f SavedFilter, err error) {
	return f, pg.NotFound(pg.Get(ctx, tx, &f, savedFilter, pg.Args{"id": id}), "saved filter", "Этого фильтра уже нет. Обновите страницу.")
}

// countSavedFilters leaves out the filters of dismissed employees that are not shared.
const countSavedFilters = `
	SELECT count(*) FROM saved_filters f LEFT JOIN users u ON u.portal_id = :portal AND u.id = f.user_id
	WHERE f.portal_id = :portal AND (f.shared OR coalesce(u.active, true))`

// CountSavedFilters counts the filters of the portal that somebody sees, and serialises those who add one.
func (tx Tx) CountSavedFilters(ctx context.Context) (n int, err error) {
	if err := tx.LockGroup(ctx); err != nil {
		return 0, err
	}
	if err := pg.Get(ctx, tx, &n, countSavedFilters, nil); err != nil {
		return 0, fmt.Errorf("count saved filters: %w", err)
	}
	return n, nil
}

const (
	addSavedFilter = `
	INSERT INTO saved_filters (portal_id, user_id, name, query, shared) VALUES (:portal, :owner, :name, :query, :shared)
	ON CONFLICT (portal_id, user_id, lower(name)) DO NOTHING`

	setSavedFilter = `
	UPDATE saved_filters f SET name = :name, shared = :shared, user_id = :owner WHERE f.portal_id = :portal AND f.id = :id
		AND NOT EXISTS (SELECT FROM saved_filters o WHERE o.portal_id = :portal AND o.user_id = :owner AND o.id <> :id AND lower(o.name) = lower(:name))`

	dropSavedFilter = `DELETE FROM saved_filters WHERE portal_id = :portal AND id = :id`
)

// AddSavedFilter stores a new filter. ok is false when its owner has another one of this name.
func (tx Tx) AddSavedFilter(ctx context.Context, f SavedFilter) (ok bool, err error) {
	return tx.setFilter(ctx, "add", addSavedFilter, f)
}

// SetSavedFilter stores the name, the owner and the visibility of a filter. ok is false when its owner has another one of this name.
func (tx Tx) SetSavedFilter(ctx context.Context, f SavedFilter) (ok bool, err error) {
	return tx.setFilter(ctx, "set", setSavedFilter, f)
}

// DropSavedFilter deletes a filter.
func (tx Tx) DropSavedFilter(ctx context.Context, id int64) error {
	_, err := tx.setFilter(ctx, "drop", dropSavedFilter, SavedFilter{ID: id})
	return err
}

func (tx Tx) setFilter(ctx context.Context, what, statement string, f SavedFilter) (bool, error) {
	n, err := pg.Exec(ctx, tx, statement, pg.Args{"id": f.ID, "owner": f.Owner, "name": f.Name, "query": f.Query, "shared": f.Shared})
	if err != nil {
		return false, fmt.Errorf("%s saved filter: %w", what, err)
	}
	return n > 0, nil
}
