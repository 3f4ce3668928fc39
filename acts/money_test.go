package acts

import (
	"errors"
	"testing"
)

func TestRound(t *testing.T) {
	for roubles, want := range map[string]Kopecks{
		"1": 100, "0.004": 0, "0.005": 1, "0.0149": 1, "0.015": 2, "1.994999999999": 199, "-0.005": -1, "-0.004": 0, "92233720368547758.07": 9223372036854775807,
	} {
		if got := Round(figure(roubles)); got != want {
			t.Errorf("Round(%s) = %d; want %d", roubles, got, want)
		}
	}
}

func TestParseKopecks(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want Kopecks
		err  error
	}{
		"as people write it":     {" 1 234,56 ", 123456, nil},
		"as 1С writes":           {"1\u00a0234,5", 123450, nil},
		"with a narrow space":    {"1\u202f234", 123400, nil},
		"as machines write it":   {"1234.50", 123450, nil},
		"zeros after the kopeck": {"0.1000", 10, nil},
		"below zero":             {"-1,01", -101, nil},
		"fractions of a kopeck":  {"0,001", 0, Invalid},
		"nothing":                {" ", 0, Invalid},
		"words":                  {"сто", 0, Invalid},
		"two commas":             {"1,234,56", 0, Invalid},
		"scientific notation":    {"1e3", 0, Invalid},
		"underscores":            {"1_000", 0, Invalid},
		"not a number":           {"NaN", 0, Invalid},
		"infinity":               {"Inf", 0, Invalid},
		"a sum too large":        {"10000000000000,01", 0, Invalid},
		"too many digits":        {"1111111111111111111111111111111111", 0, Invalid},
	} {
		if got, err := ParseKopecks(tt.text); got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %s, %v; want %s, %v", name, got, err, tt.want, tt.err)
		}
	}
}

func TestKopecksString(t *testing.T) {
	for sum, want := range map[Kopecks]string{0: "0.00", 1: "0.01", 100: "1.00", 123456: "1234.56", -5: "-0.05"} {
		if got := sum.String(); got != want {
			t.Errorf("%d kopecks = %s; want %s", sum, got, want)
		}
		if back, err := ParseKopecks(want); err != nil || back != sum {
			t.Errorf("ParseKopecks(%s) = %d, %v; want %d", want, back, err, sum)
		}
	}
}

func TestTotals(t *testing.T) {
	one, two := Totals{10000, 2200, 12200}, Totals{5000, 0, 5000}
	if sum := one.Plus(two); sum != (Totals{15000, 2200, 17200}) || sum.Minus(two) != one {
		t.Errorf("%s and %s make %s", one, two, sum)
	}
}

// FuzzParseKopecks checks that every text gives a sum that parses again to the same sum, or an error message.
func FuzzParseKopecks(f *testing.F) {
	for _, seed := range []string{"1 234,56", "", "-0", "+1", ".5", "5.", "1e9", "0x10", "١٢"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sum, err := ParseKopecks(text)
		if err != nil {
			if Message(err) == "" {
				t.Errorf("ParseKopecks(%q): %v", text, err)
			}
			return
		}
		if back, err := ParseKopecks(sum.String()); err != nil || back != sum {
			t.Errorf("%q is %s, which reads %s, %v", text, sum, back, err)
		}
	})
}
