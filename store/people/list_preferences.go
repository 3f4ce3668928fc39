package people

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
)

// ListPreferences is the look of lists of acts that an employee has chosen. The zero value is that of an employee who has chosen nothing.
type ListPreferences struct {
	Columns  []string // codes of the shown columns in their order; nil before he has chosen
	PageSize int      // 0 before he has chosen
	Compact  bool     // rows have one line
}

// ListPreferences returns how an employee wants to see lists of acts.
func (s Scope) ListPreferences(ctx context.Context, user acts.UserID) (ListPreferences, error) {
	var row struct{ Look ListPreferences }
	if err := pg.Get(ctx, s, &row, fragment.ListPreferences, pg.Args{"me": user}); err != nil {
		return row.Look, fmt.Errorf("list preferences: %w", err)
	}
	return row.Look, nil
}

const setListPreferences = `
	INSERT INTO list_preferences (portal_id, user_id, columns, page_size, compact) VALUES (:portal, :user, :columns, :size, :compact)
	ON CONFLICT (portal_id, user_id) DO UPDATE SET columns = EXCLUDED.columns, page_size = EXCLUDED.page_size, compact = EXCLUDED.compact`

// SetListPreferences stores how an employee wants to see lists of acts.
func (tx Tx) SetListPreferences(ctx context.Context, user acts.UserID, p ListPreferences) error {
	_, err := pg.Exec(ctx, tx, setListPreferences, pg.Args{"user": user, "columns": pq.Array(p.Columns), "size": p.PageSize, "compact": p.Compact})
	if err != nil {
		return fmt.Errorf("set list preferences: %w", err)
	}
	return nil
}
