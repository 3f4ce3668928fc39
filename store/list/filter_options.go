package list

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

// FilterOptions are what the conditions of a filter may be chosen from.
type FilterOptions struct {
	Users     []people.User // who may be responsible, by name
	Own       []store.OwnCompany
	Pipelines []store.Pipeline
}

type choicesRow struct {
	Users     pg.JSON[[]userRow]             `db:"users"`
	Own       pg.JSON[[]store.OwnCompanyRow] `db:"own"`
	Pipelines pg.JSON[[]store.Pipeline]      `db:"pipelines"`
}

type userRow struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// knownUsers are the employees whose names are known.
var knownUsers = pg.Rows(`SELECT u.id, u.name FROM users u WHERE u.portal_id = :portal AND u.name <> '' ORDER BY u.name, u.id LIMIT 100`) + ` AS users`

func usersOf(rows []userRow) (list []people.User) {
	for _, u := range rows {
		list = append(list, people.User{ID: acts.UserID(u.ID), Name: u.Name})
	}
	return list
}

var choices = `SELECT ` + knownUsers + `,
	` + pg.Rows(store.OwnCompaniesSQL) + ` AS own, (SELECT s.data -> 'pipelines' FROM settings s WHERE s.portal_id = :portal) AS pipelines`

// Options reads them.
func Options(ctx context.Context, s store.Scope) (FilterOptions, error) {
	var r choicesRow
	if err := pg.Get(ctx, s, &r, choices, nil); err != nil {
		return FilterOptions{}, fmt.Errorf("choices: %w", err)
	}
	out := FilterOptions{Pipelines: r.Pipelines.V, Users: usersOf(r.Users.V)}
	for _, o := range r.Own.V {
		out.Own = append(out.Own, o.Company())
	}
	return out, nil
}
