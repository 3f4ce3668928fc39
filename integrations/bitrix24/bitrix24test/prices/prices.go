// Package prices calculates the price columns and totals of product rows like Bitrix24.
package prices

import (
	"github.com/shopspring/decimal"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// The kinds of discount of a product row.
const (
	DiscountAbsolute = 1
	DiscountPercent  = 2
)

var hundred = decimal.NewFromInt(100)

// Amount converts a number exactly; other values are 0.
func Amount(v any) decimal.Decimal {
	d, err := decimal.NewFromString(php.Text(v))
	if err != nil {
		return decimal.Zero
	}
	return d
}

// Fill calculates the price columns of a row with a number of digits: price includes discount and tax, exclusive only the discount, netto
// neither, brutto only the tax. Each is rounded and calculated from the previous rounded one, as in the sample of
// apidocs.bitrix24.ru/api-reference/crm/universal/product-rows/crm-item-productrow-add.html: 80000 with 20 % of discount and of
// tax gives 66666.67, 83333.34 and 100000.01.
func Fill(out, f php.Fields, digits int32) {
	rate := Amount(f["taxRate"])
	out["taxRate"] = nil
	if _, ok := php.Number(f["taxRate"]); ok && f["taxRate"] != "" {
		out["taxRate"] = rate.InexactFloat64()
	}
	factor := hundred.Add(rate)
	price, exclusive := Amount(f["price"]).Round(digits), Amount(f["priceExclusive"]).Round(digits)
	_, named := php.Number(f["price"])
	switch _, net := php.Number(f["priceExclusive"]); {
	case net && !named:
		price = exclusive.Mul(factor).DivRound(hundred, digits)
	case !net:
		exclusive = price.Mul(hundred).DivRound(factor, digits)
	}
	netto, kind, percent := discounted(f, exclusive, digits)
	brutto := price
	if !netto.Equal(exclusive) {
		brutto = netto.Mul(factor).DivRound(hundred, digits)
	}
	out["discountTypeId"], out["discountRate"] = float64(kind), percent.InexactFloat64()
	for name, d := range map[string]decimal.Decimal{
		"price": price, "priceAccount": price, "priceExclusive": exclusive, "priceNetto": netto, "priceBrutto": brutto,
		"discountSum": netto.Sub(exclusive),
	} {
		out[name] = d.InexactFloat64()
	}
}

// discounted returns the price before the discount, which is a percentage or an amount without tax. A discount of 100 % needs its sum,
// because the price does not determine it.
func discounted(f php.Fields, exclusive decimal.Decimal, digits int32) (netto decimal.Decimal, kind int, percent decimal.Decimal) {
	sum := Amount(f["discountSum"]).Round(digits)
	if php.Integer(f["discountTypeId"]) == DiscountAbsolute {
		if netto = exclusive.Add(sum); !netto.IsZero() {
			percent = sum.Mul(hundred).DivRound(netto, 2)
		}
		return netto, DiscountAbsolute, percent
	}
	percent = Amount(f["discountRate"])
	if left := hundred.Sub(percent); left.IsPositive() {
		sum = exclusive.Mul(percent).DivRound(left, digits)
	}
	return exclusive.Add(sum), DiscountPercent, percent
}

// rowSums calculates a row like the portal. With the tax in the price the sum is price × quantity and contains the tax; with the tax on top
// the net sum and the tax are rounded separately and added.
func rowSums(r php.Fields) (sum, tax decimal.Decimal) {
	quantity, rate := Amount(r["quantity"]), Amount(r["taxRate"])
	if php.Truth(r["taxIncluded"]) {
		gross := Amount(r["price"]).Mul(quantity)
		return gross.Round(2), gross.Mul(rate).DivRound(hundred.Add(rate), 2)
	}
	net := Amount(r["priceExclusive"]).Mul(quantity)
	tax = net.Mul(rate).DivRound(hundred, 2)
	return net.Round(2).Add(tax), tax
}

// OfRow returns the sum of a product row with tax.
func OfRow(r php.Fields) float64 {
	sum, _ := rowSums(r)
	return sum.InexactFloat64()
}

// OfRows returns the sum of product rows with tax.
func OfRows(rows []php.Fields) float64 {
	sum, _ := totals(rows)
	return sum.InexactFloat64()
}

// totals returns the sum of rows with tax, and the tax.
func totals(rows []php.Fields) (sum, tax decimal.Decimal) {
	for _, r := range rows {
		s, t := rowSums(r)
		sum, tax = sum.Add(s), tax.Add(t)
	}
	return sum, tax
}

// WriteTotals writes the totals of the rows to the owner's fields, unless its sum is entered manually
// (apidocs.bitrix24.ru/api-reference/crm/universal/crm-item-add.html: isManualOpportunity).
func WriteTotals(owner php.Fields, rows []php.Fields) {
	if owner["isManualOpportunity"] == "Y" {
		return
	}
	sum, tax := totals(rows)
	owner["opportunity"], owner["taxValue"] = sum.InexactFloat64(), tax.InexactFloat64()
}
