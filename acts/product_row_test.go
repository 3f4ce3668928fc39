package acts

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
)

// figure parses a quantity or a price.
func figure(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// rowOf returns a deal row with a quantity at a price with tax included.
func rowOf(quantity, price string, rate Rate) ProductRow {
	return ProductRow{NeedsAct: true, Quantity: figure(quantity), Price: figure(price), Rate: rate}
}

func TestTotalsOfRow(t *testing.T) {
	for name, tt := range map[string]struct {
		row  ProductRow
		want Totals
	}{
		"2.5 hours at 100,000.01 with 22 %":        {rowOf("2.5", "100000.01", "22"), Totals{20491806, 4508197, 25000003}},
		"ten lessons at 1,000 without VAT":         {rowOf("10", "1000", NoVAT), Totals{1000000, 0, 1000000}},
		"export at 0 %":                            {rowOf("1", "500.50", "0"), Totals{50050, 0, 50050}},
		"a third of a unit is rounded once":        {rowOf("0.3333", "100", "10"), Totals{3030, 303, 3333}},
		"a free row":                               {rowOf("1", "0", "22"), Totals{}},
		"half a kopeck is rounded up":              {rowOf("1", "0.005", NoVAT), Totals{1, 0, 1}},
		"prices of the CRM have up to four places": {rowOf("1000", "0.0049", NoVAT), Totals{490, 0, 490}},
	} {
		if got := tt.row.Totals(); got != tt.want {
			t.Errorf("%s: %s; want %s", name, got, tt.want)
		}
	}
}

func TestPart(t *testing.T) {
	third := rowOf("3", "33.3333", "22") // 100.00 = 81.97 + 18.03
	acted := func(r ProductRow, quantity string, sums Totals) ProductRow {
		r.InActs, r.ActTotals = figure(quantity), sums
		return r
	}
	for name, tt := range map[string]struct {
		row      ProductRow
		quantity string
		rate     Rate
		want     Totals
	}{
		"the whole row at once":                                     {third, "3", "22", Totals{8197, 1803, 10000}},
		"the first of three parts":                                  {third, "1", "22", Totals{2732, 601, 3333}},
		"the last part takes the remaining kopeck":                  {acted(third, "2", Totals{5464, 1202, 6666}), "1", "22", Totals{2733, 601, 3334}},
		"another rate chosen by a person":                           {third, "3", "20", Totals{8333, 1667, 10000}},
		"the last part at another rate":                             {acted(third, "2", Totals{5464, 1202, 6666}), "1", NoVAT, Totals{3334, 0, 3334}},
		"20 % last year, 22 % now":                                  {acted(rowOf("2", "61", "22"), "1", Totals{5083, 1017, 6100}), "1", "22", Totals{5000, 1100, 6100}},
		"«без НДС» before, a middle part now":                       {acted(rowOf("10", "12.20", "22"), "8", Totals{9760, 0, 9760}), "1", "22", Totals{1000, 220, 1220}},
		"the price fell: the rest is calculated at the new price":   {acted(rowOf("2", "40", "22"), "1", Totals{8197, 1803, 10000}), "1", "22", Totals{3279, 721, 4000}},
		"a middle part never exceeds what is left":                  {acted(rowOf("4", "0.5", NoVAT), "2", Totals{108, 0, 108}), "1.9", NoVAT, Totals{92, 0, 92}},
		"parts of kopecks do not add up to more tax than the whole": {acted(rowOf("5", "0.03", "22"), "3", Totals{6, 3, 9}), "1", "22", Totals{3, 0, 3}},
	} {
		if got := tt.row.Part(figure(tt.quantity), tt.rate); got != tt.want {
			t.Errorf("%s: %s; want %s", name, got, tt.want)
		}
	}
}

// TestPartsAddUp splits 10,000 random rows into parts; the parts must add up to the row.
func TestPartsAddUp(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 11))
	for basket := range 10_000 {
		var deal, acted Totals
		for range 1 + random.IntN(8) {
			row := randomRow(random)
			deal = deal.Plus(row.Totals())
			for !row.Covered() {
				part := row.takePart(t, random)
				acted = acted.Plus(part)
			}
		}
		if deal != acted {
			t.Fatalf("basket %d: the deal is %s, its acts %s", basket, deal, acted)
		}
	}
}

