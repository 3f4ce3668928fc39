package list

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

// MaxCompanies is the number of companies that a search by name returns.
const MaxCompanies = 20

// Company is a counterparty of acts, with the name and INN of its last act.
type Company struct {
	ID        acts.CompanyID
	Name, INN string
}

// companiesNamed returns the statement that reads companies whose name or INN contains a text, as far as the visitor sees an act of them.
func companiesNamed(contains string) string {
	return `SELECT c.id, b.name, b.inn
		FROM (SELECT DISTINCT n.id FROM act_names n WHERE n.portal_id = :portal AND n.kind = 'company' AND ` + contains + ` LIMIT :most) c
		CROSS JOIN LATERAL (SELECT coalesce(a.buyer ->> 'name', '') AS name, coalesce(a.buyer ->> 'inn', '') AS inn FROM acts a
			WHERE a.portal_id = :portal AND a.company_id = c.id AND ` + fragment.Visible("a.responsible_id") + ` ORDER BY a.act_date DESC, a.id DESC LIMIT 1) b
		ORDER BY lower(b.name), c.id LIMIT :shown`
}

// Companies finds companies by a part of their name or INN. more reports that there are others.
func Companies(ctx context.Context, s store.Scope, visibility people.Visibility, text string) (found []Company, more bool, err error) {
	contains, name := ActFilter{Text: text}.nameCondition()
	err = pg.Select(ctx, s, &found, companiesNamed(contains), pg.Args{"name": name, "visibility": visibility.Arg(), "most": maxMatches, "shown": MaxCompanies + 1})
	if err != nil {
		return nil, false, fmt.Errorf("companies by name: %w", err)
	}
	if len(found) > MaxCompanies {
		return found[:MaxCompanies], true, nil
	}
	return found, false, nil
}
