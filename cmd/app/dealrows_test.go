package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// rowsAnew writes the rows of a deal unchanged: all of them get new ids, as after an exchange with 1С.
func (s *site) rowsAnew(deal int64) {
	s.t.Helper()
	s.setRows(deal, s.portal.Rows(bitrix24test.Deal, deal)...)
}

// setRows replaces the rows of a deal by others with new ids, and waits until the program has read them.
func (s *site) setRows(deal int64, rows ...bitrix24test.Fields) {
	s.t.Helper()
	for _, r := range rows {
		delete(r, "id")
	}
	s.portal.SetRowFields(s.portal.Manager(), bitrix24test.Deal, deal, rows)
	s.quiet()
	s.sql(`UPDATE deals SET read_at = read_at - interval '1 hour' WHERE read_at > 'epoch'`) // so that the tab reads the deal again
}

// productRow returns a row for writing, with a price that includes 22 % of tax.
func productRow(name string, quantity, price float64) bitrix24test.Fields {
	return bitrix24test.Fields{"productName": name, "quantity": quantity, "price": price, "taxRate": 22.0, "taxIncluded": "Y", "measureCode": 796.0}
}

// faultAt returns the fault at a field of the form.
func faultAt(doc *goquery.Document, field string) string {
	return strings.TrimSpace(testid(doc, "fault-"+field).Text())
}

// The rows of a deal are written again under new ids after its act: nothing is offered a second time, and the
// signed act completes the deal.
func TestRowsWrittenAgainStayCovered(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	tab := s.send(deal)
	s.await("the document in SBIS", func() bool { return s.inCabinet(tab) })
	s.rowsAnew(deal)
	doc, _, _ := s.tab(deal)
	if testid(doc, "nothing-left").Length() != 1 {
		t.Fatal("works that are in an act are offered again")
	}
	s.do(s.lastDocument().ID, sbistest.SignByUs)
	s.do(s.lastDocument().ID, sbistest.SignByCounterparty)
	s.await("the signed act finishes its deal", func() bool { return s.stage(deal) == "Услуга оказана" })
}

// A refused act can be corrected although the rows of its deal were written again meanwhile.
func TestRefusedActIsCorrectedAfterRowsWereWrittenAgain(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	act := s.formPaper(deal, "company")
	s.sql(`UPDATE acts SET status = 'refused', number = 'К-1'`)
	s.rowsAnew(deal)
	p, err := s.manager.Post(act+"/correct", form("key", "7e5a5a0e-5b0b-4c55-9f8e-0f6c4a2b8f00", "cause", "mistake"))
	s.page(p, err, http.StatusOK)
	if n := s.count(`act_lines l JOIN acts a ON a.id = l.act_id AND a.portal_id = l.portal_id WHERE a.corrects IS NOT NULL`); n != 3 {
		t.Errorf("the corrected act has %d lines, want all 3", n)
	}
}

// A discount in a separate row is subtracted from the other rows: 10,000 and −1,000 give an act of 9,000 everywhere.
func TestDiscountRow(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	s.setRows(deal, productRow("Услуга", 1, 10000), productRow("Скидка", 1, -1000))
	doc, action, f := s.tab(deal)
	if text := plainSpaces(doc.Find(".products").Text()); !strings.Contains(text, "скидка по сделке −1 000,00 ₽, с ней 9 000,00 ₽ за всё") {
		t.Errorf("the form does not show the discount: %s", text)
	}
	f.Set("send", "1")
	p, err := s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	tab := strings.TrimSuffix(action, "/acts")
	s.await("the document in SBIS", func() bool { return s.inCabinet(tab) })
	act := strings.Replace(tab, "/deals/", "/acts/", 1)
	act = act[:strings.LastIndex(act, "/")] + "/1"
	xml := s.xml(act)
	for _, want := range []string{`СтТовУчНалВсего="9000.00"`, `СтТовУчНал="9000.00"`, `ЦенаТов="7377.05"`} {
		if !strings.Contains(xml, want) {
			t.Errorf("the document lacks %s:\n%s", want, xml)
		}
	}
	if strings.Contains(xml, "Скидка") {
		t.Error("the discount is a row of the document")
	}
	s.await("the card", func() bool { return len(s.portal.Items(s.itemType())) == 1 })
	if item := s.portal.Items(s.itemType())[0]; item["opportunity"] != 9000.0 {
		t.Errorf("the card is of %v", item["opportunity"])
	}
}

