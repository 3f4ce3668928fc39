package store

import (
	"context"
	"fmt"

	"acts24/acts"
)

// Choices are what the conditions of a filter may be chosen from.
type Choices struct {
	Users     []User // who may be responsible, by name
	Own       []OwnCompany
	Pipelines []Pipeline
}

type choicesRow struct {
	Users     jsonb[[]userRow]       `db:"users"`
	Own       jsonb[[]ownCompanyRow] `db:"own"`
	Pipelines jsonb[[]Pipeline]      `db:"pipelines"`
}

type userRow struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// knownUsers are the employees whose names are known.
var knownUsers = agg(`SELECT u.id, u.name FROM users u WHERE u.portal_id = :portal AND u.name <> '' ORDER BY u.name, u.id LIMIT 100`) + ` AS users`

func usersOf(rows []userRow) (list []User) {
	for _, u := range rows {
		list = append(list, User{ID: acts.UserID(u.ID), Name: u.Name})
	}
	return list
}

var choices = `SELECT ` + knownUsers + `,
	` + agg(ownCompanies) + ` AS own, (SELECT s.data -> 'pipelines' FROM settings s WHERE s.portal_id = :portal) AS pipelines`

// Choices reads them.
func (s Scope) Choices(ctx context.Context) (Choices, error) {
	var r choicesRow
	if err := s.get(ctx, &r, choices, nil); err != nil {
		return Choices{}, fmt.Errorf("choices: %w", err)
	}
	out := Choices{Pipelines: r.Pipelines.V, Users: usersOf(r.Users.V)}
	for _, o := range r.Own.V {
		out.Own = append(out.Own, o.company())
	}
	return out, nil
}
