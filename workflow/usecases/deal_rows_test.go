package usecases_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// rewriteRows writes the rows of a deal unchanged: all of them get new ids, as after an exchange with 1С.
func rewriteRows(s *apptest.Site, deal int64) {
	s.T.Helper()
	s.SetRows(deal, s.Portal.Rows(bitrix24test.Deal, deal)...)
}

// The rows of a deal are written again under new ids after its act: nothing is offered a second time, and the
// signed act completes the deal.
func TestRowsWrittenAgainStayCovered(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	tab := s.HandOver(deal)
	s.Await("the document in SBIS", func() bool { return s.WaitsForOurSignature(tab) })
	rewriteRows(s, deal)
	doc, _, _ := s.DealTab(deal)
	if apptest.TestID(doc, "nothing-left").Length() != 1 {
		t.Fatal("works that are in an act are offered again")
	}
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByCounterparty)
	s.Await("the signed act finishes its deal", func() bool { return s.DealStage(deal) == "Услуга оказана" })
}

// A refused act can be corrected although the rows of its deal were written again meanwhile.
func TestRefusedActIsCorrectedAfterRowsWereWrittenAgain(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	act := s.FormPaperAct(deal, "company")
	s.Exec(`UPDATE acts SET status = 'refused', number = 'К-1'`)
	rewriteRows(s, deal)
	p, err := s.Manager.Post(act+"/correct", apptest.Form("key", "7e5a5a0e-5b0b-4c55-9f8e-0f6c4a2b8f00", "cause", "mistake"))
	s.Page(p, err, http.StatusOK)
	if n := s.Count(`act_lines l JOIN acts a ON a.id = l.act_id AND a.portal_id = l.portal_id WHERE a.corrects IS NOT NULL`); n != 3 {
		t.Errorf("the corrected act has %d lines, want all 3", n)
	}
}

// A discount in a separate row is subtracted from the other rows: 10,000 and −1,000 give an act of 9,000 everywhere.
func TestDiscountRow(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.SetRows(deal, apptest.ProductRow("Услуга", 1, 10000), apptest.ProductRow("Скидка", 1, -1000))
	doc, action, f := s.DealTab(deal)
	if text := apptest.PlainSpaces(doc.Find(".products").Text()); !strings.Contains(text, "скидка по сделке −1 000,00 ₽, с ней 9 000,00 ₽ за всё") {
		t.Errorf("the form does not show the discount: %s", text)
	}
	f.Set("send", "1")
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	tab := strings.TrimSuffix(action, "/acts")
	s.Await("the document in SBIS", func() bool { return s.WaitsForOurSignature(tab) })
	act := strings.Replace(tab, "/deals/", "/acts/", 1)
	act = act[:strings.LastIndex(act, "/")] + "/1"
	xml := s.XML(act)
	for _, want := range []string{`СтТовУчНалВсего="9000.00"`, `СтТовУчНал="9000.00"`, `ЦенаТов="7377.05"`} {
		if !strings.Contains(xml, want) {
			t.Errorf("the document lacks %s:\n%s", want, xml)
		}
	}
	if strings.Contains(xml, "Скидка") {
		t.Error("the discount is a row of the document")
	}
	if item := s.Item(); item["opportunity"] != 9000.0 {
		t.Errorf("the card is of %v", item["opportunity"])
	}
}

// A discount that cannot be spread over other rows stops the form.
func TestDiscountThatCannotBeSpread(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	exempt := apptest.ProductRow("Скидка", 1, -1000)
	delete(exempt, "taxRate")
	s.SetRows(deal, apptest.ProductRow("Услуга", 1, 10000), exempt)
	_, action, f := s.DealTab(deal)
	p, err := s.Manager.Post(action, f)
	doc := s.Page(p, err, http.StatusUnprocessableEntity)
	if text := apptest.FaultAt(doc, "lines"); !strings.Contains(text, "Скидку «Скидка» нельзя распределить") {
		t.Errorf("the fault is %q", text)
	}
	if n := s.Count("acts"); n != 0 {
		t.Errorf("%d acts", n)
	}
}

