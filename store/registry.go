package store

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
)

// PageActs is how many acts a page of the registry has: with long names in all of them it stays within 25 kB.
const PageActs = 30

// PageKey is the act after which a page begins; its zero value is the first page.
type PageKey struct {
	Day time.Time
	ID  acts.ActID
}

// ListedAct is what a list shows of an act, and no more: a page has many of them.
type ListedAct struct {
	ID              acts.ActID
	Number          string
	Date            time.Time
	Deal            acts.DealID
	DealTitle       string
	Company         acts.CompanyID
	Contact         acts.ContactID
	Buyer           string
	Medium          acts.Medium
	PartyKind       acts.PartyKind
	Status          acts.Status
	Delivery        acts.Delivery
	DeliveryNote    string
	Reason          string
	Gross           acts.Kopecks
	Responsible     acts.UserID
	ResponsibleName string    // "" when we have no copy of the employee
	Due             time.Time // the last day in time for the counterparty's signature, zero when no day counts
}

// due is the last day in time for the counterparty's signature, NULL when no day counts. Its kind is no condition of an index: the index of
// the portal's overdue acts has the act in its middle, and would be read from end to end.
const due = `(SELECT min(r.due_on) FROM reminders r WHERE r.portal_id = :portal AND r.act_id = a.id AND r.kind || '' = 'unsigned' AND r.closed_at IS NULL)`

// late tells that the day has passed. It is asked act by act: EXISTS would first gather what is late in the whole portal.
const late = `a.status = 'sent' AND ` + due + ` < CAST(:today AS date)`

// overdue is the filter's.
const overdue = ` AND (NOT CAST(:overdue AS boolean) OR ` + late + `)`

// narrowed is the filter as a condition on the act a, but for its text. Every list of acts has it, so what a visit may see is decided here.
var narrowed = ` a.portal_id = :portal AND ` + inPeriod + ` AND ` + fulfilling + overdue

const inPeriod = `a.act_date BETWEEN CAST(:from AS date) AND CAST(:to AS date)`

// fulfilling are its conditions on an act that is found by its id. Its statuses are no condition of an index: a plan made without values
// would read all acts in these statuses and sort them.
var fulfilling = seen("a.responsible_id") + ` AND a.status || '' = ANY (CAST(:statuses AS text[]))
	AND (:medium = '' OR a.medium = :medium) AND (CAST(:responsible AS bigint) = 0 OR a.responsible_id = :responsible)
	AND (NOT CAST(:failed AS boolean) OR a.delivery = 'error')
	AND (CAST(:company AS bigint) = 0 OR a.company_id = :company) AND (CAST(:contact AS bigint) = 0 OR a.company_id = 0 AND a.contact_id = :contact)` + waitingToo + further

// beyond is where a page begins.
const beyond = ` AND (a.act_date, a.id) < (CAST(:day AS date), CAST(:id AS bigint)) `

// asked is the filter for the acts of a page.
var asked = narrowed + beyond

// foundAct looks for acts; what is read of them is said by the statement that they are for.
var foundAct = `SELECT {act} FROM acts a WHERE ` + asked

// newest leaves as many as a statement is for. They are a constant there: for a value PostgreSQL would plan as if a tenth of all were wanted.
const newest = ` ORDER BY act_date DESC, id DESC LIMIT {most}`

// foundKey looks for them in the branches of a way, of which most come to nothing.
var foundKey = strings.Replace(foundAct, "{act}", key, 1)

// eachOf takes the newest acts of every value of a list: each by its index, however many acts there are.
func eachOf(list, condition string) string {
	return `SELECT a.id, a.act_date FROM unnest(` + list + `) AS v (x) CROSS JOIN LATERAL (` + foundKey + ` AND ` + condition + newest + `) a`
}

// eachPair does so for every pair of values of two lists.
func eachPair(one, other, condition string) string {
	return `SELECT a.id, a.act_date FROM unnest(` + one + `) AS v (x) CROSS JOIN unnest(` + other + `) AS w (y) CROSS JOIN LATERAL (` + foundKey + ` AND ` + condition + newest + `) a`
}

// newestOf leaves the newest of what the branches found; their acts are read where more than the key is asked for.
func newestOf(branches string) string {
	return `SELECT {act} FROM (SELECT * FROM (` + branches + `) b` + newest + `) {found}`
}

