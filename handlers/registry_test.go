package handlers_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store/list"
)

// The next page continues after the last act of this one, and every act is on exactly one page.
func TestRegistryPages(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.AddCopies(120)
	seen, address := map[string]bool{}, "/p/1/acts"
	for pages := 0; address != ""; pages++ {
		p, err := s.Manager.Get(address)
		doc := s.Page(p, err, http.StatusOK)
		doc.Find("table.registry tbody tr").Each(func(_ int, row *goquery.Selection) {
			act := row.Find("a").AttrOr("href", "")
			if seen[act] {
				t.Errorf("%s is on two pages", act)
			}
			seen[act] = true
		})
		if pages > 5 {
			t.Fatal("the pages have no end")
		}
		address, _ = apptest.TestID(doc, "next-page").Attr("href")
	}
	if len(seen) != 121 {
		t.Errorf("%d acts on all pages, want 121", len(seen))
	}
}

func TestRegistryFilters(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.AddCopies(14)
	for query, want := range map[string]int{
		"": 15, "status=sent": 2, "status=sent&status=refused&status=sent": 4, "medium=paper": 0, "medium=electronic": 15, "q=К-1": 6,
		"q=%E2%84%96+К-14": 1, "q=%25": 0, "q=_": 0, "q=%5C": 0, "q=k%00-1": 0, "q=%ff%fe": 15, "responsible=" + fmt.Sprint(s.Portal.Manager()): 15,
		"responsible=9223372036854775807": 0, "overdue=1": 0, "failed=1": 0, "from=9999-12-31": 0, "to=1900-01-01": 0, "after=nonsense": 15,
		"after=" + base64.RawURLEncoding.EncodeToString([]byte("2.2020-01-01.1")): 15,
		"after=" + base64.RawURLEncoding.EncodeToString([]byte("1.2020-01-01.1")): 0,
		"after=" + base64.RawURLEncoding.EncodeToString([]byte("1.0000-01-01.1")): 15,
		"sort=sum": 15, "sort=-company": 15, "sort=number": 15, "sort=due": 15, "sort=-due": 15, "sort=id%3Bdrop": 15, "sort=%00": 15, "sort=-sum&status=sent": 2,
		"sort=sum&after=" + base64.RawURLEncoding.EncodeToString([]byte("1.2020-01-01.1")):       15,
		"sort=sum&after=" + base64.RawURLEncoding.EncodeToString([]byte("1.x.1.sum")):            15,
		"sort=-sum&after=" + base64.RawURLEncoding.EncodeToString([]byte("1.-9.1.-sum")):         0,
		"sort=company&after=" + base64.RawURLEncoding.EncodeToString([]byte("1.\x00.1.company")): 15,
		"sort=due&after=" + base64.RawURLEncoding.EncodeToString([]byte("1.infinity.9999.due")):  0,
		"kind=company": 15, "kind=person": 0, "channel=edo": 15, "channel=post": 0, "delivery=error": 0, "operator=2BE": 1, "operator=2BM": 0,
		"own=" + fmt.Sprint(apptest.OurCompany.ID): 15, "own=9223372036854775807": 0, "stage=EXECUTING&kind=company": 15, "stage=NEW": 0, "original=1": 0,
		"unknown=1": 15, "%zz": 15, "status=sent;medium=paper": 15,
	} {
		doc := s.RegistryPage(query)
		if n := apptest.RegistryRows(doc); n != want {
			t.Errorf("%q shows %d acts, want %d", query, n, want)
		}
		if want == 0 && apptest.TestID(doc, "empty").Text() == "" {
			t.Errorf("%q: an empty list shows nothing", query)
		}
	}
	doc := s.RegistryPage("status=sent&status=accepted_unsigned")
	if now := doc.Find(".presets [aria-current]"); now.Length() != 1 || !strings.Contains(now.Text(), "Ждут подписи контрагента") || now.Find(".count").Text() != "4" {
		t.Errorf("the preset of this filter reads %q", now.Text())
	}
	if text := apptest.TestID(doc, "without-status").Text(); !strings.Contains(text, "Акт направлен заявителю, Акт принят, но не подписан заявителем") {
		t.Errorf("the list shows the conditions %q", text)
	}
	p, err := s.Manager.Get(apptest.ButtonURL(doc.Find("[data-fields]")))
	if n := s.Page(p, err, http.StatusOK).Find(`input[name="status"][checked]`).Length(); n != 2 {
		t.Errorf("%d statuses are checked in the form, want 2", n)
	}
}