// A discount that cannot be spread over other rows stops the form.
func TestDiscountThatCannotBeSpread(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	exempt := productRow("Скидка", 1, -1000)
	delete(exempt, "taxRate")
	s.setRows(deal, productRow("Услуга", 1, 10000), exempt)
	_, action, f := s.tab(deal)
	p, err := s.manager.Post(action, f)
	doc := s.page(p, err, http.StatusUnprocessableEntity)
	if text := faultAt(doc, "lines"); !strings.Contains(text, "Скидку «Скидка» нельзя распределить") {
		t.Errorf("the fault is %q", text)
	}
	if n := s.count("acts"); n != 0 {
		t.Errorf("%d acts", n)
	}
}

// «НДС сверху» is calculated from the net price, in the document as on the card of the deal.
func TestTaxOnTop(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	row := bitrix24test.Fields{"productName": "Работа", "quantity": 100.0, "price": 122.06, "priceExclusive": 100.05, "taxRate": 22.0, "taxIncluded": "N"}
	s.setRows(deal, row)
	if sum := s.portal.Item(bitrix24test.Deal, deal)["opportunity"]; sum != 12206.1 {
		t.Fatalf("the deal is of %v", sum)
	}
	tab := s.send(deal)
	s.await("the document in SBIS", func() bool { return s.inCabinet(tab) })
	xml := s.xml(tab[:strings.LastIndex(tab, "/deals/")] + "/acts/1")
	for _, want := range []string{`ЦенаТов="100.05"`, `СтТовБезНДС="10005.00"`, `<СумНал>2201.10</СумНал>`, `СтТовУчНалВсего="12206.10"`} {
		if !strings.Contains(xml, want) {
			t.Errorf("the document lacks %s:\n%s", want, xml)
		}
	}
}

// When the CRM's sum of the deal's rows differs from ours, both are shown and a person decides; the same in bulk.
func TestSumThatTheCRMCountsOtherwise(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	s.must(s.portal.Change(s.portal.Manager(), bitrix24test.Deal, deal, bitrix24test.Fields{"opportunity": 17900.01}))
	s.quiet()
	doc, action, f := s.tab(deal)
	if text := plainSpaces(testid(doc, "confirm-sum").Text()); !strings.Contains(text, "сумма 17 900,01") || !strings.Contains(text, "выходит 17 800,00") {
		t.Fatalf("the form requires %q", text)
	}
	p, err := s.manager.Post(action, f)
	doc = s.page(p, err, http.StatusUnprocessableEntity)
	token, _ := testid(doc, "confirm-sum-agree").Attr("value")
	_, f = formOf(doc)
	f.Set("confirm", token)
	p, err = s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	if n := s.count("acts WHERE gross = 1780000"); n != 1 {
		t.Errorf("%d acts of the rows' sum", n)
	}
}

// Acts that exceed the sum of the deal must be confirmed by a person.
func TestActsAboveTheDeal(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	s.setRows(deal, productRow("Этап", 2, 1000))
	_, action, f := s.tab(deal)
	for name := range f {
		if strings.HasPrefix(name, "quantity-") {
			f.Set(name, "1")
		}
	}
	p, err := s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	rows := s.portal.Rows(bitrix24test.Deal, deal)
	rows[0]["price"] = 400.0
	s.portal.SetRows(s.portal.Manager(), bitrix24test.Deal, deal, []bitrix24test.Row{{ID: int64(rows[0]["id"].(float64)), Name: "Этап", Price: 400, Quantity: 2, TaxRate: percent(22), TaxIncluded: true}})
	s.quiet()
	_, action, f = s.tab(deal)
	p, err = s.manager.Post(action, f)
	doc := s.page(p, err, http.StatusUnprocessableEntity)
	if text := plainSpaces(testid(doc, "confirm-excess").Text()); !strings.Contains(text, "актов на 1 400,00 ₽, а сумма сделки 800,00") {
		t.Fatalf("the form requires %q", text)
	}
	token, _ := testid(doc, "confirm-excess-agree").Attr("value")
	_, f = formOf(doc)
	f.Set("confirm", token)
	p, err = s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	if n := s.count("acts"); n != 2 {
		t.Errorf("%d acts", n)
	}
}