// Ways to acts; each has an index of its own.
var (
	byDate        = foundAct
	byNothing     = `SELECT {act} FROM acts a WHERE a.portal_id = :portal AND ` + inPeriod + beyond
	byStatus      = newestOf(eachOf(`CAST(:statuses AS text[])`, `a.status = v.x`))
	bySight       = newestOf(eachPair(`CAST(:sees AS bigint[])`, `CAST(:statuses AS text[])`, `a.responsible_id = v.x AND a.status = w.y`))
	byResponsible = newestOf(eachOf(`CAST(:statuses AS text[])`, `a.responsible_id = :responsible AND a.status = v.x`))
	byCompany     = foundAct + ` AND a.company_id = :company`
	byContact     = foundAct + ` AND a.company_id = 0 AND a.contact_id = :contact`
	byFailure     = foundAct + ` AND a.delivery = 'error'`
	byDue         = `SELECT a.*, r.due_on AS due FROM reminders r CROSS JOIN LATERAL (
		SELECT {act} FROM acts a WHERE a.portal_id = :portal AND a.id = r.act_id AND a.status || '' = 'sent' AND r.due_on = ` + due + ` AND ` + fulfilling + ` OFFSET 0) a
		WHERE r.portal_id = :portal AND r.kind = 'unsigned' AND r.closed_at IS NULL AND r.due_on < CAST(:today AS date)
			AND (r.act_date, r.act_id) < (CAST(:day AS date), CAST(:id AS bigint)) AND r.act_date BETWEEN CAST(:from AS date) AND CAST(:to AS date)
			AND a.act_date = r.act_date AND a.id = r.act_id` // so the order of the index is that of the acts
	byNames = newestOf(eachOf(`CAST(:companies AS bigint[])`, `a.company_id = v.x`) +
		` UNION ` + eachOf(`CAST(:contacts AS bigint[])`, `a.company_id = 0 AND a.contact_id = v.x`) +
		` UNION ` + eachOf(`CAST(:deals AS bigint[])`, `a.deal_id = v.x`) +
		` UNION SELECT a.id, a.act_date FROM unnest(CAST(:numbers AS bigint[])) AS v (x) CROSS JOIN LATERAL (` + foundKey + ` AND a.id = v.x OFFSET 0) a`)
	byBulk = `SELECT a.* FROM bulk_rows b CROSS JOIN LATERAL (SELECT {act} FROM acts a WHERE a.portal_id = :portal AND a.id = b.act_id AND ` + fulfilling + ` OFFSET 0) a
		WHERE b.portal_id = :portal AND b.bulk_id = :bulk AND b.state = 'waiting'`
	byGuess = `SELECT {act} FROM (` + strings.Replace(byNothing, "{act}", "a.*", 1) + ` ORDER BY a.act_date DESC, a.id DESC LIMIT ` + strconv.Itoa(guessActs) + `) a
		WHERE (a.id = ANY (CAST(:numbers AS bigint[])) OR ` + anyNames + `)`
	byManyNames = foundAct + ` AND (a.id = ANY (CAST(:numbers AS bigint[])) OR ` + anyNames + `)`
)

// What is read of the acts that are found: what a list shows, or only how to find them again.
const (
	shown = `a.id, a.act_date, a.deal_id, a.company_id, a.contact_id, a.medium, a.party_kind, a.status, a.delivery, a.delivery_note, a.reason, a.number,
		a.gross, coalesce(a.buyer ->> 'name', '') AS buyer_name, a.responsible_id`
	key = `a.id, a.act_date`
)

// those is the statement's part that leaves the newest of the found acts.
func those(found, act string, most int) string {
	read := `k JOIN acts a ON a.portal_id = :portal AND a.id = k.id`
	if act == key {
		read = `a`
	}
	found = strings.NewReplacer("{act}", act, "{found}", read, "{most}", strconv.Itoa(most)).Replace(found + `) f` + newest)
	return `WITH found AS (SELECT * FROM (` + found + `)`
}

// page reads the newest of the found acts, one more than is shown.
var page = kept(func(found string) string {
	until := `, CASE WHEN a.status = 'sent' THEN ` + due + ` END AS due`
	if found == byDue { // it has the day already
		until = ""
	}
	return those(found, shown, PageActs+1) + `
	SELECT a.*, d.title AS deal_title, coalesce(u.name, '') AS responsible_name` + until + `
	FROM found a JOIN deals d ON d.portal_id = :portal AND d.id = a.deal_id LEFT JOIN users u ON u.portal_id = :portal AND u.id = a.responsible_id
	ORDER BY a.act_date DESC, a.id DESC`
})

// plain reports whether the filter asks for nothing but a text and a period.
func (f ActFilter) plain() bool {
	return reflect.DeepEqual(f, ActFilter{Text: f.Text, From: f.From, To: f.To, Zone: f.Zone})
}

