package list

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/store"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

// maxAgedRows is the largest number of rows of a table of the report; the others are folded into one more row.
const maxAgedRows = 8

// AgedSums holds the number and the sum of unsigned acts by how long they wait, one for each of report.Spans.
type AgedSums struct {
	Numbers [5]int
	Sums    [5]acts.Kopecks
}

// Plus adds the acts of another row.
func (a AgedSums) Plus(b AgedSums) AgedSums {
	for i := range a.Numbers {
		a.Numbers[i] += b.Numbers[i]
		a.Sums[i] += b.Sums[i]
	}
	return a
}

// Total returns the number and the sum over all spans.
func (a AgedSums) Total() (number int, sum acts.Kopecks) {
	for i := range a.Numbers {
		number += a.Numbers[i]
		sum += a.Sums[i]
	}
	return number, sum
}

// AgedRow holds the sums of one manager or client, or of several that are folded into the last row of a table.
type AgedRow struct {
	AgedSums
	Responsible acts.UserID
	Company     acts.CompanyID
	Contact     acts.ContactID
	Name        string
	Folded      int // number of managers or clients in a folded row, 0 for a row of one
}

// AgeingReport lists the managers and clients with unsigned acts, the largest sums first, and the months of these acts, the oldest first.
type AgeingReport struct {
	Managers, Clients []AgedRow
	Months            []AgedMonth
}

// AgedMonth holds the sums of the acts whose date is in a month.
type AgedMonth struct {
	AgedSums
	First time.Time
}

// ReportFilter holds the conditions of the report; its zero value sets none.
type ReportFilter struct {
	From, To time.Time      // days of the act
	Own      acts.CompanyID // our organisation
}

// ownOnly returns the condition on our organisation, "" for all of them.
func (f ReportFilter) ownOnly() string {
	if f.Own == 0 {
		return ""
	}
	return ` AND a.own_company_id = :own`
}

// conditions returns the conditions of the filter that are set.
func (f ReportFilter) conditions() string {
	conditions := f.ownOnly()
	if !f.From.IsZero() {
		conditions += ` AND a.act_date >= CAST(:from AS date)`
	}
	if !f.To.IsZero() {
		conditions += ` AND a.act_date <= CAST(:to AS date)`
	}
	return conditions
}

// nameOf returns the subquery for the name of a company or contact, from the newest act that the visitor may see.
func nameOf(buyer string) string {
	return `(SELECT a.buyer ->> 'name' FROM acts a WHERE a.portal_id = :portal AND ` + buyer + ` AND ` + fragment.Visible("a.responsible_id") + `
		ORDER BY a.act_date DESC, a.id DESC LIMIT 1)`
}

// rankedByGross returns the query that ranks managers or clients by their sums. All after the first :most share one place; behind is the
// number of those that share it.
func rankedByGross(table, key string) string {
	return `SELECT ` + key + `, least(row_number() OVER (ORDER BY sum(gross) DESC, ` + key + `), :most + 1) AS place, count(*) OVER () - :most AS behind
		FROM ` + table + ` GROUP BY ` + key
}

