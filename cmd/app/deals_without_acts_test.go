package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store/list"
)

// dealsWithoutActs opens the list of deals without acts.
func (s *site) dealsWithoutActs(query string) *goquery.Document {
	s.t.Helper()
	p, err := s.manager.Get("/p/1/deals" + query)
	return s.page(p, err, http.StatusOK)
}

// waiting moves the first deals to a stage at which they need an act, and waits until the program knows.
func (s *site) waiting(deals int) {
	s.t.Helper()
	p, err := s.manager.OpenDeal(s.deal(20))
	s.page(p, err, http.StatusOK)
	s.await("the backfill", func() bool { return s.count(`loads WHERE NOT done`) == 0 })
	for n := 1; n <= deals; n++ {
		s.must(s.portal.Change(s.portal.Manager(), bitrix24test.Deal, s.deal(n), fields{"stageId": "ACTS_1"}))
	}
	s.await("the deals on their stage", func() bool { return s.count(`deals WHERE stage_id = 'ACTS_1'`) == deals })
}

func dealRow(doc *goquery.Document, deal int64) *goquery.Selection {
	return doc.Find(fmt.Sprintf("#d%d", deal)).Closest("tr")
}

// onDeals posts the form of the list for some deals.
func (s *site) onDeals(doc *goquery.Document, action string, status int, deals []int64, more ...string) *goquery.Document {
	s.t.Helper()
	f := form(append([]string{"key", doc.Find("[data-testid=lacking] input[name=key]").AttrOr("value", "")}, more...)...)
	for _, d := range deals {
		f.Add("deal", fmt.Sprint(d))
	}
	p, err := s.manager.Post("/p/1/deals/"+action, f)
	return s.page(p, err, status)
}

// Acts of many deals are formed without opening the deals; a deal leaves the list when its act exists. The
// portal is called for deals, never for the list.
func TestActsOfManyDeals(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.waiting(4)
	n, methods := s.calls(func() {
		s.dealsWithoutActs("")
		s.dealsWithoutActs("?stage=ACTS_1&responsible=" + fmt.Sprint(s.portal.Manager()))
	})
	if n > 0 {
		t.Errorf("the list made %d calls: %v", n, methods)
	}
	doc := s.dealsWithoutActs("")
	if got := testid(doc, "count").Text(); got != "Сделок: 4" {
		t.Errorf("%q", got)
	}
	if row := plainSpaces(dealRow(doc, s.deal(1)).Text()); !strings.Contains(row, "17 800,00 ₽") || !strings.Contains(row, "Подготовка акта") || !strings.Contains(row, "сегодня") {
		t.Errorf("row %q", row)
	}
	some := []int64{s.deal(1), s.deal(2), s.deal(3)}
	after := s.onDeals(doc, "acts", http.StatusOK, some)
	if text := plainSpaces(after.Find(".alert.success").Text()); !strings.Contains(text, "Формируем 3 акта") {
		t.Errorf("notice %q", text)
	}
	s.onDeals(doc, "acts", http.StatusOK, some) // the same form again
	s.await("three acts", func() bool { return rowsIn(s.dealsWithoutActs(""), "table.deals-without-acts") == 1 })
	s.quiet()
	if n := s.count(`acts`); n != 3 {
		t.Errorf("%d acts of 3 deals", n)
	}
	if n := s.count(`acts WHERE gross = 1780000 AND status = 'draft'`); n != 3 {
		t.Errorf("%d acts cover their deals", n)
	}
	if n := s.count(`form_wishes`); n > 0 {
		t.Errorf("%d requests are left", n)
	}
}

func rowsIn(doc *goquery.Document, table string) int { return doc.Find(table + " tbody tr").Length() }

// When an act cannot be formed without a person, the list shows the reason at its deal, and the act can be requested again.
func TestActOfADealThatNeedsAPerson(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.waiting(1)
	deal := s.deal(1)
	s.portal.SetRows(s.portal.Manager(), bitrix24test.Deal, deal, []bitrix24test.Row{{Name: "Работа", Price: 100, Quantity: 1, TaxRate: percent(20), TaxIncluded: true}})
	s.onDeals(s.dealsWithoutActs(""), "acts", http.StatusOK, []int64{deal})
	s.await("the reason", func() bool {
		return strings.Contains(dealRow(s.dealsWithoutActs(""), deal).Text(), "Акт не сформирован")
	})
	if text := dealRow(s.dealsWithoutActs(""), deal).Find(".fault").Text(); !strings.Contains(text, "20") {
		t.Errorf("reason %q", text)
	}
	s.portal.SetRows(s.portal.Manager(), bitrix24test.Deal, deal, []bitrix24test.Row{{Name: "Работа", Price: 100, Quantity: 1, TaxRate: percent(22), TaxIncluded: true}})
	s.onDeals(s.dealsWithoutActs(""), "acts", http.StatusOK, []int64{deal})
	s.await("the act", func() bool {
		return s.count(`acts`) == 1 && rowsIn(s.dealsWithoutActs(""), "table.deals-without-acts") == 0
	})
}

