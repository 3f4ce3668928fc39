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
// it. Closed remainders follow their rows (carryClosed). lost are the kept rows that the deal has lost since the last
// reading.
func MatchRows(kept, read []ProductRow) (rows, lost []ProductRow) {
	byID := make(map[int64]ProductRow, len(kept))
	for _, k := range kept {
		byID[k.CRM] = k
	}
	rows = slices.Clone(read)
	here := map[int64]bool{}
	for i, r := range rows {
		rows[i].ID, rows[i].Family = byID[r.CRM].ID, byID[r.CRM].Family
		here[r.CRM] = true
	}
	without := map[RowIdentity][]ProductRow{}
	for _, k := range byLikelihood(kept) {
		if !here[k.CRM] && !k.Separate {
			without[k.Identity()] = append(without[k.Identity()], k)
		}
	}
	pair := func(equal func(k, r ProductRow) bool) {
		for i, r := range rows {
			candidates := without[r.Identity()]
			n := slices.IndexFunc(candidates, func(k ProductRow) bool { return equal(k, r) })
			if r.ID == 0 && n >= 0 {
				rows[i].ID, rows[i].Family = candidates[n].ID, candidates[n].Family
				without[r.Identity()] = slices.Delete(candidates, n, n+1)
			}
		}
	}
	pair(func(k, r ProductRow) bool { return k.Quantity.Equal(r.Quantity) })
	pair(func(_, _ ProductRow) bool { return true })
	for i, r := range rows {
		n := slices.IndexFunc(kept, func(k ProductRow) bool { return !k.Separate && k.Identity() == r.Identity() })
		if r.ID == 0 && n >= 0 {
			rows[i].Family = kept[n].Family
		}
	}
	return rows, carryClosed(kept, rows)
}

// carryClosed gives the rows the closed remainders of the kept rows that they continue, at most what the deal still has
// of them: a row that grows again is open. What a row loses of its closed quantity by becoming smaller or by being
// removed goes to other rows of its family, as far as some of them are new or have become larger, so that a row that
// was split into two and two rows that were joined into one stay closed; it is taken from the lost row. A removed row
// that is written again is closed as before only as far as the deal has more of its family.
func carryClosed(kept, rows []ProductRow) (lost []ProductRow) {
	after := slices.Clone(rows)
	for i, r := range after {
		if n := rowByID(kept, r.ID); n >= 0 {
			after[i].InActs, after[i].ActTotals, after[i].Closed = kept[n].InActs, kept[n].ActTotals, decimal.Min(kept[n].Closed, r.Quantity)
		}
	}
	for _, k := range kept {
		if rowByID(rows, k.ID) >= 0 {
			continue
		}
		if !k.Gone {
			lost = append(lost, k)
		}
		k.Gone = true
		after = append(after, k)
	}
	settled, _ := Settle(after)               // begins with rows, in their order
	restorable := map[RowID]decimal.Decimal{} // by family: what the deal has more of it than at the last reading
	for _, r := range rows {
		restorable[r.Family] = restorable[r.Family].Add(r.Quantity)
	}
	for _, k := range kept {
		if !k.Gone {
			restorable[k.Family] = restorable[k.Family].Sub(k.Quantity)
		}
	}
	grown := map[RowID]decimal.Decimal{}     // by family: the quantity of its new rows, and what the others have more
	left := make([]ProductRow, 0, len(rows)) // what the continued rows lose
	for i, r := range rows {
		more := r.Quantity
		if n := rowByID(kept, r.ID); n >= 0 {
			k := kept[n]
			rows[i].Closing = k.Closing
			if k.Gone { // it was removed, and is written again
				k.Closed = decimal.Max(decimal.Min(k.Closed, restorable[k.Family]), decimal.Zero)
				restorable[k.Family] = restorable[k.Family].Sub(k.Closed)
			} else {
				more = r.Quantity.Sub(k.Quantity)
			}
			rows[i].Closed = decimal.Max(decimal.Min(k.Closed, r.Quantity.Sub(settled[i].InActs)), decimal.Zero)
			k.Closed = k.Closed.Sub(rows[i].Closed)
			left = append(left, k)
		}
		grown[r.Family] = grown[r.Family].Add(decimal.Max(more, decimal.Zero))
	}
	give := func(from *ProductRow) {
		for i := range rows {
			to := &rows[i]
			moved := decimal.Min(from.Closed, grown[to.Family], to.Quantity.Sub(settled[i].InActs).Sub(to.Closed))
			if !moved.IsPositive() || from.Family != to.Family {
				continue
			}
			if to.Closed.IsZero() {
				to.Closing = from.Closing
			}
			from.Closed, to.Closed, grown[to.Family] = from.Closed.Sub(moved), to.Closed.Add(moved), grown[to.Family].Sub(moved)
		}
	}
	for i := range left {
		give(&left[i])
	}
	for i := range lost {
		if give(&lost[i]); lost[i].Closed.IsZero() {
			lost[i].Closing = Closing{}
		}
	}
	return lost
}

// rowByID returns the index of the row with a key, -1 when there is none.
func rowByID(rows []ProductRow, id RowID) int {
	return slices.IndexFunc(rows, func(r ProductRow) bool { return id != 0 && r.ID == id })
}

// byLikelihood sorts kept rows by how likely a new row continues them: rows that the deal still had at the
// last reading, then rows with acts, then the rest; within each group by their position in the deal.
func byLikelihood(rows []ProductRow) []ProductRow {
	return slices.SortedStableFunc(slices.Values(rows), func(a, b ProductRow) int {
		return cmp.Or(order(a.Gone, b.Gone), order(a.InActs.IsZero(), b.InActs.IsZero()), cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID))
	})
}

// order compares booleans, false before true.
func order(a, b bool) int { return cmp.Compare(rankOf[a], rankOf[b]) }

var rankOf = map[bool]int{true: 1}

// Settle splits the kept rows of a deal into rows that it still has and lost rows from which acts have taken
// quantities. It spreads discount rows over the others. What acts have taken beyond a row's quantity, or from
// a lost row, is moved to rows of the same family that have quantity left, first to what is not closed, so a row
// split into two, or two rows joined into one, stay covered.
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
	for _, open := range []bool{true, false} {
		for i := range rows {
			room := rows[i].Quantity
			if open {
				room = room.Sub(rows[i].Closed)
			}
			for j := range rows {
				if i != j {
					moveExcess(&rows[j], &rows[i], rows[j].InActs.Sub(rows[j].Quantity), room)
				}
			}
			for j := range lost {
				moveExcess(&lost[j], &rows[i], lost[j].InActs, room)
			}
		}
	}
	lost = slices.DeleteFunc(lost, func(r ProductRow) bool { return !r.InActs.IsPositive() })
	return rows, lost
}

// Excess returns the quantity that acts have taken of the settled rows of a deal beyond what the deal has.
func Excess(rows, lost []ProductRow) (sum decimal.Decimal) {
	for _, r := range rows {
		sum = sum.Add(decimal.Max(r.InActs.Sub(r.Quantity), decimal.Zero))
	}
	for _, r := range lost {
		sum = sum.Add(r.InActs)
	}
	return sum
}

// moveExcess moves as much of the excess of one row as fits to another row of its family, which takes most in all,
// with the corresponding part of the sums.
func moveExcess(from, to *ProductRow, excess, most decimal.Decimal) {
	room := most.Sub(to.InActs)
	excess = decimal.Min(excess, from.InActs) // a row with a negative quantity has none in acts
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
	if !slices.ContainsFunc(rows, ProductRow.IsDiscount) {
		return
	}
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
