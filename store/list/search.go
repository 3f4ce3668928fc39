package list

import (
	"context"
	"strings"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// maxMatches is how many names a search takes. When more of them hold the text it is common, and the acts are asked one by one.
const maxMatches = 600

// matches are the names that hold the text of a search.
type matches struct {
	Companies, Contacts, Deals []int64
	Common                     bool // more names hold it than are taken
}

const (
	// namesOfINN are the counterparties whose INN is the text: their names begin with it.
	namesOfINN = `SELECT n.kind, n.id FROM act_names n WHERE n.portal_id = :portal AND n.kind <> 'deal'
		AND n.folded COLLATE "C" >= :text AND n.folded COLLATE "C" < :text || '!' LIMIT :most`
	namesWith = `SELECT n.kind, n.id FROM act_names n WHERE n.portal_id = :portal AND n.folded LIKE fold(:like) LIMIT :most`
)

// look finds the names that hold the text of the filter.
func (f ActFilter) look(ctx context.Context, r pg.Reader, portal acts.PortalID) (found matches, err error) {
	if f.Text == "" {
		return found, nil
	}
	values := pg.Args{"portal": portal, "text": f.Text, "like": f.pattern(), "most": maxMatches + 1}
	var names []struct {
		Kind string `db:"kind"`
		ID   int64  `db:"id"`
	}
	if wholeINN.MatchString(f.Text) {
		if err := pg.Select(ctx, r, &names, namesOfINN, values); err != nil {
			return found, err
		}
	}
	if len(names) == 0 {
		if err := pg.Select(ctx, r, &names, namesWith, values); err != nil {
			return found, err
		}
	}
	found.Common = len(names) > maxMatches
	for _, n := range names {
		switch n.Kind {
		case "company":
			found.Companies = append(found.Companies, n.ID)
		case "contact":
			found.Contacts = append(found.Contacts, n.ID)
		case "deal":
			found.Deals = append(found.Deals, n.ID)
		}
	}
	return found, nil
}

func (f ActFilter) pattern() string { return "%" + literal.Replace(f.Text) + "%" }

// named adds the condition that the act has a number which begins with the text, or a name that holds it.
func (f ActFilter) named(w *pg.Where, found matches) {
	either := []string{`a.number <> '' AND a.number COLLATE "C" >= :text AND a.number COLLATE "C" < :beyond`}
	values := pg.Args{"text": f.Text, "beyond": f.Text + "\U0010FFFF"}
	if found.Common {
		values["like"] = f.pattern()
		either = append(either, bears("company", "a.company_id"), `a.company_id = 0 AND `+bears("contact", "a.contact_id"), bears("deal", "a.deal_id"))
	}
	take := func(name, condition string, ids []int64) {
		if len(ids) > 0 && !found.Common {
			either, values[name] = append(either, condition), pq.Array(ids)
		}
	}
	take("companies", `a.company_id = ANY (CAST(:companies AS bigint[]))`, found.Companies)
	take("contacts", `a.company_id = 0 AND a.contact_id = ANY (CAST(:contacts AS bigint[]))`, found.Contacts)
	take("deals", `a.deal_id = ANY (CAST(:deals AS bigint[]))`, found.Deals)
	w.And("("+strings.Join(either, " OR ")+")", values)
}

// bears asks whether a name of the party or deal holds the text.
func bears(kind, id string) string {
	return `EXISTS (SELECT FROM act_names n WHERE n.portal_id = :portal AND n.kind = '` + kind + `' AND n.id = ` + id + ` AND n.folded LIKE fold(:like))`
}
