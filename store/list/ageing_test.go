package list_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/store"
	"acts24/store/list"
	"acts24/store/people"
)

var chita = time.FixedZone("Чита", 9*60*60)

// setRandomWait sets when an act was sent, near the edges of the spans and of days, and replaces some acts.
func setRandomWait(t *testing.T, db *store.DB, p acts.PortalID, r *rand.Rand, a *acts.Act) {
	t.Helper()
	days := []int{0, 1, 5, 6, 15, 16, 30, 31, 60, 61, r.IntN(200)}
	a.SentAt = time.Date(2026, 11, 25-days[r.IntN(len(days))], []int{0, 12, 23}[r.IntN(3)], r.IntN(60), 0, 0, chita)
	if r.IntN(15) == 0 {
		a.ReplacedBy = a.ID
	}
	asPortal(t, db, p, `UPDATE acts SET sent_at = $2, replaced_by = nullif($3, 0), gross = gross + $1 + id WHERE portal_id = $1 AND id = $4`, p, a.SentAt, a.ReplacedBy, a.ID)
	a.Totals.Gross += acts.Kopecks(int64(p) + int64(a.ID))
}

// daysOf returns the number of days of the zone since an act was sent.
func daysOf(a acts.Act) int {
	y, m, d := a.SentAt.In(chita).Date()
	return int(today.Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
}

func isUnsigned(a acts.Act) bool {
	return (a.Status == acts.StatusSent || a.Status == acts.StatusAcceptedUnsigned) && a.ReplacedBy == 0
}

func matchesWaiting(f list.ActFilter, a listed) bool {
	return f.Waiting == report.Span{} || isUnsigned(a.Act) && daysOf(a.Act) >= f.Waiting.First && daysOf(a.Act) <= f.Waiting.Last
}

func anySpan(r *rand.Rand) report.Span {
	return append(slices.Clone(report.Spans), report.AnySpan)[r.IntN(len(report.Spans)+1)]
}

// agedNaive computes a table of the report in the simplest way.
func agedNaive(made []listed, visibility people.Visibility, key func(acts.Act) list.AgedRow) (rows []list.AgedRow) {
	for _, a := range made {
		if !isUnsigned(a.Act) || !visibility.Of(a.Responsible) {
			continue
		}
		k := key(a.Act)
		i := slices.IndexFunc(rows, func(r list.AgedRow) bool {
			return r.Responsible == k.Responsible && r.Company == k.Company && r.Contact == k.Contact
		})
		if i < 0 {
			rows, i = append(rows, k), len(rows)
		}
		for n, s := range report.Spans {
			if days := daysOf(a.Act); days >= s.First && days <= s.Last {
				rows[i].Numbers[n]++
				rows[i].Sums[n] += a.Totals.Gross
			}
		}
	}
	slices.SortFunc(rows, func(a, b list.AgedRow) int {
		_, x := a.Total()
		_, y := b.Total()
		return cmp.Or(cmp.Compare(y, x), cmp.Compare(a.Responsible, b.Responsible), cmp.Compare(a.Company, b.Company), cmp.Compare(a.Contact, b.Contact))
	})
	return rows
}

func byManager(a acts.Act) list.AgedRow { return list.AgedRow{Responsible: a.Responsible} }

func byClient(a acts.Act) list.AgedRow {
	if a.Company != 0 {
		return list.AgedRow{Company: a.Company}
	}
	return list.AgedRow{Contact: a.Contact}
}

// cellFilter returns the registry filter to which a cell of a row links.
func cellFilter(row list.AgedRow, client bool, span report.Span, visibility people.Visibility) list.ActFilter {
	f := list.ActFilter{Visibility: visibility, Waiting: span, Zone: chita, Responsible: row.Responsible, Company: row.Company, Contact: row.Contact}
	f.Unassigned = !client && row.Responsible == 0
	f.Unknown = client && row.Company == 0 && row.Contact == 0
	return f
}

// The report equals a naive computation over all acts, and each cell equals the result of the registry to which it links.
func TestAgeingEqualsNaiveAndRegistry(t *testing.T) {
	db := open(t)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 2))
	mine, theirs := portal(t, db, "a"), portal(t, db, "b")
	made := addRandomActs(t, db, mine, r, 250)
	addRandomActs(t, db, theirs, r, 40)
	for _, visibility := range []people.Visibility{nil, {1, 2}, {0}, {}} {
		got, err := list.Ageing(ctx, db.Scope(mine), visibility, today, chita, list.ReportFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range []struct {
			client    bool
			got, want []list.AgedRow
		}{{false, got.Managers, agedNaive(made, visibility, byManager)}, {true, got.Clients, agedNaive(made, visibility, byClient)}} {
			for i := range table.got {
				table.got[i].Name = ""
			}
			if !slices.Equal(table.got, table.want) {
				t.Errorf("seed %d, visibility %v, clients %v:\n%+v, want\n%+v", seed, visibility, table.client, table.got, table.want)
			}
			for _, row := range table.got {
				registryAgrees(t, db, mine, row, table.client, visibility)
			}
		}
	}
}

