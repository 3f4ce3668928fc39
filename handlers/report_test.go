package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/store/list"
)

// aged creates unsigned acts of every age from the first act, for many managers and many clients with long names.
func aged(s *apptest.Site, managers, clients int) {
	s.T.Helper()
	s.Exec(fmt.Sprintf(`INSERT INTO acts (portal_id, form_key, deal_id, own_company_id, company_id, contact_id, medium, party_kind, channel, function,
			status, delivery, number, act_date, net, tax, gross, seller, buyer, basis, signer, responsible_id, created_by, created_at, sent_at)
		SELECT portal_id, gen_random_uuid(), deal_id, own_company_id, 4000000 + client, 0, medium, party_kind, channel, function,
			CASE client %% 2 WHEN 0 THEN 'sent' ELSE 'accepted_unsigned' END, 'delivered', 'Д-' || manager || '/' || client || '/' || age,
			act_date - age, net, tax, 1234567890 + age * 1000 + client * 100 + manager, seller,
			buyer || jsonb_build_object('name', 'Общество с ограниченной ответственностью «Строительно-монтажное управление № ' || client || '»'),
			basis, signer, 4000000 + manager, created_by, created_at - age * interval '86 hours', created_at - age * interval '1 day'
		FROM acts, generate_series(1, %d) manager, generate_series(1, %d) client, unnest(ARRAY[1, 8, 20, 40, 90]) age WHERE acts.id = 1`, managers, clients))
}

// report opens the report as a visitor.
func report(s *apptest.Site, v *apptest.Visitor) *goquery.Document {
	s.T.Helper()
	p, err := v.Get("/p/1/report")
	return s.Page(p, err, http.StatusOK)
}

// agrees follows the link of a cell and compares its numbers with the registry.
func agrees(s *apptest.Site, cell *goquery.Selection) {
	s.T.Helper()
	link := cell.Find("a")
	href, _ := link.Attr("href")
	number := strings.TrimSpace(cell.Find("small").Text())
	p, err := s.Manager.Get(href)
	doc := s.Page(p, err, http.StatusOK)
	found := apptest.TestID(doc, "found").Text()
	if !strings.HasPrefix(found, number+"\u00a0акт") || !strings.HasSuffix(found, " на "+link.Text()+"\u00a0₽") {
		s.T.Errorf("%s: the registry shows %q, the report %s on %s", href, found, number, link.Text())
	}
	if n := apptest.RegistryRows(doc); fmt.Sprint(n) != number && n < list.PageActs {
		s.T.Errorf("%s: %d acts in the list, the report has %s", href, n, number)
	}
}

// With the maximum of managers and clients the page stays within the size limit, and every cell links to acts
// that add up to its sum.
func TestReportLeadsToTheRegistry(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	aged(s, 16, 14)
	s.AddWorker(s.Manager.User)
	doc := s.PageOfUsualSize("/p/1/report")
	for _, id := range []string{"managers", "clients"} {
		table := apptest.TestID(doc, id)
		if n := table.Find("tbody tr").Length(); n != 9 {
			t.Errorf("%s: %d rows", id, n)
		}
		for _, row := range []*goquery.Selection{table.Find("tbody tr").First(), table.Find("tbody tr").Eq(7), table.Find("tfoot tr")} {
			row.Find("td").Slice(0, 6).Each(func(_ int, cell *goquery.Selection) { agrees(s, cell) })
		}
		if rest := apptest.TestID(doc, id+"-rest"); rest.Find("a").Length() != 0 || rest.Find("td").First().Text() == "" {
			t.Errorf("%s: the rest reads %q", id, rest.Text())
		}
	}
	if whole := apptest.TestID(doc, "whole"); !strings.HasPrefix(whole.Text(), "1120\u00a0актов на ") && !strings.HasPrefix(whole.Text(), "1\u00a0120") {
		t.Errorf("the whole reads %q", whole.Text())
	}
	if chart := apptest.TestID(doc, "age-chart"); chart.Find("text.sum").Length() != 5 || !strings.Contains(chart.Find("desc").Text(), "больше 60 дней, 224") {
		t.Errorf("the chart reads %q", chart.Text())
	}
	if n := apptest.TestID(doc, "trend").Find("tbody tr").Length(); n < 11 {
		t.Errorf("%d months, the acts are of the last 322 days", n)
	}
}

