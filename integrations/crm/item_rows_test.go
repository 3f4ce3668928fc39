package crm_test

import (
	"fmt"
	"net/http"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// formLongAct gives a deal so many rows with VAT and forms an act of all of them.
func formLongAct(s *apptest.Site, deal int64, rows int) {
	s.T.Helper()
	rate, list := 22.0, make([]bitrix24test.Row, rows)
	for i := range list {
		list[i] = bitrix24test.Row{Name: fmt.Sprint("Работа ", i+1), Price: 122, Quantity: 1, TaxRate: &rate, TaxIncluded: true}
	}
	s.Portal.SetRows(0, bitrix24test.Deal, deal, list)
	s.FormPaperAct(deal, "company")
}

// itemRows returns the rows of the only item, nil while there is not exactly one.
func itemRows(s *apptest.Site) []bitrix24test.Fields {
	items := s.Portal.Items(s.ItemType())
	if len(items) != 1 {
		return nil
	}
	return s.Portal.Rows(s.ItemType(), int64(items[0]["id"].(float64)))
}

// Rows that do not fit into a command of a batch are written by a separate call after their item; a lost call
// is repeated, and there is one item.
func TestLongActHasAllItsRowsInTheCRM(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.RemoveLimits()
	for _, kind := range []string{bitrix24test.FaultReset, bitrix24test.FaultCut} {
		s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "crm.item.productrow.set", Kind: kind, Count: 1}))
	}
	formLongAct(s, s.Deal(1), 300)
	s.Await("the rows are confirmed", func() bool { return s.Count(`acts WHERE item_base ? '=rows'`) == 1 && s.Count(`tasks`) == 0 })
	if rows := itemRows(s); len(rows) != 300 || rows[299]["productName"] != "Работа 300" {
		t.Errorf("%d rows in the CRM, want 300 with «Работа 300» last", len(rows))
	}
	for _, l := range s.Portal.Trace().Lines() {
		if l.Method == "crm.item.productrow.set" && l.Batch {
			t.Error("the rows were written in a batch, want a separate call")
		}
	}
}

// The program stops between writing the item and its rows: the item is marked as incomplete, and the next instance writes the rows.
func TestStopBetweenTheItemAndItsRows(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.RemoveLimits()
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "crm.item.productrow.set", Kind: bitrix24test.FaultDown}))
	formLongAct(s, s.Deal(1), 300)
	s.Await("the item without its rows", func() bool {
		return s.Count(`acts WHERE item_id <> 0`) == 1 && s.Count(`tasks WHERE kind = 'crm.rows'`) == 1
	})
	s.Stop()
	if n := s.Count(`acts WHERE NOT item_base ? '=rows'`); n != 1 || len(itemRows(s)) != 0 {
		t.Fatalf("%d acts are marked as incomplete, %d rows; want one and none", n, len(itemRows(s)))
	}
	s.Portal.ClearFaults()
	s.StartBeside(0)
	s.Await("the rows are confirmed", func() bool { return s.Count(`acts WHERE item_base ? '=rows'`) == 1 && s.Count(`tasks`) == 0 })
	if rows := itemRows(s); len(rows) != 300 {
		t.Errorf("%d rows in the CRM, want 300", len(rows))
	}
}

// When the portal refuses the rows, the item stays and the task ends with the portal's message; a person can repeat it.
func TestRowsThatThePortalRefuses(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.RemoveLimits()
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "crm.item.productrow.set", Kind: bitrix24test.FaultRefuse, Code: "100", Text: "Недопустимая позиция"}))
	formLongAct(s, s.Deal(1), 300)
	s.Await("the end of the task with the portal's message", func() bool {
		return s.Count(`tasks WHERE kind = 'crm.rows' AND dead AND problem LIKE '%Недопустимая позиция%'`) == 1
	})
	if n := s.Count(`acts WHERE item_id <> 0 AND NOT item_base ? '=rows'`); n != 1 || len(s.Portal.Items(s.ItemType())) != 1 {
		t.Errorf("%d acts are marked as incomplete, %d items; want one of each", n, len(s.Portal.Items(s.ItemType())))
	}
	s.Portal.ClearFaults()
	admin := s.AdminAtMenu()
	p, err := admin.Get("/p/1/state")
	repeat, _ := s.Page(p, err, http.StatusOK).Find(`form[action$="/repeat"]`).Attr("action")
	p, err = admin.Post(repeat, nil)
	s.Page(p, err, http.StatusOK)
	s.Await("the rows", func() bool { return len(itemRows(s)) == 300 })
}

// Edited lines are written to the rows of the item.
func TestEditedLinesReachTheItem(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(1), "company")
	s.Await("the rows", func() bool { return len(itemRows(s)) == 3 })
	p, err := s.Manager.Get(act + "/edit")
	doc := s.Page(p, err, http.StatusOK)
	_, form := apptest.ActForm(doc)
	form.Set(apptest.QuantityFields(doc)[1], "1")
	p, err = s.Manager.Post(act+"/edit", form)
	s.Page(p, err, http.StatusOK)
	s.Await("the edited quantity of the second row", func() bool {
		rows := itemRows(s)
		return len(rows) == 3 && fmt.Sprint(rows[1]["quantity"]) == "1"
	})
}
