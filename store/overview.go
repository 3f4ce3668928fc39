package store

import (
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

// chosenNames are what a filter narrows to, and what the visitor wants to see.
const chosenNames = `coalesce((SELECT u.name FROM users u WHERE u.portal_id = :portal AND u.id = :responsible), '') AS chosen_responsible,
		coalesce((SELECT o.party ->> 'name' FROM own_companies o WHERE o.portal_id = :portal AND o.id = :own), '') AS chosen_own,
		CASE :stage WHEN '' THEN '' ELSE coalesce((SELECT t ->> 'name' FROM settings s, jsonb_array_elements(s.data -> 'pipelines') p, jsonb_array_elements(p -> 'stages') t
			WHERE s.portal_id = :portal AND t ->> 'id' = :stage LIMIT 1), '') END AS chosen_stage, ` + hidden

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
