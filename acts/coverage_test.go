package acts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// sold returns a row whose key equals its id in the CRM.
func sold(id int64, name, quantity, price string) ProductRow {
	r := rowOf(quantity, price, "22")
	r.ID, r.CRM, r.Name, r.Sort, r.Family = RowID(id), id, name, int(id), RowID(name[1])<<8+RowID(name[len(name)-1])
	return r
}

// acted returns the row with a quantity in acts at its price.
func acted(r ProductRow, quantity string) ProductRow {
	r.InActs = figure(quantity)
	r.ActTotals = r.full(r.InActs, r.Rate)
	return r
}

// read returns rows as the CRM returns them: without keys and marks.
func read(rows ...ProductRow) []ProductRow {
	for i := range rows {
		rows[i].ID, rows[i].NeedsAct = 0, false
	}
	return rows
}

func keys(rows []ProductRow) string {
	var list []string
	for _, r := range rows {
		list = append(list, fmt.Sprintf("%d>%d", r.CRM, r.ID))
	}
	return strings.Join(list, " ")
}

func TestMatchRows(t *testing.T) {
	work, copying := sold(1, "Работа", "10", "100"), sold(2, "Копии", "3", "5")
	gone := func(r ProductRow) ProductRow { r.Gone = true; return r }
	separate := func(r ProductRow) ProductRow { r.Gone, r.Separate = true, true; return r }
	dearer := sold(7, "Работа", "10", "120")
	onTop := sold(7, "Работа", "10", "100")
	onTop.OnTop, onTop.NetPrice = true, figure("81.97")
	other := sold(7, "Работа", "10", "100")
	other.Product = 5
	for name, tt := range map[string]struct {
		kept, read []ProductRow
		want       string // id in the CRM > key, for every row
	}{
		"nothing changed":                               {[]ProductRow{work, copying}, read(work, copying), "1>1 2>2"},
		"renamed and repriced in place":                 {[]ProductRow{work}, read(sold(1, "Аренда", "1", "7")), "1>1"},
		"the same rows under new ids":                   {[]ProductRow{work, copying}, read(sold(8, "Копии", "3", "5"), sold(9, "Работа", "10", "100")), "8>2 9>1"},
		"another quantity under a new id":               {[]ProductRow{work}, read(sold(9, "Работа", "4", "100")), "9>1"},
		"another price is another row":                  {[]ProductRow{work}, read(dearer), "7>0"},
		"tax on top is another row":                     {[]ProductRow{work}, read(onTop), "7>0"},
		"another product is another row":                {[]ProductRow{work}, read(other), "7>0"},
		"two equal rows, each once, by quantity":        {[]ProductRow{work, sold(2, "Работа", "4", "100")}, read(sold(8, "Работа", "4", "100"), sold(9, "Работа", "10", "100")), "8>2 9>1"},
		"three rows for two kept ones: one is new":      {[]ProductRow{work, sold(2, "Работа", "10", "100")}, read(sold(7, "Работа", "10", "100"), sold(8, "Работа", "10", "100"), sold(9, "Работа", "10", "100")), "7>1 8>2 9>0"},
		"one stays, an equal one is added":              {[]ProductRow{work}, read(work, sold(9, "Работа", "10", "100")), "1>1 9>0"},
		"removed before, written again":                 {[]ProductRow{gone(acted(work, "10"))}, read(sold(9, "Работа", "10", "100")), "9>1"},
		"two removed rows: the newer one is continued":  {[]ProductRow{gone(work), acted(gone(sold(2, "Работа", "10", "100")), "1")}, read(sold(9, "Работа", "10", "100")), "9>2"},
		"a person marked the row as a different one":    {[]ProductRow{separate(acted(work, "10"))}, read(sold(9, "Работа", "10", "100")), "9>0"},
		"marked as a different one, and its id is back": {[]ProductRow{separate(acted(work, "10"))}, read(work), "1>1"},
		"no rows left":                                  {[]ProductRow{work}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			rows, _ := MatchRows(tt.kept, tt.read)
			if got := keys(rows); got != tt.want {
				t.Errorf("matched %s; want %s", got, tt.want)
			}
		})
	}
}

