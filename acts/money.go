package acts

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Kopecks is an amount of money in kopecks of a Russian rouble.
type Kopecks int64

// Round converts roubles to kopecks, rounding halves away from zero. All money is rounded here.
func Round(roubles decimal.Decimal) Kopecks {
	return Kopecks(roubles.Shift(2).Round(0).IntPart())
}

// Decimal returns the sum in roubles.
func (k Kopecks) Decimal() decimal.Decimal { return decimal.New(int64(k), -2) }

// String returns the sum in roubles with a dot and two decimals, the format of machine-readable documents.
func (k Kopecks) String() string { return k.Decimal().StringFixed(2) }

// Label returns the sum in roubles as people read it: «−1 234 567,89».
func (k Kopecks) Label() string { return Figure(k.String()) }

// Figure formats "-1234567.89" as «−1 234 567,89», with no-break spaces between thousands.
func Figure(number string) string {
	sign := ""
	if rest, ok := strings.CutPrefix(number, "-"); ok {
		sign, number = "−", rest
	}
	whole, part, broken := strings.Cut(number, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "\u00a0" + whole[i:]
	}
	if broken {
		whole += "," + part
	}
	return sign + whole
}

// ParseKopecks parses a sum typed by a person: "1 234,56", "1234.5".
func ParseKopecks(text string) (Kopecks, error) {
	d, err := ParseDecimal(text)
	if err != nil {
		return 0, err
	}
	if !d.Equal(d.Truncate(2)) {
		return 0, Errorf(Invalid, "Сумма указывается с точностью до копейки.")
	}
	if d.Abs().GreaterThan(decimal.New(1, 13)) {
		return 0, Errorf(Invalid, "Слишком большая сумма.")
	}
	return Round(d), nil
}

// ParseDecimal parses a number typed by a person, with a comma or a dot and any spaces.
func ParseDecimal(text string) (decimal.Decimal, error) {
	clean := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".").Replace(strings.TrimSpace(text))
	if clean == "" || len(clean) > 32 || strings.ContainsAny(clean, "eEnN_") {
		return decimal.Zero, Errorf(Invalid, "Введите число, например 1,5.")
	}
	d, err := decimal.NewFromString(clean)
	if err != nil {
		return decimal.Zero, Errorf(Invalid, "Введите число, например 1,5.")
	}
	return d, nil
}

// Totals are the sums of an act or of one line: gross = net + tax.
type Totals struct {
	Net   Kopecks
	Tax   Kopecks
	Gross Kopecks
}

// Plus returns the sum of t and o.
func (t Totals) Plus(o Totals) Totals {
	return Totals{Net: t.Net + o.Net, Tax: t.Tax + o.Tax, Gross: t.Gross + o.Gross}
}

// Minus returns t minus o.
func (t Totals) Minus(o Totals) Totals {
	return Totals{Net: t.Net - o.Net, Tax: t.Tax - o.Tax, Gross: t.Gross - o.Gross}
}

// String returns the totals for logs and test failures.
func (t Totals) String() string { return fmt.Sprintf("%s + %s = %s", t.Net, t.Tax, t.Gross) }
