package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store/list"
)

// dealsWithoutActs opens the list of deals without acts.
func dealsWithoutActs(s *apptest.Site, query string) *goquery.Document {
	s.T.Helper()
	p, err := s.Manager.Get("/p/1/deals" + query)
	return s.Page(p, err, http.StatusOK)
}

func dealRow(doc *goquery.Document, deal int64) *goquery.Selection {
	return doc.Find(fmt.Sprintf("#d%d", deal)).Closest("tr")
}

// onDeals posts the form of the list for some deals.
func onDeals(s *apptest.Site, doc *goquery.Document, action string, status int, deals []int64, more ...string) *goquery.Document {
	s.T.Helper()
	f := apptest.Form(append([]string{"key", doc.Find("[data-testid=lacking] input[name=key]").AttrOr("value", "")}, more...)...)
	for _, d := range deals {
		f.Add("deal", fmt.Sprint(d))
	}
	p, err := s.Manager.Post("/p/1/deals/"+action, f)
	return s.Page(p, err, status)
}

// A deal that nobody has opened is listed with the name of its counterparty, also when that has changed. The number of its card is shown only
// until the name is read.
func TestCounterpartyOfAnUnopenedDeal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AddWaitingDeals(2)
	client := func(deal int64) string {
		return strings.TrimSpace(dealRow(dealsWithoutActs(s, ""), deal).Find("td.com").Text())
	}
	s.Await("names of counterparties", func() bool {
		return client(s.Deal(1)) != "" && !strings.HasPrefix(client(s.Deal(1)), "№") && !strings.HasPrefix(client(s.Deal(2)), "№")
	})
	id := s.Portal.AddItem(bitrix24test.Company, bitrix24test.Fields{"title": "ООО «Новый заказчик»"})
	s.Must(s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, s.Deal(2), bitrix24test.Fields{"companyId": id}))
	s.Await("the name of the new counterparty", func() bool { return client(s.Deal(2)) == "ООО «Новый заказчик»" })
}

// Acts of many deals are formed without opening the deals; a deal leaves the list when its act exists. The
// portal is called for deals, never for the list.
func TestActsOfManyDeals(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AddWaitingDeals(4)
	n, methods := s.CountCalls(func() {
		dealsWithoutActs(s, "")
		dealsWithoutActs(s, "?stage=ACTS_1&responsible="+fmt.Sprint(s.Portal.Manager()))
	})
	if n > 0 {
		t.Errorf("the list made %d calls: %v", n, methods)
	}
	doc := dealsWithoutActs(s, "")
	if got := apptest.TestID(doc, "count").Text(); got != "Сделок: 4" {
		t.Errorf("%q", got)
	}
	if row := apptest.PlainSpaces(dealRow(doc, s.Deal(1)).Text()); !strings.Contains(row, "17 800,00 ₽") || !strings.Contains(row, "Подготовка акта") || !strings.Contains(row, "сегодня") {
		t.Errorf("row %q", row)
	}
	some := []int64{s.Deal(1), s.Deal(2), s.Deal(3)}
	after := onDeals(s, doc, "acts", http.StatusOK, some)
	if text := apptest.PlainSpaces(after.Find(".alert.success").Text()); !strings.Contains(text, "Формируем 3 акта") {
		t.Errorf("notice %q", text)
	}
	onDeals(s, doc, "acts", http.StatusOK, some) // the same form again
	s.Await("three acts", func() bool { return rowsIn(dealsWithoutActs(s, ""), "table.deals-without-acts") == 1 })
	s.AwaitQuiet()
	if n := s.Count(`acts`); n != 3 {
		t.Errorf("%d acts of 3 deals", n)
	}
	if n := s.Count(`acts WHERE gross = 1780000 AND status = 'draft'`); n != 3 {
		t.Errorf("%d acts cover their deals", n)
	}
	if n := s.Count(`form_requests`); n > 0 {
		t.Errorf("%d requests are left", n)
	}
}

func rowsIn(doc *goquery.Document, table string) int { return doc.Find(table + " tbody tr").Length() }

// When an act cannot be formed without a person, the list shows the reason at its deal, and the act can be requested again.
func TestActOfADealThatNeedsAPerson(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AddWaitingDeals(1)
	deal := s.Deal(1)
	s.Portal.SetRows(s.Portal.Manager(), bitrix24test.Deal, deal, []bitrix24test.Row{{Name: "Работа", Price: 100, Quantity: 1, TaxRate: apptest.Percent(20), TaxIncluded: true}})
	onDeals(s, dealsWithoutActs(s, ""), "acts", http.StatusOK, []int64{deal})
	s.Await("the reason", func() bool {
		return strings.Contains(dealRow(dealsWithoutActs(s, ""), deal).Text(), "Акт не сформирован")
	})
	if text := dealRow(dealsWithoutActs(s, ""), deal).Find(".fault").Text(); !strings.Contains(text, "20") {
		t.Errorf("reason %q", text)
	}
	s.Portal.SetRows(s.Portal.Manager(), bitrix24test.Deal, deal, []bitrix24test.Row{{Name: "Работа", Price: 100, Quantity: 1, TaxRate: apptest.Percent(22), TaxIncluded: true}})
	onDeals(s, dealsWithoutActs(s, ""), "acts", http.StatusOK, []int64{deal})
	s.Await("the act", func() bool {
		return s.Count(`acts`) == 1 && rowsIn(dealsWithoutActs(s, ""), "table.deals-without-acts") == 0
	})
}