// coverage returns the quantity in acts and the quantity of every row: "10/10 0/3".
func coverage(rows []ProductRow) string {
	var list []string
	for _, r := range rows {
		list = append(list, r.InActs.String()+"/"+r.Quantity.String())
	}
	return strings.Join(list, " ")
}

func TestSettle(t *testing.T) {
	gone := func(r ProductRow) ProductRow { r.Gone = true; return r }
	stranger := func(r ProductRow) ProductRow { r.Family = 99; return r }
	called := func(r ProductRow, name string) ProductRow { r.Name = name; return r }
	for name, tt := range map[string]struct {
		kept       []ProductRow
		rows, lost string
	}{
		"unchanged":                                       {[]ProductRow{acted(sold(1, "А", "10", "100"), "4"), sold(2, "Б", "3", "5")}, "4/10 0/3", ""},
		"a row was split into two":                        {[]ProductRow{acted(sold(1, "А", "4", "100"), "10"), sold(2, "А", "6", "100")}, "4/4 6/6", ""},
		"renamed after it was split":                      {[]ProductRow{acted(sold(1, "А", "4", "100"), "10"), called(sold(2, "А", "6", "100"), "Б")}, "4/4 6/6", ""},
		"two rows were joined":                            {[]ProductRow{acted(sold(1, "А", "10", "100"), "4"), gone(acted(sold(2, "А", "6", "100"), "6"))}, "10/10", ""},
		"two rows were joined, and some quantity is left": {[]ProductRow{acted(sold(1, "А", "10", "100"), "4"), gone(acted(sold(2, "А", "6", "100"), "3"))}, "7/10", ""},
		"acts have taken more than the deal has":          {[]ProductRow{acted(sold(1, "А", "4", "100"), "10"), sold(2, "А", "3", "100")}, "7/4 3/3", ""},
		"a removed row keeps its acts":                    {[]ProductRow{sold(1, "А", "10", "100"), gone(acted(sold(2, "Б", "6", "5"), "6"))}, "0/10", "6/6"},
		"a removed row without acts":                      {[]ProductRow{gone(sold(2, "Б", "6", "5"))}, "", ""},
		"rows of another family are not covered":          {[]ProductRow{stranger(sold(1, "А", "10", "120")), gone(acted(sold(2, "А", "10", "100"), "10"))}, "0/10", "10/10"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after Kopecks
			for _, r := range tt.kept {
				before += r.ActTotals.Gross
			}
			rows, lost := Settle(tt.kept)
			for _, r := range append(rows, lost...) {
				after += r.ActTotals.Gross
				if r.ActTotals.Gross != r.ActTotals.Net+r.ActTotals.Tax {
					t.Errorf("%s: sums of acts do not add up: %s", r.Name, r.ActTotals)
				}
			}
			if got := coverage(rows); got != tt.rows || coverage(lost) != tt.lost {
				t.Errorf("rows %s, lost %s; want %s, %s", got, coverage(lost), tt.rows, tt.lost)
			}
			if before != after {
				t.Errorf("acts of %s became %s", before, after)
			}
		})
	}
}

