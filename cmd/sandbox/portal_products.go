package main

import (
	"strconv"

	"acts24/integrations/bitrix24/bitrix24test"
)

// portalProduct is a product row in the card.
type portalProduct struct {
	ID                                            int64
	Name, Price, Quantity, Measure, Discount, VAT string
	RawPrice, RawQuantity                         string
	Sum                                           string
}

// products shows the rows and their sum.
func (c *portalCard) products(rows []bitrix24test.Fields) {
	total := 0.0
	for _, r := range rows {
		price, n := numberOf(r, "price"), numberOf(r, "quantity")
		p := portalProduct{
			ID: idOf(r, "id"), Name: textOf(r, "productName"), Price: rubles(price), Quantity: quantity(n),
			Measure: textOf(r, "measureName"), VAT: "без НДС", Sum: rubles(price * n),
			RawPrice: strconv.FormatFloat(price, 'f', -1, 64), RawQuantity: strconv.FormatFloat(n, 'f', -1, 64),
		}
		if _, taxed := r["taxRate"].(float64); taxed {
			p.VAT = textOf(r, "taxRate") + " %"
		}
		if d := numberOf(r, "discountSum"); d > 0 {
			p.Discount = rubles(d)
		}
		total += price * n
		c.Rows = append(c.Rows, p)
	}
	c.Total = rubles(total)
}