// The report of a period and an organisation leads to the acts that it counts, and is exported; nonsense in its address is named.
func TestReportFilter(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	aged(s, 3, 2)
	s.AddWorker(s.Manager.User)
	from := s.Today().AddDate(0, 0, -30).Format("02.01.2006")
	p, err := s.Manager.Get("/p/1/report?from=" + from)
	doc := s.Page(p, err, http.StatusOK)
	if whole := apptest.TestID(doc, "whole"); !strings.HasPrefix(whole.Text(), "18\u00a0актов на ") || !strings.Contains(whole.AttrOr("href", ""), "from=") {
		t.Errorf("the whole of a month reads %q", whole.Text())
	}
	for _, row := range []*goquery.Selection{apptest.TestID(doc, "managers").Find("tbody tr").First(), apptest.TestID(doc, "clients").Find("tfoot tr"),
		apptest.TestID(doc, "ageing-months").Find("tbody tr").First(), apptest.TestID(doc, "ageing-months").Find("tfoot tr")} {
		row.Find("td").Slice(0, 6).Each(func(_ int, cell *goquery.Selection) {
			if cell.Find("a").Length() > 0 {
				agrees(s, cell)
			}
		})
	}
	if chart := apptest.TestID(doc, "stack-chart"); chart.Find("rect").Length() == 0 || chart.Find("rect title").Length() != chart.Find("rect").Length() ||
		chart.Find("text.value").Length() != apptest.TestID(doc, "ageing-months").Find("tbody tr").Length() {
		t.Errorf("the chart reads %q", chart.Text())
	}
	if folded := doc.Find("details.how[open]").Length(); folded != 0 || apptest.TestID(doc, "definitions").Length() != 1 {
		t.Errorf("%d definitions are unfolded", folded)
	}
	rows, name := s.DownloadTable(apptest.TestID(doc, "export-xlsx").AttrOr("href", ""))
	if len(rows) < 6 || rows[0][0] != "Разрез" || rows[1][0] != "По ответственным" || !strings.HasPrefix(name, "Отчёт ") || rows[len(rows)-1][0] != "По месяцам" {
		t.Errorf("%s has %d rows: %v", name, len(rows), rows)
	}
	p, err = s.Manager.Get("/p/1/report?own=999")
	if doc := s.Page(p, err, http.StatusOK); apptest.TestID(doc, "ageing-empty").Length() != 1 || apptest.TestID(doc, "reset").Length() != 1 {
		t.Error("another organisation has unsigned acts")
	}
	for query, field := range map[string]string{"from=yesterday": "from", "to=32.01.2026": "to", "from=20.11.2026&to=19.11.2026": "to", "own=me": "own", "own=-1": "own"} {
		p, err := s.Manager.Get("/p/1/report?" + query)
		if doc := s.Page(p, err, http.StatusUnprocessableEntity); apptest.FaultAt(doc, field) == "" {
			t.Errorf("%s does not show what is wrong", query)
		}
	}
	for _, query := range []string{"format=xlsx&own=me", "format=1c", ""} {
		p, err := s.Manager.Get("/p/1/report/export?" + query)
		s.Page(p, err, http.StatusUnprocessableEntity)
	}
}