func TestDiscountRows(t *testing.T) {
	exempt := func(r ProductRow) ProductRow { r.Rate = NoVAT; return r }
	for name, tt := range map[string]struct {
		rows []ProductRow
		want string // sums of the rows
		deal string
		stop bool
	}{
		"10,000 and a discount of 1,000":      {[]ProductRow{sold(1, "Услуга", "1", "10000"), sold(2, "Скидка", "1", "-1000")}, "9000.00", "9000.00", false},
		"over three rows, to the kopeck":      {[]ProductRow{sold(1, "А", "1", "100"), sold(2, "Б", "1", "100"), sold(3, "В", "1", "100"), sold(4, "Скидка", "1", "-100")}, "66.67 66.66 66.67", "200.00", false},
		"two discounts":                       {[]ProductRow{sold(1, "А", "2", "500"), sold(2, "Скидка", "1", "-100"), sold(3, "Бонус", "2", "-50")}, "800.00", "800.00", false},
		"only rows of its rate are reduced":   {[]ProductRow{sold(1, "А", "1", "100"), exempt(sold(2, "Б", "1", "100")), sold(3, "Скидка", "1", "-50")}, "50.00 100.00", "150.00", false},
		"a free row is not reduced":           {[]ProductRow{sold(1, "А", "1", "100"), sold(2, "Подарок", "1", "0"), sold(3, "Скидка", "1", "-10")}, "90.00 0.00", "90.00", false},
		"there is no row of its rate":         {[]ProductRow{exempt(sold(1, "А", "1", "100")), sold(2, "Скидка", "1", "-50")}, "100.00", "50.00", true},
		"more than the rows of its rate cost": {[]ProductRow{sold(1, "А", "1", "100"), sold(2, "Скидка", "1", "-100")}, "100.00", "0.00", true},
	} {
		t.Run(name, func(t *testing.T) {
			rows, _ := Settle(tt.rows)
			var sums []string
			stop := false
			for _, r := range rows {
				stop = stop || r.NoSpread
				if !r.IsDiscount() {
					sums = append(sums, r.Totals().Gross.String())
				} else if !r.Covered() || !r.Remainder().IsZero() {
					t.Errorf("«%s» waits for an act", r.Name)
				}
			}
			if got := strings.Join(sums, " "); got != tt.want || stop != tt.stop {
				t.Errorf("sums %s, stop %t; want %s, %t", got, stop, tt.want, tt.stop)
			}
			if got := SumRows(rows).Gross.String(); got != tt.deal {
				t.Errorf("the deal is %s; want %s", got, tt.deal)
			}
		})
	}
}

// The parts of a row with a discount add up to the discounted sum.
func TestPartsOfADiscountedRow(t *testing.T) {
	rows, _ := Settle([]ProductRow{sold(1, "А", "3", "33.33"), sold(2, "Скидка", "1", "-10")})
	row, sum := rows[0], Totals{}
	for range 3 {
		part := row.Part(figure("1"), "22")
		row.InActs, row.ActTotals, sum = row.InActs.Add(figure("1")), row.ActTotals.Plus(part), sum.Plus(part)
	}
	if sum != row.Totals() || sum.Gross != 8999 {
		t.Errorf("parts come to %s, the row to %s", sum, row.Totals())
	}
}

func TestTaxOnTop(t *testing.T) {
	for name, tt := range map[string]struct {
		net, quantity string
		rate          Rate
		want          Totals
	}{
		"100.05 × 100 at 22 %":                         {"100.05", "100", "22", Totals{1000500, 220110, 1220610}},
		"0.33 × 1000 at 22 %":                          {"0.33", "1000", "22", Totals{33000, 7260, 40260}},
		"a price with eight decimals":                  {"267.55737705", "10", "22", Totals{267557, 58863, 326420}},
		"tax is calculated from the unrounded net sum": {"0.995", "1", "22", Totals{100, 22, 122}},
		"at 0 %": {"10", "3", "0", Totals{3000, 0, 3000}},
	} {
		row := ProductRow{NeedsAct: true, OnTop: true, NetPrice: figure(tt.net), Price: figure("1"), Quantity: figure(tt.quantity), Rate: tt.rate}
		if got := row.Totals(); got != tt.want {
			t.Errorf("%s: %s; want %s", name, got, tt.want)
		}
	}
}

