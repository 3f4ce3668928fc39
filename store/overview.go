package store

import (
	"context"
	"strings"

	"github.com/lib/pq"

	"acts24/acts"
)

// MostCounted is where counting stops.
const MostCounted = 100

// ActCounts is how many acts wait for what; more than MostCounted are not told apart.
type ActCounts struct {
	Mine    int `db:"mine"`
	Waiting int `db:"waiting"` // for the counterparty's signature
	Overdue int `db:"overdue"`
	Refused int `db:"refused"`
	Failed  int `db:"failed"`
}

// ActTotals are the sums of one counterparty's acts; annulled and replaced ones are in none of them.
type ActTotals struct {
	Formed   acts.Kopecks `db:"sum_formed"`
	Signed   acts.Kopecks `db:"sum_signed"`
	Unsigned acts.Kopecks `db:"sum_unsigned"` // sent, also those accepted without a signature
	Overdue  acts.Kopecks `db:"sum_overdue"`
}

// Registry is a page of acts with what stands above it.
type Registry struct {
	Acts   []ListedAct
	Next   PageKey // of the next page, zero when this is the last
	Counts ActCounts
	Totals ActTotals     // of one counterparty only
	Chosen Chosen        // in words
	Buyer  string        // what that counterparty is called, "" when nothing of it may be seen
	Found  Found         // of what waits only
	Given  []PartyAnswer // by one counterparty, the newest first
	Hidden []string      // columns that the visitor does not want to see
}

// Chosen are the names of what a filter narrows to, "" where it does not or where no copy is here.
type Chosen struct {
	Responsible string `db:"chosen_responsible"`
	Own         string `db:"chosen_own"`
	Stage       string `db:"chosen_stage"`
}

type overviewRow struct {
	ActCounts
	ActTotals
	Chosen
	Found
	Buyer  *string                 `db:"buyer_name"`
	Given  jsonb[[]partyAnswerRow] `db:"given"`
	Hidden pq.StringArray          `db:"hidden"`
	firstStep
}

func (r overviewRow) registry() Registry {
	out := Registry{Counts: r.ActCounts, Totals: r.ActTotals, Chosen: r.Chosen, Found: r.Found, Hidden: r.Hidden}
	if r.Buyer != nil {
		out.Buyer = *r.Buyer
	}
	for _, a := range r.Given.V {
		out.Given = append(out.Given, PartyAnswer{Answer: a.answer(), DealTitle: a.DealTitle})
	}
	return out
}

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
	Hits                       int  // names in all
	Skipped                    bool // too many names have the text to look for them
}

