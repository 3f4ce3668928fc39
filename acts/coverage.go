package acts

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// MatchRows finds for each row read from the CRM the kept (stored) row that it continues and returns the read rows
// with the keys of the kept ones. A row whose CRM id still exists is the same row, whatever else has changed. Kept
// rows whose ids are gone are paired with new rows that are equal in everything but the quantity, each once, rows of
// equal quantity first. A row without a pair is new and has no key; it gets the family of a kept row that is equal to
// it. A closed remainder is no larger than what the deal still has of its row, so a row that grows again is open.
//
// crm.item.productrow.set, and with it every exchange with 1С, replaces all rows of a deal and gives them new
// ids even when nothing has changed
// (apidocs.bitrix24.ru/api-reference/crm/universal/product-rows/crm-item-productrow-set.html). Matching by id
// alone would lose the quantities that acts have taken.
func MatchRows(kept, read []ProductRow) []ProductRow {
	byID := make(map[int64]ProductRow, len(kept))
	for _, k := range kept {
		byID[k.CRM] = k
	}
	matched := slices.Clone(read)
	here := map[int64]bool{}
	for i, r := range matched {
		matched[i].ID, matched[i].Family = byID[r.CRM].ID, byID[r.CRM].Family
		here[r.CRM] = true
	}
	lost := map[RowIdentity][]ProductRow{}
	for _, k := range byLikelihood(kept) {
		if !here[k.CRM] && !k.Separate {
			lost[k.Identity()] = append(lost[k.Identity()], k)
		}
	}
	pair := func(equal func(lost, r ProductRow) bool) {
		for i, r := range matched {
			candidates := lost[r.Identity()]
			n := slices.IndexFunc(candidates, func(k ProductRow) bool { return equal(k, r) })
			if r.ID == 0 && n >= 0 {
				matched[i].ID, matched[i].Family = candidates[n].ID, candidates[n].Family
				lost[r.Identity()] = slices.Delete(candidates, n, n+1)
			}
		}
	}
	pair(func(k, r ProductRow) bool { return k.Quantity.Equal(r.Quantity) })
	pair(func(_, _ ProductRow) bool { return true })
	for i, r := range matched {
		n := slices.IndexFunc(kept, func(k ProductRow) bool { return !k.Separate && k.Identity() == r.Identity() })
		if r.ID == 0 && n >= 0 {
			matched[i].Family = kept[n].Family
		}
	}
	for i, r := range matched {
		if n := slices.IndexFunc(kept, func(k ProductRow) bool { return k.ID == r.ID }); r.ID != 0 {
			matched[i].Closing = kept[n].Closing
			matched[i].Closed = decimal.Max(decimal.Min(kept[n].Closed, r.Quantity.Sub(kept[n].InActs)), decimal.Zero)
		}
	}
	return matched
}

// byLikelihood sorts kept rows by how likely a new row continues them: rows that the deal still had at the
// last reading, then rows with acts, then the rest; within each group by their position in the deal.
func byLikelihood(rows []ProductRow) []ProductRow {
	return slices.SortedStableFunc(slices.Values(rows), func(a, b ProductRow) int {
		return cmp.Or(order(a.Gone, b.Gone), order(a.InActs.IsZero(), b.InActs.IsZero()), cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID))
	})
}

// order compares booleans, false before true.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// Settle splits the kept rows of a deal into rows that it still has and lost rows from which acts have taken
// quantities. It spreads discount rows over the others. What acts have taken beyond a row's quantity, or from
// a lost row, is moved to rows of the same family that have quantity left, so a row split into two, or two
// rows joined into one, stay covered.
func Settle(kept []ProductRow) (rows, lost []ProductRow) {
	for _, k := range kept {
		if k.Gone {
			lost = append(lost, k)
		} else {
			k.Discount, k.NoSpread = 0, false
			rows = append(rows, k)
		}
	}
	spreadDiscounts(rows)
	for i := range rows {
		for j := range rows {
			if i != j {
				moveExcess(&rows[j], &rows[i], rows[j].InActs.Sub(rows[j].Quantity))
			}
		}
		for j := range lost {
			moveExcess(&lost[j], &rows[i], lost[j].InActs)
		}
	}
	lost = slices.DeleteFunc(lost, func(r ProductRow) bool { return !r.InActs.IsPositive() })
	return rows, lost
}

// moveExcess moves as much of the excess of one row as fits to another row of its family, with the
// corresponding part of the sums.
func moveExcess(from, to *ProductRow, excess decimal.Decimal) {
	room := to.Quantity.Sub(to.InActs)
	if !excess.IsPositive() || !room.IsPositive() || from.Family != to.Family || from.Separate {
		return
	}
	moved := decimal.Min(excess, room)
	sums := share(from.ActTotals, moved, from.InActs)
	from.InActs, from.ActTotals = from.InActs.Sub(moved), from.ActTotals.Minus(sums)
	to.InActs, to.ActTotals = to.InActs.Add(moved), to.ActTotals.Plus(sums)
}

// share returns the part of sums that belongs to quantity out of whole.
func share(t Totals, quantity, whole decimal.Decimal) Totals {
	if quantity.Equal(whole) {
		return t
	}
	part := func(k Kopecks) Kopecks { return Round(k.Decimal().Mul(quantity).DivRound(whole, 12)) }
	out := Totals{Gross: part(t.Gross), Tax: part(t.Tax)}
	out.Net = out.Gross - out.Tax
	return out
}

// spreadDiscounts distributes the discount rows of a deal over its other rows of the same rate, in proportion
// to their sums and exact to the kopeck: a document cannot carry a row below zero (КолТов > 0, ЦенаТов and
// СтТовУчНал >= 0 in the schema of УПД 5.03). A discount without other rows of its rate, or one that would
// reduce them to zero or less, is marked NoSpread.
func spreadDiscounts(rows []ProductRow) {
	type group struct{ off, sum Kopecks }
	groups := map[Rate]group{}
	for _, r := range rows {
		g, gross := groups[r.Rate], r.full(r.Quantity, r.Rate).Gross
		if gross < 0 {
			g.off -= gross
		} else {
			g.sum += gross
		}
		groups[r.Rate] = g
	}
	before := map[Rate]Kopecks{} // sum of the rows of the rate already handled
	for i, r := range rows {
		g, gross := groups[r.Rate], r.full(r.Quantity, r.Rate).Gross
		switch {
		case g.off == 0:
		case gross < 0:
			rows[i].NoSpread = g.off >= g.sum
		case g.off < g.sum:
			rows[i].Discount = portion(g.off, before[r.Rate]+gross, g.sum) - portion(g.off, before[r.Rate], g.sum)
			before[r.Rate] += gross
		}
	}
}

// portion returns the share of sum that belongs to part out of whole. The portions of running totals differ
// by amounts that add up exactly to sum.
func portion(sum, part, whole Kopecks) Kopecks {
	return Round(sum.Decimal().Mul(part.Decimal()).DivRound(whole.Decimal(), 12))
}

// Successors lists the rows that may continue a lost row: rows of the same product or the same name that no
// act uses yet. A person confirms the choice even when there is only one.
func Successors(lost ProductRow, rows []ProductRow) []ProductRow {
	if lost.Separate {
		return nil
	}
	var found []ProductRow
	for _, r := range rows {
		same := lost.Product != 0 && lost.Product == r.Product || lost.Name == r.Name
		if same && r.InActs.IsZero() && !r.IsDiscount() {
			found = append(found, r)
		}
	}
	return found
}
