package upd

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"

	"acts24/acts"
)

// TestTitlesAddUpToTheDeal cuts 10,000 random deals into acts: the sums of their titles are the sums of the deal, to the kopeck.
func TestTitlesAddUpToTheDeal(t *testing.T) {
	for part := range uint64(4) {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(3, part))
			for n := range 2_500 {
				rows := randomDealRows(r)
				deal, titles := dealTotals(rows), coverWithActs(t, r, rows)
				if titles != deal {
					t.Fatalf("deal %d: the deal is %s, its titles %s", n, deal, titles)
				}
			}
		})
	}
}

// dealTotals returns the sums of the rows of a deal.
func dealTotals(rows []acts.ProductRow) acts.Totals {
	var sum acts.Totals
	for _, row := range rows {
		sum = sum.Plus(row.Totals())
	}
	return sum
}

// coverWithActs builds acts and their titles until the deal is covered, and returns the sum of the titles.
func coverWithActs(t *testing.T, r *rand.Rand, rows []acts.ProductRow) acts.Totals {
	t.Helper()
	var sum acts.Totals
	for !acts.AllCovered(rows) {
		act := withLines(validAct(), takeLines(r, rows)...)
		got, err := readSeller(mustBuild(t, act).Body)
		if err != nil || got.Totals != act.Totals || acts.Sum(got.Lines) != act.Totals {
			t.Fatalf("the title has %s, the act %s: %v", got.Totals, act.Totals, err)
		}
		sum = sum.Plus(got.Totals)
	}
	return sum
}

// randomDealRows returns one to four rows of a deal.
func randomDealRows(r *rand.Rand) []acts.ProductRow {
	rows := make([]acts.ProductRow, 1+r.IntN(4))
	for i := range rows {
		l := line("Работа", fmt.Sprintf("%d.%04d", r.IntN(50), 1+r.IntN(9999)), fmt.Sprintf("%d.%02d", r.IntN(50000), 1+r.IntN(99)),
			pick(r, acts.RatesOn(october31)...))
		rows[i] = acts.ProductRow{ID: acts.RowID(i + 1), Name: l.Name, Quantity: l.Quantity, Price: l.Price, Rate: l.Rate, NeedsAct: true}
	}
	return rows
}

// takeLines puts a part of every open row, at least a fifth, or all that is left, into an act.
func takeLines(r *rand.Rand, rows []acts.ProductRow) []acts.Line {
	var lines []acts.Line
	for i := range rows {
		row := &rows[i]
		quantity := row.Remainder()
		if row.Covered() {
			continue
		}
		tenths := decimal.NewFromInt(2 + r.Int64N(9))
		if part := row.Quantity.Shift(-1).Mul(tenths).RoundUp(4); part.LessThan(quantity) {
			quantity = part
		}
		sums := row.Part(quantity, row.Rate)
		lines = append(lines, acts.Line{Row: row.ID, Name: row.Name, Quantity: quantity, Price: row.Price, Rate: row.Rate, Totals: sums})
		row.InActs, row.ActTotals = row.InActs.Add(quantity), row.ActTotals.Plus(sums)
	}
	return lines
}