// many reports whether some names were left out.
func (n names) many() bool {
	return n.Skipped || n.Hits >= mostHits || max(len(n.Companies), len(n.Contacts), len(n.Deals)) > mostNames
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

// fewNames is how many names of a portal are sooner looked through than searched. When one of fewTimes of them has the text, the newest acts
// are sooner read in turn. mostHits is how many names a search takes: of so many, one of the three kinds has more than are looked up one by one.
const fewNames, fewTimes, mostHits = 1000, 25, 3*mostNames + 1

// pattern is made once for a statement: making it for every name takes longer than comparing them.
const pattern = `(SELECT fold(:like))`

// owners are the counterparties whose INN is the text; their names begin with it.
const owners = `(SELECT n.kind, n.id FROM act_names n WHERE CAST(:inn AS boolean) AND n.portal_id = :portal AND n.kind <> 'deal'
	AND n.folded COLLATE "C" >= :text AND n.folded COLLATE "C" < :text || '!' LIMIT :hits)`

// search is how names are looked for, as the first of them tell: not at all when the text is a known INN, nor when too many would be found.
const search = `(SELECT CASE WHEN EXISTS (SELECT FROM owners) THEN 'inn' WHEN count(*) <= :few THEN 'all'
		WHEN :short OR count(*) FILTER (WHERE q.folded LIKE ` + pattern + `) * :few_times > :few THEN 'none' ELSE 'parts' END AS way
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

var (
	findNames = `(WITH owners AS MATERIALIZED ` + owners + `, search AS MATERIALIZED ` + search + `, hits AS MATERIALIZED ` + hits + `
		SELECT jsonb_build_object('Hits', (SELECT count(*) FROM hits), 'Skipped', (SELECT way = 'none' FROM search), 'Companies', ` + idsNamed("company") + `, 'Contacts', ` + idsNamed("contact") + `, 'Deals', ` + idsNamed("deal") + `,
		'Numbers', ` + actsNumbered(numbered) + `, 'Exact', ` + actsNumbered(`a.number <> '' AND a.number COLLATE "C" = :text`) + `)) AS names`
	chosenNames = `coalesce((SELECT u.name FROM users u WHERE u.portal_id = :portal AND u.id = :responsible), '') AS chosen_responsible,
		coalesce((SELECT o.party ->> 'name' FROM own_companies o WHERE o.portal_id = :portal AND o.id = :own), '') AS chosen_own,
		CASE :stage WHEN '' THEN '' ELSE coalesce((SELECT t ->> 'name' FROM settings s, jsonb_array_elements(s.data -> 'pipelines') p, jsonb_array_elements(p -> 'stages') t
			WHERE s.portal_id = :portal AND t ->> 'id' = :stage LIMIT 1), '') END AS chosen_stage, ` + hidden
)

// counted stops at one more than MostCounted.
func counted(what string) string { return `(SELECT count(*) FROM (SELECT ` + what + ` LIMIT 101) q)` }

// countedOf counts the acts in one status of those whom the visitor sees, each by the index.
func countedOf(status, further string) string {
	return counted(`FROM unnest(CAST(:sees AS bigint[])) AS v (x) CROSS JOIN unnest(CAST('{` + status + `}' AS text[])) AS w (y) CROSS JOIN LATERAL (
		SELECT FROM acts a WHERE a.portal_id = :portal AND a.responsible_id = v.x AND a.status = w.y` + further + ` LIMIT 101) a`)
}

// ofPortal counts what all see over indexes of its own, so it takes the same time however many acts there are and looks at none of them: an
// open reminder of a signature is of an act that was sent.
var ofPortal = `SELECT ` + counted(`FROM acts a WHERE a.portal_id = :portal AND a.responsible_id = :me`) + ` AS mine,
	` + counted(`FROM acts a WHERE a.portal_id = :portal AND a.status IN ('sent', 'accepted_unsigned')`) + ` AS waiting,
	` + counted(`FROM reminders r WHERE r.portal_id = :portal AND r.kind = 'unsigned' AND r.closed_at IS NULL AND r.due_on < CAST(:today AS date)`) + ` AS overdue,
	` + counted(`FROM acts a WHERE a.portal_id = :portal AND a.status = 'refused'`) + ` AS refused,
	` + counted(`FROM acts a WHERE a.portal_id = :portal AND a.delivery = 'error'`) + ` AS failed,
	` + chosenNames

// ofSeen counts what a visitor sees who does not see all. Overdue acts are looked for among the oldest: of the newest none is late.
var ofSeen = `SELECT ` + counted(`FROM acts a WHERE a.portal_id = :portal AND a.responsible_id = :me AND `+seen("CAST(:me AS bigint)")) + ` AS mine,
	` + countedOf("sent,accepted_unsigned", "") + ` AS waiting,
	` + countedOf("sent", ` AND `+due+` < CAST(:today AS date) ORDER BY a.act_date, a.id`) + ` AS overdue,
	` + countedOf("refused", "") + ` AS refused,
	` + counted(`FROM acts a WHERE a.portal_id = :portal AND a.delivery = 'error' AND `+seen("a.responsible_id")) + ` AS failed,
	` + chosenNames

// ofBuyer reads all acts of one counterparty: their sums have to be right to the kopeck.
func ofBuyer(condition, given string) string {
	sum := func(what, name string) string {
		return `CAST(coalesce(sum(a.gross) FILTER (WHERE a.replaced_by IS NULL AND ` + what + `), 0) AS bigint) AS ` + name + `, `
	}
	number := func(what, name string) string { return `count(*) FILTER (WHERE ` + what + `) AS ` + name + `, ` }
	return `SELECT ` + sum(`a.status <> 'annulled'`, "sum_formed") + sum(`a.status = 'signed'`, "sum_signed") +
		sum(`a.status IN ('sent', 'accepted_unsigned')`, "sum_unsigned") + sum(late, "sum_overdue") +
		number(`a.responsible_id = :me`, "mine") + number(`a.status IN ('sent', 'accepted_unsigned')`, "waiting") + number(late, "overdue") +
		number(`a.status = 'refused'`, "refused") + number(`a.delivery = 'error'`, "failed") + nameOf(condition) + ` AS buyer_name, ` + chosenNames + `,
		` + given + ` AS given{first step}
	FROM acts a WHERE a.portal_id = :portal AND ` + seen("a.responsible_id") + ` AND ` + condition
}

// Statements above a list.
var (
	aboveAll     = ofPortal + `{first step}`
	aboveSeen    = ofSeen + `{first step}`
	aboveCompany = ofBuyer(`a.company_id = :company`, answersOf("company_id", ":company"))
	aboveContact = ofBuyer(`a.company_id = 0 AND a.contact_id = :contact`, answersOf("contact_id", ":contact"))
)

// overview is the statement of what stands above the list, with the first step of a search.
func (f ActFilter) overview() string {
	above := aboveAll
	switch {
	case f.Company != 0:
		above = aboveCompany
	case f.Contact != 0:
		above = aboveContact
	case !f.Sees.All():
		above = aboveSeen
	}
	columns := f.firstStep()
	if columns != "" {
		columns = ", " + columns
	}
	return f.withFound(strings.Replace(above, "{first step}", columns, 1))
}

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
