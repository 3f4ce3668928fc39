package acts

import (
	"slices"

	"github.com/shopspring/decimal"
)

// ProductRow is a row of a deal as the CRM has it, with our own marks.
type ProductRow struct {
	ID        RowID
	Sort      int
	Name      string
	Quantity  decimal.Decimal
	Price     decimal.Decimal // roubles for one unit, discount taken off, tax inside
	Rate      Rate
	Unit      Unit
	NeedsAct  bool            // the stored mark «нужен акт»
	InActs    decimal.Decimal // quantity in acts that count
	ActTotals Totals          // sums in acts that count
	Closed    bool            // the remainder is closed with a reason
}

// Unit is a unit of measure: ОКЕИ code and name travel together.
type Unit struct {
	Code string `json:"code,omitempty"` // ОКЕИ, "796"
	Name string `json:"name,omitempty"` // «шт»
}

// Remainder is the quantity that no act covers yet, never below zero.
func (r ProductRow) Remainder() decimal.Decimal {
	left := r.Quantity.Sub(r.InActs)
	if left.IsNegative() || r.Closed {
		return decimal.Zero
	}
	return left
}

// Covered reports whether nothing of the row is left to put into an act.
func (r ProductRow) Covered() bool { return !r.NeedsAct || r.Closed || !r.Remainder().IsPositive() }

// Totals are the sums of the whole row: gross is rounded once, tax is taken out of it.
func (r ProductRow) Totals() Totals { return r.Rate.Split(Round(r.Price.Mul(r.Quantity))) }

// Part returns the sums of a part of the row. The last part takes the row's remaining kopecks,
// so that the parts always add up to the row; the parts before it leave it enough to take.
func (r ProductRow) Part(quantity decimal.Decimal, rate Rate) Totals {
	left := r.Totals().Minus(r.ActTotals)
	gross := min(Round(r.Price.Mul(quantity)), left.Gross)
	if quantity.Equal(r.Quantity.Sub(r.InActs)) {
		gross = left.Gross
	}
	part := rate.Split(max(gross, 0))
	if r.taxedAt(rate) && left.Net >= 0 && left.Tax >= 0 {
		part.Tax = max(min(part.Tax, left.Tax), part.Gross-left.Net)
		part.Net = part.Gross - part.Tax
	}
	return part
}

// roundingSlack is more tax than rounding of partial acts leaves over; what differs more had another rate.
const roundingSlack Kopecks = 10

// taxedAt reports whether the row and all its acts so far are of this rate. If not (20 % before the
// new year, 22 % after), each act is taxed by itself: the row's remaining tax would be no rate at all.
func (r ProductRow) taxedAt(rate Rate) bool {
	off := rate.Split(r.ActTotals.Gross).Tax - r.ActTotals.Tax
	return rate == r.Rate && max(off, -off) <= roundingSlack
}

// Line is a row of an act.
type Line struct {
	N        int
	Row      RowID // 0 for a free line of a deal without rows
	Name     string
	Unit     Unit
	Quantity decimal.Decimal
	Price    decimal.Decimal // roubles for one unit, tax inside
	Rate     Rate
	Totals
}

// NetPrice is the price of one unit without tax, as the document shows it: net / quantity with at most 11 decimals.
func (l Line) NetPrice() decimal.Decimal {
	if l.Quantity.IsZero() {
		return decimal.Zero
	}
	return l.Net.Decimal().DivRound(l.Quantity, 11)
}

// Sum adds up the lines; totals of an act are sums of rounded rows.
func Sum(lines []Line) Totals {
	var total Totals
	for _, l := range lines {
		total = total.Plus(l.Totals)
	}
	return total
}

// Uncovered is the sum of what the marked rows still owe an act.
func Uncovered(rows []ProductRow) Kopecks {
	var sum Kopecks
	for _, r := range rows {
		if !r.Covered() {
			sum += max(r.Totals().Gross-r.ActTotals.Gross, 0)
		}
	}
	return sum
}

// AllCovered reports whether every marked row is covered; a deal without rows is covered by any act.
func AllCovered(rows []ProductRow) bool {
	for _, r := range rows {
		if !r.Covered() {
			return false
		}
	}
	return true
}

// Covered reports whether a deal waits for no further act: every marked row is covered, or it has no rows and any act, or a person
// said that it needs none.
func Covered(rows []ProductRow, all []Act, closed bool) bool {
	if len(rows) > 0 {
		return AllCovered(rows)
	}
	return closed || slices.ContainsFunc(all, Act.Counts)
}
