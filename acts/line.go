package acts

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// Line is a row of an act.
type Line struct {
	N        int
	Row      RowID // deal row, 0 for a free line
	Name     string
	Kind     LineKind
	Unit     Unit
	Quantity decimal.Decimal
	Price    decimal.Decimal // roubles for one unit, tax included
	Rate     Rate
	Totals
}

// Sum adds up the lines. The totals of an act are sums of rounded lines.
func Sum(lines []Line) Totals {
	var total Totals
	for _, l := range lines {
		total = total.Plus(l.Totals)
	}
	return total
}

// Covered reports whether a deal needs no further act: all rows that need one are covered. A deal without
// rows is covered by any act that counts, or when a person has closed it.
func Covered(rows []ProductRow, all []Act, closed bool) bool {
	if len(rows) > 0 {
		return AllCovered(rows)
	}
	return closed || slices.ContainsFunc(all, Act.CountsTowardDeal)
}

// UnitPrice returns the price of one unit that gives sum to the kopeck when multiplied by quantity, with the
// fewest decimals possible: from 2 to 11, the most that УПД 5.03 accepts.
func UnitPrice(sum Kopecks, quantity decimal.Decimal) decimal.Decimal {
	if !quantity.IsPositive() {
		return decimal.Zero
	}
	for places := int32(2); ; places++ {
		if price := sum.Decimal().DivRound(quantity, places); places == 11 || Round(price.Mul(quantity)) == sum {
			return price
		}
	}
}

// UnitPrice returns the price of one unit with tax, with as few decimals as give the sum of the line.
func (l Line) UnitPrice() decimal.Decimal {
	if !l.Quantity.IsPositive() {
		return l.Price
	}
	return UnitPrice(l.Gross, l.Quantity)
}

// PriceText formats a price with all its decimals, at least two.
func PriceText(price decimal.Decimal) string {
	if price.Equal(price.Truncate(2)) {
		return price.StringFixed(2)
	}
	return price.String()
}

// LineKind is the kind of a row: ПрТовРаб of УПД 5.03 distinguishes goods, works and services.
type LineKind string

// The kinds of rows.
const (
	KindUnknown LineKind = "" // not known; the document omits ПрТовРаб
	KindGoods   LineKind = "goods"
	KindWork    LineKind = "work"
	KindService LineKind = "service"
)

// LineKinds lists the kinds that users can choose.
var LineKinds = []LineKind{KindGoods, KindWork, KindService}

var lineKindLabels = map[LineKind]string{KindUnknown: "не указано", KindGoods: "товар", KindWork: "работа", KindService: "услуга"}

// Label returns the kind as users read it.
func (k LineKind) Label() string { return lineKindLabels[k] }

// Known reports whether the kind exists; an empty one does.
func (k LineKind) Known() bool { return lineKindLabels[k] != "" }

// LineField returns the name of a line's form field: "quantity-17" for a deal row, "free-price-2" for a free line.
func LineField(what string, l Line) string {
	if l.Row == 0 {
		return fmt.Sprintf("free-%s-%d", what, l.N)
	}
	return fmt.Sprintf("%s-%d", what, l.Row)
}
