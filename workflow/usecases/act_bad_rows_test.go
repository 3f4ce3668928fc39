package usecases_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// Deal rows that no document can carry give a fault at their field, and no act is formed. After the person
// has corrected what can be corrected in the form, an act is formed.
func TestBadRowsOfADeal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	row := func(name string, price, quantity, rate float64) fields {
		return fields{"productName": name, "price": price, "quantity": quantity, "taxRate": rate, "taxIncluded": "Y"}
	}
	for name, tt := range map[string]struct {
		deal           int
		row            fields
		field, message string // of the fault; "" where the row is not offered at all
		mend           string // the correction that makes an act possible, "" for none; for a row that is not offered, the sum of the act without it
	}{
		"an unknown rate":                  {1, row("Чужая ставка", 120, 1, 16.67), "rate", "Ставка «НДС 16,67 %» не бывает в актах", "22"},
		"a quantity of 8 decimals":         {3, row("Дробная", 1000, 1.12345678, 22), "quantity", "шести знаков", "1,123456"},
		"a quantity of zero":               {5, row("Пустая", 1000, 0, 22), "", "", "100000"},
		"a negative quantity":              {7, row("Возврат", 300, -2, 22), "", "", "40000"},
		"a return larger than the service": {9, row("Возврат", 3000, -2, 22), "lines", "Скидку «Возврат» нельзя распределить", ""},
	} {
		deal := s.Deal(tt.deal)
		s.Portal.SetRowFields(0, bitrix24test.Deal, deal, []fields{row("Услуга", 1000, 1, 22), tt.row})
		doc, action, f := s.DealTab(deal)
		before := s.Count("acts")
		p, err := s.Manager.Post(action, f)
		if tt.field == "" {
			s.Page(p, err, http.StatusOK)
			if n := s.Count("acts WHERE gross = " + tt.mend); n != 1 {
				t.Errorf("%s: %d acts of %s kopecks", name, n, tt.mend)
			}
			continue
		}
		page := s.Page(p, err, http.StatusUnprocessableEntity)
		place, fault := "", "fault-"+tt.field
		if tt.field != "lines" {
			place = "-" + strings.TrimPrefix(apptest.QuantityFields(doc)[1], "quantity-")
		}
		if text := apptest.TestID(page, fault+place).Text(); !strings.Contains(text, tt.message) {
			t.Errorf("%s: %q", name, page.Find(".fault").Text())
		}
		if s.Count("acts") != before {
			t.Errorf("%s: an act was formed", name)
		}
		if tt.mend == "" {
			continue
		}
		f.Set(tt.field+place, tt.mend)
		p, err = s.Manager.Post(action, f)
		s.Page(p, err, http.StatusOK)
	}
}
