package app_test

import (
	"net/http"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// The item of an act shows the sums and units of the act. The portal stores two decimals of a price and computes
// another sum of the rows (122.06 × 100 instead of 12 206.10); this does not count as a person's change.
func TestSumsAndUnitsOfTheCard(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	s.setRows(deal,
		bitrix24test.Fields{"productName": "Работа", "quantity": 100.0, "price": 122.06, "priceExclusive": 100.05, "taxRate": 22.0, "taxIncluded": "N", "measureCode": 356.0},
		bitrix24test.Fields{"productName": "Услуга без единицы", "quantity": 3.0, "price": 33.33, "taxRate": 22.0, "taxIncluded": "Y", "measureCode": 0.0})
	_, action, f := s.tab(deal)
	p, err := s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	s.await("the card", func() bool { return len(s.portal.Items(s.itemType())) == 1 && s.count("tasks WHERE NOT dead") == 0 })
	item := s.portal.Items(s.itemType())[0]
	if item["opportunity"] != 12306.09 || item["isManualOpportunity"] != "Y" || item["taxValue"] != 2219.13 {
		t.Errorf("the card is of %v, %v by hand, tax %v", item["opportunity"], item["isManualOpportunity"], item["taxValue"])
	}
	rows := s.portal.Rows(s.itemType(), int64(item["id"].(float64)))
	if len(rows) != 2 || rows[0]["measureCode"] != 356.0 || rows[1]["measureCode"] != 0.0 {
		t.Errorf("units of the card: %v", rows)
	}
	s.must(s.portal.Change(s.portal.Manager(), s.itemType(), int64(item["id"].(float64)), fields{"assignedById": s.portal.Admin()}))
	s.await("the change of the responsible", func() bool { return s.count("act_events WHERE kind = 'responsible'") == 1 })
	if n := s.count("act_events WHERE kind = 'put_back'"); n != 0 {
		t.Errorf("%d times the portal's rounding was taken for a person's change", n)
	}
}