// «НДС сверху» is calculated from the net price, in the document as on the card of the deal.
func TestTaxOnTop(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	row := bitrix24test.Fields{"productName": "Работа", "quantity": 100.0, "price": 122.06, "priceExclusive": 100.05, "taxRate": 22.0, "taxIncluded": "N"}
	s.SetRows(deal, row)
	if sum := s.Portal.Item(bitrix24test.Deal, deal)["opportunity"]; sum != 12206.1 {
		t.Fatalf("the deal is of %v", sum)
	}
	tab := s.HandOver(deal)
	s.Await("the document in SBIS", func() bool { return s.WaitsForOurSignature(tab) })
	xml := s.XML(tab[:strings.LastIndex(tab, "/deals/")] + "/acts/1")
	for _, want := range []string{`ЦенаТов="100.05"`, `СтТовБезНДС="10005.00"`, `<СумНал>2201.10</СумНал>`, `СтТовУчНалВсего="12206.10"`} {
		if !strings.Contains(xml, want) {
			t.Errorf("the document lacks %s:\n%s", want, xml)
		}
	}
}

// When the CRM's sum of the deal's rows differs from ours, both are shown and a person decides; the same in bulk.
func TestSumThatTheCRMCountsOtherwise(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.Must(s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, deal, bitrix24test.Fields{"opportunity": 17900.01}))
	s.AwaitQuiet()
	doc, action, f := s.DealTab(deal)
	if text := apptest.PlainSpaces(apptest.TestID(doc, "confirm-sum").Text()); !strings.Contains(text, "сумма 17 900,01") || !strings.Contains(text, "выходит 17 800,00") {
		t.Fatalf("the form requires %q", text)
	}
	p, err := s.Manager.Post(action, f)
	doc = s.Page(p, err, http.StatusUnprocessableEntity)
	token, _ := apptest.TestID(doc, "confirm-sum-agree").Attr("value")
	_, f = apptest.ActForm(doc)
	f.Set("confirm", token)
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	if n := s.Count("acts WHERE gross = 1780000"); n != 1 {
		t.Errorf("%d acts of the rows' sum", n)
	}
}

// Acts that exceed the sum of the deal must be confirmed by a person.
func TestActsAboveTheDeal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.SetRows(deal, apptest.ProductRow("Этап", 2, 1000))
	_, action, f := s.DealTab(deal)
	for name := range f {
		if strings.HasPrefix(name, "quantity-") {
			f.Set(name, "1")
		}
	}
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	rows := s.Portal.Rows(bitrix24test.Deal, deal)
	rows[0]["price"] = 400.0
	s.Portal.SetRows(s.Portal.Manager(), bitrix24test.Deal, deal, []bitrix24test.Row{{ID: int64(rows[0]["id"].(float64)), Name: "Этап", Price: 400, Quantity: 2, TaxRate: apptest.Percent(22), TaxIncluded: true}})
	s.AwaitQuiet()
	_, action, f = s.DealTab(deal)
	p, err = s.Manager.Post(action, f)
	doc := s.Page(p, err, http.StatusUnprocessableEntity)
	if text := apptest.PlainSpaces(apptest.TestID(doc, "confirm-excess").Text()); !strings.Contains(text, "актов на 1 400,00 ₽, а сумма сделки 800,00") {
		t.Fatalf("the form requires %q", text)
	}
	token, _ := apptest.TestID(doc, "confirm-excess-agree").Attr("value")
	_, f = apptest.ActForm(doc)
	f.Set("confirm", token)
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	if n := s.Count("acts"); n != 2 {
		t.Errorf("%d acts", n)
	}
}

