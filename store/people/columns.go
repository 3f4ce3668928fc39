package people

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
)

// HiddenColumns returns the columns of lists of acts that an employee does not want to see, by the names that HideColumns stored.
func (s Scope) HiddenColumns(ctx context.Context, user acts.UserID) ([]string, error) {
	var columns pq.StringArray
	if err := pg.Get(ctx, s, &columns, `SELECT `+fragment.HiddenColumns, pg.Args{"me": user}); err != nil {
		return nil, fmt.Errorf("hidden columns: %w", err)
	}
	return columns, nil
}

const hideColumns = `
	INSERT INTO hidden_columns (portal_id, user_id, columns) VALUES (:portal, :user, :columns)
	ON CONFLICT (portal_id, user_id) DO UPDATE SET columns = EXCLUDED.columns`

// HideColumns stores which columns an employee does not want to see.
func (tx Tx) HideColumns(ctx context.Context, user acts.UserID, columns []string) error {
	if _, err := pg.Exec(ctx, tx, hideColumns, pg.Args{"user": user, "columns": append(pq.StringArray{}, columns...)}); err != nil {
		return fmt.Errorf("hide columns: %w", err)
	}
	return nil
}