// Parameters that cannot be chosen in the form get a Russian answer and never cause an error.
func TestRegistryNonsense(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	for _, query := range []string{"status=paid", "medium=stone", "responsible=-1", "responsible=me", "responsible=99999999999999999999", "from=yesterday",
		"kind=x", "channel=pigeon", "delivery=lost", "operator=XXX", "own=-1", "own=me", "stage=%D0%BF", "stage=a%00b", "stage=" + strings.Repeat("C", 101), "to=2026-13-40", "from=0000-01-01", "to=0001-01-01", "from=2026-11-20&to=2026-11-19", "q=" + strings.Repeat("ж", 1000), "q=" + strings.Repeat("%25_", 500)} {
		for _, page := range []string{"/p/1/acts?", "/p/1/companies/2?", "/p/1/contacts/3?"} {
			p, err := s.Manager.Get(page + query)
			doc := s.Page(p, err, http.StatusUnprocessableEntity)
			if doc.Find(".filter .fault").Length() == 0 || apptest.RegistryRows(doc) != 0 || apptest.TestID(doc, "reset").Length() == 0 {
				t.Errorf("%s%.40s does not show what is wrong and how to go on", page, query)
			}
		}
	}
}

// An order or columns that the address cannot have are named above the list, which is shown.
func TestRegistryNonsenseInItsOrder(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	for query, want := range map[string]string{"sort=id%3Bdrop": "Такой сортировки нет", "sort=sum+desc": "Такой сортировки нет", "sort=%D0%9F%D0%9F%00": "Такой сортировки нет",
		"columns=sum,nonsense": "Столбцы выбираются", "columns=": "Столбцы выбираются", "after=zzz": "", "sort=-sum": ""} {
		doc := s.RegistryPage(query)
		if got := apptest.Text(doc, "alert"); !strings.Contains(got, want) || want == "" && got != "" || apptest.RegistryRows(doc) != 1 {
			t.Errorf("%s: %q, want %q above %d acts", query, got, want, apptest.RegistryRows(doc))
		}
	}
	for _, form := range []url.Values{{"show": {"nonsense", "'; DROP", "sum"}}, {"show": {"sum", "sum"}}} {
		p, err := s.Manager.Post("/p/1/acts/columns", form)
		if got := s.Page(p, err, http.StatusOK).Find("table.registry col").Length(); got != 3 {
			t.Errorf("%v: %d columns, want the number, the sum and the menu", form, got)
		}
	}
}

// A field is added to the filter by itself: a company by its name, the other conditions stay.
func TestFieldsAreAdded(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for n := 1; n <= 3; n++ {
		s.HandOver(s.Deal(n))
	}
	s.AddWorker(s.Manager.User)
	page := func(path string, want int) *goquery.Document {
		t.Helper()
		p, err := s.Manager.Get(path)
		return s.Page(p, err, want)
	}
	doc := page("/p/1/acts/field?status=draft&q=%D0%9A%D0%BE%D0%BD%D1%82%D1%80", http.StatusOK)
	if apptest.TestID(doc, "field-status").Length() != 0 || apptest.TestID(doc, "field-company").Length() != 1 {
		t.Error("the fields that are offered are not those without a condition")
	}
	if href := apptest.TestID(doc, "field-overdue").AttrOr("href", ""); !strings.HasPrefix(href, "/p/1/acts?") || !strings.Contains(href, "overdue=1") || !strings.Contains(href, "status=draft") {
		t.Errorf("a condition without a value is set by %q", href)
	}
	doc = page(apptest.TestID(doc, "field-medium").AttrOr("href", ""), http.StatusOK)
	if doc.Find("select").Length() != 1 || doc.Find("input[type=hidden][name=status][value=draft]").Length() != 1 || doc.Find("input[type=hidden][name=q]").Length() != 1 {
		t.Error("the form of one field does not keep the other conditions")
	}
	doc = page("/p/1/acts/field?name=company&status=draft&find=%D0%BA%D0%BE%D0%BD%D1%82%D1%80%D0%B0%D0%B3%D0%B5%D0%BD%D1%82+2", http.StatusOK)
	found := apptest.TestID(doc, "found-company")
	if found.Length() != 1 || !strings.Contains(found.Text(), "Контрагент 2") || !strings.Contains(found.Text(), "ИНН") {
		t.Fatalf("found are %d companies: %s", found.Length(), found.Text())
	}
	doc = page(found.AttrOr("href", ""), http.StatusOK)
	if apptest.RegistryRows(doc) != 1 || apptest.TestID(doc, "without-company").Length() != 1 || apptest.TestID(doc, "without-status").Length() != 1 {
		t.Errorf("%d acts of the company", apptest.RegistryRows(doc))
	}
	if text := apptest.Text(page("/p/1/acts/field?name=company&find=%25", http.StatusOK), "company-note"); !strings.Contains(text, "нет") {
		t.Errorf("a sign of a pattern finds companies: %s", text)
	}
	page("/p/1/acts/field?name=nonsense", http.StatusNotFound)
	page("/p/1/companies/2/field?name=company", http.StatusNotFound)
	if apptest.TestID(page("/p/1/companies/2/field", http.StatusOK), "field-company").Length() != 0 {
		t.Error("the list of a company offers another company")
	}
}

