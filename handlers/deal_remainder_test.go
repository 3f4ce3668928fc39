package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
)

// remainderForm posts the form of the remainder on the tab of a deal.
func remainderForm(s *apptest.Site, deal int64, action string, status int, pairs ...string) *goquery.Document {
	s.T.Helper()
	p, err := s.Manager.Post(fmt.Sprintf("/p/1/deals/%d/%s", deal, action), apptest.Form(pairs...))
	return s.Page(p, err, status)
}

// rowOption returns the value of the choice that begins with words.
func rowOption(doc *goquery.Document, words string) (value string) {
	apptest.TestID(doc, "close-row").Find("option").Each(func(_ int, o *goquery.Selection) {
		if strings.HasPrefix(o.Text(), words) {
			value = o.AttrOr("value", "")
		}
	})
	return value
}

// A row and then the rest of a deal are closed from its tab with a reason; the deal then counts as covered. A growth of the deal is open
// again, and so is what a person returns.
func TestRemainderIsClosedFromTheTab(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AddWaitingDeals(1)
	deal := s.Deal(1)
	s.SetRows(deal, apptest.ProductRow("Аудит", 10, 100), apptest.ProductRow("Выезд", 2, 500))
	doc, action, f := s.DealTab(deal)
	f.Set("type", "paper-company")
	f.Set(apptest.QuantityFields(doc)[0], "6")
	f.Del(strings.Replace(apptest.QuantityFields(doc)[1], "quantity", "pick", 1))
	p, err := s.Manager.Post(action, f)
	tab := s.Page(p, err, http.StatusOK)
	act := tab.Find(`section#acts a[href*="/acts/"]`).First().AttrOr("href", "")

	audit := rowOption(tab, "Аудит, 4")
	if audit == "" {
		t.Fatalf("the tab offers to close %q", apptest.TestID(tab, "close-row").Text())
	}
	tab = remainderForm(s, deal, "close", http.StatusUnprocessableEntity, "row", audit, "reason", " ")
	if text := apptest.TestID(tab, "fault-reason").Text(); !strings.Contains(text, "почему акт не нужен") || tab.Find(`[data-testid=close-row] option[selected]`).AttrOr("value", "") != audit {
		t.Errorf("without a reason: %q", text)
	}
	remainderForm(s, deal, "close", http.StatusUnprocessableEntity, "row", audit, "reason", strings.Repeat("я", 501))
	tab = remainderForm(s, deal, "close", http.StatusOK, "row", audit, "reason", "Остаток часов сгорел")
	text := apptest.PlainSpaces(apptest.TestID(tab, "remainder").Text())
	if want := "«Аудит», 4 шт: Остаток часов сгорел ("; !strings.Contains(text, want) || !strings.Contains(text, s.Today().Format("02.01.2006")) {
		t.Errorf("the tab shows %q; want %q with the day", text, want)
	}
	remainderForm(s, deal, "close", http.StatusConflict, "row", audit, "reason", "ещё раз")
	if n := rowsIn(dealsWithoutActs(s, ""), "table.deals-without-acts"); n != 1 {
		t.Error("the deal waits for no act although a row is open")
	}
	remainderForm(s, deal, "close", http.StatusOK, "reason", "Выезд отменён")
	if n := rowsIn(dealsWithoutActs(s, ""), "table.deals-without-acts"); n != 0 {
		t.Error("the closed deal still waits for an act")
	}
	s.Await("the timeline", func() bool {
		return s.TimelineEntries("Акт по остатку позиции «Аудит», 4 шт, не нужен: Остаток часов сгорел. Отметил(а)") == 1 &&
			s.TimelineEntries("Акт по остатку сделки не нужен: Выезд отменён") == 1
	})
	for _, side := range []string{"ours", "theirs"} {
		p, err := s.Manager.Upload(act+"/files/"+side, nil, apptest.Scan)
		s.Page(p, err, http.StatusOK)
		if side == "ours" {
			s.PostAction(act+"/paper", url.Values{"channel": {"post"}}, "Акт направлен заявителю")
		}
	}
	s.Await("the deal is done", func() bool { return s.DealStage(deal) == "Услуга оказана" })

	s.SetRows(deal, apptest.ProductRow("Аудит", 13, 100), apptest.ProductRow("Выезд", 2, 500))
	tab, _, _ = s.DealTab(deal)
	if rowOption(tab, "Аудит, 3") == "" || rowOption(tab, "Выезд") != "" {
		t.Errorf("after the deal has grown the tab offers %q", apptest.TestID(tab, "close-row").Text())
	}
	tab = remainderForm(s, deal, "reopen", http.StatusOK, "row", audit)
	if rowOption(tab, "Аудит, 7") == "" {
		t.Errorf("after the row was reopened the tab offers %q", apptest.TestID(tab, "close-row").Text())
	}
	tab = remainderForm(s, deal, "reopen", http.StatusOK)
	if rowOption(tab, "Выезд, 2") == "" {
		t.Errorf("after the deal was reopened the tab offers %q", apptest.TestID(tab, "close-row").Text())
	}
	remainderForm(s, deal, "reopen", http.StatusConflict)
	remainderForm(s, deal, "reopen", http.StatusUnprocessableEntity, "row", "x")
	s.Await("the timeline", func() bool { return s.TimelineEntries("снова нужен акт") == 2 })
}
