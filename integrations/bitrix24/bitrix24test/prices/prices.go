// Package prices counts the price columns and totals of product rows as the calculator of Bitrix24 does.
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

// Amount reads a number exactly as it was written; what is not a number is 0.
func Amount(v any) decimal.Decimal {
	d, err := decimal.NewFromString(php.Text(v))
	if err != nil {
		return decimal.Zero
	}
	return d
}

// Fill fills the price columns of a row, in so many digits: price has discount and tax, exclusive the discount and no tax, netto neither,
// brutto the tax only. Each one is rounded and counted from the rounded one before it, as in the sample of
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

// discounted puts the discount back on the price: a percentage of the price without it, or an amount without tax. What a
// discount of 100 % took away cannot be told from the price, so its sum has to be named.
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

// rowSums counts a row as the portal's calculator does: with the tax in the price the sum is price × quantity and the tax
// is taken out of it; with the tax on top the net sum and the tax are rounded by themselves and added.
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

// OfRow is the sum of a product row with tax.
func OfRow(r php.Fields) float64 {
	sum, _ := rowSums(r)
	return sum.InexactFloat64()
}

// OfRows is the sum of product rows with tax.
func OfRows(rows []php.Fields) float64 {
	sum, _ := totals(rows)
	return sum.InexactFloat64()
}

// totals sums rows with tax, and the tax alone.
func totals(rows []php.Fields) (sum, tax decimal.Decimal) {
	for _, r := range rows {
		s, t := rowSums(r)
		sum, tax = sum.Add(s), tax.Add(t)
	}
	return sum, tax
}

// WriteTotals writes what the rows give into the owner's fields, unless its sum is entered by hand
// (apidocs.bitrix24.ru/api-reference/crm/universal/crm-item-add.html: isManualOpportunity).
func WriteTotals(owner php.Fields, rows []php.Fields) {
	if owner["isManualOpportunity"] == "Y" {
		return
	}
	sum, tax := totals(rows)
	owner["opportunity"], owner["taxValue"] = sum.InexactFloat64(), tax.InexactFloat64()
}
