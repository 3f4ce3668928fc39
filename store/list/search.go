package list

import (
	"context"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// maxMatches is how many names a search takes. When more of them contain the text, it is common and acts are read starting with the newest.
const maxMatches = 600

// matches are the names that contain the text of a search.
type matches struct {
	Companies, Contacts, Deals []int64
	Common                     bool // more names contain it than are looked up
}

const (
	// namesOfINN are the counterparties whose INN is the text: their names begin with it.
	namesOfINN = `SELECT n.kind, n.id FROM act_names n WHERE n.portal_id = :portal AND n.kind <> 'deal'
		AND n.folded COLLATE "C" >= :text AND n.folded COLLATE "C" < :text || '!' LIMIT :most`
)

// findNames finds the names that contain the text of the filter.
func (f ActFilter) findNames(ctx context.Context, r pg.Reader, portal acts.PortalID) (found matches, err error) {
	if f.Text == "" {
		return found, nil
	}
	contains, name := f.nameCondition()
	values := pg.Args{"portal": portal, "text": f.Text, "name": name, "most": maxMatches + 1}
	var names []struct {
		Kind string `db:"kind"`
		ID   int64  `db:"id"`
	}
	if fullINN.MatchString(f.Text) {
		if err := pg.Select(ctx, r, &names, namesOfINN, values); err != nil {
			return found, err
		}
	}
	if len(names) == 0 {
		if err := pg.Select(ctx, r, &names, `SELECT n.kind, n.id FROM act_names n WHERE n.portal_id = :portal AND `+contains+` LIMIT :most`, values); err != nil {
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

// nameCondition returns the condition that a name contains the text, and the value of its parameter. A text of one or two letters is found at the
// beginning of words only: inside words nearly every name contains it.
func (f ActFilter) nameCondition() (condition, value string) {
	first, _ := utf8.DecodeRuneInString(f.Text)
	if utf8.RuneCountInString(f.Text) <= 2 && (unicode.IsLetter(first) || unicode.IsDigit(first)) {
		return `n.folded ~ ('\m' || fold(:name))`, regexp.QuoteMeta(f.Text)
	}
	return `n.folded LIKE fold(:name)`, "%" + likeEscaper.Replace(f.Text) + "%"
}

// query is a filter prepared for a statement.
type query struct {
	pg.Where          // without the text, unless it is common
	order    pg.Order // of the acts that are read
	sources  []source // where acts with the text are found; none when the filter has no text or a common one
}

// source is one index in which acts with the text of a search are found. An OR of the sources in one condition has no index: PostgreSQL
// would read the acts in their order until a page is full, however few have the text.
type source struct {
	of        string // names whose acts are read one name after the other, "" to read all acts that fulfil the condition
	condition string
}

// query prepares the filter with an order. today is a day of business time.
func (f ActFilter) query(today time.Time, found matches, s Sort) query {
	q := query{Where: f.where(today), order: ActSorting.order(s)}
	if f.Text == "" {
		return q
	}
	const numbered = `a.number <> '' AND a.number COLLATE "C" >= :text AND a.number COLLATE "C" < :beyond`
	values := pg.Args{"text": f.Text, "beyond": f.Text + "\U0010FFFF"}
	if found.Common {
		var contains string
		contains, values["name"] = f.nameCondition()
		named := func(kind, id string) string {
			return `EXISTS (SELECT FROM act_names n WHERE n.portal_id = :portal AND n.kind = '` + kind + `' AND n.id = ` + id + ` AND ` + contains + `)`
		}
		q.And("("+strings.Join([]string{numbered, named("company", "a.company_id"), `a.company_id = 0 AND ` + named("contact", "a.contact_id"),
			named("deal", "a.deal_id")}, " OR ")+")", values)
		return q
	}
	q.sources = []source{{condition: numbered}}
	for _, s := range []struct {
		name, condition string
		ids             []int64
	}{
		{"companies", `a.company_id = n.id`, found.Companies},
		{"contacts", `a.company_id = 0 AND a.contact_id = n.id`, found.Contacts},
		{"deals", `a.deal_id = n.id`, found.Deals},
	} {
		if len(s.ids) > 0 {
			q.sources, values[s.name] = append(q.sources, source{":" + s.name, s.condition}), pq.Array(s.ids)
		}
	}
	maps.Copy(q.Args, values)
	return q
}

// first returns the statement that reads columns of the first acts that fulfil the filter, at most so many.
func (q query) first(columns string, most int) string {
	if len(q.sources) == 0 {
		return q.firstOf(columns, q.String(), most)
	}
	key := q.order.Column
	var parts []string
	for _, s := range q.sources {
		part := q.firstOf("a.id, a."+key, q.String()+" AND "+s.condition, most)
		if s.of != "" {
			part = `SELECT f.id, f.` + key + ` FROM unnest(CAST(` + s.of + ` AS bigint[])) n (id) CROSS JOIN LATERAL (` + part + `) f`
		}
		parts = append(parts, "("+part+")")
	}
	return `SELECT ` + columns + ` FROM (SELECT f.id, f.` + key + ` FROM (` + strings.Join(parts, " UNION ") + `) f` + q.order.By("f") + ` LIMIT ` + strconv.Itoa(most) + `) f
		JOIN acts a ON a.portal_id = :portal AND a.id = f.id` + q.order.By("a")
}

func (q query) firstOf(columns, conditions string, most int) string {
	return `SELECT ` + columns + ` FROM acts a WHERE ` + conditions + q.order.By("a") + ` LIMIT ` + strconv.Itoa(most)
}
