package acts

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// ProductRow is a product row of a CRM deal with our own marks and the quantities that acts cover.
type ProductRow struct {
	ID       RowID // our key; the CRM assigns new ids whenever the rows of a deal are written
	CRM      int64 // id in the CRM; of a lost row the last known one
	Gone     bool  // the row is no longer in the deal; it is kept for its acts and marks
	Family   RowID // common key of rows that were once equal: excess taken by acts from one row counts for the others
	Separate bool  // the row is lost, and a person has decided that no row of the deal continues it
	Product  int64 // id in the product catalogue, 0 for a row typed by hand
	Sort     int
	Name     string
	Quantity decimal.Decimal
	Price    decimal.Decimal // roubles for one unit, after the discount, tax included
	NetPrice decimal.Decimal // the same without tax; the base of the calculation when OnTop is set
	OnTop    bool            // «НДС сверху»: tax is calculated from the sum without tax
	Rate     Rate
	Unit     Unit
	Kind     LineKind
	Discount Kopecks // part of the deal's discount rows that falls on the whole row, tax included
	NoSpread bool    // a discount row that cannot be spread over other rows

	NeedsAct  bool            // the stored mark «нужен акт»
	InActs    decimal.Decimal // quantity in acts that count
	ActTotals Totals          // sums in acts that count
	Closed    decimal.Decimal // quantity that needs no act, because a person closed the remainder
	Closing   Closing         // of Closed
}

// Closing is why the remainder of a deal or a row needs no act, who decided it and when.
type Closing struct {
	Reason, By string
	At         time.Time
}

// Unit is a unit of measure with its ОКЕИ code and name.
type Unit struct {
	Code string `json:"code,omitempty"` // ОКЕИ, "796"
	Name string `json:"name,omitempty"` // «шт»
}

// RowIdentity identifies a row when its CRM id is lost.
type RowIdentity string

// Identity returns everything by which people distinguish rows, except the quantity.
func (r ProductRow) Identity() RowIdentity {
	price, side := r.Price, "in"
	if r.OnTop {
		price, side = r.NetPrice, "top"
	}
	return RowIdentity(strings.Join([]string{decimal.NewFromInt(r.Product).String(), r.Name, price.String(), side, string(r.Rate),
		r.Unit.Code, r.Unit.Name}, "\n"))
}

// IsDiscount reports whether the row reduces the sum of the deal. No document can carry such a row.
func (r ProductRow) IsDiscount() bool {
	price := r.Price
	if r.OnTop {
		price = r.NetPrice
	}
	return price.Sign()*r.Quantity.Sign() < 0 && r.full(r.Quantity, r.Rate).Gross < 0
}

// Remainder returns the quantity that no act covers yet and nobody has closed, never below zero.
func (r ProductRow) Remainder() decimal.Decimal {
	left := r.Quantity.Sub(r.InActs).Sub(r.Closed)
	if left.IsNegative() || r.IsDiscount() {
		return decimal.Zero
	}
	return left
}

// Covered reports whether nothing of the row is left for an act.
func (r ProductRow) Covered() bool { return !r.NeedsAct || !r.Remainder().IsPositive() }

// Totals returns the sums of the whole row at its own rate after the deal's discounts.
func (r ProductRow) Totals() Totals { return r.sums(r.Quantity, r.Rate) }

// full returns the sums of a quantity at a rate as the CRM calculates them. With tax included, gross is price
// × quantity and tax is extracted from it. With tax on top, net is the price without tax × quantity, tax is
// net × rate, and gross is their sum.
func (r ProductRow) full(quantity decimal.Decimal, rate Rate) Totals {
	if !r.OnTop {
		return rate.Split(Round(r.Price.Mul(quantity)))
	}
	net := r.NetPrice.Mul(quantity)
	sums := Totals{Net: Round(net), Tax: Round(net.Mul(rate.Percent()).Shift(-2))}
	sums.Gross = sums.Net + sums.Tax
	return sums
}

// sums returns the sums of full reduced by the part of the row's discount that is proportional to the quantity.
func (r ProductRow) sums(quantity decimal.Decimal, rate Rate) Totals {
	full := r.full(quantity, rate)
	if r.Discount == 0 {
		return full
	}
	off := r.Discount
	if !quantity.Equal(r.Quantity) {
		off = Round(r.Discount.Decimal().Mul(quantity).DivRound(r.Quantity, 12))
	}
	return rate.Split(full.Gross - off)
}

