package crm_test

import (
	"net/http"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The item of an act shows the sums and units of the act. The portal stores two decimals of a price and computes
// another sum of the rows (122.06 × 100 instead of 12 206.10); this does not count as a person's change.
func TestSumsAndUnitsOfTheCard(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.SetRows(deal,
		bitrix24test.Fields{"productName": "Работа", "quantity": 100.0, "price": 122.06, "priceExclusive": 100.05, "taxRate": 22.0, "taxIncluded": "N", "measureCode": 356.0},
		bitrix24test.Fields{"productName": "Услуга без единицы", "quantity": 3.0, "price": 33.33, "taxRate": 22.0, "taxIncluded": "Y", "measureCode": 0.0})
	_, action, f := s.DealTab(deal)
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	s.Await("the card", func() bool { return len(s.Portal.Items(s.ItemType())) == 1 && s.Count("tasks WHERE NOT dead") == 0 })
	item := s.Portal.Items(s.ItemType())[0]
	if item["opportunity"] != 12306.09 || item["isManualOpportunity"] != "Y" || item["taxValue"] != 2219.13 {
		t.Errorf("the card is of %v, %v by hand, tax %v", item["opportunity"], item["isManualOpportunity"], item["taxValue"])
	}
	rows := s.Portal.Rows(s.ItemType(), int64(item["id"].(float64)))
	if len(rows) != 2 || rows[0]["measureCode"] != 356.0 || rows[1]["measureCode"] != 0.0 {
		t.Errorf("units of the card: %v", rows)
	}
	s.Must(s.Portal.Change(s.Portal.Manager(), s.ItemType(), int64(item["id"].(float64)), fields{"assignedById": s.Portal.Admin()}))
	s.Await("the change of the responsible", func() bool { return s.Count("act_events WHERE kind = 'responsible'") == 1 })
	if n := s.Count("act_events WHERE kind = 'put_back'"); n != 0 {
		t.Errorf("%d times the portal's rounding was taken for a person's change", n)
	}
}