func plainSpaces(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }

func percent(p float64) *float64 { return &p }

// A remainder is closed with a reason, immediately; its deal moves when nothing else is missing, and the closing can be
// undone.
func TestClosedRemainder(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.waiting(2)
	deals := []int64{s.deal(1), s.deal(2)}
	doc := s.onDeals(s.dealsWithoutActs(""), "close", http.StatusUnprocessableEntity, deals, "reason", "  ")
	if text := testid(doc, "fault-reason").Text(); !strings.Contains(text, "почему акт не нужен") {
		t.Errorf("fault %q", text)
	}
	if n := doc.Find("table.deals-without-acts tbody input[checked]").Length(); n != 2 {
		t.Errorf("%d boxes stay checked", n)
	}
	doc = s.onDeals(doc, "close", http.StatusOK, deals, "reason", "Закрыли по договору")
	if n := rowsIn(doc, "table.deals-without-acts"); n != 0 {
		t.Errorf("%d deals are still in the list", n)
	}
	if text := testid(doc, "empty").Text(); !strings.Contains(text, "Все сделки закрыты актами") {
		t.Errorf("empty list shows %q", text)
	}
	p, err := s.manager.OpenDeal(deals[0]) // its rows are read for the first time
	tab := s.page(p, err, http.StatusOK)
	if text := testid(tab, "deal-closed").Text(); !strings.Contains(text, "Закрыли по договору") {
		t.Errorf("the tab shows %q", text)
	}
	if n := rowsIn(s.dealsWithoutActs(""), "table.deals-without-acts"); n != 0 {
		t.Error("the deal is back although nobody asked for it")
	}
	p, err = s.manager.Post(fmt.Sprintf("/p/1/deals/%d/reopen", deals[0]), url.Values{})
	s.page(p, err, http.StatusOK)
	if n := rowsIn(s.dealsWithoutActs(""), "table.deals-without-acts"); n != 1 {
		t.Errorf("%d deals after the closing was undone", n)
	}
}

// Invalid parameters give a Russian message, and what a visitor may not see is not listed.
func TestDealsWithoutActsBadInput(t *testing.T) {
	t.Parallel()
	s := start(t, 2)
	s.waiting(3)
	for _, q := range []string{"?stage=нет", "?responsible=x", "?responsible=-1", "?stage=" + strings.Repeat("я", 1000), "?responsible=99999999999999999999"} {
		p, err := s.manager.Get("/p/1/deals" + url.PathEscape("") + strings.ReplaceAll(q, "я", "%D1%8F"))
		if err != nil || p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, "условие, которого нет") {
			t.Errorf("%.40s: %d, %v", q, p.Status, err)
		}
	}
	for _, q := range []string{"?after=zzz", "?after=%00", "?after=" + strings.Repeat("A", 5000), "?n=5&done=<b>"} {
		p, err := s.manager.Get("/p/1/deals" + q)
		if err != nil || p.Status != http.StatusOK || strings.Contains(p.Body, "<b>") {
			t.Errorf("%.40s: %d, %v", q, p.Status, err)
		}
	}
	for name, f := range map[string]url.Values{"no deal": {"key": {"x"}}, "a word": {"deal": {"слово"}}, "no key": {"deal": {"1"}}} {
		p, err := s.manager.Post("/p/1/deals/acts", f)
		if err != nil || p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d, %v", name, p.Status, err)
		}
	}
	s.sql(fmt.Sprintf(`INSERT INTO people (portal_id, user_id, sees) VALUES (1, %d, '{77}')`, s.portal.Manager()))
	doc := s.dealsWithoutActs("")
	if n := rowsIn(doc, "table.deals-without-acts"); n != 0 {
		t.Errorf("%d deals of others", n)
	}
	doc = s.onDeals(doc, "close", http.StatusOK, []int64{s.deal(1)}, "reason", "чужая")
	if text := doc.Find(".alert.success").Text(); !strings.Contains(text, "уже закрыт") || s.count(`deals WHERE closed <> ''`) > 0 {
		t.Errorf("somebody else's deal: %q", text)
	}
}

// A full page with long titles stays within the size limit.
func TestDealsWithoutActsWeight(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.waiting(1)
	s.works(s.manager.User)
	s.sql(`INSERT INTO deals (portal_id, id, title, category_id, stage_id, responsible_id, amount, stage_since)
		SELECT 1, 1000000 + n, 'Комплексное продвижение продукции в КНР № ' || n, 0, 'ACTS_1', 500, 123456789, '2026-01-20' FROM generate_series(1, 90) n;
		INSERT INTO users (portal_id, id, name, active) VALUES (1, 500, 'Екатерина Верещагина', true)`)
	if rows := rowsIn(s.light("/p/1/deals"), "table.deals-without-acts"); rows != list.PageDeals {
		t.Errorf("%d deals, want %d", rows, list.PageDeals)
	}
}
