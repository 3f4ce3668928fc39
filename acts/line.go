package acts

import "github.com/shopspring/decimal"

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
// so that the parts always add up to the row.
func (r ProductRow) Part(quantity decimal.Decimal, rate Rate) Totals {
	whole := r.Totals()
	left := whole.Minus(r.ActTotals)
	if quantity.Equal(r.Quantity.Sub(r.InActs)) {
		if rate == r.Rate && left.Net >= 0 && left.Tax >= 0 {
			return left
		}
		return rate.Split(max(left.Gross, 0))
	}
	return rate.Split(min(Round(r.Price.Mul(quantity)), max(left.Gross, 0)))
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
			sum += r.Totals().Gross - r.ActTotals.Gross
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
