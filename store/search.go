package store

import (
	"context"
	"strings"

	"github.com/lib/pq"
)

// firstStep is what a search finds before it looks for acts.
type firstStep struct {
	Names  jsonb[names]   `db:"names"`
	Staged jsonb[[]int64] `db:"staged"`
}

func (s firstStep) names() names {
	n := s.Names.V
	n.Staged = s.Staged.V
	return n
}

// names are what a text was found in, and the deals of a stage.
type names struct {
	Companies, Contacts, Deals []int64
	Numbers, Exact             []int64 // acts whose number begins with the text, and those whose number it is
	Staged                     []int64
	Hits                       int    // names in all
	Way                        string // how they were looked for, see search
}

// guessed reports whether the text seems so common that it was not looked for: a page of acts should have it among the newest.
func (n names) guessed() bool { return n.Way == "guess" }

// many reports whether some names were left out.
func (n names) many() bool {
	return n.Way == "none" || n.Hits >= mostHits || max(len(n.Companies), len(n.Contacts), len(n.Deals)) > mostNames
}

// numbers are the acts found by their number: when too many begin with the text, those whose number it is.
func (n names) numbers() []int64 {
	if len(n.Numbers) > mostNames {
		return n.Exact
	}
	return n.Numbers
}

func (n names) into(a args) {
	a["companies"], a["contacts"], a["deals"], a["numbers"] = pq.Array(n.Companies), pq.Array(n.Contacts), pq.Array(n.Deals), pq.Array(n.numbers())
	a["staged"] = pq.Array(n.Staged)
}

// fewNames is how many names of a portal are sooner looked through than searched. When one of fewTimes of them has the text, a page of acts is
// likely among the newest guessActs. mostHits is how many names a search takes: of so many, one of the three kinds has more than are looked up
// one by one.
const fewNames, fewTimes, guessActs, mostHits = 1000, 25, 2000, 3*mostNames + 1

// pattern is made once for a statement: making it for every name takes longer than comparing them.
const pattern = `(SELECT fold(:like))`

// owners are the counterparties whose INN is the text; their names begin with it.
const owners = `(SELECT n.kind, n.id FROM act_names n WHERE CAST(:inn AS boolean) AND n.portal_id = :portal AND n.kind <> 'deal'
	AND n.folded COLLATE "C" >= :text AND n.folded COLLATE "C" < :text || '!' LIMIT :hits)`

// search is how names are looked for, as the first of them tell: not at all when the text is a known INN, when it is too short, or when it seems
// common and :guess allows to rely on that. Whoever does looks once more when a page is not full.
const search = `(SELECT CASE WHEN EXISTS (SELECT FROM owners) THEN 'inn' WHEN count(*) <= :few THEN 'all' WHEN :short THEN 'none'
		WHEN CAST(:guess AS boolean) AND count(*) FILTER (WHERE q.folded LIKE ` + pattern + `) * :few_times > :few THEN 'guess' ELSE 'parts' END AS way
	FROM (SELECT n.folded || '' AS folded FROM act_names n WHERE n.portal_id = :portal AND NOT EXISTS (SELECT FROM owners) LIMIT :few + 1) q)`

// hits are the names that hold the text. The index of parts knows the portal of every part; a part has three letters.
const hits = `(SELECT * FROM owners
	UNION ALL SELECT n.kind, n.id FROM act_names n WHERE (SELECT way = 'all' FROM search) AND n.portal_id = :portal AND n.folded || '' LIKE ` + pattern + `
	UNION ALL SELECT n.kind, n.id FROM act_names n WHERE (SELECT way = 'parts' FROM search) AND parts(n.portal_id, n.folded) @> cover(:portal, fold(:text))
		AND n.folded || '' LIKE ` + pattern + ` AND n.portal_id + 0 = :portal
	LIMIT :hits)`

// idsNamed may give a company twice, by two of its names.
func idsNamed(kind string) string {
	return `(SELECT coalesce(jsonb_agg(q.id), '[]') FROM (SELECT h.id FROM hits h WHERE h.kind = '` + kind + `' LIMIT :most) q)`
}

// numbered is an act whose number begins with the text.
const numbered = `a.number <> '' AND a.number COLLATE "C" >= :text AND a.number COLLATE "C" < :beyond`

func actsNumbered(condition string) string {
	return `(SELECT coalesce(jsonb_agg(q.id), '[]') FROM (SELECT a.id FROM acts a WHERE a.portal_id = :portal AND ` + condition + ` LIMIT :most) q)`
}

// findNames is the first step of a search by a text.
var findNames = `(WITH owners AS MATERIALIZED ` + owners + `, search AS MATERIALIZED ` + search + `, hits AS MATERIALIZED ` + hits + `
		SELECT jsonb_build_object('Hits', (SELECT count(*) FROM hits), 'Way', (SELECT way FROM search), 'Companies', ` + idsNamed("company") + `, 'Contacts', ` + idsNamed("contact") + `, 'Deals', ` + idsNamed("deal") + `,
		'Numbers', ` + actsNumbered(numbered) + `, 'Exact', ` + actsNumbered(`a.number <> '' AND a.number COLLATE "C" = :text`) + `)) AS names`

// named is asked act by act: without its OFFSET PostgreSQL would first look at the names of the whole portal.
func named(kind, id string) string {
	return `EXISTS (SELECT FROM act_names n WHERE n.portal_id = :portal AND n.kind = '` + kind + `' AND n.id = ` + id + ` AND n.folded LIKE ` + pattern + ` OFFSET 0)`
}

// owned keeps to the acts of its owner when the text is a known INN.
const owned = `(NOT CAST(:inn AS boolean) OR NOT EXISTS ` + owners + `
	OR (CASE a.company_id WHEN 0 THEN 'contact' ELSE 'company' END, CASE a.company_id WHEN 0 THEN a.contact_id ELSE a.company_id END) IN ` + owners + `)`

// anyNames is the part of the filter's text that names answer.
var anyNames = `((` + named("company", "a.company_id") + ` OR a.company_id = 0 AND ` + named("contact", "a.contact_id") + ` OR ` + named("deal", "a.deal_id") + `) AND ` + owned + `)`

// firstStep are the columns of the first step of a search, "" when there is none.
func (f ActFilter) firstStep() string {
	var columns []string
	if f.Text != "" {
		columns = append(columns, findNames)
	}
	if f.Stage != "" {
		columns = append(columns, findStage)
	}
	return strings.Join(columns, ", ")
}

// look takes the first step of a search by itself and fills in what it found.
func (f ActFilter) look(ctx context.Context, r runner, a args) (names, error) {
	var found firstStep
	if columns := f.firstStep(); columns != "" {
		if err := get(ctx, r, &found, `SELECT `+columns, a); err != nil {
			return names{}, err
		}
	}
	found.names().into(a)
	return found.names(), nil
}
