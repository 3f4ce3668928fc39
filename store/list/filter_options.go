package list

import (
	"context"
	"fmt"

	"acts24/store"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

// FilterOptions are the values that a filter offers.
type FilterOptions struct {
	Users     []people.User // who may be responsible, by name
	Own       []store.OwnCompany
	Pipelines []store.Pipeline
}

// knownUsers reads the first hundred employees whose names we have.
var knownUsers = pg.Rows(`SELECT u.id, u.name FROM users u WHERE u.portal_id = :portal AND u.name <> '' ORDER BY u.name, u.id LIMIT 100`) + ` AS users`

var filterOptions = `SELECT ` + knownUsers + `,
	` + pg.Rows(fragment.OwnCompanies) + ` AS own, (SELECT s.data -> 'pipelines' FROM settings s WHERE s.portal_id = :portal) AS pipelines`

// Options reads the values that a filter offers.
func Options(ctx context.Context, s store.Scope) (FilterOptions, error) {
	var r struct {
		Users     pg.List[people.User]
		Own       pg.List[store.OwnCompany]
		Pipelines []store.Pipeline
	}
	if err := pg.Get(ctx, s, &r, filterOptions, nil); err != nil {
		return FilterOptions{}, fmt.Errorf("filter options: %w", err)
	}
	return FilterOptions{Users: r.Users, Own: r.Own, Pipelines: r.Pipelines}, nil
}
