package prices

import (
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestFill(t *testing.T) {
	for name, tt := range map[string]struct {
		digits int32
		in     php.Fields
		want   php.Fields
	}{
		"crm-item-productrow-add.md: each price is calculated from the rounded one before it": {2,
			php.Fields{"price": 80000, "taxRate": 20, "taxIncluded": "Y", "discountTypeId": 2, "discountRate": 20},
			php.Fields{"priceExclusive": 66666.67, "priceNetto": 83333.34, "priceBrutto": 100000.01, "discountSum": 16666.67}},
		"crm-item-productrow-list.md": {2,
			php.Fields{"price": 90000, "taxRate": 10, "taxIncluded": "Y", "discountTypeId": 2, "discountRate": 10},
			php.Fields{"priceExclusive": 81818.18, "priceNetto": 90909.09, "priceBrutto": 100000.0, "discountSum": 9090.91}},
		"crm-lead-productrows-get.md: tax on top, more than two decimals": {8,
			php.Fields{"priceExclusive": 19799.4, "taxRate": 12, "taxIncluded": "N", "discountTypeId": 2, "discountRate": 40},
			php.Fields{"price": 22175.328, "priceNetto": 32999.0, "priceBrutto": 36958.88, "discountSum": 13199.6}},
		"crm-deal-productrows-get.md: no tax": {2,
			php.Fields{"price": 899.1, "discountTypeId": 2, "discountRate": 10},
			php.Fields{"priceExclusive": 899.1, "priceNetto": 999.0, "priceBrutto": 999.0, "discountSum": 99.9, "taxRate": nil}},
		"two decimals are kept": {2, php.Fields{"price": 326.42004, "taxRate": 22, "taxIncluded": "Y"},
			php.Fields{"price": 326.42, "priceExclusive": 267.56, "priceBrutto": 326.42}},
		"eight decimals are kept": {8, php.Fields{"price": 326.42, "taxRate": 22, "taxIncluded": "Y"},
			php.Fields{"price": 326.42, "priceExclusive": 267.55737705, "priceBrutto": 326.42}},
		"an absolute discount is without tax": {2,
			php.Fields{"price": 122, "taxRate": 22, "taxIncluded": "Y", "discountTypeId": 1, "discountSum": 10},
			php.Fields{"priceExclusive": 100.0, "priceNetto": 110.0, "priceBrutto": 134.2, "discountSum": 10.0, "discountRate": 9.09}},
		"a discount of 100 %": {2,
			php.Fields{"price": 0, "taxRate": 22, "taxIncluded": "Y", "discountTypeId": 2, "discountRate": 100, "discountSum": 50},
			php.Fields{"price": 0.0, "priceExclusive": 0.0, "priceNetto": 50.0, "priceBrutto": 61.0, "discountSum": 50.0}},
		"a discount as a row of its own": {2, php.Fields{"price": -1000, "taxRate": 22, "taxIncluded": "Y"},
			php.Fields{"price": -1000.0, "priceExclusive": -819.67, "priceNetto": -819.67, "discountSum": 0.0}},
		"free of charge": {2, php.Fields{"price": 0, "taxRate": 0}, php.Fields{"price": 0.0, "priceExclusive": 0.0, "taxRate": 0.0}},
	} {
		t.Run(name, func(t *testing.T) {
			out := php.Fields{}
			Fill(out, tt.in, tt.digits)
			for column, want := range tt.want {
				if out[column] != want {
					t.Errorf("%s = %v, want %v", column, out[column], want)
				}
			}
		})
	}
}