func TestSuccessors(t *testing.T) {
	lost := acted(sold(1, "Работа", "10", "100"), "10")
	lost.Gone, lost.Product = true, 5
	same := sold(2, "Работа", "10", "120")
	renamed := sold(3, "Работы по договору", "10", "100")
	renamed.Product = 5
	separate := lost
	separate.Separate = true
	for name, tt := range map[string]struct {
		lost ProductRow
		rows []ProductRow
		want string
	}{
		"the same name at another price":             {lost, []ProductRow{same}, "2>2"},
		"the same product under another name":        {lost, []ProductRow{renamed}, "3>3"},
		"two candidates":                             {lost, []ProductRow{same, renamed}, "2>2 3>3"},
		"a row with acts of its own is no candidate": {lost, []ProductRow{acted(same, "1")}, ""},
		"another name and no product":                {lost, []ProductRow{sold(4, "Аренда", "10", "100")}, ""},
		"a person marked the row as a different one": {separate, []ProductRow{same}, ""},
	} {
		if got := keys(Successors(tt.lost, tt.rows)); got != tt.want {
			t.Errorf("%s: %s; want %s", name, got, tt.want)
		}
	}
}

func TestUnitPrice(t *testing.T) {
	for name, tt := range map[string]struct {
		sum      Kopecks
		quantity string
		want     string
	}{
		"even": {20000, "2", "100"},
		"three decimals where they give the exact sum": {1220610, "100", "122.061"},
		"more decimals where two are not enough":       {1220610, "100.5", "121.4537"},
		"a third of a rouble":                          {100, "3", "0.333"},
		"nothing":                                      {100, "0", "0"},
	} {
		got := UnitPrice(tt.sum, figure(tt.quantity))
		if q := figure(tt.quantity); q.IsPositive() && Round(got.Mul(q)) != tt.sum && got.Exponent() > -11 {
			t.Errorf("%s: %s × %s is not %s", name, got, q, tt.sum)
		}
		if !got.Equal(decimal.RequireFromString(tt.want)) {
			t.Errorf("%s: %s; want %s", name, got, tt.want)
		}
	}
}

// A line without a quantity or sums, as an unfinished form has it, shows the typed price.
func TestUnitPriceOfALine(t *testing.T) {
	l := Line{Price: figure("33.3333"), Quantity: figure("3"), Totals: Totals{Gross: 10000}}
	if got := l.UnitPrice(); !got.Equal(figure("33.333")) {
		t.Errorf("%s", got)
	}
	if l.Quantity = decimal.Zero; !l.UnitPrice().Equal(l.Price) {
		t.Errorf("%s", l.UnitPrice())
	}
}

// A closed remainder is a quantity of its row: it follows the row to a new id, shrinks with it, and does not grow with it.
func TestClosedRemainderFollowsItsRow(t *testing.T) {
	work := acted(sold(1, "Работа", "10", "100"), "6")
	work.Closed, work.Closing.Reason = figure("4"), "не нужен"
	for name, tt := range map[string]struct {
		read      []string // quantities at the readings in turn
		closed    string
		remainder string
	}{
		"under a new id":            {[]string{"10"}, "4", "0"},
		"the deal has more":         {[]string{"12"}, "4", "2"},
		"the deal has less":         {[]string{"8"}, "2", "0"},
		"less, then more again":     {[]string{"8", "10"}, "2", "2"},
		"less than what is in acts": {[]string{"5"}, "0", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			kept, id := work, int64(20)
			for _, quantity := range tt.read {
				id++
				rows, _ := MatchRows([]ProductRow{kept}, read(sold(id, "Работа", quantity, "100")))
				got := rows[0]
				kept.CRM, kept.Quantity, kept.Closed, kept.Closing = got.CRM, got.Quantity, got.Closed, got.Closing
			}
			if !kept.Closed.Equal(figure(tt.closed)) || !kept.Remainder().Equal(figure(tt.remainder)) || kept.Closing.Reason != "не нужен" {
				t.Errorf("closed %s, remainder %s, %q; want %s and %s", kept.Closed, kept.Remainder(), kept.Closing.Reason, tt.closed, tt.remainder)
			}
		})
	}
}