// A remainder is closed with a reason, immediately; its deal moves when nothing else is missing, and the closing can be
// undone.
func TestClosedRemainder(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AddWaitingDeals(2)
	deals := []int64{s.Deal(1), s.Deal(2)}
	doc := onDeals(s, dealsWithoutActs(s, ""), "close", http.StatusUnprocessableEntity, deals, "reason", "  ")
	if text := apptest.TestID(doc, "fault-reason").Text(); !strings.Contains(text, "почему акт не нужен") {
		t.Errorf("fault %q", text)
	}
	if n := doc.Find("table.deals-without-acts tbody input[checked]").Length(); n != 2 {
		t.Errorf("%d boxes stay checked", n)
	}
	doc = onDeals(s, doc, "close", http.StatusOK, deals, "reason", "Закрыли по договору")
	if n := rowsIn(doc, "table.deals-without-acts"); n != 0 {
		t.Errorf("%d deals are still in the list", n)
	}
	if text := apptest.TestID(doc, "empty").Text(); !strings.Contains(text, "Все сделки закрыты актами") {
		t.Errorf("empty list shows %q", text)
	}
	p, err := s.Manager.OpenDeal(deals[0]) // its rows are read for the first time
	tab := s.Page(p, err, http.StatusOK)
	if text := apptest.TestID(tab, "deal-closed").Text(); !strings.Contains(text, "Закрыли по договору") {
		t.Errorf("the tab shows %q", text)
	}
	if n := rowsIn(dealsWithoutActs(s, ""), "table.deals-without-acts"); n != 0 {
		t.Error("the deal is back although nobody asked for it")
	}
	p, err = s.Manager.Post(fmt.Sprintf("/p/1/deals/%d/reopen", deals[0]), url.Values{})
	s.Page(p, err, http.StatusOK)
	if n := rowsIn(dealsWithoutActs(s, ""), "table.deals-without-acts"); n != 1 {
		t.Errorf("%d deals after the closing was undone", n)
	}
}

// Invalid parameters give a Russian message, and what a visitor may not see is not listed.
func TestDealsWithoutActsBadInput(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	s.AddWaitingDeals(3)
	for _, q := range []string{"?stage=нет", "?responsible=x", "?responsible=-1", "?stage=" + strings.Repeat("я", 1000), "?responsible=99999999999999999999"} {
		p, err := s.Manager.Get("/p/1/deals" + url.PathEscape("") + strings.ReplaceAll(q, "я", "%D1%8F"))
		if err != nil || p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, "условие, которого нет") {
			t.Errorf("%.40s: %d, %v", q, p.Status, err)
		}
	}
	for _, q := range []string{"?after=zzz", "?after=%00", "?after=" + strings.Repeat("A", 5000), "?n=5&done=<b>"} {
		p, err := s.Manager.Get("/p/1/deals" + q)
		if err != nil || p.Status != http.StatusOK || strings.Contains(p.Body, "<b>") {
			t.Errorf("%.40s: %d, %v", q, p.Status, err)
		}
	}
	for name, f := range map[string]url.Values{"no deal": {"key": {"x"}}, "a word": {"deal": {"слово"}}, "no key": {"deal": {"1"}}} {
		p, err := s.Manager.Post("/p/1/deals/acts", f)
		if err != nil || p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d, %v", name, p.Status, err)
		}
	}
	s.Exec(fmt.Sprintf(`INSERT INTO people (portal_id, user_id, visibility) VALUES (1, %d, '{77}')`, s.Portal.Manager()))
	doc := dealsWithoutActs(s, "")
	if n := rowsIn(doc, "table.deals-without-acts"); n != 0 {
		t.Errorf("%d deals of others", n)
	}
	doc = onDeals(s, doc, "close", http.StatusOK, []int64{s.Deal(1)}, "reason", "чужая")
	if text := doc.Find(".alert.success").Text(); !strings.Contains(text, "уже закрыт") || s.Count(`deals WHERE closed <> ''`) > 0 {
		t.Errorf("somebody else's deal: %q", text)
	}
}

// A full page with long titles stays within the size limit.
func TestDealsWithoutActsWeight(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AddWaitingDeals(1)
	s.AddWorker(s.Manager.User)
	s.Exec(`INSERT INTO deals (portal_id, id, title, category_id, stage_id, responsible_id, amount, stage_since)
		SELECT 1, 1000000 + n, 'Комплексное продвижение продукции в КНР № ' || n, 0, 'ACTS_1', 500, 123456789, '2026-01-20' FROM generate_series(1, 90) n;
		INSERT INTO users (portal_id, id, name, active) VALUES (1, 500, 'Екатерина Верещагина', true)`)
	if rows := rowsIn(s.PageOfUsualSize("/p/1/deals"), "table.deals-without-acts"); rows != list.PageDeals {
		t.Errorf("%d deals, want %d", rows, list.PageDeals)
	}
}
