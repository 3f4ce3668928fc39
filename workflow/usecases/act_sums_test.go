package usecases_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"golang.org/x/text/encoding/charmap"

	"acts24/acts"
	"acts24/acts/printform"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/bitrix24/bitrix24test/prices"
	"acts24/integrations/edo/upd"
	"acts24/store"
	"acts24/workflow"
)

var ourBox, theirBox = apptest.BoxOf(1), apptest.BoxOf(2)

// basket is a deal with random rows: tax included or on top, prices with two or eight decimals, discounts
// inside the price and in separate rows, free rows.
type basket struct {
	rows     []acts.ProductRow
	card     []bitrix24test.Fields // the same rows with the sums of the fake portal
	kopecks  int64                 // the sum of the deal, computed only here
	discount bool
}

// rounded converts roubles to whole kopecks, rounding halves away from zero.
func rounded(roubles *big.Rat) int64 {
	k := new(big.Rat).Mul(roubles, big.NewRat(100, 1))
	half := big.NewRat(1, 2)
	if k.Sign() < 0 {
		half.Neg(half)
	}
	k.Add(k, half)
	return new(big.Int).Quo(k.Num(), k.Denom()).Int64()
}

func rat(d decimal.Decimal) *big.Rat { return d.Rat() }

func randomBasket(r *rand.Rand) basket {
	b := basket{}
	digits := []int32{2, 8}[r.IntN(2)]
	rates := []string{"22", "10", "7", "5", "0", ""}
	for i := range 1 + r.IntN(6) {
		rate, inside := rates[r.IntN(len(rates))], r.IntN(2) == 0
		price := decimal.New(1+r.Int64N(9_999_999), -2)
		switch kind := r.IntN(12); {
		case kind == 0 && i > 0:
			price, b.discount = price.Shift(-2).Neg().Round(2), true
			rate = string(b.rows[0].Rate)
			if rate == string(acts.NoVAT) {
				rate = ""
			}
		case kind == 1:
			price = decimal.Zero
		case kind < 5: // a discount inside the price
			price = price.Mul(decimal.New(100-r.Int64N(99), -2)).Round(digits)
		}
		b.add(i, price, decimal.New(1+r.Int64N(99_999), -int32(r.IntN(5))), rate, inside, digits)
	}
	return b
}

// add adds a row with an entered price to the basket as the portal stores it: the other price is rounded to its decimals.
func (b *basket) add(i int, entered, quantity decimal.Decimal, rate string, inside bool, digits int32) {
	factor := decimal.NewFromInt(100)
	if rate != "" {
		factor = factor.Add(decimal.RequireFromString(rate))
	}
	price, exclusive := entered, entered
	if inside {
		exclusive = entered.Mul(decimal.NewFromInt(100)).DivRound(factor, digits)
	} else {
		price = entered.Mul(factor).DivRound(decimal.NewFromInt(100), digits)
	}
	row := acts.ProductRow{ID: acts.RowID(i + 1), Family: acts.RowID(i + 1), CRM: int64(i + 1), Sort: i, Name: fmt.Sprint("Работа ", i), Quantity: quantity, Price: price,
		NetPrice: exclusive, Rate: acts.NoVAT, NeedsAct: true, Unit: acts.Unit{Code: "796", Name: "шт"}}
	f := bitrix24test.Fields{"price": price.InexactFloat64(), "priceExclusive": exclusive.InexactFloat64(), "quantity": quantity.InexactFloat64(), "taxIncluded": "Y"}
	percent := new(big.Rat)
	if rate != "" {
		row.Rate, row.OnTop, f["taxRate"] = acts.Rate(rate), !inside, factor.Sub(decimal.NewFromInt(100)).InexactFloat64()
		percent.Quo(rat(factor.Sub(decimal.NewFromInt(100))), big.NewRat(100, 1))
	}
	if row.OnTop {
		f["taxIncluded"] = "N"
		net := new(big.Rat).Mul(rat(exclusive), rat(quantity))
		b.kopecks += rounded(net) + rounded(new(big.Rat).Mul(net, percent))
	} else {
		b.kopecks += rounded(new(big.Rat).Mul(rat(price), rat(quantity)))
	}
	b.rows, b.card = append(b.rows, row), append(b.card, f)
}

// titleSums are the sums in a seller's title.
type titleSums struct {
	Rows []struct {
		Quantity string `xml:"КолТов,attr"`
		Price    string `xml:"ЦенаТов,attr"`
		Net      string `xml:"СтТовБезНДС,attr"`
		Gross    string `xml:"СтТовУчНал,attr"`
		Tax      string `xml:"СумНал>СумНал"`
	} `xml:"Документ>ТаблСчФакт>СведТов"`
	Total struct {
		Gross string `xml:"СтТовУчНалВсего,attr"`
	} `xml:"Документ>ТаблСчФакт>ВсегоОпл"`
}

// kopecksOf parses a sum of a title.
func kopecksOf(t *testing.T, text string) int64 {
	t.Helper()
	if text == "" {
		return 0
	}
	d, err := decimal.NewFromString(text)
	if err != nil || !d.Equal(d.Truncate(2)) {
		t.Fatalf("%q is no sum", text)
	}
	return d.Shift(2).IntPart()
}

