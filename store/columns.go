package store

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"acts24/acts"
)

// hidden are the columns of lists of acts that the visitor does not want to see.
const hidden = `coalesce((SELECT h.columns FROM hidden_columns h WHERE h.portal_id = :portal AND h.user_id = :me), '{}') AS hidden`

// HiddenColumns are the columns of lists of acts that an employee does not want to see, by the names that were given to HideColumns.
func (s Scope) HiddenColumns(ctx context.Context, user acts.UserID) ([]string, error) {
	var columns pq.StringArray
	if err := s.get(ctx, &columns, `SELECT `+hidden, args{"me": int64(user)}); err != nil {
		return nil, fmt.Errorf("hidden columns: %w", err)
	}
	return columns, nil
}

const hideColumns = `
	INSERT INTO hidden_columns (portal_id, user_id, columns) VALUES (:portal, :user, :columns)
	ON CONFLICT (portal_id, user_id) DO UPDATE SET columns = EXCLUDED.columns`

// HideColumns keeps which columns an employee does not want to see.
func (tx Tx) HideColumns(ctx context.Context, user acts.UserID, columns []string) error {
	if _, err := tx.exec(ctx, hideColumns, args{"user": int64(user), "columns": append(pq.StringArray{}, columns...)}); err != nil {
		return fmt.Errorf("hide columns: %w", err)
	}
	return nil
}