// Part returns the sums of a part of the row at a rate. While the row equals what its acts were made of, the last
// part takes the remaining kopecks and earlier parts never take more than is left, so all parts add up to the
// row. When the price has changed since, or tax is on top at another rate, the part is calculated independently.
func (r ProductRow) Part(quantity decimal.Decimal, rate Rate) Totals {
	part, acted := r.sums(quantity, rate), r.sums(r.InActs, rate)
	left := r.Totals().Minus(r.ActTotals)
	sameRate := rate == r.Rate && nearlyEqual(acted.Tax, r.ActTotals.Tax) && left.Net >= 0 && left.Tax >= 0
	if !nearlyEqual(acted.Gross, r.ActTotals.Gross) || left.Gross < 0 || r.OnTop && !sameRate {
		return part
	}
	gross := min(part.Gross, left.Gross)
	if quantity.Equal(r.Quantity.Sub(r.InActs)) {
		gross = left.Gross
	}
	switch {
	case !sameRate:
		return rate.Split(gross)
	case gross == left.Gross:
		return left
	case gross != part.Gross:
		part = rate.Split(gross)
	}
	tax := max(min(part.Tax, left.Tax), gross-left.Net)
	return Totals{Net: gross - tax, Tax: tax, Gross: gross}
}

// Line returns an act line for a part of the row at a rate. Its price is the price of the row; with tax on
// top or with a discount it is the price that gives the sum.
func (r ProductRow) Line(quantity decimal.Decimal, rate Rate) Line {
	l := Line{Row: r.ID, Name: r.Name, Kind: r.Kind, Unit: r.Unit, Quantity: quantity, Price: r.Price, Rate: rate}
	if quantity.IsPositive() {
		l.Totals = r.Part(quantity, rate)
	}
	if r.OnTop || r.Discount != 0 {
		l.Price = UnitPrice(l.Gross, quantity)
	}
	return l
}

// InRoubles returns the row of a deal in another currency with its prices in roubles. Quantities of
// earlier acts are dropped, because acts at other exchange rates do not add up with it.
func (r ProductRow) InRoubles(exchangeRate decimal.Decimal) ProductRow {
	if exchangeRate.Equal(decimal.NewFromInt(1)) {
		return r
	}
	r.Price, r.NetPrice, r.Discount = r.Price.Mul(exchangeRate), r.NetPrice.Mul(exchangeRate), Round(r.Discount.Decimal().Mul(exchangeRate))
	r.InActs, r.ActTotals = decimal.Zero, Totals{}
	return r
}

// roundingSlack is the largest difference that rounding of partial acts explains; a larger one means another price or rate.
const roundingSlack Kopecks = 10

func nearlyEqual(a, b Kopecks) bool { return max(a-b, b-a) <= roundingSlack }

// Uncovered returns the gross sum of rows that need an act and are not covered yet, in the currency of their deal. Acts are in roubles: for a deal
// in another currency their sums do not count, only their quantities.
func Uncovered(rows []ProductRow, inRoubles bool) Kopecks {
	var sum Kopecks
	for _, r := range rows {
		if r.Covered() {
			continue
		}
		left, remainder := r.Totals().Gross-r.ActTotals.Gross, r.sums(r.Remainder(), r.Rate).Gross
		switch {
		case !inRoubles:
			left = remainder
		case r.Closed.IsPositive():
			left = min(left, remainder)
		}
		sum += max(left, 0)
	}
	return sum
}

// AllCovered reports whether every row that needs an act is covered; a deal without rows is.
func AllCovered(rows []ProductRow) bool {
	return !slices.ContainsFunc(rows, func(r ProductRow) bool { return !r.Covered() })
}

// SumRows adds up the rows of a deal after its discounts.
func SumRows(rows []ProductRow) Totals {
	var total Totals
	for _, r := range rows {
		if r.IsDiscount() && !r.NoSpread { // its amount is already subtracted from the other rows
			continue
		}
		total = total.Plus(r.Totals())
	}
	return total
}
