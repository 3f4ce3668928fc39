package list

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

// MaxSelected is how many acts may be taken at once.
const MaxSelected = 10_000

var selectedByID = `SELECT a.id, a.deal_id FROM acts a
	WHERE a.portal_id = :portal AND ` + fragment.Visible("a.responsible_id") + ` AND a.id = ANY (CAST(:ids AS bigint[])) ORDER BY a.act_date DESC, a.id DESC`

// SelectAll returns all acts that a filter selects, newest first, at most one more than MaxSelected.
func SelectAll(ctx context.Context, s store.Scope, f ActFilter, today time.Time) ([]store.SelectedAct, error) {
	var found []store.SelectedAct
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		names, err := f.findNames(ctx, r, s.Portal())
		if err != nil {
			return err
		}
		q := f.query(today, names, Sort{})
		return pg.Select(ctx, r, &found, q.first("a.id, a.deal_id", MaxSelected+1), q.Args)
	})
	if pq.As(err, pqerror.QueryCanceled) != nil {
		return nil, acts.Errorf(acts.Unavailable, "Столько актов за один раз не отобрать. Уточните фильтр или добавьте период.")
	}
	if err != nil {
		return nil, fmt.Errorf("select all acts: %w", err)
	}
	return found, nil
}

// Select returns acts by their ids, without those that do not exist or may not be seen.
func Select(ctx context.Context, s store.Scope, visibility people.Visibility, ids []acts.ActID) ([]store.SelectedAct, error) {
	var found []store.SelectedAct
	if err := pg.Select(ctx, s, &found, selectedByID, pg.Args{"ids": pg.IDs(ids), "visibility": visibility.Arg()}); err != nil {
		return nil, fmt.Errorf("select acts: %w", err)
	}
	return found, nil
}