// The list of a cell can be filtered further: its conditions are shown, kept by the form, and removed one by one.
func TestReportConditionsInTheRegistry(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	aged(s, 3, 4)
	s.AddWorker(s.Manager.User)
	doc := s.RegistryPage("company=4000002&waiting=6-15")
	if got := apptest.TestID(doc, "found").Text(); got != "3\u00a0акта на 37\u00a0037\u00a0282,76\u00a0₽" || apptest.RegistryRows(doc) != 3 {
		t.Errorf("found %q, %d rows", got, apptest.RegistryRows(doc))
	}
	company, waiting := apptest.TestID(doc, "without-company"), apptest.TestID(doc, "without-waiting")
	if !strings.Contains(company.Text(), "управление № 2»") || !strings.Contains(waiting.Text(), "6–15 дней") {
		t.Errorf("the conditions read %q and %q", company.Text(), waiting.Text())
	}
	for of, want := range map[*goquery.Selection]string{company: "waiting=6-15", waiting: "company=4000002"} {
		if href, _ := of.Find("a").Attr("href"); href != "/p/1/acts?"+want {
			t.Errorf("%q is taken away by %s", of.Text(), href)
		}
	}
	if n := doc.Find(`.filter input[type=hidden]`).Length(); n != 2 {
		t.Errorf("the form keeps %d conditions, want 2", n)
	}
	for query, want := range map[string]int{"waiting=0-": list.PageActs, "waiting=61-": 12, "waiting=61-&q=" + url.QueryEscape("управление № 3"): 3, "responsible=none": 0,
		"company=none": 0, "company=1&waiting=0-": 0, "contact=9": 0, "responsible=4000001&waiting=0-5": 4, "waiting=0-5&status=sent": 6, "waiting=0-5&status=draft": 0} {
		if n := apptest.RegistryRows(s.RegistryPage(query)); n != want {
			t.Errorf("%s shows %d acts, want %d", query, n, want)
		}
	}
	for _, query := range []string{"waiting=6-14", "waiting=all", "waiting=%00", "waiting=-1-5", "company=0", "company=-1", "company=x", "company=5&contact=6",
		"company=none&contact=6", "contact=99999999999999999999", "responsible=nobody"} {
		p, err := s.Manager.Get("/p/1/acts?" + query)
		if doc := s.Page(p, err, http.StatusUnprocessableEntity); doc.Find(".filter .fault").Length() == 0 || apptest.RegistryRows(doc) != 0 {
			t.Errorf("%s does not show what is wrong", query)
		}
	}
	p, err := s.Manager.Get("/p/1/companies/4000001?company=4000002&waiting=6-15")
	if doc := s.Page(p, err, http.StatusOK); apptest.TestID(doc, "without-company").Length() != 0 || apptest.RegistryRows(doc) != 3 || apptest.TestID(doc, "total-unsigned").Length() != 1 {
		t.Errorf("the tab of a company shows %d acts of another", apptest.RegistryRows(doc))
	}
}

// A visitor who sees only his own acts finds only those in the report, and the report shows this limit.
func TestReportShowsWhatAVisitorSees(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	s.HandOver(s.Deal(1))
	aged(s, 3, 2)
	s.Exec(fmt.Sprintf(`INSERT INTO people (portal_id, user_id, visibility) VALUES (1, %d, '{4000002}')`, s.Manager.User))
	doc := report(s, s.Manager)
	if rows := apptest.TestID(doc, "managers").Find("tbody tr"); rows.Length() != 1 || !strings.Contains(rows.Text(), "Сотрудник 4000002") {
		t.Errorf("he sees %q", rows.Text())
	}
	if !strings.HasPrefix(apptest.TestID(doc, "whole").Text(), "10\u00a0актов") || apptest.TestID(doc, "limited").Length() != 1 {
		t.Errorf("the whole reads %q", apptest.TestID(doc, "whole").Text())
	}
	if year := apptest.TestID(doc, "trend").Find("tfoot td").First().Text(); year != "10" {
		t.Errorf("formed in a year: %s, want 10", year)
	}
	if n := apptest.RegistryRows(s.RegistryPage("waiting=0-&responsible=4000001")); n != 0 {
		t.Errorf("he sees %d acts of another", n)
	}
	s.Exec(fmt.Sprintf(`UPDATE people SET visibility = '{}' WHERE user_id = %d`, s.Manager.User))
	doc = report(s, s.Manager)
	if apptest.TestID(doc, "ageing-empty").Length() != 1 || apptest.TestID(doc, "trend-empty").Length() != 1 || doc.Find("svg").Length() != 0 {
		t.Error("an empty report does not show that it is empty")
	}
	other := apptest.NewVisitor(s.Portals[1], s.Portals[1].Manager(), s.AppURL)
	p, err := other.OpenDeal(1)
	s.Page(p, err, http.StatusOK)
	p, err = other.Get("/p/2/report?waiting=nonsense&%zz")
	if doc := s.Page(p, err, http.StatusOK); apptest.TestID(doc, "ageing-empty").Length() != 1 {
		t.Error("the other portal sees something")
	}
}