// A row written again at another price may be the one that is in acts: a person decides before an act is formed.
func TestLostRowIsDecidedByAPerson(t *testing.T) {
	t.Parallel()
	for name, same := range map[string]bool{"it is the same": true, "it is another one": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1)
			deal := s.Deal(1)
			s.SetRows(deal, apptest.ProductRow("Этап", 1, 1000), apptest.ProductRow("Выезд", 1, 50))
			s.FormPaperAct(deal, "company")
			s.SetRows(deal, apptest.ProductRow("Этап", 1, 1200), apptest.ProductRow("Выезд", 1, 50), apptest.ProductRow("Доставка", 1, 70))
			_, action, f := s.DealTab(deal)
			p, err := s.Manager.Post(action, f)
			doc := s.Page(p, err, http.StatusUnprocessableEntity)
			if text := apptest.FaultAt(doc, "rows"); !strings.Contains(text, "записаны заново") {
				t.Fatalf("the fault is %q", text)
			}
			choices := doc.Find(`button[name="continue"]`)
			if choices.Length() != 2 {
				t.Fatalf("%d choices", choices.Length())
			}
			choice := choices.Last()
			if same {
				choice = choices.First()
			}
			value, _ := choice.Attr("value")
			where, _ := choice.Attr("formaction")
			_, f = apptest.ActForm(doc)
			f.Set("continue", value)
			p, err = s.Manager.Post(where, f)
			doc = s.Page(p, err, http.StatusOK)
			_, f = apptest.ActForm(doc)
			f.Set("type", "paper-company")
			if !same {
				f.Add("confirm", "excess:232000:132000") // 1,050 in the first act, all of 1,320 now without «Выезд»
			}
			p, err = s.Manager.Post(action, f)
			s.Page(p, err, http.StatusOK)
			if want := map[bool]string{true: "gross = 7000", false: "gross = 127000"}[same]; s.Count("acts WHERE "+want) != 1 {
				t.Errorf("no second act with %s", want)
			}
		})
	}
}

// When a deal is changed after its act, each difference is listed and the act gets no number until a person
// has decided, on paper as well.
func TestDealChangedAfterItsAct(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		way   string
		gross string
	}{
		"the act is updated":        {"renew", "gross = 36000"},
		"the act is kept unchanged": {"keep", "gross = 20000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1)
			deal := s.Deal(1)
			s.Portal.SetRows(s.Portal.Manager(), bitrix24test.Deal, deal, []bitrix24test.Row{
				{Name: "Этап", Price: 100, Quantity: 2, TaxRate: apptest.Percent(22), TaxIncluded: true}})
			s.AwaitQuiet()
			act := s.FormPaperAct(deal, "company")
			row := s.Portal.Rows(bitrix24test.Deal, deal)[0]
			s.Portal.SetRows(s.Portal.Manager(), bitrix24test.Deal, deal, []bitrix24test.Row{
				{ID: int64(row["id"].(float64)), Name: "Этап 1", Price: 180, Quantity: 2, TaxRate: apptest.Percent(22), TaxIncluded: true},
				{Name: "Выезд", Price: 5, Quantity: 1, TaxRate: apptest.Percent(22), TaxIncluded: true}})
			s.AwaitQuiet()
			p, err := s.Manager.Post(act+"/number", url.Values{})
			doc := s.Page(p, err, http.StatusConflict)
			news := apptest.PlainSpaces(apptest.TestID(doc, "deal-changed").Text())
			for _, want := range []string{"название: «Этап» → «Этап 1»", "цена: 100,00 ₽ → 180,00 ₽", "Добавлена позиция: «Выезд», 1 шт по 5,00 ₽"} {
				if !strings.Contains(news, want) {
					t.Errorf("the page does not show %q: %s", want, news)
				}
			}
			if n := s.Count("acts WHERE number <> ''"); n != 0 {
				t.Error("a number was taken")
			}
			tab, _, _ := s.DealTab(deal)
			if text := apptest.PlainSpaces(apptest.TestID(tab, "changed-1").Text()); !strings.Contains(text, "100,00 ₽ → 180,00 ₽") {
				t.Errorf("the tab shows %q", text)
			}
			p, err = s.Manager.Post(act+"/"+tt.way, url.Values{})
			doc = s.Page(p, err, http.StatusOK)
			if apptest.TestID(doc, "deal-changed").Length() != 0 {
				t.Error("the difference is still shown")
			}
			p, err = s.Manager.Post(act+"/number", url.Values{})
			s.Page(p, err, http.StatusOK)
			if n := s.Count("acts WHERE number <> '' AND " + tt.gross); n != 1 {
				t.Errorf("no numbered act with %s", tt.gross)
			}
		})
	}
}
