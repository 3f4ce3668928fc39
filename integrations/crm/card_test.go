package crm

import (
	"testing"

	"acts24/acts"
	"acts24/integrations/bitrix24"
)

func TestKindOfALine(t *testing.T) {
	for name, tt := range map[string]struct {
		row  bitrix24.ProductRow
		want acts.LineKind
	}{
		"a service of the catalog":              {bitrix24.ProductRow{ProductID: 9621, Type: 7}, acts.KindService},
		"a plain product":                       {bitrix24.ProductRow{ProductID: 9621, Type: 1}, acts.KindGoods},
		"an offer of a product":                 {bitrix24.ProductRow{ProductID: 9621, Type: 4}, acts.KindGoods},
		"a row typed by hand":                   {bitrix24.ProductRow{Type: 4}, acts.KindUnknown},
		"a row typed by hand, made a service":   {bitrix24.ProductRow{Type: 7}, acts.KindService},
		"a portal that does not send the field": {bitrix24.ProductRow{ProductID: 9621}, acts.KindUnknown},
	} {
		if got := kindOf(tt.row); got != tt.want {
			t.Errorf("kindOf %s = %q, want %q", name, got, tt.want)
		}
	}
}