func ageing(of ReportFilter) string {
	return `
	WITH waiting AS MATERIALIZED (
		SELECT a.responsible_id AS responsible, a.company_id AS company, CASE a.company_id WHEN 0 THEN a.contact_id ELSE 0 END AS contact,
			4 - width_bucket(a.sent_at, CAST(:edges AS timestamptz[])) AS span, a.gross,
			CAST(date_trunc('month', CAST(a.act_date AS timestamp)) AS date) AS month
		FROM acts a WHERE a.portal_id = :portal AND ` + unsigned + ` AND a.sent_at IS NOT NULL AND ` + fragment.Visible("a.responsible_id") + of.conditions() + `
	), managers AS (
		SELECT responsible, span, count(*) AS number, sum(gross) AS gross FROM waiting GROUP BY responsible, span
	), clients AS (
		SELECT company, contact, span, count(*) AS number, sum(gross) AS gross FROM waiting GROUP BY company, contact, span
	), cells AS (
		SELECT 'manager' AS part, p.place, p.behind, m.span, min(responsible) AS responsible, 0 AS company, 0 AS contact,
			sum(m.number) AS number, sum(m.gross) AS gross, CAST(NULL AS date) AS month
		FROM managers m JOIN (` + rankedByGross("managers", "responsible") + `) p USING (responsible) GROUP BY p.place, p.behind, m.span
		UNION ALL
		SELECT 'client', p.place, p.behind, c.span, 0, min(company), min(contact), sum(c.number), sum(c.gross), NULL
		FROM clients c JOIN (` + rankedByGross("clients", "company, contact") + `) p USING (company, contact) GROUP BY p.place, p.behind, c.span
		UNION ALL
		SELECT 'month', 0, 0, w.span, 0, 0, 0, count(*), sum(w.gross), w.month FROM waiting w GROUP BY w.month, w.span
	)
	SELECT c.part, c.place, c.behind, c.span, c.responsible, c.company, c.contact, c.number, CAST(c.gross AS bigint) AS gross, c.month,
		coalesce(CASE
			WHEN c.part = 'manager' THEN (SELECT u.name FROM users u WHERE u.portal_id = :portal AND u.id = c.responsible)
			WHEN c.company <> 0 THEN ` + nameOf(`a.company_id = c.company`) + `
			WHEN c.contact <> 0 THEN ` + nameOf(`a.company_id = 0 AND a.contact_id = c.contact`) + ` END, '') AS name
	FROM cells c ORDER BY c.part, c.place, c.month, c.span`
}

type agedCell struct {
	Part        string         `db:"part"`
	Place       int            `db:"place"`
	Span        int            `db:"span"`
	Behind      int            `db:"behind"`
	Responsible acts.UserID    `db:"responsible"`
	Company     acts.CompanyID `db:"company"`
	Contact     acts.ContactID `db:"contact"`
	Number      int            `db:"number"`
	Gross       acts.Kopecks   `db:"gross"`
	Name        string         `db:"name"`
	Month       time.Time      `db:"month"`
}

// Ageing sums up the unsigned acts that a visitor may see. today is a day of business time in the zone of the portal.
func Ageing(ctx context.Context, s store.Scope, visibility people.Visibility, today time.Time, zone *time.Location, f ReportFilter) (AgeingReport, error) {
	var edges []time.Time // the beginnings of the spans, the longest wait first
	for i := len(report.Spans) - 2; i >= 0; i-- {
		from, _ := report.Spans[i].Sent(today, zone)
		edges = append(edges, from)
	}
	var cells []agedCell
	err := pg.Select(ctx, s, &cells, ageing(f), pg.Args{"edges": pq.Array(edges), "visibility": visibility.Arg(), "most": maxAgedRows,
		"own": f.Own, "from": f.From, "to": f.To})
	if err != nil {
		return AgeingReport{}, fmt.Errorf("ageing: %w", err)
	}
	var out AgeingReport
	for i, c := range cells {
		if c.Part == "month" {
			out.addMonth(c)
			continue
		}
		rows := &out.Clients
		if c.Part == "manager" {
			rows = &out.Managers
		}
		if i == 0 || cells[i-1].Part != c.Part || cells[i-1].Place != c.Place {
			*rows = append(*rows, c.row())
		}
		row := &(*rows)[len(*rows)-1]
		row.Numbers[c.Span], row.Sums[c.Span] = c.Number, c.Gross
	}
	return out, nil
}

// addMonth adds a cell of a month; cells are in the order of the months.
func (r *AgeingReport) addMonth(c agedCell) {
	if n := len(r.Months); n == 0 || !r.Months[n-1].First.Equal(c.Month) {
		r.Months = append(r.Months, AgedMonth{First: c.Month})
	}
	month := &r.Months[len(r.Months)-1]
	month.Numbers[c.Span], month.Sums[c.Span] = c.Number, c.Gross
}

func (c agedCell) row() AgedRow {
	if c.Place > maxAgedRows && c.Behind > 1 {
		return AgedRow{Folded: c.Behind}
	}
	return AgedRow{Responsible: c.Responsible, Company: c.Company, Contact: c.Contact, Name: c.Name}
}