// A row written again at another price may be the one that is in acts: a person decides before an act is formed.
func TestLostRowIsDecidedByAPerson(t *testing.T) {
	t.Parallel()
	for name, same := range map[string]bool{"it is the same": true, "it is another one": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, 1)
			deal := s.deal(1)
			s.setRows(deal, productRow("Этап", 1, 1000), productRow("Выезд", 1, 50))
			s.formPaper(deal, "company")
			s.setRows(deal, productRow("Этап", 1, 1200), productRow("Выезд", 1, 50), productRow("Доставка", 1, 70))
			_, action, f := s.tab(deal)
			p, err := s.manager.Post(action, f)
			doc := s.page(p, err, http.StatusUnprocessableEntity)
			if text := faultAt(doc, "rows"); !strings.Contains(text, "записаны заново") {
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
			_, f = formOf(doc)
			f.Set("continue", value)
			p, err = s.manager.Post(where, f)
			doc = s.page(p, err, http.StatusOK)
			_, f = formOf(doc)
			f.Set("type", "paper-company")
			if !same {
				f.Add("confirm", "excess:232000:132000") // 1,050 in the first act, all of 1,320 now without «Выезд»
			}
			p, err = s.manager.Post(action, f)
			s.page(p, err, http.StatusOK)
			if want := map[bool]string{true: "gross = 7000", false: "gross = 127000"}[same]; s.count("acts WHERE "+want) != 1 {
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
			s := start(t, 1)
			deal := s.deal(1)
			s.portal.SetRows(s.portal.Manager(), bitrix24test.Deal, deal, []bitrix24test.Row{
				{Name: "Этап", Price: 100, Quantity: 2, TaxRate: percent(22), TaxIncluded: true}})
			s.quiet()
			act := s.formPaper(deal, "company")
			row := s.portal.Rows(bitrix24test.Deal, deal)[0]
			s.portal.SetRows(s.portal.Manager(), bitrix24test.Deal, deal, []bitrix24test.Row{
				{ID: int64(row["id"].(float64)), Name: "Этап 1", Price: 180, Quantity: 2, TaxRate: percent(22), TaxIncluded: true},
				{Name: "Выезд", Price: 5, Quantity: 1, TaxRate: percent(22), TaxIncluded: true}})
			s.quiet()
			p, err := s.manager.Post(act+"/number", url.Values{})
			doc := s.page(p, err, http.StatusConflict)
			news := plainSpaces(testid(doc, "deal-changed").Text())
			for _, want := range []string{"название: «Этап» → «Этап 1»", "цена: 100,00 ₽ → 180,00 ₽", "Добавлена позиция: «Выезд», 1 шт по 5,00 ₽"} {
				if !strings.Contains(news, want) {
					t.Errorf("the page does not show %q: %s", want, news)
				}
			}
			if n := s.count("acts WHERE number <> ''"); n != 0 {
				t.Error("a number was taken")
			}
			tab, _, _ := s.tab(deal)
			if text := plainSpaces(testid(tab, "changed-1").Text()); !strings.Contains(text, "100,00 ₽ → 180,00 ₽") {
				t.Errorf("the tab shows %q", text)
			}
			p, err = s.manager.Post(act+"/"+tt.way, url.Values{})
			doc = s.page(p, err, http.StatusOK)
			if testid(doc, "deal-changed").Length() != 0 {
				t.Error("the difference is still shown")
			}
			p, err = s.manager.Post(act+"/number", url.Values{})
			s.page(p, err, http.StatusOK)
			if n := s.count("acts WHERE number <> '' AND " + tt.gross); n != 1 {
				t.Errorf("no numbered act with %s", tt.gross)
			}
		})
	}
}