// The tab of a company shows only its acts, with their sums.
func TestCompanyTabSumsUp(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	s.HandOver(s.Deal(1))
	s.AddCopies(14)
	s.Exec(`UPDATE acts SET gross = 123456, company_id = 777 WHERE id > 1`)
	s.Exec(`UPDATE acts SET company_id = 0, contact_id = 88 WHERE number IN ('К-2', 'К-3')`)
	for path, want := range map[string][]string{
		"/p/1/companies/777": {"12", "12 345,60 ₽", "1 234,56 ₽", "3 703,68 ₽", "0,00 ₽"},
		"/p/1/contacts/88":   {"2", "2 469,12 ₽", "1 234,56 ₽", "1 234,56 ₽", "0,00 ₽"},
		"/p/1/companies/778": {"0", "0,00 ₽", "0,00 ₽", "0,00 ₽", "0,00 ₽"},
	} {
		p, err := s.Manager.Get(path)
		doc := s.Page(p, err, http.StatusOK)
		got := []string{fmt.Sprint(apptest.RegistryRows(doc))}
		doc.Find(".totals dd").Each(func(_ int, sum *goquery.Selection) { got = append(got, strings.ReplaceAll(sum.Text(), "\u00a0", " ")) })
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	other := apptest.NewVisitor(s.Portals[1], s.Portals[1].Manager(), s.AppURL)
	p, err := other.OpenDeal(1)
	s.Page(p, err, http.StatusOK)
	p, err = other.Get("/p/2/acts?" + url.Values{"q": {"К-1"}}.Encode())
	if n := apptest.RegistryRows(s.Page(p, err, http.StatusOK)); n != 0 {
		t.Errorf("the other portal sees %d acts", n)
	}
}

// The conditions of a list are shown in words, and each can be removed.
func TestRegistryConditions(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.AddCopies(14)
	s.Exec(`INSERT INTO users (portal_id, id, name, active) VALUES (1, 77, 'Жанна Д’Арк', true)`)
	doc := s.RegistryPage("q=К-1&status=sent&medium=electronic&responsible=77&from=2020-02-01&to=2040-02-01&overdue=1&failed=1")
	if conditions := doc.Find(".narrowed li"); conditions.Length() != 6 || !strings.Contains(conditions.Text(), "Жанна Д’Арк") ||
		!strings.Contains(conditions.Text(), "с 01.02.2020 по 01.02.2040") {
		t.Errorf("the list shows the conditions %q", conditions.Text())
	}
	sent := url.Values{}
	doc.Find(".filter input").Each(func(_ int, in *goquery.Selection) { sent.Add(in.AttrOr("name", ""), in.AttrOr("value", "")) })
	if n := s.RegistryPage(sent.Encode()).Find(".narrowed li").Length(); n != 6 {
		t.Errorf("a search keeps %d conditions, want 6", n)
	}
	for n := 6; n > 0; n-- {
		if got := doc.Find(".narrowed li").Length(); got != n {
			t.Fatalf("%d conditions are left, want %d", got, n)
		}
		p, err := s.Manager.Get(doc.Find(".narrowed li a").First().AttrOr("href", ""))
		doc = s.Page(p, err, http.StatusOK)
	}
	if apptest.RegistryRows(doc) != 6 || apptest.TestID(doc, "search").AttrOr("value", "") != "К-1" {
		t.Errorf("%d acts are left of the search for «%s»", apptest.RegistryRows(doc), apptest.TestID(doc, "search").AttrOr("value", ""))
	}
}

// The rows of a list link to the cards of the portal.
func TestRegistryLeadsToCards(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	company := fmt.Sprintf("/crm/company/details/%v/", s.Portal.Item(bitrix24test.Deal, s.Deal(1))["companyId"])
	for column, want := range map[string]string{"td.com > a": company} {
		link := s.RegistryPage("").Find(column)
		if href := link.AttrOr("href", ""); href != s.Portal.URL()+want || link.AttrOr("target", "") != "_blank" { // the script opens it in a slider
			t.Errorf("the link %s leads to %q", column, href)
		}
	}
}

// A full page with long names stays within the size limits.
func TestRegistryWeight(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.AddWorker(s.Manager.User)
	s.Exec(`ALTER SEQUENCE acts_id_seq RESTART 1234567`)
	s.AddCopies(170)
	s.Exec(`UPDATE deals SET title = 'Комплексное продвижение продукции в КНР № 1';
		UPDATE acts SET number = 'АКТ-' || 1000 + id, buyer = jsonb_set(buyer, '{name}', '"ООО «Северо-Западные перевозки и склады»"'), gross = 123456789,
			responsible_id = 100 + id % 10, medium = CASE WHEN id % 3 = 0 THEN 'paper' ELSE 'electronic' END,
			reason = CASE status WHEN 'refused' THEN 'Не согласны с суммой: два этапа ещё не сданы' ELSE '' END,
			delivery = CASE status WHEN 'draft' THEN 'waiting_signature' WHEN 'sent' THEN 'delivered' ELSE 'completed' END;
		INSERT INTO users (portal_id, id, name, active) SELECT 1, 100 + n, 'Екатерина Верещагина', true FROM generate_series(0, 9) n;
		INSERT INTO reminders (portal_id, act_id, kind, since, due_on, due_at) SELECT 1, id, 'unsigned', act_date, act_date + 7, act_date + 8 FROM acts WHERE status = 'sent'
		ON CONFLICT DO NOTHING;
		UPDATE acts SET due_on = act_date + 7 WHERE status = 'sent';
		INSERT INTO answers (portal_id, deal_id, company_id, source, channel, party_kind, operator, participant, user_name, at)
		SELECT 1, deal_id, company_id, 'manager', 'edo', 'company', '2BM', '2BM-7700000000-770001001-201501010101', 'Екатерина Верещагина', created_at
		FROM acts WHERE company_id > 0 LIMIT 20`)
	company := fmt.Sprintf("/p/1/companies/%v", s.Portal.Item(bitrix24test.Deal, s.Deal(1))["companyId"])
	for address, most := range map[string]int{"/p/1/acts": list.PageActs, company: list.PageActs,
		"/p/1/acts?status=draft&status=sent&status=refused&medium=electronic&from=2020-01-01": list.PageActs, "/p/1/acts/conditions": 0,
		fmt.Sprintf("/p/1/deals/%d", s.Deal(2)): 0} {
		if rows := apptest.RegistryRows(s.PageOfUsualSize(address)); rows != most {
			t.Errorf("%s: %d acts, want %d", address, rows, most)
		}
	}
	p, err := s.Manager.Post("/p/1/acts/columns", url.Values{"size": {"100"}, "show": {"date", "deal", "company", "status", "delivery", "sum", "responsible", "due"}})
	s.Page(p, err, http.StatusOK)
	if rows := apptest.RegistryRows(s.PageWithin("/p/1/acts", 120_000, 20_000)); rows != 100 {
		t.Errorf("%d acts on a page of 100", rows)
	}
}

// A refused act with a correction waits for nobody: it leaves «Отказ», its counter and its list, and returns
// when the correction is annulled. The filter by status still finds it.
func TestReplacedRefusalLeavesThePreset(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.SendPaperAct(s.Deal(1))
	s.PostAction(act+"/mark", apptest.Form("event", "refusal", "reason", "сумма"), "Отказ от подписания")
	is := func(want int) {
		t.Helper()
		preset := apptest.TestID(s.RegistryPage(""), "preset-refused")
		if text := strings.Join(strings.Fields(preset.Text()), " "); text != strings.TrimSpace(fmt.Sprint("Отказ ", want)) {
			t.Errorf("the preset reads %q, want %d", text, want)
		}
		_, query, _ := strings.Cut(preset.AttrOr("href", ""), "?")
		if n := apptest.RegistryRows(s.RegistryPage(query)); n != want {
			t.Errorf("%s shows %d acts, want %d", query, n, want)
		}
		if n := apptest.RegistryRows(s.RegistryPage("status=refused")); n != 1 {
			t.Errorf("the status finds %d acts", n)
		}
	}
	is(1)
	s.PostAction(act+"/correct", url.Values{"key": {uuid.NewString()}}, "Подготовка акта")
	is(0)
	s.PostAction("/p/1/acts/2/mark", apptest.Form("event", "annulment", "reason", "передумали"), "Аннулирован")
	is(1)
}