// The months of the report, and the report of a period and an organisation, equal the registry with the same conditions.
func TestAgeingByMonthAndFilterEqualsRegistry(t *testing.T) {
	db := open(t)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 3))
	p := portal(t, db, "a")
	addRandomActs(t, db, p, r, 250)
	asPortal(t, db, p, `UPDATE acts SET act_date = act_date - CAST(id % 5 AS int) * 31, own_company_id = 1 + id % 2 WHERE portal_id = $1`, p)
	for _, f := range []list.ReportFilter{{}, {Own: 2}, {From: today.AddDate(0, -2, 0)}, {From: today.AddDate(0, -3, 0), To: today.AddDate(0, 0, -20), Own: 1}} {
		got, err := list.Ageing(ctx, db.Scope(p), nil, today, chita, f)
		if err != nil {
			t.Fatal(err)
		}
		var managers, months list.AgedSums
		for _, row := range got.Managers {
			managers = managers.Plus(row.AgedSums)
		}
		for i, m := range got.Months {
			months = months.Plus(m.AgedSums)
			if i > 0 && !got.Months[i-1].First.Before(m.First) {
				t.Errorf("seed %d: the months are not in order", seed)
			}
			for n, span := range report.Spans {
				of := list.ActFilter{Zone: chita, Waiting: span, From: m.First, To: m.First.AddDate(0, 1, -1), Conditions: list.Conditions{Own: f.Own}}
				if f.From.After(of.From) {
					of.From = f.From
				}
				if !f.To.IsZero() && f.To.Before(of.To) {
					of.To = f.To
				}
				page, err := list.Registry(ctx, db.Scope(p), of, list.Page{}, 2, today)
				if want := (list.MatchCount{Number: m.Numbers[n], Sum: m.Sums[n]}); err != nil || page.Found != want {
					t.Errorf("seed %d, %+v: the registry finds %+v, the report has %+v, %v", seed, of, page.Found, want, err)
				}
			}
		}
		if managers != months {
			t.Errorf("seed %d, %+v: the managers have %+v, the months %+v", seed, f, managers, months)
		}
	}
}

func registryAgrees(t *testing.T, db *store.DB, p acts.PortalID, row list.AgedRow, client bool, visibility people.Visibility) {
	t.Helper()
	for i, span := range append(slices.Clone(report.Spans), report.AnySpan) {
		number, sum := row.Total()
		if i < len(report.Spans) {
			number, sum = row.Numbers[i], row.Sums[i]
		}
		f := cellFilter(row, client, span, visibility)
		page, err := list.Registry(ctx, db.Scope(p), f, list.Page{}, 2, today)
		if err != nil {
			t.Fatal(err)
		}
		if want := (list.MatchCount{Number: number, Sum: sum}); page.Found != want {
			t.Errorf("%+v: the registry finds %+v, the report has %+v", f, page.Found, want)
		}
		if listed := walk(t, db, p, f); len(listed) != number {
			t.Errorf("%+v: %d acts in the list, the report has %d", f, len(listed), number)
		}
	}
}

// Managers and clients beyond the rows of a table are combined in its last row, and the sums stay complete.
func TestAgeingFoldsTheRest(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	var whole list.AgedSums
	for i := range 20 {
		inTx(t, db, p, func(tx store.Tx) error {
			return tx.People().SaveUser(ctx, people.User{ID: acts.UserID(i + 1), Name: fmt.Sprintf("Сотрудник №%d", i+1), Active: true})
		})
		d := deal(acts.DealID(i + 1))
		inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
		a := draft(d, "1")
		a.Responsible, a.Company, a.Buyer.Name = acts.UserID(i+1), acts.CompanyID(500+i), "Прежнее имя"
		old := addAct(t, db, p, a)
		a.Date, a.Buyer.Name = a.Date.AddDate(0, 0, 1), fmt.Sprintf("Клиент %d", i)
		addAct(t, db, p, a)
		asPortal(t, db, p, `UPDATE acts SET status = 'sent', sent_at = $2, gross = $3 WHERE portal_id = $1 AND id = $4`, p, today.AddDate(0, 0, -i*5), 1000*(i+1), old)
		span := slices.IndexFunc(report.Spans, func(s report.Span) bool { return i*5 <= s.Last })
		whole.Numbers[span]++
		whole.Sums[span] += acts.Kopecks(1000 * (i + 1))
	}
	got, err := list.Ageing(ctx, db.Scope(p), nil, today, time.UTC, list.ReportFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for name, rows := range map[string][]list.AgedRow{"Сотрудник №20": got.Managers, "Клиент 19": got.Clients} {
		var sum list.AgedSums
		for _, row := range rows {
			sum = sum.Plus(row.AgedSums)
		}
		if last := rows[len(rows)-1]; len(rows) != 9 || last.Folded != 12 || last.Name != "" || rows[0].Name != name || rows[0].Folded != 0 {
			t.Errorf("%d rows, the first is %+v, the last %+v", len(rows), rows[0], last)
		}
		if sum != whole {
			t.Errorf("together %+v, want %+v", sum, whole)
		}
	}
}