// titled builds the document of an act and returns the sum of its rows.
func titled(t *testing.T, act acts.Act) int64 {
	t.Helper()
	title, err := upd.SellerTitle(act, upd.Envelope{SenderID: ourBox, RecipientID: theirBox, GUID: uuid.NewString(), Moment: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC), Program: "acts24"})
	if err != nil {
		t.Fatalf("the form let through what no document can carry: %v", err)
	}
	var sums titleSums
	decoder := xml.NewDecoder(strings.NewReader(string(title.Body)))
	decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return charmap.Windows1251.NewDecoder().Reader(r), nil }
	if err := decoder.Decode(&sums); err != nil {
		t.Fatal(err)
	}
	var gross int64
	for _, row := range sums.Rows {
		net, tax, all := kopecksOf(t, row.Net), kopecksOf(t, row.Tax), kopecksOf(t, row.Gross)
		price, quantity := decimal.RequireFromString(row.Price), decimal.RequireFromString(row.Quantity)
		if net+tax != all || rounded(new(big.Rat).Mul(rat(price), rat(quantity))) != net {
			t.Fatalf("a row of the document does not add up: %+v", row)
		}
		gross += all
	}
	if total := kopecksOf(t, sums.Total.Gross); total != gross {
		t.Fatalf("rows of the document come to %d, its total shows %d", gross, total)
	}
	return gross
}

// printed reports whether the print form of an act contains the sum.
func printed(t *testing.T, act acts.Act) bool {
	t.Helper()
	body, err := printform.PDF(printform.Form{Act: act})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "act.pdf")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext of poppler-utils: %v", err)
	}
	return strings.Contains(apptest.PlainSpaces(string(out)), apptest.PlainSpaces(act.Totals.Gross.Label()))
}

// takeAll forms acts of random parts of a deal until it is covered and returns the sum of their documents.
// stop is the reason why the form refuses.
func (b basket) takeAll(t *testing.T, r *rand.Rand, own store.OwnCompany, look bool) (gross int64, stop acts.Faults) {
	t.Helper()
	kept := b.rows
	today := time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)
	for range 12 {
		d := store.Deal{ID: 1, Title: "Сделка", Company: 5, Currency: "RUB", ManualAmount: true,
			Buyer: acts.Party{Kind: acts.PartyCompany, Name: "ООО «Заказчик»", INN: "7802020205", KPP: "780201001", Participant: theirBox}}
		d.Rows, d.Lost = acts.Settle(kept)
		if acts.AllCovered(d.Rows) {
			return gross, nil
		}
		f := workflow.ActForm{Key: uuid.NewString(), Type: "electronic-company", Own: 1, Date: "2026-11-29", Signer: "Иванов Иван Иванович", Position: "Директор",
			BasisKind: workflow.BasisNone, Participant: theirBox, Picks: map[acts.RowID]workflow.Pick{}}
		for _, row := range d.Rows {
			left := row.Remainder()
			if part := row.Quantity.Mul(decimal.New(2+r.Int64N(9), -1)).RoundUp(4); part.LessThan(left) && !row.Price.IsZero() { // a free row belongs to the first act
				left = part
			}
			f.Picks[row.ID] = workflow.Pick{On: left.IsPositive(), Quantity: left.String()}
		}
		act, err := f.Parse(d, own, today)
		var faults acts.Faults
		if errors.As(err, &faults) {
			return 0, faults
		}
		if err != nil {
			t.Fatal(err)
		}
		act.Number = "1"
		sum := titled(t, act)
		if sum != int64(act.Totals.Gross) || acts.Sum(act.Lines) != act.Totals {
			t.Fatalf("the form shows %s, the document %d", act.Totals, sum)
		}
		if look && !printed(t, act) {
			t.Fatalf("the print form does not show %s", act.Totals.Gross.Label())
		}
		gross += sum
		for _, l := range act.Lines {
			for i := range kept {
				if kept[i].ID == l.Row {
					kept[i].InActs, kept[i].ActTotals = kept[i].InActs.Add(l.Quantity), kept[i].ActTotals.Plus(l.Totals)
				}
			}
		}
	}
	t.Fatal("the deal is never covered")
	return 0, nil
}

// For ten thousand random deals, the sum by the vendor's documentation, the sum of the fake portal, the sums
// of the forms and the sums of all documents are equal to the kopeck, or the form refuses with a reason.
// There is never a silent difference.
func TestBaskets(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Log("seed", seed)
	own := store.OwnCompany{ID: 1, Function: acts.FunctionAct, Party: acts.Party{Kind: acts.PartyCompany, Name: "ООО «Исполнитель»", INN: "7701010105", KPP: "770101001", Participant: ourBox}}
	stopped := 0
	for n := range 10_000 {
		r := rand.New(rand.NewPCG(seed, uint64(n)))
		b := randomBasket(r)
		rows, _ := acts.Settle(b.rows)
		portal := rounded(new(big.Rat).SetFloat64(prices.OfRows(b.card)))
		if deal := int64(acts.SumRows(rows).Gross); deal != b.kopecks || portal != b.kopecks {
			t.Fatalf("basket %d: %d by the documentation, %d at the portal, %d here: %+v", n, b.kopecks, portal, deal, b.rows)
		}
		gross, stop := b.takeAll(t, r, own, n%200 == 0)
		switch {
		case stop != nil && !b.discount && b.kopecks > 0:
			t.Fatalf("basket %d: an ordinary deal is stopped: %v: %+v", n, stop, b.rows)
		case stop != nil:
			stopped++
		case gross != b.kopecks:
			t.Fatalf("basket %d: the deal is %d, its acts come to %d: %+v", n, b.kopecks, gross, b.rows)
		}
	}
	if stopped > 2000 {
		t.Errorf("%d of 10000 deals are stopped: too many", stopped)
	}
	t.Logf("%d deals stopped with a reason", stopped)
}
