package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// longDeal gives a deal n rows with VAT and forms an act of all of them.
func (s *site) longDeal(deal int64, rows int) {
	s.t.Helper()
	rate, list := 22.0, make([]bitrix24test.Row, rows)
	for i := range list {
		list[i] = bitrix24test.Row{Name: fmt.Sprint("Работа ", i+1), Price: 122, Quantity: 1, TaxRate: &rate, TaxIncluded: true}
	}
	s.portal.SetRows(0, bitrix24test.Deal, deal, list)
	s.formPaper(deal, "company")
}

// itemRows returns the rows of the only item.
func (s *site) itemRows() []bitrix24test.Fields {
	items := s.portal.Items(s.itemType())
	if len(items) != 1 {
		return nil
	}
	return s.portal.Rows(s.itemType(), int64(items[0]["id"].(float64)))
}

// Rows that do not fit into a command of a batch are written by a separate call after their item; a lost call
// is repeated, and there is one item.
func TestALongActHasAllItsRowsInTheCRM(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.boundless()
	for _, kind := range []string{bitrix24test.Reset, bitrix24test.Cut} {
		s.must(s.portal.Fault(bitrix24test.Fault{Method: "crm.item.productrow.set", Kind: kind, Count: 1}))
	}
	s.longDeal(s.deal(1), 300)
	s.await("the rows are confirmed", func() bool { return s.count(`acts WHERE item_base ? '=rows'`) == 1 && s.count(`tasks`) == 0 })
	if rows := s.itemRows(); len(rows) != 300 || rows[299]["productName"] != "Работа 300" {
		t.Errorf("%d rows in the CRM", len(rows))
	}
	for _, l := range s.portal.Trace().Lines() {
		if l.Method == "crm.item.productrow.set" && l.Batch {
			t.Error("the rows travelled in a batch")
		}
	}
}

// The program dies between writing the item and its rows: the item is marked as incomplete, and the next
// instance writes the rows.
func TestADeathBetweenTheItemAndItsRows(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.boundless()
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "crm.item.productrow.set", Kind: bitrix24test.Down}))
	s.longDeal(s.deal(1), 300)
	s.await("the item without its rows", func() bool {
		return s.count(`acts WHERE item_id <> 0`) == 1 && s.count(`tasks WHERE kind = 'crm.rows'`) == 1
	})
	s.stop()
	if n := s.count(`acts WHERE NOT item_base ? '=rows'`); n != 1 || len(s.itemRows()) != 0 {
		t.Fatalf("%d acts are marked, %d rows", n, len(s.itemRows()))
	}
	s.portal.ClearFaults()
	s.beside(0)
	s.await("the rows are confirmed", func() bool { return s.count(`acts WHERE item_base ? '=rows'`) == 1 && s.count(`tasks`) == 0 })
	if rows := s.itemRows(); len(rows) != 300 {
		t.Errorf("%d rows in the CRM", len(rows))
	}
}

// When the portal refuses the rows, the item stays and the task ends with the portal's message; a person can repeat it.
func TestRowsThatThePortalRefuses(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.boundless()
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "crm.item.productrow.set", Kind: bitrix24test.Refuse, Code: "100", Text: "Недопустимая позиция"}))
	s.longDeal(s.deal(1), 300)
	s.await("it ends", func() bool {
		return s.count(`tasks WHERE kind = 'crm.rows' AND dead AND problem LIKE '%Недопустимая позиция%'`) == 1
	})
	if n := s.count(`acts WHERE item_id <> 0 AND NOT item_base ? '=rows'`); n != 1 || len(s.portal.Items(s.itemType())) != 1 {
		t.Errorf("%d acts are marked, %d items", n, len(s.portal.Items(s.itemType())))
	}
	s.portal.ClearFaults()
	admin := s.admin()
	opened, err := admin.Open("LEFT_MENU", "/placement/menu", 0)
	s.page(opened, err, http.StatusOK)
	p, err := admin.Get("/p/1/state")
	repeat, _ := s.page(p, err, http.StatusOK).Find(`form[action$="/repeat"]`).Attr("action")
	p, err = admin.Post(repeat, nil)
	s.page(p, err, http.StatusOK)
	s.await("the rows", func() bool { return len(s.itemRows()) == 300 })
}

// Edited lines are written to the rows of the item.
func TestEditedLinesReachTheItem(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.formPaper(s.deal(1), "company")
	s.await("the rows", func() bool { return len(s.itemRows()) == 3 })
	p, err := s.manager.Get(act + "/edit")
	doc := s.page(p, err, http.StatusOK)
	_, form := formOf(doc)
	form.Set(quantities(doc)[1], "1")
	p, err = s.manager.Post(act+"/edit", form)
	s.page(p, err, http.StatusOK)
	s.await("the rows follow", func() bool {
		rows := s.itemRows()
		return len(rows) == 3 && strings.HasPrefix(fmt.Sprint(rows[1]["quantity"]), "1")
	})
}