// A closed remainder stays closed when its row is split or joined with another, and is not moved to rows that merely are equal.
func TestClosedRemainderOfSplitAndJoinedRows(t *testing.T) {
	row := func(id int64, quantity, acts, closed string) ProductRow {
		r := acted(sold(id, "Работа", quantity, "100"), acts)
		if r.Closed = figure(closed); r.Closed.IsPositive() {
			r.Closing.Reason = fmt.Sprint("закрыт ", id)
		}
		return r
	}
	now := func(id int64, quantity string) ProductRow { return sold(id, "Работа", quantity, "100") }
	for name, tt := range map[string]struct {
		kept, read []ProductRow
		want, lost string // closed quantities and reasons
	}{
		"split under new ids":                          {[]ProductRow{row(1, "10", "4", "6")}, read(now(8, "3"), now(9, "7")), "0 закрыт 1, 6 закрыт 1", ""},
		"split, and one part keeps the id":             {[]ProductRow{row(1, "10", "4", "6")}, read(now(1, "7"), now(9, "3")), "3 закрыт 1, 3 закрыт 1", ""},
		"split into three":                             {[]ProductRow{row(1, "10", "0", "10")}, read(now(7, "5"), now(8, "3"), now(9, "2")), "5 закрыт 1, 3 закрыт 1, 2 закрыт 1", ""},
		"split while only a part is closed":            {[]ProductRow{row(1, "10", "4", "2")}, read(now(8, "5"), now(9, "5")), "1 закрыт 1, 1 закрыт 1", ""},
		"split and reduced":                            {[]ProductRow{row(1, "10", "4", "6")}, read(now(8, "3"), now(9, "4")), "0 закрыт 1, 3 закрыт 1", ""},
		"joined: the one with acts is continued":       {[]ProductRow{row(1, "5", "0", "5"), row(2, "6", "6", "0")}, read(now(9, "11")), "5 закрыт 1", "0"},
		"joined: both were closed":                     {[]ProductRow{row(1, "5", "1", "4"), row(2, "6", "1", "5")}, read(now(9, "11")), "9 закрыт 1", "0"},
		"joined and reduced":                           {[]ProductRow{row(1, "5", "0", "5"), row(2, "6", "6", "0")}, read(now(9, "8")), "2 закрыт 1", "3 закрыт 1"},
		"a closed row is removed, an equal one stays":  {[]ProductRow{row(1, "5", "0", "5"), row(2, "5", "0", "0")}, read(now(2, "5")), "0", "5 закрыт 1"},
		"an equal row is added":                        {[]ProductRow{row(1, "10", "4", "6")}, read(now(1, "10"), now(9, "10")), "6 закрыт 1, 0", ""},
		"reduced, and another row is added":            {[]ProductRow{row(1, "10", "4", "6")}, read(now(1, "8"), sold(9, "Копии", "2", "100")), "4 закрыт 1, 0", ""},
		"all is in acts after the split":               {[]ProductRow{row(1, "10", "10", "0")}, read(now(8, "3"), now(9, "7")), "0, 0", ""},
		"the acts of its twin take what is open first": {[]ProductRow{row(1, "5", "0", "5"), row(2, "5", "5", "0")}, read(now(1, "5"), now(2, "2"), now(9, "3")), "5 закрыт 1, 0, 0", ""},
	} {
		t.Run(name, func(t *testing.T) {
			words := func(list []ProductRow) string {
				var texts []string
				for _, r := range list {
					texts = append(texts, strings.TrimSpace(r.Closed.String()+" "+r.Closing.Reason))
				}
				return strings.Join(texts, ", ")
			}
			rows, lost := MatchRows(tt.kept, tt.read)
			if words(rows) != tt.want || words(lost) != tt.lost {
				t.Errorf("closed %q, lost %q; want %q, %q", words(rows), words(lost), tt.want, tt.lost)
			}
		})
	}
}