// way is the narrowest index for the filter.
func (f ActFilter) way(n names) string {
	switch {
	case f.Text == "" && f.plain():
		return byNothing
	case f.Bulk != 0:
		return byBulk
	case f.Text != "" && n.guessed():
		return byGuess
	case f.Text != "" && n.many():
		return byManyNames
	case f.Text != "":
		return byNames
	case f.Waiting != acts.Span{}:
		return f.wayWaiting()
	case f.Company != 0:
		return byCompany
	case f.Contact != 0:
		return byContact
	case f.Failed:
		return byFailure
	case f.Responsible != 0:
		return byResponsible
	case !f.Sees.All():
		return bySight
	case f.Overdue:
		return byDue
	case f.narrowWay(len(n.Staged)) != "":
		return f.narrowWay(len(n.Staged))
	case len(f.Statuses) > 0:
		return byStatus
	}
	return f.wideWay()
}

type listedRow struct {
	ID          int64      `db:"id"`
	Deal        int64      `db:"deal_id"`
	DealTitle   string     `db:"deal_title"`
	Company     int64      `db:"company_id"`
	Contact     int64      `db:"contact_id"`
	Medium      string     `db:"medium"`
	PartyKind   string     `db:"party_kind"`
	Status      string     `db:"status"`
	Delivery    string     `db:"delivery"`
	Note        string     `db:"delivery_note"`
	Reason      string     `db:"reason"`
	Number      string     `db:"number"`
	Date        time.Time  `db:"act_date"`
	Gross       int64      `db:"gross"`
	Buyer       string     `db:"buyer_name"`
	Responsible int64      `db:"responsible_id"`
	Name        string     `db:"responsible_name"`
	Due         *time.Time `db:"due"`
}

func (r listedRow) listed() ListedAct {
	return ListedAct{ID: acts.ActID(r.ID), Number: r.Number, Date: utcDay(r.Date), Deal: acts.DealID(r.Deal), DealTitle: r.DealTitle,
		Company: acts.CompanyID(r.Company), Contact: acts.ContactID(r.Contact), Buyer: r.Buyer, Medium: acts.Medium(r.Medium),
		PartyKind: acts.PartyKind(r.PartyKind), Status: acts.Status(r.Status), Delivery: acts.Delivery(r.Delivery), DeliveryNote: r.Note,
		Reason: r.Reason, Gross: acts.Kopecks(r.Gross), Responsible: acts.UserID(r.Responsible), ResponsibleName: r.Name, Due: orZero(r.Due)}
}

// readRegistry makes the two statements of a page: beside each other, unless the acts are looked for by what the first one finds.
func (s Scope) readRegistry(ctx context.Context, f ActFilter, a args) (above overviewRow, found []listedRow, err error) {
	found = make([]listedRow, 0, PageActs+1)
	readAbove := func(ctx context.Context, r runner) error { return get(ctx, r, &above, f.overview(), a) }
	readActs := func(n names) func(context.Context, runner) error {
		n.into(a)
		return func(ctx context.Context, r runner) error { return list(ctx, r, &found, page(f.way(n)), a) }
	}
	if f.firstStep() == "" {
		err = s.atOnce(ctx, readAbove, readActs(names{}))
		return above, found, err
	}
	both := func(r runner) error {
		if err := readAbove(ctx, r); err != nil {
			return err
		}
		return readActs(above.names())(ctx, r)
	}
	err = s.run(ctx, func(r runner) error {
		a["guess"] = f.plain()
		if err := both(r); err != nil || !above.names().guessed() || len(found) > PageActs {
			return err
		}
		a["guess"] = false // it was wrong, or these are the last acts
		above, found = overviewRow{}, found[:0]
		return both(r)
	})
	return above, found, err
}

// Registry reads a page of the acts that a filter asks for and what stands above it, in two statements. today is a day of business time.
func (s Scope) Registry(ctx context.Context, f ActFilter, after PageKey, me acts.UserID, today time.Time) (Registry, error) {
	a := s.fill(f.args(after, today))
	a["me"] = int64(me)
	above, found, err := s.readRegistry(ctx, f, a)
	if pq.As(err, pqerror.QueryCanceled) != nil {
		return Registry{}, acts.Errorf(acts.Unavailable, "Такой поиск идёт слишком долго. Уточните запрос или добавьте период.")
	}
	if err != nil {
		return Registry{}, fmt.Errorf("registry: %w", err)
	}
	out := above.registry()
	if len(found) > PageActs {
		found = found[:PageActs]
		last := found[PageActs-1]
		out.Next = PageKey{Day: utcDay(last.Date), ID: acts.ActID(last.ID)}
	}
	out.Acts = make([]ListedAct, len(found))
	for i, r := range found {
		out.Acts[i] = r.listed()
	}
	return out, nil
}