// randomRow returns a random row: sums from kopecks to millions, up to four decimals.
func randomRow(random *rand.Rand) ProductRow {
	rates := []Rate{"22", "20", "18", "10", "7", "5", "0", NoVAT}
	quantity := decimal.New(1+random.Int64N(200_000), -int32(random.IntN(5)))
	price := decimal.New(1+random.Int64N([]int64{100, 10_000, 100_000_000}[random.IntN(3)]), -int32(random.IntN(5)))
	return rowOf(quantity.String(), price.String(), rates[random.IntN(len(rates))])
}

// takePart takes a random part of what is left, at least a fifth of the row, so that there are five parts at most.
func (r *ProductRow) takePart(t *testing.T, random *rand.Rand) Totals {
	quantity := r.Remainder()
	if share := random.Int64N(5); share > 0 {
		quantity = decimal.Min(quantity, r.Quantity.Mul(decimal.New(2*share, -1)).RoundUp(4))
	}
	part := r.Part(quantity, r.Rate)
	if part.Net < 0 || part.Tax < 0 || part.Gross != part.Net+part.Tax {
		t.Fatalf("part of %s: %s", quantity, part)
	}
	r.InActs, r.ActTotals = r.InActs.Add(quantity), r.ActTotals.Plus(part)
	return part
}

func TestCoverage(t *testing.T) {
	row := rowOf("3", "100", "22")
	row.InActs, row.ActTotals = figure("1"), row.Part(figure("1"), "22")
	off, closed, grown, annulled, cheaper, over := row, row, row, row, row, row
	off.NeedsAct = false
	closed.Closed = figure("2")
	grown.Closed, grown.Quantity = figure("2"), figure("5")
	annulled.Closed, annulled.InActs, annulled.ActTotals = figure("2"), decimal.Zero, Totals{}
	cheaper.Price = figure("10")
	over.InActs = figure("5")
	for name, tt := range map[string]struct {
		row       ProductRow
		remainder string
		covered   bool
		owes      Kopecks
	}{
		"one of three units is in acts":         {row, "2", false, 20000},
		"needs no act":                          {off, "2", true, 0},
		"closed with a reason":                  {closed, "0", true, 0},
		"grown since it was closed":             {grown, "2", false, 20000},
		"its act was annulled after closing":    {annulled, "1", false, 10000},
		"cheaper now than what is in acts":      {cheaper, "2", false, 0},
		"more is in acts than the deal has now": {over, "0", true, 0},
	} {
		one := []ProductRow{tt.row}
		if got := tt.row.Remainder(); !got.Equal(figure(tt.remainder)) {
			t.Errorf("%s: remainder %s; want %s", name, got, tt.remainder)
		}
		if tt.row.Covered() != tt.covered || AllCovered(one) != tt.covered || Uncovered(one, true) != tt.owes {
			t.Errorf("%s: covered %t, uncovered sum %s; want %t, %s", name, tt.row.Covered(), Uncovered(one, true), tt.covered, tt.owes)
		}
	}
	dollars := []ProductRow{{Quantity: figure("4"), Price: figure("250"), Rate: NoVAT, NeedsAct: true, InActs: figure("1"), ActTotals: Totals{Net: 2312500, Gross: 2312500}}}
	if left := Uncovered(dollars, false); left != 75000 {
		t.Errorf("of 1,000 dollars with a quarter in an act in roubles %s are not covered, want 750", left)
	}
	if !AllCovered(nil) {
		t.Error("a deal without rows is not covered by its act")
	}
}

func ExampleSum() {
	fmt.Println(Sum([]Line{{Totals: Rate("22").Split(12200)}, {Totals: NoVAT.Split(5000)}}))
	// Output: 150.00 + 22.00 = 172.00
}
