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

var choices = `SELECT ` + agg(`SELECT u.id, u.name FROM users u WHERE u.portal_id = :portal ORDER BY u.name, u.id LIMIT 100`) + ` AS users,
	` + agg(ownCompanies) + ` AS own, (SELECT s.data -> 'pipelines' FROM settings s WHERE s.portal_id = :portal) AS pipelines`

// Choices reads them.
func (s Scope) Choices(ctx context.Context) (Choices, error) {
	var r choicesRow
	if err := s.get(ctx, &r, choices, nil); err != nil {
		return Choices{}, fmt.Errorf("choices: %w", err)
	}
	out := Choices{Pipelines: r.Pipelines.V}
	for _, u := range r.Users.V {
		out.Users = append(out.Users, User{ID: acts.UserID(u.ID), Name: u.Name})
	}
	for _, o := range r.Own.V {
		out.Own = append(out.Own, o.company())
	}
	return out, nil
}
