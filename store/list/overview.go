package list

import (
	"context"
	"math"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

// MaxCounted is where counting stops.
const MaxCounted = 100

// ActCounts are the numbers of acts that wait for something; counting stops above MaxCounted.
type ActCounts struct {
	Mine    int `db:"mine"`
	Waiting int `db:"waiting"` // for the counterparty's signature
	Overdue int `db:"overdue"`
	Refused int `db:"refused"`
	Failed  int `db:"failed"`

	AwaitOurSignature int `db:"await_our_signature"` // at the operator, without our signature
	MineAwaitUs       int `db:"mine_await_us"`       // the visitor's acts for which he or a colleague has to do something
}

// ActTotals are the sums of one counterparty's acts; annulled and replaced ones are in none of them.
type ActTotals struct {
	Formed   acts.Kopecks `db:"sum_formed"`
	Signed   acts.Kopecks `db:"sum_signed"`
	Unsigned acts.Kopecks `db:"sum_unsigned"` // sent, also those accepted without a signature
	Overdue  acts.Kopecks `db:"sum_overdue"`
}

// RegistryPage is a page of acts with what is shown above it.
type RegistryPage struct {
	Acts    []Act
	Next    PageKey // of the next page, zero when this is the last
	Counts  ActCounts
	Totals  ActTotals              // of one counterparty only
	Chosen  FilterNames            // in words
	Buyer   string                 // name of that counterparty, "" when none of its acts may be seen
	Found   MatchCount             // only for filters of acts that wait
	Answers []store.PartyAnswer    // of one counterparty, the newest first
	Look    people.ListPreferences // of the visitor
	Saved   []people.SavedFilter   // the first ones that the visitor sees
}

// FilterNames are the names of the values chosen in a filter, "" for a value that is not chosen or has no copy here.
type FilterNames struct {
	Responsible string `db:"chosen_responsible"`
	Own         string `db:"chosen_own"`
	Stage       string `db:"chosen_stage"`
}

type overviewRow struct {
	ActCounts
	ActTotals
	FilterNames
	MatchCount
	BuyerName string
	Answers   pg.List[store.PartyAnswer]
	Look      people.ListPreferences
	Saved     pg.List[people.SavedFilter]
}

func (r overviewRow) registry() RegistryPage {
	return RegistryPage{Counts: r.ActCounts, Totals: r.ActTotals, Chosen: r.FilterNames, Found: r.MatchCount, Buyer: r.BuyerName, Answers: r.Answers, Look: r.Look, Saved: r.Saved}
}

// chosenNames reads the FilterNames, the preferences of the visitor and the first filters that he has saved.
var chosenNames = `coalesce((SELECT u.name FROM users u WHERE u.portal_id = :portal AND u.id = :responsible), '') AS chosen_responsible,
		coalesce((SELECT concat_ws(', КПП ', o.party ->> 'name', CASE WHEN EXISTS (SELECT FROM own_companies t WHERE t.portal_id = o.portal_id AND t.id <> o.id AND t.party ->> 'name' = o.party ->> 'name')
			THEN o.party ->> 'kpp' END) FROM own_companies o WHERE o.portal_id = :portal AND o.id = :own), '') AS chosen_own,
		CASE :stage WHEN '' THEN '' ELSE coalesce((SELECT t ->> 'name' FROM settings s, jsonb_array_elements(s.data -> 'pipelines') p, jsonb_array_elements(p -> 'stages') t
			WHERE s.portal_id = :portal AND t ->> 'id' = :stage LIMIT 1), '') END AS chosen_stage, (` + fragment.ListPreferences + `) AS look, ` + pg.Rows(fragment.SavedFilters+` LIMIT 13`) + ` AS saved`

// cappedCount returns a subquery that counts rows and stops at one more than MaxCounted.
func cappedCount(what string) string {
	return `(SELECT count(*) FROM (SELECT ` + what + ` LIMIT 101) q)`
}

// overviewCounts returns the statement that reads the counters above the list. Each counter is answered by an index without reading acts (migrations/00105_acts.sql).
func overviewCounts(visibility people.Visibility) string {
	visible := ""
	if !visibility.All() {
		visible = ` AND a.responsible_id = ANY (CAST(:visibility AS bigint[]))`
	}
	of := func(condition, name string) string {
		return cappedCount(`FROM acts a WHERE a.portal_id = :portal AND `+condition+visible) + ` AS ` + name + `, `
	}
	return `SELECT ` + of(`a.responsible_id = :me`, "mine") + of(`a.status IN ('sent', 'accepted_unsigned')`, "waiting") + of(overdue, "overdue") +
		of(refused, "refused") + of(`a.delivery = 'error'`, "failed") + of(awaitsOurSignature, "await_our_signature") + of(`a.responsible_id = :me AND `+awaitsUs, "mine_await_us") +
		chosenNames
}

// buyerOverview returns the statement that reads the sums and counters of one counterparty. It reads all its acts: the sums have to be right to the kopeck.
func buyerOverview(condition, answers string) string {
	sum := func(what, name string) string {
		return `CAST(coalesce(sum(a.gross) FILTER (WHERE a.replaced_by IS NULL AND ` + what + `), 0) AS bigint) AS ` + name + `, `
	}
	number := func(what, name string) string { return `count(*) FILTER (WHERE ` + what + `) AS ` + name + `, ` }
	return `SELECT ` + sum(`a.status <> 'annulled'`, "sum_formed") + sum(`a.status = 'signed'`, "sum_signed") +
		sum(`a.status IN ('sent', 'accepted_unsigned')`, "sum_unsigned") + sum(overdue, "sum_overdue") +
		number(`a.responsible_id = :me`, "mine") + number(`a.status IN ('sent', 'accepted_unsigned')`, "waiting") + number(overdue, "overdue") +
		number(refused, "refused") + number(`a.delivery = 'error'`, "failed") +
		number(awaitsOurSignature, "await_our_signature") + number(`a.responsible_id = :me AND `+awaitsUs, "mine_await_us") + nameOf(condition) + ` AS buyer_name, ` + chosenNames + `,
		` + answers + ` AS answers
	FROM acts a WHERE a.portal_id = :portal AND ` + fragment.Visible("a.responsible_id") + ` AND ` + condition
}

// companyOverview and contactOverview read what is shown above the list of one counterparty.
var (
	companyOverview = buyerOverview(`a.company_id = :company`, fragment.Answers("company_id", ":company"))
	contactOverview = buyerOverview(`a.company_id = 0 AND a.contact_id = :contact`, fragment.Answers("contact_id", ":contact"))
)

// overview reads what is shown above the list.
func (f ActFilter) overview(ctx context.Context, r pg.Reader, me acts.UserID, today time.Time) (above overviewRow, err error) {
	values := pg.Args{"me": me, "today": today, "visibility": f.Visibility.Arg(), "responsible": f.Responsible, "own": f.Own, "stage": f.Stage,
		"company": f.Company, "contact": f.Contact}
	switch {
	case f.Company != 0:
		err = pg.Get(ctx, r, &above, companyOverview, values)
	case f.Contact != 0:
		err = pg.Get(ctx, r, &above, contactOverview, values)
	default:
		err = pg.GetFixed(ctx, r, &above, overviewCounts(f.Visibility), values)
	}
	return above, err
}

// MatchCount is how much a filter finds on all its pages.
type MatchCount struct {
	Number int          `db:"found_number"`
	Sum    acts.Kopecks `db:"found_sum"`
}

// countMatches returns the statement that counts all acts of a filter.
func countMatches(q query) string {
	const counts = `SELECT count(*) AS found_number, CAST(coalesce(sum(a.gross), 0) AS bigint) AS found_sum FROM `
	if len(q.sources) == 0 {
		return counts + `acts a WHERE ` + q.String()
	}
	return counts + `(` + q.first("a.gross", math.MaxInt32) + `) a`
}
